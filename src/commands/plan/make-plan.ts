/** Files and cluster -> plan, with Kafka's own word on each change where it has one. */
import type { Admin } from '../../client/admin-types.ts'
import type { Declarations } from './declarations.ts'
import type { Change, Plan, PruneScope } from './model.ts'
import { aclChanges, quotaChange, userChange } from './plan-security.ts'
import { configsChange } from './plan-settings.ts'
import { topicChange, topicDeletion } from './plan-topics.ts'
import { type ClusterState, readState } from './state.ts'
import { withRefusals } from './validate.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Reads the cluster and works out what differs. */
export async function makePlan(
  admin: Admin,
  declared: Declarations,
  prune: PruneScope,
  env: Environment,
): Promise<Plan> {
  const state = await readState(admin, declared, prune)
  const { clusterId, changes, unchangedCount } = differences(declared, state, prune, env)
  return { clusterId, unchangedCount, changes: await withRefusals(admin, changes) }
}

/** What differs between files and cluster: pure. */
export function differences(declared: Declarations, state: ClusterState, prune: PruneScope, env: Environment): Plan {
  const topics = declared.topics.map((topic) => topicChange(topic, state, prune.configs))
  const created = new Set(topics.flatMap((change) => (change?.action === 'create' ? [change.name] : [])))
  const settings = declared.configs.map((each) => {
    const change = configsChange(each, state, prune.configs)
    const isNew = each.resource.type === 'TOPIC' && created.has(each.resource.name)
    return isNew ? settingsOfNewTopic(change!, each.configs) : change
  })
  const quotas = declared.quotas.map((quota) => quotaChange(quota, state.quotas, prune.quotas))
  const users = declared.users.map((user) => userChange(user, state.credentials.get(user.user) ?? [], env))
  const acls = aclChanges(declared.acls, state.acls, prune.acls)
  const named = new Set(declared.topics.map(({ name }) => name))
  const deletions = state.allTopics
    .filter((name) => prune.topics?.(name) === true && !named.has(name))
    .map(topicDeletion)
  const found = [...users, ...topics, ...settings, ...quotas, ...acls, ...deletions]
  const changes = found.filter((change): change is Change => change !== null)
  const ruledResources = new Set(declared.acls.map(({ binding }) => JSON.stringify(binding.resource))).size
  const unchangedCount = found.length - changes.length + (ruledResources - acls.length)
  return { clusterId: state.clusterId, changes, unchangedCount }
}

/** The cluster knows no such topic yet: everything declared is set once it is there. */
function settingsOfNewTopic(change: Change, configs: ReadonlyMap<string, string | null>): Change {
  const set = [...configs].flatMap(([name, value]) => (value === null ? [] : [{ name, value }]))
  const lines = set.map(({ name, value }) => {
    return { sign: '+' as const, name, before: null, from: null, after: value, note: null }
  })
  const resource = { type: 'TOPIC' as const, name: change.name }
  const changes = set.map(({ name, value }) => ({ name, operation: 'SET' as const, value }))
  return { ...change, lines, problems: [], steps: [{ kind: 'alter-configs', resource, changes }] }
}

/** Titles of what two plans of the same files do not have in common: somebody changed the cluster in between. */
export function changedBetween(before: Plan, now: Plan): string[] {
  const told = (plan: Plan): Map<string, string> =>
    new Map(
      plan.changes.map((change) => [
        `${change.subject} ${change.name}`,
        JSON.stringify([change.action, change.lines, change.problems]),
      ]),
    )
  const [left, right] = [told(before), told(now)]
  const titles = new Set([...left.keys(), ...right.keys()])
  return [...titles].filter((title) => left.get(title) !== right.get(title))
}
