import { describe, expect, it } from 'vitest'
import { noColours } from '../../../../src/cli/colour.ts'
import { type Board, frameOf, layoutOf, type ScreenSize } from '../../../../src/commands/learn/screen/frame.ts'
import type { Picture } from '../../../../src/learn/picture/picture.ts'

const SIZE = { columns: 80, rows: 24 }
const replicas = (ends: readonly (number | null)[]) =>
  ends.map(
    (end, at) => ({ broker: at + 1, role: at === 0 ? 'leader' : end === null ? 'behind' : 'in-sync', end }) as const,
  )

const PICTURE: Picture = {
  isUnanswered: false,
  brokers: [
    { id: 1, state: 'up' },
    { id: 2, state: 'up' },
    { id: 3, state: 'dead' },
  ],
  controllers: [{ id: 100, state: 'up', isActive: true }],
  topics: [
    {
      name: 'kt-15-orders',
      partitions: [{ partition: 0, leader: 1, leaderEpoch: 1, highWatermark: 30, replicas: replicas([30, 30, null]) }],
    },
  ],
  groups: [],
}

const TEXT = Array.from({ length: 12 }, (_, at) => `line ${at + 1} of the lesson`)

const BOARD: Board = {
  title: 'Lesson 15: Kill the leader',
  note: 'opening it',
  goals: [
    {
      name: 'another broker leads the partition',
      verdict: { state: 'done', expected: 'another', observed: 'leader 3 -> 1', show: 'kt topics' },
      waitingMs: null,
    },
    {
      name: 'the ISR has lost the dead broker',
      verdict: {
        ...{ state: 'not-yet', expected: 'a smaller ISR', observed: 'the ISR has lost nobody' },
        ...{ show: 'kt topics --describe --topic kt-15-orders', waitingFor: 'the controller' },
      },
      waitingMs: 4_200,
    },
    { name: 'all thirty orders are still there', verdict: null, waitingMs: null },
  ],
  picture: PICTURE,
  isFresh: false,
  wasPassed: false,
  events: [
    '12:01:03  an older event',
    '12:01:04  leader of kt-15-orders-0: 3 -> 1',
    '12:01:05  broker 3 is out of service',
  ],
  lesson: () => TEXT,
  prompt: { label: 'kt> ', text: 'topics --li', cursor: 11, isSecret: false },
}

function draw(board: Board, size: ScreenSize, output: readonly string[] = ['some output'], below = false) {
  const layout = layoutOf(board, size, noColours)
  return frameOf(board, layout, { rows: output.slice(0, layout.paneRows), above: false, below }, size, noColours)
}

