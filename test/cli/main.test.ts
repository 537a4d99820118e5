import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { type Io, main } from '../../src/cli/main.ts'
import { KeptOutput } from '../support/run-command.ts'

function ioOf(): Io & { stdout: KeptOutput; stderr: KeptOutput } {
  return {
    stdout: new KeptOutput(),
    stderr: new KeptOutput(),
    stdin: () => Object.assign(Readable.from([]), { isTerminal: false }),
    stdinIsTerminal: false,
  }
}

describe('main', () => {
  it('resolves to the exit code and ends nothing itself', async () => {
    const io = ioOf()
    expect(await main(['--version'], {}, io)).toBe(0)
    expect(io.stdout.text).toMatch(/^kt /)
    expect(await main(['nonsense'], {}, io)).toBe(2)
  })

  it('leaves no signal listeners behind', async () => {
    const before = process.listenerCount('SIGINT')
    await main(['--version'], {}, ioOf())
    expect(process.listenerCount('SIGINT')).toBe(before)
  })

  it('tells within seconds that nobody listens, what was tried, and what to do', async () => {
    const io = ioOf()
    const code = await main(['describe', '--bootstrap-server', '127.0.0.1:1'], {}, io)
    expect(code).toBe(3)
    expect(io.stdout.text).toBe('')
    expect(io.stderr.text).toContain('127.0.0.1:1: connection refused')
    expect(io.stderr.text).toContain('next: ')
  }, 15_000)
})
