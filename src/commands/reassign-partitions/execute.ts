import { KtError } from '../../base/errors.ts'
import { formatDocument } from '../../cli/format.ts'
import type { BrokerNode, PartitionReassignment } from '../../client/admin-types.ts'
import { distinctInHashOrder, partitionsInHashOrder } from '../java-order.ts'
import { readTextFile } from '../text-file.ts'
import {
  type Assignment,
  assignmentFields,
  assignmentJson,
  checkExecutable,
  comparePartitions,
  parseAssignment,
  partitionName,
} from './assignment.ts'
import { replicasOf, withDirectories } from './current.ts'
import { startDirectoryMoves } from './directory-moves.ts'
import { proposedMoves } from './moves.ts'
import type { ReassignGiven, ReassignRun } from './options.ts'
import { TerseFailure } from './terse-failure.ts'
import { throttleDirectories, throttleMoves } from './throttles.ts'

const UNDER_WAY =
  'Cannot execute because there is an existing partition assignment.  Use --additional to override this and create a new partition assignment in addition to the existing one. The --additional flag can also be used to change the throttle by resubmitting the current reassignment.'
const VERIFY_WARNING =
  'Warning: You must run --verify periodically, until the reassignment completes, to ensure the throttle is removed.'

interface Plan extends Assignment {
  /** Bytes per second; negative for none. */
  readonly throttle: number
  readonly directoryThrottle: number
  readonly timeoutMs: number
}

/** `--execute`: throttles, then the moves; they go on when the command has ended. */
export async function execute(run: ReassignRun): Promise<void> {
  const { admin, given } = run
  const plan = planOf(given)
  const underWay = await admin.listPartitionReassignments()
  if (underWay.length > 0 && !given.has('additional')) {
    throw new TerseFailure(UNDER_WAY, { facts: underWay.slice(0, MAX_SHOWN).map(movingText), next: NEXT_LIST })
  }
  const { brokers } = await admin.describeCluster()
  checkBrokers(plan, brokers)
  const current = await withDirectories(admin, await replicasOf(admin, plan.partitions), brokers)
  run.say(
    `Current partition replica assignment\n\n${assignmentJson(current)}\n\nSave this to use as the --reassignment-json-file option during rollback\n`,
  )
  await throttle(run, plan, underWay, current)
  await startMoves(run, plan)
  if (plan.directories.length > 0) await startDirectoryMoves(run, plan.directories, plan.timeoutMs)
  await show(run, plan, current)
}

const MAX_SHOWN = 3
const NEXT_LIST = 'kt reassign-partitions --list'

function movingText({ topic, partition, replicas }: PartitionReassignment): string {
  return `${topic}-${partition} is being moved, on brokers ${replicas.join(', ')}`
}

function planOf(given: ReassignGiven): Plan {
  const text = readTextFile(given.value('reassignment-json-file')!)
  const limits = {
    throttle: given.value('throttle')!,
    directoryThrottle: given.value('replica-alter-log-dirs-throttle')!,
    timeoutMs: given.value('timeout')!,
  }
  const assignment = parseAssignment(text)
  checkExecutable(assignment)
  return { ...assignment, ...limits }
}

function checkBrokers({ partitions }: Assignment, live: readonly BrokerNode[]): void {
  const alive = live.map(({ id }) => id)
  const wanted = distinctInHashOrder(partitionsInHashOrder(partitions).flatMap(({ replicas }) => replicas))
  const unknown = wanted.find((id) => !alive.includes(id))
  if (unknown === undefined) return
  throw new KtError('not-found', `Unknown broker id ${unknown}`, { facts: [`brokers alive: ${alive.join(', ')}`] })
}

async function throttle(
  run: ReassignRun,
  plan: Plan,
  underWay: readonly PartitionReassignment[],
  current: Assignment,
): Promise<void> {
  if (plan.throttle < 0 && plan.directoryThrottle < 0) return
  run.say(`${VERIFY_WARNING}\n`)
  if (plan.throttle >= 0) {
    await throttleMoves(run, proposedMoves(underWay, plan.partitions, current.partitions), plan.throttle)
  }
  if (plan.directoryThrottle >= 0) await throttleDirectories(run, plan.directories, plan.directoryThrottle)
}

async function startMoves({ admin, given, say }: ReassignRun, { partitions }: Plan): Promise<void> {
  const sorted = [...partitions].sort(comparePartitions)
  const allowReplicationFactorChange = !given.has('disallow-replication-factor-change')
  const outcomes = await admin.alterPartitionReassignments(sorted, { allowReplicationFactorChange })
  const errors = sorted.flatMap((partition, at) => {
    const outcome = outcomes[at]!
    return outcome.ok ? [] : [`${partitionName(partition)}: ${outcome.error.message}`]
  })
  if (errors.length > 0) throw new TerseFailure(`Error reassigning partition(s):\n${errors.join('\n')}`)
  const names = sorted.map(partitionName).join(',')
  say(`Successfully started partition reassignment${sorted.length === 1 ? '' : 's'} for ${names}\n`)
}

async function show({ context, presentation, given }: ReassignRun, plan: Plan, current: Assignment): Promise<void> {
  if (presentation === 'json' || presentation === 'yaml') {
    const fields = {
      partitions: assignmentFields(plan),
      previous: assignmentFields(current),
      throttle: plan.throttle < 0 ? null : plan.throttle,
      logDirThrottle: plan.directoryThrottle < 0 ? null : plan.directoryThrottle,
    }
    context.stdout.write(formatDocument(presentation, 'ReassignmentStarted', fields))
  } else if (presentation === 'terminal') {
    const { changesTable } = await import('./tables.ts')
    context.stdout.write(await changesTable(current.partitions, plan.partitions, context))
    context.stdout.write(`\nStarted. To go back, save this as a file for --execute:\n${assignmentJson(current)}\n`)
    const file = given.value('reassignment-json-file')!
    const isThrottled = plan.throttle >= 0 || plan.directoryThrottle >= 0
    const why = isThrottled ? ' (until all is done: it takes the throttle away)' : ''
    context.stderr.write(`next: kt reassign-partitions --verify --reassignment-json-file ${file}${why}\n`)
  }
}
