/** `--alter --replicas`: more or fewer replicas, together with more partitions if asked for. */
import { KtError } from '../../base/errors.ts'
import { formatDocument } from '../../cli/format.ts'
import { UsageError } from '../../cli/options.ts'
import type { NewReassignment, PartitionDescription } from '../../client/admin-types.ts'
import { unwrap, unwrapAll } from '../outcome.ts'
import { pause } from '../pause.ts'
import { plainTable } from '../plain-table.ts'
import type { TopicsRun } from './options.ts'
import { ensureTopicExists, selectTopics } from './select.ts'

interface Change extends NewReassignment {
  readonly before: readonly number[]
  readonly replicas: readonly number[]
}

/** Adds partitions first, then moves replicas; with `--dry-run` shows both. */
export async function alterReplicationFactor(run: TopicsRun): Promise<void> {
  const { given, admin, context, presentation } = run
  const factor = given.value('replicas')!
  if (factor < 1) throw new UsageError(`--replicas: ${factor} is no number of replicas`)
  const selection = await selectTopics(admin, given)
  ensureTopicExists(selection, given)
  const names = selection.topics.map(({ name }) => name)
  if (names.length === 0) return
  const dryRun = given.has('dry-run')
  const total = given.value('partitions')
  if (total !== undefined) await addPartitions(names, total, dryRun, run)
  const brokers = (await admin.describeCluster()).brokers.map(({ id }) => id).sort((left, right) => left - right)
  if (factor > brokers.length) {
    throw new KtError('kafka', `There are ${brokers.length} brokers: not enough for ${factor} replicas`, {
      next: 'see who is alive: kt describe cluster',
    })
  }
  const topics = unwrapAll(await admin.describeTopics(names))
  const changes = planChanges(
    [...topics].map(([topic, { partitions }]) => ({ topic, partitions })),
    factor,
    brokers,
  )
  if (!dryRun && changes.length > 0) {
    const moves = changes.map(({ topic, partition, replicas }) => ({ topic, partition, replicas }))
    for (const outcome of await admin.alterPartitionReassignments(moves)) unwrap(outcome)
  }
  if (presentation === 'json' || presentation === 'yaml') {
    const partitions = changes.map((each) => ({ ...each }))
    context.stdout.write(formatDocument(presentation, 'ReplicationFactorChange', { dryRun, factor, partitions }))
    return
  }
  const rows = changes.map(({ topic, partition, before, replicas }) => [
    topic,
    String(partition),
    before.join(','),
    replicas.join(','),
  ])
  if (rows.length > 0) context.stdout.write(plainTable(['TOPIC', 'PARTITION', 'REPLICAS', 'NEW REPLICAS'], rows))
  context.stdout.write(tail(changes.length, dryRun, factor))
}

function tail(count: number, dryRun: boolean, factor: number): string {
  if (count === 0) return `Every partition has ${factor} replicas already.\n`
  if (dryRun) return `Would change ${count} partitions.\n`
  return `Changing ${count} partitions; kt reassign-partitions --list shows those still on the move.\n`
}

/** Topics that have as many already stay as they are. */
async function addPartitions(
  names: readonly string[],
  total: number,
  dryRun: boolean,
  { admin, context }: TopicsRun,
): Promise<void> {
  const topics = unwrapAll(await admin.describeTopics(names))
  const fewer = names.filter((name) => topics.get(name)!.partitions.length !== total)
  if (fewer.length === 0) return
  const counts = new Map(fewer.map((name) => [name, { total }]))
  for (const outcome of (await admin.createPartitions(counts, { validateOnly: dryRun })).values()) unwrap(outcome)
  const verb = dryRun ? 'Would give' : 'Gave'
  for (const name of fewer) context.stderr.write(`${verb} topic ${name} ${total} partitions.\n`)
  if (!dryRun) await untilSeen(fewer, total, admin, context)
}

const LOOK_AGAIN_MS = 100
const LOOKS = 50

/** The broker that is asked hears of new partitions a moment after the controller has made them. */
export async function untilSeen(
  names: readonly string[],
  total: number,
  admin: TopicsRun['admin'],
  { clock, signal }: TopicsRun['context'],
): Promise<void> {
  for (let looks = 0; looks < LOOKS && !signal.aborted; looks++) {
    const topics = unwrapAll(await admin.describeTopics(names))
    if (names.every((name) => topics.get(name)!.partitions.length === total)) return
    await pause(clock, LOOK_AGAIN_MS, signal)
  }
}

/**
 * The fewest moves: replicas that are there stay, in their order, so that leaders stay; those that go are the last, out of
 * sync ones first; new ones go where there are fewest.
 */
export function planChanges(
  topics: readonly { readonly topic: string; readonly partitions: readonly PartitionDescription[] }[],
  factor: number,
  brokers: readonly number[],
): Change[] {
  const load = new Map(brokers.map((id) => [id, 0]))
  for (const id of topics.flatMap(({ partitions }) => partitions.flatMap(({ replicas }) => replicas))) {
    load.set(id, (load.get(id) ?? 0) + 1)
  }
  return topics.flatMap(({ topic, partitions }) =>
    partitions
      .filter(({ replicas }) => replicas.length !== factor)
      .map(({ partition, replicas: before, isr }) => {
        const replicas =
          before.length > factor ? fewerReplicas(before, isr, factor) : moreReplicas(before, factor, brokers, load)
        return { topic, partition, before, replicas }
      }),
  )
}

function fewerReplicas(before: readonly number[], isr: readonly number[], factor: number): number[] {
  const kept = [...before.filter((id) => isr.includes(id)), ...before.filter((id) => !isr.includes(id))].slice(
    0,
    factor,
  )
  return before.filter((id) => kept.includes(id))
}

function moreReplicas(
  before: readonly number[],
  factor: number,
  brokers: readonly number[],
  load: Map<number, number>,
): number[] {
  const replicas = [...before]
  while (replicas.length < factor) {
    const free = brokers.filter((id) => !replicas.includes(id))
    const next = free.reduce((best, id) => (load.get(id)! < load.get(best)! ? id : best))
    replicas.push(next)
    load.set(next, load.get(next)! + 1)
  }
  return replicas
}
