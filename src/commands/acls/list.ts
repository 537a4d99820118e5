import type { CommandContext } from '../../cli/context.ts'
import { formatDocument } from '../../cli/format.ts'
import { presentationOf } from '../../cli/script-command.ts'
import type { Admin } from '../../client/admin-types.ts'
import type { AclBinding } from '../../client/security-types.ts'
import type { AclsGiven } from './options.ts'
import { principalsOf, resourcesOf } from './rules.ts'
import { bindingFields, byResource, listText } from './text.ts'

/** `--list`: rules of the resources that are named, or all; of each principal that is named apart. */
export async function listAcls(given: AclsGiven, context: CommandContext, admin: () => Promise<Admin>): Promise<void> {
  const filters = resourcesOf(given)
  const principals = [...new Set(principalsOf(given.values('principal')))]
  const presentation = presentationOf(given, context)
  const client = await admin()
  const found: AclBinding[] = []
  for (const filter of filters.length === 0 ? [{}] : filters) found.push(...(await client.describeAcls(filter)))
  const of = (principal: string): AclBinding[] => found.filter(({ entry }) => entry.principal === principal)
  if (presentation === 'script') {
    if (principals.length === 0) context.stdout.write(listText(found))
    for (const principal of principals) {
      context.stdout.write(`ACLs for principal \`${principal}\`\n${listText(of(principal))}`)
    }
    return
  }
  const wanted = principals.length === 0 ? found : principals.flatMap(of)
  const once = byResource(wanted).flatMap(({ resource, entries }) => entries.map((entry) => ({ resource, entry })))
  if (presentation !== 'terminal') {
    context.stdout.write(formatDocument(presentation, 'AclList', { acls: once.map(bindingFields) }))
  } else if (once.length === 0) {
    context.stderr.write('There are no such rules.\n')
  } else {
    const { aclTable } = await import('./tables.ts')
    context.stdout.write(await aclTable(once, await context.colours()))
  }
}