describe('the screen', () => {
  it('at 80x24 has goals beside the picture, events, output and the prompt', () => {
    const { lines, cursor } = draw(BOARD, SIZE)
    expect(lines.map((line) => line.trimEnd())).toEqual(
      [
        'Lesson 15: Kill the leader                                          1 of 3 goals',
        '[x] another broker leads the partition | controller 100*  * active',
        '    seen: leader 3 -> 1                | kt-15-orders',
        '[ ] the ISR has lost the dead broker   |  broker      1    2    3 dead',
        '    expected: a smaller ISR            |  p0 e1 hw 30 L 30 = 30 -',
        '    now: the ISR has lost nobody       |',
        '    waiting for the controller, 4 s    | L leads, = in sync, - behind (the',
        '    see: kt topics --describe --topic  | number: the end of its log), e leader',
        '      kt-15-orders                     | epoch, hw high watermark',
        '[.] all thirty orders are still there  |',
        '12:01:04  leader of kt-15-orders-0: 3 -> 1',
        '12:01:05  broker 3 is out of service',
        '-- output --------------------------------- hint  solution  next  help  quit --',
        'some output',
        ...new Array(8).fill(''),
        'kt> topics --li',
      ].map((line, at) => (at === 12 ? lines[12]!.trimEnd() : line)),
    )
    expect(lines[12]).toMatch(/^-- output -+ hint {2}solution {2}next {2}help {2}quit --$/)
    expect(cursor).toEqual({ x: 15, y: 22 })
  })

  it.each([
    [80, 24],
    [100, 30],
    [120, 40],
    [200, 60],
    [60, 18],
    [44, 14],
    [40, 10],
    [20, 5],
  ])('at %ix%i fits, with the prompt as its last line', (columns, rows) => {
    const { lines, cursor } = draw(BOARD, { columns, rows }, new Array(100).fill('output'))
    expect(lines).toHaveLength(rows - 1)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns)
    expect(lines.at(-1)).toMatch(/^kt> /)
    expect(cursor.y).toBe(rows - 2)
    expect(cursor.x).toBeLessThan(columns)
  })

  it('says the state of every goal and of every replica at 60x18 too', () => {
    const text = draw(BOARD, { columns: 60, rows: 18 }).lines.join('\n')
    for (const part of ['[x] another', '[ ] the ISR', '[.] all thirty', 'L 30', '3 dead']) expect(text).toContain(part)
  })

  it('has the lesson’s text beside the rest where there is room', () => {
    const lines = draw(BOARD, { columns: 120, rows: 40 }).lines
    expect(lines[1]).toMatch(/^line 1 of the lesson +\| \[x\] another broker/)
    expect(lines[12]).toMatch(/^line 12 of the lesson/)
    const long = { ...BOARD, lesson: () => new Array(60).fill('text') }
    expect(draw(long, { columns: 120, rows: 40 }).lines.join('\n')).toContain('... text shows all of it')
  })

  it('keeps what is to be typed in view when the text does not fit, once it was read', () => {
    const text = [...new Array(40).fill('text'), '', 'Type:', '  kt topics --list', '', 'Older notes: none']
    const board = { ...BOARD, lesson: () => text }
    const wide = { columns: 120, rows: 40 }
    const lines = draw(board, wide).lines
    expect(lines[1]).toMatch(/^\.\.\. text shows all of it +\|/)
    expect(lines.join('\n')).toMatch(/^ {2}kt topics --list +\|/m)
    expect(draw({ ...board, isFresh: true }, wide).lines[1]).toMatch(/^text +\|/)
  })

  it('says that there is more output below, and when the lesson is passed', () => {
    const done = BOARD.goals.map((goal) => ({ ...goal, verdict: BOARD.goals[0]!.verdict }))
    const { lines } = draw({ ...BOARD, goals: done }, SIZE, ['x'], true)
    expect(lines[0]).toMatch(/passed: next goes on$/)
    expect(draw({ ...BOARD, wasPassed: true }, SIZE).lines[0]).toMatch(/passed; now 1 of 3 goals$/)
    expect(lines.join('\n')).toContain('-- PgDn: more below --')
  })

  it('shows a long line around the cursor, and stars for a secret', () => {
    const text = 'x'.repeat(200)
    const long = draw({ ...BOARD, prompt: { label: 'kt> ', text, cursor: 200, isSecret: false } }, SIZE)
    expect(long.lines.at(-1)!.length).toBeLessThanOrEqual(80)
    expect(long.cursor.x).toBeLessThan(80)
    const secret = draw({ ...BOARD, prompt: { label: '? ', text: 'hunter2', cursor: 7, isSecret: true } }, SIZE)
    expect(secret.lines.at(-1)).toBe('? *******')
  })

  it('gives the room to the text until something was tried: goals are names alone', () => {
    const fresh = { ...BOARD, isFresh: true }
    expect(layoutOf(fresh, SIZE, noColours).paneRows).toBeGreaterThan(layoutOf(BOARD, SIZE, noColours).paneRows)
    const text = draw(fresh, SIZE).lines.join('\n')
    expect(text).toContain('[ ] the ISR has lost the dead broker')
    expect(text).not.toContain('expected:')
    expect(draw(fresh, { columns: 120, rows: 40 }).lines.join('\n')).toContain('expected: a smaller ISR')
  })

  it('does not jump while a lesson goes on: the upper part never shrinks', () => {
    const large = layoutOf(BOARD, SIZE, noColours)
    const small = layoutOf({ ...BOARD, goals: [], picture: null }, SIZE, noColours, large.topRows)
    expect(small.topRows).toBe(large.topRows)
    expect(small.paneRows).toBe(large.paneRows)
  })
})
