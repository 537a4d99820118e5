import { expect, it } from 'vitest'
import { tabTable } from '../../src/commands/tab-table.ts'

it('pads every cell to its column and ends it with a tab', () => {
  expect(
    tabTable(
      ['Id', 'Name'],
      [
        ['1', 'a'],
        ['200', 'longer'],
      ],
    ),
  ).toBe('Id \tName  \t\n1  \ta     \t\n200\tlonger\t\n')
  expect(tabTable(['Id'], [])).toBe('Id\t\n')
})
