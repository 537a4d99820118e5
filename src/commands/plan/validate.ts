/** What Kafka says of a plan without doing it (`validateOnly`); what it would refuse becomes a problem of the change. */
import type { Admin, Outcome } from '../../client/admin-types.ts'
import type { Change, Step } from './model.ts'
import { resourceKey } from './state.ts'

type StepOf<K extends Step['kind']> = Extract<Step, { kind: K }>
interface Asked<K extends Step['kind']> {
  readonly change: Change
  readonly step: StepOf<K>
}

const ONLY = { validateOnly: true }

/** The changes with what Kafka would refuse. Moves of replicas, access rules and users it cannot check beforehand. */
export async function withRefusals(admin: Admin, changes: readonly Change[]): Promise<Change[]> {
  const refusals = new Map<Change, string[]>()
  const refuse = (change: Change, outcome: Outcome<unknown> | undefined): void => {
    if (outcome === undefined || outcome.ok) return
    refusals.set(change, [...(refusals.get(change) ?? []), `Kafka refuses it: ${outcome.error.message}`])
  }
  const created = stepsOf(changes, 'create-topic')
  const grown = stepsOf(changes, 'add-partitions')
  const newNames = new Set(created.map(({ step }) => step.topic.name))
  // Settings of a topic that is not there yet cannot be checked before it is.
  const settings = stepsOf(changes, 'alter-configs').filter(
    ({ step: { resource } }) => resource.type !== 'TOPIC' || !newNames.has(resource.name),
  )
  const quotas = stepsOf(changes, 'alter-quotas')
  if (created.length > 0) {
    const outcomes = await admin.createTopics(
      created.map(({ step }) => step.topic),
      ONLY,
    )
    for (const { change, step } of created) refuse(change, outcomes.get(step.topic.name))
  }
  if (grown.length > 0) {
    const counts = grown.map(({ step: { topic, total, assignments } }) => {
      return [topic, { total, ...(assignments === null ? {} : { assignments }) }] as const
    })
    const outcomes = await admin.createPartitions(new Map(counts), ONLY)
    for (const { change, step } of grown) refuse(change, outcomes.get(step.topic))
  }
  for (const altered of rounds(settings)) {
    const outcomes = await admin.incrementalAlterConfigs(
      altered.map(({ step }) => step),
      ONLY,
    )
    for (const [at, { change }] of altered.entries()) refuse(change, outcomes[at])
  }
  if (quotas.length > 0) {
    const outcomes = await admin.alterClientQuotas(
      quotas.map(({ step }) => step),
      ONLY,
    )
    for (const [at, { change }] of quotas.entries()) refuse(change, outcomes[at])
  }
  return changes.map((change) => ({ ...change, problems: [...change.problems, ...(refusals.get(change) ?? [])] }))
}

/** Steps of one kind; what cannot be done anyway is not asked about. */
function stepsOf<K extends Step['kind']>(changes: readonly Change[], kind: K): Asked<K>[] {
  return changes
    .filter(({ problems }) => problems.length === 0)
    .flatMap((change) =>
      change.steps.filter((step): step is StepOf<K> => step.kind === kind).map((step) => ({ change, step })),
    )
}

/** A request speaks of a resource once: two documents about one are asked about one after the other. */
function rounds(settings: readonly Asked<'alter-configs'>[]): Asked<'alter-configs'>[][] {
  const found: Asked<'alter-configs'>[][] = []
  const seen = new Map<string, number>()
  for (const each of settings) {
    const key = resourceKey(each.step.resource)
    const round = seen.get(key) ?? 0
    seen.set(key, round + 1)
    found[round] = [...(found[round] ?? []), each]
  }
  return found
}
