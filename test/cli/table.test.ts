import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { drawTable } from '../../src/cli/table.ts'

describe('drawTable', () => {
  it('lines columns up, numbers to the right, without frames or trailing blanks', async () => {
    const table = await drawTable({
      head: ['TOPIC', 'PARTITIONS', 'STATE'],
      rows: [
        ['orders', '12', 'ok'],
        ['a', '3', ''],
      ],
      rightAligned: [1],
    })
    expect(table).toBe('TOPIC   PARTITIONS  STATE\norders          12  ok\na                3\n')
  })

  it('counts letters, not colour codes or bytes', async () => {
    const table = await drawTable({
      head: ['A', 'B'],
      rows: [
        ['\x1b[31mred\x1b[39m', '1'],
        ['日本', '2'],
      ],
    })
    expect(table.split('\n').map((line) => stripVTControlCharacters(line))).toEqual([
      'A     B',
      'red   1',
      '日本  2',
      '',
    ])
  })

  it('is a header alone when there are no rows', async () => {
    expect(await drawTable({ head: ['A', 'B'], rows: [] })).toBe('A  B\n')
  })
})
