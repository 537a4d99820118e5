import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { noColours } from '../../../../src/cli/colour.ts'
import type { CommandContext, Surroundings } from '../../../../src/cli/context.ts'
import { Screen } from '../../../../src/commands/learn/screen/screen.ts'
import { courseOf, deskContext, deskOf, type FakeWorld, fakeWorld, TOPIC } from '../../../support/learn-desk.ts'
import { KeptOutput } from '../../../support/run-command.ts'

/** A terminal of 80x24. */
class Terminal extends KeptOutput {
  override readonly columns = 80
  readonly rows = 24
}

interface Opened {
  readonly screen: Screen
  /** What was run, and where. */
  readonly ran: string[]
  /** What the person was let do besides. */
  readonly done: string[]
}

let home: string
let world: FakeWorld
let opened: Opened | null
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-screen-'))
  world = fakeWorld()
  opened = null
})
afterEach(() => {
  opened?.screen.end()
  fs.rmSync(home, { recursive: true })
})

/** Commands print their words; `wait` goes on until it is ended, `fail` ends with 3. */
async function run(words: readonly string[], { stdout, signal }: Surroundings, ran: string[]): Promise<number> {
  ran.push(words.join(' '))
  stdout?.write(`ran ${words.join(' ')}\n`)
  if (words[0] === 'wait') await new Promise((resolve) => signal!.addEventListener('abort', resolve))
  return words[0] === 'fail' ? 3 : words[0] === 'wait' ? 130 : 0
}

async function open(number = '5', course = courseOf()): Promise<Opened> {
  const [ran, done]: [string[], string[]] = [[], []]
  const context = {
    ...deskContext(home, world),
    stdout: new Terminal(true),
    holdInterrupts: () => () => undefined,
    run: (words: readonly string[], around: Surroundings) => run(words, around, ran),
  } as unknown as CommandContext
  const screen = new Screen({
    ...{ context, commands: {}, colours: noColours, binDirectory: '/' },
    onLeave: () => void done.push('leaves'),
    onSuspend: () => void done.push('suspends'),
    onAnew: () => void done.push('draws anew'),
  })
  opened = { screen, ran, done }
  screen.anew()
  const desk = await deskOf(home, world, course)
  await screen.begin(desk, desk.entry(number))
  return opened
}

function type(line: string, screen: Screen): void {
  for (const text of line) screen.key(text, { sequence: text, name: text })
  screen.key('\r', { sequence: '\r', name: 'return' })
}

const lines = ({ screen }: Opened): readonly string[] => {
  screen.anew()
  return screen.current().lines
}

/** Waits for what must appear: looks go on by themselves. */
async function until(what: RegExp, at: Opened): Promise<string> {
  for (;;) {
    const text = lines(at).join('\n')
    if (what.test(text)) return text
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

describe('the screen', () => {
  it('has a line less than the terminal, the lesson on top and the prompt at the bottom', async () => {
    const at = await open()
    const text = await until(/\[ \] there is a topic/, at)
    expect(text).toMatch(/^Lesson 5: A lesson of a test +0 of 1 goals\n/)
    expect(lines(at)).toHaveLength(23)
    expect(lines(at).at(-1)).toBe('kt> ')
    expect(at.screen.current().cursor).toEqual({ x: 4, y: 22 })
    expect(text).toContain('kt topics --create --topic kt-05-orders')
  })

  it('runs a line, and shows how it ended', async () => {
    const at = await open()
    type('topics --list', at.screen)
    await until(/^ran topics --list$/m, at)
    type('fail now', at.screen)
    expect((await until(/kt \(exit 3\)> $/, at)).split('\n')).toContain('kt> fail now')
    expect(at.ran).toEqual(['topics --list', 'fail now'])
  })

  it('runs what lessons say of other programs, as any terminal does', async () => {
    const at = await open()
    type('ls /is/not/there', at.screen)
    expect(await until(/kt \(exit \d+\)> $/, at)).not.toContain("'ls' is not a command")
  })

  it('turns a goal by what is there, and tells what it means', async () => {
    const at = await open()
    await until(/\[ \] there is a topic/, at)
    world.topics.push(TOPIC)
    const text = await until(/Lesson 5 is passed\./, at)
    expect(text).toMatch(/passed: next goes on/)
    expect(text).toContain('It is there.')
  })

  it('ends what runs with Ctrl-C, and nothing else', async () => {
    const at = await open()
    at.screen.key('\x03', { name: 'c', ctrl: true })
    await until(/Nothing runs\. quit or Ctrl-D leaves/, at)
    type('wait', at.screen)
    await until(/running; its input, Ctrl-C ends it> $/, at)
    at.screen.key('\x03', { name: 'c', ctrl: true })
    await until(/kt \(exit 130\)> $/, at)
    expect(at.done).toEqual([])
  })

  it('leaves with Ctrl-D or quit, suspends, draws anew', async () => {
    const at = await open()
    at.screen.key('\x1a', { name: 'z', ctrl: true })
    at.screen.key('\x0c', { name: 'l', ctrl: true })
    at.screen.key('\x04', { name: 'd', ctrl: true })
    expect(at.done).toEqual(['suspends', 'draws anew', 'leaves'])
    type('quit', at.screen)
    while (at.done.length < 4) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(at.done.at(-1)).toBe('leaves')
  })

  it('goes on with next, until the last lesson', async () => {
    const at = await open()
    type('next', at.screen)
    await until(/^Lesson 6: Another lesson +0 of 1 goals/, at)
    type('next', at.screen)
    await until(/That was the last lesson/, at)
  })

  it('says once that a lesson cannot be done here, and does nothing with another one', async () => {
    const at = await open('5', courseOf({ needs: [{ kind: 'brokers', atLeast: 3 }] }))
    type('next', at.screen)
    const text = await until(/cannot be done on this cluster/, at)
    expect(text).toMatch(/^Lesson 6: Another lesson +not on this cluster\n/)
    type('hint', at.screen)
    const after = await until(/Lesson 6 is not open/, at)
    expect(after.split('cannot be done on this cluster')).toHaveLength(2)
    expect(at.ran).toEqual([])
  })

  it('hands words of the lesson to kt learn, whose lesson is the one on the screen', async () => {
    const at = await open()
    type('hint', at.screen)
    await until(/ran learn hint/, at)
    type('reset', at.screen)
    await until(/ran learn reset 5/, at)
  })

  it('does not begin to look at a lesson that is opened when the person has left', async () => {
    const desk = await deskOf(home, world)
    const at = await open('6')
    at.screen.stopLooking()
    await at.screen.begin(desk, desk.entry('5'))
    world.topics.push(TOPIC)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(lines(at).join('\n')).toMatch(/^Lesson 5: .*0 of 1 goals/)
    expect(lines(at).join('\n')).toContain('[.] there is a topic')
  })
})
