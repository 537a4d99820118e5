import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columnLines } from '../../../src/commands/metadata-shell/columns.ts'

describe('columnLines', () => {
  it('puts a name on each line where the screen has no width', () => {
    expect(columnLines(['a', 'b'], null)).toEqual(['a', 'b'])
    expect(columnLines(['a', 'b'], 0)).toEqual(['a', 'b'])
    expect(columnLines([], 80)).toEqual([])
  })

  it('sorts down the columns, as many as fit', () => {
    const names = ['1', '2', '3', '4', '5']
    expect(columnLines(names, 80)).toEqual(['1  2  3  4  5'])
    expect(columnLines(names, 10)).toEqual(['1  4', '2  5', '3  '])
    expect(columnLines(names, 12)).toEqual(['1  3  5', '2  4  '])
    expect(columnLines(names, 7)).toEqual(['1', '2', '3', '4', '5'])
  })

  it('gives each column the width of its longest name, and two blanks', () => {
    expect(columnLines(['a', 'bbbbbb', 'c', 'd'], 14)).toEqual(['a       c', 'bbbbbb  d'])
    expect(columnLines(['x'.repeat(100), 'y'], 80)).toEqual(['x'.repeat(100), 'y'])
  })

  it('loses no name and keeps to the width', () => {
    const names = fc.array(fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(...'abcdefgh') }), {
      maxLength: 60,
    })
    fc.assert(
      fc.property(names, fc.integer({ min: 14, max: 200 }), (given, width) => {
        const lines = columnLines(given, width)
        expect(lines.flatMap((line) => line.trimEnd().split(/ +/)).sort()).toEqual([...given].sort())
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width)
      }),
    )
  })
})
