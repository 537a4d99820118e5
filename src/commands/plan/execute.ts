/** Carries a plan out, one step after the other, and says honestly how far it came. */
import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { toKtError } from '../../cli/errors.ts'
import type { Admin } from '../../client/admin-types.ts'
import { unwrap } from '../outcome.ts'
import { type Change, type Step, titleOf } from './model.ts'
import { moveReplicas } from './move-replicas.ts'

/** One step and what became of it. */
export interface StepResult {
  readonly title: string
  readonly status: 'done' | 'failed' | 'not-done'
  readonly error: string | null
}

/** First what others need, last what takes something away. */
const ORDER: Readonly<Record<Step['kind'], number>> = {
  'set-user': 0,
  'create-topic': 1,
  // Within a topic the planner knows the order: replicas before or after min.insync.replicas.
  'add-partitions': 2,
  'move-replicas': 2,
  'alter-configs': 2,
  'alter-quotas': 3,
  'create-acls': 4,
  'delete-acls': 5,
  'delete-topic': 6,
}

interface Todo {
  readonly title: string
  readonly step: Step
}

/** Every step in the order in which it is done. */
export function stepsInOrder(changes: readonly Change[]): Todo[] {
  const all = changes.flatMap((change) => change.steps.map((step) => ({ title: stepTitle(step, change), step })))
  // Sorting keeps the order of what is equal.
  return all.sort((left, right) => ORDER[left.step.kind] - ORDER[right.step.kind])
}

function stepTitle(step: Step, change: Change): string {
  if (step.kind === 'create-topic') return `create topic ${step.topic.name}`
  if (step.kind === 'delete-topic') return `delete topic ${step.topic}`
  if (step.kind === 'add-partitions') return `give topic ${step.topic} ${step.total} partitions`
  if (step.kind === 'move-replicas') return `move replicas of topic ${step.topic}`
  if (step.kind === 'create-acls') return `add ${step.bindings.length} rules: ${titleOf(change)}`
  if (step.kind === 'delete-acls') return `remove ${step.bindings.length} rules: ${titleOf(change)}`
  if (step.kind === 'alter-configs') {
    const names = step.changes.map(({ name, operation }) => `${operation === 'SET' ? 'set' : 'take away'} ${name}`)
    return `${titleOf(change)}: ${names.join(', ')}`
  }
  if (step.kind === 'set-user') return `set ${step.user.mechanism} of user ${step.user.user}`
  return `set the ${titleOf(change)}`
}

/** Does what can be done; the first failure ends it. `report` hears of each step. */
export async function executeSteps(
  todo: readonly Todo[],
  admin: Admin,
  context: CommandContext,
  report: (result: StepResult) => void,
): Promise<StepResult[]> {
  const results: StepResult[] = []
  const add = (result: StepResult): void => {
    results.push(result)
    report(result)
  }
  let hasEnded = false
  for (const { title, step } of todo) {
    if (hasEnded || context.signal.aborted) {
      add({ title, status: 'not-done', error: null })
      continue
    }
    try {
      await executeStep(step, admin, context)
      add({ title, status: 'done', error: null })
    } catch (error) {
      hasEnded = true
      const { message, facts } = toKtError(error)
      add({ title, status: 'failed', error: [message, ...facts].join('; ') })
    }
  }
  return results
}

async function executeStep(step: Step, admin: Admin, context: CommandContext): Promise<void> {
  switch (step.kind) {
    case 'create-topic':
      unwrap((await admin.createTopics([step.topic])).get(step.topic.name)!)
      return
    case 'delete-topic':
      unwrap((await admin.deleteTopics([step.topic])).get(step.topic)!)
      return
    case 'add-partitions': {
      const assignments = step.assignments === null ? {} : { assignments: step.assignments }
      const counts = new Map([[step.topic, { total: step.total, ...assignments }]])
      unwrap((await admin.createPartitions(counts)).get(step.topic)!)
      return
    }
    case 'move-replicas':
      return moveReplicas(step, admin, context)
    case 'alter-configs':
      for (const outcome of await admin.incrementalAlterConfigs([step])) unwrap(outcome)
      return
    case 'alter-quotas':
      for (const outcome of await admin.alterClientQuotas([step])) unwrap(outcome)
      return
    case 'create-acls':
      for (const outcome of await admin.createAcls(step.bindings)) unwrap(outcome)
      return
    case 'delete-acls': {
      const filters = step.bindings.map(({ resource: { resourceType, name, patternType }, entry }) => {
        // What a newer broker has is not among the rules of files, and so not among those that go.
        return { resourceType, name, patternType, entry } as Parameters<Admin['deleteAcls']>[0][number]
      })
      for (const outcome of await admin.deleteAcls(filters)) unwrap(outcome)
      return
    }
    case 'set-user': {
      const { user, mechanism, iterations, passwordFrom } = step.user
      const password = passwordFrom === null ? undefined : context.env[passwordFrom]
      if (!password) throw new KtError('usage', `The password of user ${user} is not set`)
      unwrap((await admin.alterScramCredentials([{ user, mechanism, iterations, password }])).get(user)!)
    }
  }
}
