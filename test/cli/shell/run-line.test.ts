import { Readable } from 'node:stream'
import { beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/base/clock.ts'
import type { CommandContext, Surroundings } from '../../../src/cli/context.ts'
import { type LineContext, type LineEvent, runLine } from '../../../src/cli/shell/run-line.ts'
import { KeptOutput } from '../../support/run-command.ts'

let ran: { args: readonly string[]; surroundings: Surroundings }[]
let stdout: KeptOutput
let stderr: KeptOutput
let opened: string[]
beforeEach(() => {
  ran = []
  opened = []
  stdout = new KeptOutput()
  stderr = new KeptOutput()
})

function context(more: Partial<LineContext> = {}): LineContext {
  return {
    run: async (args, surroundings) => {
      ran.push({ args, surroundings })
      return 0
    },
    stdout,
    stderr,
    openInput: () => {
      opened.push('open')
      const stream = Object.assign(Readable.from([]), { isTerminal: false }) as CommandContext['stdin']
      return { stream, close: () => void opened.push('close') }
    },
    isTerminal: false,
    env: { PATH: process.env.PATH },
    clock: systemClock,
    binDirectory: '/nowhere',
    builtIns: {
      say: async (words) => {
        stdout.write(words.join('|'))
        return 3
      },
    },
    commandOf: (word) => ({ topics: 'topics', 'bin/kafka-topics.sh': 'topics', 'server-start': 'server-start' })[word],
    ...more,
  }
}
const run = (line: string, more: Partial<LineContext> = {}) =>
  runLine(line, context(more), new AbortController().signal)

describe('a line', () => {
  it.each(['topics --list', 'kt topics --list', 'bin/kafka-topics.sh --list', '$ kt topics --list # all'])(
    '%s runs the command here',
    async (line) => {
      expect(await run(line)).toBe(0)
      expect(ran[0]!.args).toEqual(['topics', '--list'])
    },
  )
  it('that is nothing does nothing', async () => {
    expect(await run('  # a remark')).toBeNull()
    expect(ran).toEqual([])
  })
  it('may be a word of the shell', async () => {
    expect(await run('say a "b c"')).toBe(3)
    expect(stdout.text).toBe('a|b c')
  })
  it('without an end says so', async () => {
    expect(await run('topics "x')).toBe(2)
    expect(stderr.text).toContain('the line has no end')
  })
  it('with a place to fill in is not given to sh', async () => {
    expect(await run('topics --topic <name>')).toBe(2)
    expect(stderr.text).toContain('<name> is a place to fill in')
  })
  it('that no command is may be one of the system', async () => {
    expect(await run('frobnicate -a', { run: async () => 2 })).toBe(2)
    expect(stderr.text).toBe('  or, for a command of the system: !frobnicate -a\n')
  })
})

describe('what a line has', () => {
  it('its streams, environment and signal; input is opened when it is read, and closed behind it', async () => {
    const reads = async (_: readonly string[], { stdin }: Surroundings): Promise<number> => {
      stdin!()
      stdin!()
      return 0
    }
    await run('topics', { run: reads })
    expect(opened).toEqual(['open', 'close'])
    opened = []
    await run('topics')
    expect(opened).toEqual([])
    expect(ran[0]!.surroundings).toMatchObject({ stdout, stderr, stdinIsTerminal: false })
  })
  it('an observer, told of its beginning and its end', async () => {
    const events: LineEvent[] = []
    const observe = (event: LineEvent): void => void events.push(event)
    await run('bin/kafka-topics.sh --list', { observe })
    await run('true | false', { observe })
    await run('say x', { observe })
    expect(events.map(({ elapsedMs, ...event }) => event)).toEqual([
      ...['began', 'ended'].map((kind) => ({
        ...{ kind, line: 'bin/kafka-topics.sh --list', runBy: 'kt', words: ['topics', '--list'], command: 'topics' },
        ...(kind === 'ended' ? { exitCode: 0 } : {}),
      })),
      { kind: 'began', line: 'true | false', runBy: 'sh', words: [], command: null },
      { kind: 'ended', line: 'true | false', runBy: 'sh', words: [], command: null, exitCode: 1 },
      { kind: 'began', line: 'say x', runBy: 'shell', words: ['say', 'x'], command: null },
      { kind: 'ended', line: 'say x', runBy: 'shell', words: ['say', 'x'], command: null, exitCode: 3 },
    ])
  })
})

describe('sh', () => {
  it('has the line, with kt in front of its commands', async () => {
    expect(await run('echo topics; kt() { echo kt "$@"; }; topics "a b" | cat -n; bin/kafka-topics.sh --list')).toBe(0)
    expect(stdout.text).toBe('topics\n     1\tkt topics a b\nkt topics --list\n')
    expect(ran).toEqual([])
  })
  it('has the PATH of kt and the environment of the line', async () => {
    await run('!echo $PATH $PLACE', { env: { PATH: process.env.PATH, PLACE: 'here' } })
    expect(stdout.text).toBe(`/nowhere:${process.env.PATH} here\n`)
  })
  it('gives its exit code, and 128 and more by a signal', async () => {
    expect(await run('!exit 7')).toBe(7)
    expect(await run('!kill -TERM $$')).toBe(143)
    expect(await run('echo bad >&2; false')).toBe(1)
    expect(stderr.text).toBe('bad\n')
  })
  it('ends when the line is ended', async () => {
    const ending = new AbortController()
    const ended = runLine('!echo up; exec sleep 60', context(), ending.signal)
    while (stdout.text === '') await new Promise((resolve) => setTimeout(resolve, 5))
    ending.abort('SIGINT')
    expect(await ended).toBe(143)
  })
  it('is not even begun when the line has been ended', async () => {
    const ending = new AbortController()
    ending.abort('SIGINT')
    expect(await runLine('!echo up', context(), ending.signal)).toBe(130)
    expect(stdout.text).toBe('')
  })
  it('runs nodes, which take signals and end their process', async () => {
    expect(await run("server-start 'a b'; true")).toBe(0)
    expect(await run("server-start 'a b'")).toBe(127)
    expect(ran).toEqual([])
  })
})
