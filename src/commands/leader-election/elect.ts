import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { formatDocument } from '../../cli/format.ts'
import type { Presentation } from '../../cli/script-command.ts'
import { drawTable } from '../../cli/table.ts'
import type { Admin, ElectionType, KafkaFailure, Outcome, TopicPartition } from '../../client/admin-types.ts'
import { javaText } from '../java-failure.ts'
import { partitionsInHashOrder } from '../java-order.ts'

export interface Election {
  readonly type: ElectionType
  readonly partitions: readonly TopicPartition[] | 'all'
  readonly admin: Admin
  readonly context: CommandContext
  readonly presentation: Presentation
}

/** What came of the partitions asked about. */
export interface ElectionResults {
  readonly elected: readonly TopicPartition[]
  /** They have the leader that was asked for already. */
  readonly notNeeded: readonly TopicPartition[]
  readonly failed: readonly (TopicPartition & { readonly error: KafkaFailure })[]
}

/** Asks for the elections and prints what came of them. Throws when some leader could not be elected. */
export async function electAndShow(election: Election): Promise<void> {
  const results = resultsOf(await ask(election))
  await show(election, results)
  if (results.failed.length > 0) {
    throw new KtError('kafka', `${results.failed.length} replica(s) could not be elected`, {
      next: 'kt describe',
    })
  }
}

async function ask({ type, partitions, admin, context, presentation }: Election) {
  const asked = partitions === 'all' ? partitions : partitionsInHashOrder(partitions)
  try {
    return await admin.electLeaders(type, asked)
  } catch (error) {
    const text = error instanceof KtError ? REFUSALS[error.kind] : undefined
    if (text === undefined) throw error
    if (presentation === 'script') context.stdout.write(`${text}\n`)
    const { kind, facts, next } = error as KtError
    throw new KtError(kind, text, { facts, next, cause: error })
  }
}

/** Failures of the whole call that the script has words for. */
const REFUSALS: Readonly<Partial<Record<KtError['kind'], string>>> = {
  timeout: 'Timeout waiting for election results',
  authorization: 'Not authorized to perform leader election',
}

type Answer = TopicPartition & { readonly result: Outcome<void> }

/** Sorts the answers out, in the order of the hash maps they pass through in the script. */
export function resultsOf(answers: readonly Answer[]): ElectionResults {
  const ordered = partitionsInHashOrder(answers)
  const isNotNeeded = ({ result }: Answer): boolean => !result.ok && result.error.name === 'ELECTION_NOT_NEEDED'
  const plain = ({ topic, partition }: Answer): TopicPartition => ({ topic, partition })
  return {
    elected: ordered.filter(({ result }) => result.ok).map(plain),
    notNeeded: ordered.filter(isNotNeeded).map(plain),
    failed: ordered.flatMap((answer) =>
      answer.result.ok || isNotNeeded(answer) ? [] : [{ ...plain(answer), error: answer.result.error }],
    ),
  }
}

const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`

/** The script's lines. */
export function electionText(type: ElectionType, { elected, notNeeded, failed }: ElectionResults): string {
  const names = (list: readonly TopicPartition[]): string => list.map(nameOf).join(', ')
  const lines: string[] = []
  if (elected.length > 0) {
    lines.push(`Successfully completed leader election (${type}) for partitions ${names(elected)}`)
  }
  if (notNeeded.length > 0) lines.push(`Valid replica already elected for partitions ${names(notNeeded)}`)
  for (const each of failed) {
    lines.push(`Error completing leader election (${type}) for partition: ${nameOf(each)}: ${javaText(each.error)}`)
  }
  return lines.map((line) => `${line}\n`).join('')
}

async function show(election: Election, results: ElectionResults): Promise<void> {
  const { type, context, presentation } = election
  if (presentation === 'script') {
    context.stdout.write(electionText(type, results))
  } else if (presentation === 'terminal') {
    context.stdout.write(await electionTable(election, results))
  } else {
    const failed = results.failed.map(({ topic, partition, error }) => ({
      topic,
      partition,
      error: { name: error.name, message: error.message },
    }))
    const fields = { electionType: type, elected: results.elected.map(plain), notNeeded: results.notNeeded.map(plain) }
    context.stdout.write(formatDocument(presentation, 'LeaderElection', { ...fields, failed }))
  }
}

function plain({ topic, partition }: TopicPartition) {
  return { topic, partition }
}

const NOTHING: Readonly<Record<ElectionType, string>> = {
  PREFERRED: 'Every partition is led by its preferred replica.\n',
  UNCLEAN: 'No partition is without a leader.\n',
}

/** A row per partition with its leader as it is now, in the order people look for. */
async function electionTable({ type, admin, context }: Election, results: ElectionResults): Promise<string> {
  const { elected, notNeeded, failed } = results
  const { good, bad, dim } = await context.colours()
  const rows = [
    ...elected.map((each) => ({ ...each, text: good('elected') })),
    ...notNeeded.map((each) => ({ ...each, text: 'not needed' })),
    ...failed.map((each) => ({ ...each, text: bad(each.error.message) })),
  ]
  if (rows.length === 0) return NOTHING[type]
  const leaders = await leadersOf(admin, rows)
  rows.sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1))
  const cells = rows.map((row) => [row.topic, String(row.partition), leaders.get(nameOf(row)) ?? '-', row.text])
  return drawTable({
    head: ['TOPIC', 'PARTITION', 'LEADER', 'ELECTION'].map(dim),
    rows: cells,
    rightAligned: [1, 2],
  })
}

async function leadersOf(admin: Admin, partitions: readonly TopicPartition[]): Promise<Map<string, string>> {
  const topics = [...new Set(partitions.map(({ topic }) => topic))]
  const leaders = new Map<string, string>()
  for (const [topic, outcome] of await admin.describeTopics(topics)) {
    if (!outcome.ok) continue
    for (const { partition, leader } of outcome.value.partitions) {
      leaders.set(nameOf({ topic, partition }), leader < 0 ? 'none' : String(leader))
    }
  }
  return leaders
}
