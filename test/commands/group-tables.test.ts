import { describe, expect, it } from 'vitest'
import { line, stateLines, widest } from '../../src/commands/group-tables.ts'

const GROUP = { group: 'g', coordinator: 'h:1 (2)', state: 'Stable', epochs: [3, null], memberCount: 4 }
const LAYOUT = { state: 8, epochs: [['EPOCH', 6] as const, ['TARGET', 7] as const] }

describe('the state of a group', () => {
  it('has columns of the script’s width, the last as long as it is', () => {
    expect(stateLines(GROUP, LAYOUT, false)).toEqual([
      `GROUP           COORDINATOR (ID)          STATE    #MEMBERS`,
      `g               h:1 (2)                   Stable   4`,
    ])
  })

  it('has epochs only when asked for more, and a dash for what is not known', () => {
    expect(stateLines(GROUP, LAYOUT, true)).toEqual([
      `GROUP           COORDINATOR (ID)          STATE    EPOCH  TARGET  #MEMBERS`,
      `g               h:1 (2)                   Stable   3      -       4`,
    ])
  })

  it('tells the strategy where the script does', () => {
    const layout = { ...LAYOUT, strategy: 20 }
    expect(stateLines({ ...GROUP, strategy: 'range' }, layout, false)[1]).toContain('range                Stable')
    expect(stateLines({ ...GROUP, strategy: '' }, layout, false)[1]).toContain('-                    Stable')
  })

  it('grows with the names', () => {
    const [titles, cells] = stateLines({ ...GROUP, group: 'x'.repeat(30) }, LAYOUT, false)
    expect(titles.indexOf('COORDINATOR')).toBe(31)
    expect(cells.indexOf('h:1')).toBe(31)
  })
})

it('cells without a width are not padded', () => {
  expect(line(['a', 'b', 'c'], [2, 0])).toBe('a  b c')
  expect(widest(3, ['a', 'abcd'])).toBe(4)
})
