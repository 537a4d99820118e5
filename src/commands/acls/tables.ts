import type { Colours } from '../../cli/colour.ts'
import { drawTable } from '../../cli/table.ts'
import type { AclBinding } from '../../client/security-types.ts'

/** For people: a row per rule, by resource and principal. */
export async function aclTable(bindings: readonly AclBinding[], { dim, name, good, bad }: Colours): Promise<string> {
  const rows = bindings.map(({ resource, entry }) => ({
    sortedBy: [resource.resourceType, resource.name, resource.patternType, entry.principal, entry.operation].join('\0'),
    cells: [
      resource.resourceType,
      name(resource.patternType === 'PREFIXED' ? `${resource.name}...` : resource.name),
      entry.principal,
      entry.permission === 'ALLOW' ? good(entry.permission) : bad(entry.permission),
      entry.operation,
      entry.host === '*' ? dim('anywhere') : entry.host,
    ],
  }))
  rows.sort((a, b) => (a.sortedBy < b.sortedBy ? -1 : 1))
  return drawTable({
    head: ['RESOURCE', 'NAME', 'PRINCIPAL', 'PERMISSION', 'OPERATION', 'FROM'].map(dim),
    rows: rows.map(({ cells }) => cells),
  })
}
