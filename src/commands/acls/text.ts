/** What the script prints of rules, and our documents: pure functions. */
import type { Structure } from '../../cli/format.ts'
import type { AclBinding, AclEntry, AclResource } from '../../client/security-types.ts'
import type { ResourceFilter, ResourceRules } from './rules.ts'

export function entryText({ principal, host, operation, permission }: AclEntry): string {
  return `(principal=${principal}, host=${host}, operation=${operation}, permissionType=${permission})`
}

export function resourceText({ resourceType, name, patternType }: AclResource | ResourceFilter): string {
  return `ResourcePattern(resourceType=${resourceType}, name=${name}, patternType=${patternType})`
}

const indented = (entries: readonly AclEntry[]): string => entries.map((entry) => `\t${entryText(entry)}`).join('\n')

/** The lone blank in front of the first rule is the script's. */
export function addingText(resource: AclResource, entries: readonly AclEntry[]): string {
  return `Adding ACLs for resource \`${resourceText(resource)}\`: \n ${indented(entries)}\n\n`
}

export function existsText({ resource, entry }: AclBinding): string {
  return `Acl (pattern=${resourceText(resource)}, entry=${entryText(entry)}) already exists.\n`
}

/** The question before rules are removed. */
export function removalQuestion({ filter, entries }: ResourceRules): string {
  if (entries.length === 0) {
    return `Are you sure you want to delete all ACLs for resource filter \`${resourceText(filter)}\`? (y/n)`
  }
  return `Are you sure you want to remove ACLs: \n ${indented(entries)}\n from resource filter \`${resourceText(filter)}\`? (y/n)`
}

/** Rules by resource, in the order they came. */
export function byResource(bindings: readonly AclBinding[]): { resource: AclResource; entries: AclEntry[] }[] {
  const found = new Map<string, { resource: AclResource; entries: AclEntry[] }>()
  for (const { resource, entry } of bindings) {
    const key = resourceText(resource)
    const group = found.get(key) ?? { resource, entries: [] }
    found.set(key, group)
    // Filters may overlap: a rule is told once.
    if (!group.entries.some((each) => entryText(each) === entryText(entry))) group.entries.push(entry)
  }
  return [...found.values()]
}

export function listText(bindings: readonly AclBinding[]): string {
  return byResource(bindings)
    .map(
      ({ resource, entries }) => `Current ACLs for resource \`${resourceText(resource)}\`:\n${indented(entries)}\n\n`,
    )
    .join('')
}

/** One rule of `AclList` and its kin. */
export function bindingFields({ resource, entry }: AclBinding): Structure {
  const { resourceType, name, patternType } = resource
  const { principal, host, operation, permission } = entry
  return { resourceType, name, patternType, principal, host, operation, permission }
}
