import { describe, expect, it } from 'vitest'
import { coloursWanted, isLight, loadColours, noColours } from '../../src/cli/colour.ts'

describe('colour', () => {
  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ TERM: 'dumb' }, true, false],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, true, false],
  ])('with %j on a terminal (%j): %j', (env, isTerminal, expected) => {
    expect(coloursWanted(env, isTerminal)).toBe(expected)
  })

  it('is nothing at all where it is not wanted', async () => {
    expect(await loadColours({}, false)).toBe(noColours)
    expect(noColours.bad('x')).toBe('x')
  })

  it('marks good and bad differently where it is', async () => {
    const colours = await loadColours({}, true)
    expect(colours.good('x')).toBe('\x1b[32mx\x1b[39m')
    expect(colours.bad('x')).toBe('\x1b[31mx\x1b[39m')
  })

  it.each([
    ['15;0', false],
    ['0;15', true],
    ['0;default;15', true],
    ['0;7', true],
    ['7;8', false],
    ['', false],
  ])('knows a light background by COLORFGBG=%s: %s', async (COLORFGBG, expected) => {
    expect(isLight({ COLORFGBG })).toBe(expected)
    const { warning } = await loadColours({ COLORFGBG, TERM: 'xterm-256color' }, true)
    expect(warning('x')).toBe(expected ? '\x1b[38;5;130mx\x1b[39m' : '\x1b[33mx\x1b[39m')
  })

  it('keeps to the terminal its own sixteen where it has no others', async () => {
    expect((await loadColours({ COLORFGBG: '0;15', TERM: 'xterm' }, true)).name('x')).toBe('\x1b[36mx\x1b[39m')
  })

  it('paints one text, also as the callback of map', async () => {
    const { dim } = await loadColours({}, true)
    expect(['a', 'b'].map(dim)).toEqual(['\x1b[2ma\x1b[22m', '\x1b[2mb\x1b[22m'])
  })
})
