import { describe, expect, it } from 'vitest'
import { MAX_PANE_LINES, OutputPane, PaneOutput } from '../../../../src/commands/learn/screen/output-pane.ts'

function paneOf(columns = 20, rows = 4): OutputPane {
  const pane = new OutputPane(() => undefined)
  pane.resize(columns, rows)
  return pane
}

const numbered = (count: number): string => Array.from({ length: count }, (_, at) => `line ${at + 1}\n`).join('')

describe('the output of commands', () => {
  it('is shown from its end, and scrolled back and forth', () => {
    const pane = paneOf()
    pane.write(numbered(10))
    expect(pane.view()).toEqual({ rows: ['line 7', 'line 8', 'line 9', 'line 10'], above: true, below: false })
    pane.scroll(-3)
    expect(pane.view()).toEqual({ rows: ['line 4', 'line 5', 'line 6', 'line 7'], above: true, below: true })
    pane.scroll(-100)
    expect(pane.view()).toMatchObject({ rows: ['line 1', 'line 2', 'line 3', 'line 4'], above: false })
    pane.scroll(100)
    expect(pane.view()).toMatchObject({ rows: ['line 7', 'line 8', 'line 9', 'line 10'], below: false })
  })

  it('stays where somebody reads while more is printed, and follows again when told', () => {
    const pane = paneOf()
    pane.write(numbered(10))
    pane.scroll(-3)
    pane.write('more\n')
    expect(pane.view().rows[0]).toBe('line 4')
    pane.follow()
    expect(pane.view().rows.at(-1)).toBe('more')
  })

  it('is shown from a line on only when the rest does not fit', () => {
    const pane = paneOf()
    pane.write(numbered(3))
    pane.showFrom(1)
    expect(pane.view()).toMatchObject({ rows: ['line 1', 'line 2', 'line 3'], below: false })
    pane.write(numbered(9))
    pane.showFrom(3)
    expect(pane.view()).toMatchObject({ rows: ['line 1', 'line 2', 'line 3', 'line 4'], below: true })
  })

  it('wraps what is wider, also after another size, with its colours', () => {
    const pane = paneOf(6)
    pane.write('\x1b[31mabcdefgh\x1b[39m\n')
    expect(pane.view().rows).toEqual(['\x1b[31mabcdef\x1b[39m', '\x1b[31mgh\x1b[39m'])
    pane.resize(20, 4)
    expect(pane.view().rows).toEqual(['\x1b[31mabcdefgh\x1b[39m'])
  })

  it('has a line that goes on, and one that is written over', () => {
    const pane = paneOf()
    pane.write('> ')
    expect(pane.view().rows).toEqual(['> '])
    pane.write('one\r\n10 %')
    pane.write('\r\x1b[2K20 %')
    expect(pane.text()).toBe('> one\n20 %')
    pane.writeLines(['event'])
    expect(pane.text()).toBe('> one\n20 %\nevent')
  })

  it('lets a watched picture take the place of the one before', () => {
    const pane = paneOf()
    pane.write('kt> describe --watch\n')
    pane.write('\x1b[2J\x1b[Hfirst\x1b[K\nmore\x1b[K\n\x1b[J')
    pane.write('\x1b[Hsecond\x1b[K\n\x1b[J')
    expect(pane.text()).toBe('kt> describe --watch\nsecond')
    pane.freshLine()
    pane.write('after\n')
    expect(pane.text()).toBe('kt> describe --watch\nsecond\nafter')
  })

  it('lets nothing through that would move a cursor or ring a bell', () => {
    const pane = paneOf(80)
    pane.write('a\x1b[5Ab\x1b[?1049lc\x07d\x9be\x1bcf\n')
    expect(pane.text()).toBe('abc.d.ef')
  })

  it('knows a sequence that comes in two pieces', () => {
    const pane = paneOf()
    pane.write('a\x1b')
    pane.write('[3')
    pane.write('2mb\x1b[39m\n')
    expect(pane.text()).toBe('a\x1b[32mb\x1b[39m')
  })

  it('has tabs every eight columns', () => {
    const pane = paneOf(80)
    pane.write('abc\tdef\t\x1b[1mx\x1b[22m\ty\n')
    expect(pane.text()).toBe('abc     def     \x1b[1mx\x1b[22m       y')
  })

  it('forgets what is long past', () => {
    const pane = paneOf()
    pane.write(numbered(MAX_PANE_LINES * 3))
    expect(pane.text().split('\n').length).toBeLessThanOrEqual(MAX_PANE_LINES * 1.25)
    expect(pane.view().rows.at(-1)).toBe(`line ${MAX_PANE_LINES * 3}`)
    expect(pane.end).toBe(MAX_PANE_LINES * 3)
    pane.write('x'.repeat(1_000_000))
    expect(pane.text().split('\n').at(-1)!.length).toBeLessThan(20_000)
  })

  it('can be emptied', () => {
    const pane = paneOf()
    pane.write(numbered(9))
    pane.clear()
    expect(pane.view()).toEqual({ rows: [], above: false, below: false })
  })
})

describe('the pane as a stream', () => {
  it('is a terminal of the pane’s size, and has characters that come in two pieces', () => {
    const pane = paneOf(33, 7)
    const output = new PaneOutput(pane)
    expect([output.isTerminal, output.columns, output.rows]).toEqual([true, 33, 7])
    const [first, ...rest] = Buffer.from('é\n')
    output.write(Uint8Array.of(first!))
    output.write(Uint8Array.from(rest))
    expect(pane.text()).toBe('é')
  })

  it('lets others have their turn after each piece', async () => {
    const output = new PaneOutput(paneOf())
    expect(output.write('x\n')).toBe(false)
    let turn = false
    setImmediate(() => {
      turn = true
    })
    await output.drain()
    expect(turn).toBe(true)
  })
})
