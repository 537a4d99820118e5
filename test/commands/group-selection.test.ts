import { expect, it } from 'vitest'
import { flag, GivenOptions, text } from '../../src/cli/options.ts'
import { requireGroups, requireOneView } from '../../src/commands/group-selection.ts'

const table = {
  group: text('group', ''),
  'all-groups': flag(''),
  members: flag(''),
  offsets: flag(''),
  state: flag(''),
}
const given = (...names: string[]) => new GivenOptions(table, new Map(names.map((name) => [name, []])), [])

it('wants a group or all of them', () => {
  expect(() => requireGroups(given(), 'delete')).toThrow(
    'Option [delete] takes one of these options: [all-groups], [group]',
  )
  requireGroups(given('group'), 'delete')
  requireGroups(given('all-groups'), 'delete')
})

it('shows one view at a time', () => {
  expect(() => requireOneView(given('members', 'state'))).toThrow('[members], [offsets], [state]')
  requireOneView(given('state'))
  requireOneView(given())
})
