import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { noColours } from '../../src/cli/colour.ts'
import { type ContextParts, createContext } from '../../src/cli/create-context.ts'
import type { Admin } from '../../src/client/admin-types.ts'
import { KeptOutput } from '../support/run-command.ts'

function parts(more: Partial<ContextParts> = {}): ContextParts {
  return {
    stdout: new KeptOutput(),
    stderr: new KeptOutput(),
    stdin: () => Object.assign(Readable.from([]), { isTerminal: false }),
    stdinIsTerminal: false,
    env: {},
    clock: systemClock,
    signal: new AbortController().signal,
    programName: 'kt test',
    asScript: false,
    localCluster: { find: async () => null, start: async () => 'started:1' },
    createAdmin: async () => ({ close: async () => undefined }) as unknown as Admin,
    ask: async () => 'answer',
    run: async () => 0,
    ...more,
  }
}

describe('the context of a command', () => {
  it('opens stdin at the first use and once', () => {
    let opened = 0
    const { context } = createContext(
      parts({
        stdin: () => {
          opened++
          return Object.assign(Readable.from([]), { isTerminal: false })
        },
      }),
    )
    expect(opened).toBe(0)
    expect(context.stdin).toBe(context.stdin)
    expect(opened).toBe(1)
  })

  it('is interactive when both stdin and stdout are terminals', () => {
    const on = (stdin: boolean, stdout: boolean): boolean =>
      createContext(parts({ stdinIsTerminal: stdin, stdout: new KeptOutput(stdout) })).context.interactive
    expect([on(true, true), on(true, false), on(false, true), on(false, false)]).toEqual([true, false, false, false])
  })

  it('has no colours when piped', async () => {
    expect(await createContext(parts()).context.colours()).toBe(noColours)
  })

  it('hands the resolved connection to the admin', async () => {
    const asked: unknown[] = []
    const createAdmin: ContextParts['createAdmin'] = async (options) => {
      asked.push(options.bootstrapServers)
      return { close: async () => undefined } as unknown as Admin
    }
    const { context } = createContext(parts({ createAdmin }))
    await context.admin({ bootstrapServer: 'a:1' })
    await context.admin({})
    expect(asked).toEqual([['a:1'], ['started:1']])
  })

  it('closes admins even when one of them fails to', async () => {
    const closed: string[] = []
    const createAdmin: ContextParts['createAdmin'] = async ({ bootstrapServers: [server] }) =>
      ({
        async close() {
          closed.push(server!)
          if (server === 'a:1') throw new Error('already gone')
        },
      }) as unknown as Admin
    const owned = createContext(parts({ createAdmin }))
    await owned.context.admin({ bootstrapServer: 'a:1' })
    await owned.context.admin({ bootstrapServer: 'b:1' })
    await owned.close()
    expect(closed).toEqual(['a:1', 'b:1'])
  })
})
