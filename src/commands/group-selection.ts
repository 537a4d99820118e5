import { type GivenOptions, type OptionTable, UsageError } from '../cli/options.ts'

/** Throws `UsageError` without `--group` and `--all-groups`, which every action on groups wants one of. */
export function requireGroups(given: GivenOptions<OptionTable>, action: string): void {
  if (given.has('group') || given.has('all-groups')) return
  throw new UsageError(`Option [${action}] takes one of these options: [all-groups], [group]`, { missing: 'group' })
}

/** Throws `UsageError` for two views of `--describe` at once. */
export function requireOneView(given: GivenOptions<OptionTable>): void {
  if (['members', 'offsets', 'state'].filter((name) => given.has(name)).length <= 1) return
  throw new UsageError('Option [describe] takes at most one of these options: [members], [offsets], [state]')
}
