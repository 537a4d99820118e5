import { formatDocument } from '../../cli/format.ts'
import { unwrap, unwrapAll } from '../outcome.ts'
import type { TopicsRun } from './options.ts'
import { parseReplicaAssignment } from './replica-assignment.ts'
import { ensureTopicExists, selectTopics } from './select.ts'

/** `--alter`: raises the number of partitions of every matching topic; the script prints nothing when it worked. */
export async function alterTopics({ given, admin, context, presentation }: TopicsRun): Promise<void> {
  const total = given.value('partitions')!
  const text = given.value('replica-assignment')
  const assignment = text === undefined || text === '' ? undefined : parseReplicaAssignment(text)
  const selection = await selectTopics(admin, given)
  ensureTopicExists(selection, given)
  const names = selection.topics.map(({ name }) => name)
  if (names.length > 0) {
    const existing = assignment === undefined ? undefined : unwrapAll(await admin.describeTopics(names))
    const counts = names.map((name): [string, { total: number; assignments?: number[][] }] => {
      if (assignment === undefined) return [name, { total }]
      // The list speaks of all partitions; the broker wants those that are new.
      return [name, { total, assignments: assignment.slice(existing!.get(name)!.partitions.length) }]
    })
    const validateOnly = given.has('dry-run')
    for (const outcome of (await admin.createPartitions(new Map(counts), { validateOnly })).values()) unwrap(outcome)
  }
  if (given.has('dry-run')) return tellPlan(names, total, context, presentation)
  if (presentation === 'json' || presentation === 'yaml') {
    context.stdout.write(formatDocument(presentation, 'TopicsAltered', { topics: names, partitionCount: total }))
  } else if (presentation === 'terminal') {
    for (const name of names) context.stdout.write(`Topic ${name} now has ${total} partitions.\n`)
    if (names.length > 0) context.stderr.write(KEYS_MOVE)
  }
}

/** Otherwise found out much later. */
const KEYS_MOVE =
  'Keys go to other partitions from now on: records of one key are then in two of them, and their order is lost between the two.\n'

function tellPlan(
  topics: readonly string[],
  partitionCount: number,
  context: TopicsRun['context'],
  presentation: TopicsRun['presentation'],
): void {
  if (presentation === 'json' || presentation === 'yaml') {
    context.stdout.write(formatDocument(presentation, 'TopicsAlterationPlan', { topics, partitionCount }))
    return
  }
  for (const name of topics) {
    context.stdout.write(`Would give topic ${name} ${partitionCount} partitions. The cluster accepts it.\n`)
  }
}
