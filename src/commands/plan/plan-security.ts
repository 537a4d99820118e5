/** Access rules, quotas and users that differ: pure. */
import type { QuotaEntity, QuotaOp } from '../../client/admin-types.ts'
import type { AclBinding } from '../../client/security-types.ts'
import { quotaTitle } from '../undo/entry.ts'
import type { DeclaredAcl, DeclaredQuota, DeclaredUser } from './declarations.ts'
import type { Change, Line } from './model.ts'
import type { QuotaState } from './state.ts'

function resourceKeyOf({ resource: { resourceType, name, patternType } }: AclBinding): string {
  return JSON.stringify([resourceType, name, patternType])
}

function bindingKey(binding: AclBinding): string {
  const { principal, host, operation, permission } = binding.entry
  return JSON.stringify([resourceKeyOf(binding), principal, host, operation, permission])
}

/** `TOPIC orders`, `TOPIC orders* (prefix)` */
function resourceTitle({ resource: { resourceType, name, patternType } }: AclBinding): string {
  return patternType === 'PREFIXED' ? `${resourceType} ${name}* (prefix)` : `${resourceType} ${name}`
}

function ruleText({ entry: { permission, principal, operation, host } }: AclBinding): string {
  return `${permission} ${principal} ${operation}${host === '*' ? '' : ` from ${host}`}`
}

/** A change for each resource whose rules differ. With `prune`, rules that no file names go, of resources that files name. */
export function aclChanges(
  declared: readonly DeclaredAcl[],
  existing: readonly AclBinding[],
  prune: boolean,
): Change[] {
  const present = new Set(existing.map(bindingKey))
  const wanted = new Set(declared.map(({ binding }) => bindingKey(binding)))
  const resources = new Map<string, DeclaredAcl[]>()
  for (const each of declared) {
    const key = resourceKeyOf(each.binding)
    resources.set(key, [...(resources.get(key) ?? []), each])
  }
  return [...resources].flatMap(([key, rules]): Change[] => {
    const added = distinct(rules.map(({ binding }) => binding)).filter((binding) => !present.has(bindingKey(binding)))
    const gone = prune ? existing.filter((each) => resourceKeyOf(each) === key && !wanted.has(bindingKey(each))) : []
    if (added.length + gone.length === 0) return []
    const steps: Change['steps'] = [
      ...(added.length > 0 ? [{ kind: 'create-acls' as const, bindings: added }] : []),
      ...(gone.length > 0 ? [{ kind: 'delete-acls' as const, bindings: gone }] : []),
    ]
    const lines = [...added.map((each) => ruleLine('+', each)), ...gone.map((each) => ruleLine('-', each))]
    const { place, binding } = rules[0]!
    return [{ action: 'change', subject: 'access to', name: resourceTitle(binding), place, lines, problems: [], steps }]
  })
}

function distinct(bindings: readonly AclBinding[]): AclBinding[] {
  return [...new Map(bindings.map((binding) => [bindingKey(binding), binding])).values()]
}

function ruleLine(sign: '+' | '-', binding: AclBinding): Line {
  return { sign, name: ruleText(binding), before: null, from: null, after: null, note: null }
}

function entityKey(entries: ReadonlyMap<string, string | null>): string {
  return JSON.stringify([...entries].sort(([left], [right]) => (left < right ? -1 : 1)))
}

/** The change of one entity's quotas; null when they are as declared. */
export function quotaChange(declared: DeclaredQuota, existing: readonly QuotaState[], prune: boolean): Change | null {
  const { entity: entries, values, place } = declared
  const now = existing.find(({ entity }) => entityKey(entity.entries) === entityKey(entries))?.quotas ?? new Map()
  const lines: Line[] = []
  const ops: QuotaOp[] = []
  const differ = (key: string, before: number | null, after: number | null): void => {
    if (before === after) return
    const text = (value: number | null): string | null => (value === null ? null : String(value))
    const sign = after === null ? '-' : before === null ? '+' : '~'
    lines.push({ sign, name: key, before: text(before), from: null, after: text(after), note: null })
    ops.push({ key, value: after })
  }
  for (const [key, value] of values) differ(key, now.get(key) ?? null, value)
  if (prune) for (const [key, value] of now) if (!values.has(key)) differ(key, value, null)
  if (ops.length === 0) return null
  const entity: QuotaEntity = { entries: new Map(entries) }
  const name = quotaTitle(Object.fromEntries(entries))
  const action = now.size === 0 ? 'create' : 'change'
  return {
    action,
    subject: 'quota of',
    name,
    place,
    lines,
    problems: [],
    steps: [{ kind: 'alter-quotas', entity, ops }],
  }
}

/** The change of one credential. Passwords cannot be compared: a credential with as many iterations counts as the same. */
export function userChange(
  user: DeclaredUser,
  existing: readonly { readonly mechanism: string; readonly iterations: number }[],
  env: Readonly<Record<string, string | undefined>>,
): Change | null {
  const now = existing.find(({ mechanism }) => mechanism === user.mechanism)
  if (now?.iterations === user.iterations) return null
  const { passwordFrom, place, mechanism, iterations } = user
  const problems: string[] = []
  if (passwordFrom === null)
    problems.push('passwordFrom is missing: name the environment variable that holds the password')
  else if (!env[passwordFrom])
    problems.push(`the environment variable ${passwordFrom}, which holds the password, is not set`)
  const before = now === undefined ? null : `${now.iterations} iterations`
  const line: Line = {
    sign: now === undefined ? '+' : '~',
    name: mechanism,
    before,
    from: null,
    after: `${iterations} iterations`,
    note: passwordFrom === null ? null : `password from ${passwordFrom}`,
  }
  const action = now === undefined ? 'create' : 'change'
  return {
    action,
    subject: 'user',
    name: user.user,
    place,
    lines: [line],
    problems,
    steps: [{ kind: 'set-user', user }],
  }
}
