/** What people see at a terminal. */
import type { Colours } from '../../cli/colour.ts'
import type { CommandContext } from '../../cli/context.ts'
import { drawTable } from '../../cli/table.ts'
import type { PartitionReassignment } from '../../client/admin-types.ts'
import { comparePartitions, type PartitionReplicas, partitionName } from './assignment.ts'
import type { DirectoryMove } from './directory-moves.ts'
import type { PartitionState } from './partition-states.ts'
import type { CopyProgress } from './progress.ts'
import type { ClearedThrottles } from './throttles.ts'

type Progress = ReadonlyMap<string, readonly CopyProgress[]>

/** Where each partition lies and where it shall; brokers that come and go stand out. */
export async function changesTable(
  from: readonly PartitionReplicas[],
  to: readonly PartitionReplicas[],
  context: CommandContext,
): Promise<string> {
  const { good, bad, dim } = await context.colours()
  const present = new Map(from.map((each) => [partitionName(each), each.replicas]))
  const rows = [...to].sort(comparePartitions).map(({ topic, partition, replicas }) => {
    const before = present.get(partitionName({ topic, partition })) ?? []
    const now = before.map((id) => (replicas.includes(id) ? String(id) : bad(`-${id}`)))
    const then = replicas.map((id) => (before.includes(id) ? String(id) : good(`+${id}`)))
    return [topic, String(partition), now.join(','), then.join(','), changeText(before, replicas)]
  })
  if (rows.length === 0) return 'No partitions.\n'
  return drawTable({ head: ['TOPIC', 'PARTITION', 'NOW', 'THEN', ''].map(dim), rows, rightAligned: [1] })
}

function changeText(before: readonly number[], then: readonly number[]): string {
  const copies = then.filter((id) => !before.includes(id)).length
  if (copies > 0) return `${copies} ${copies === 1 ? 'copy' : 'copies'} to make`
  if (before.length !== then.length) return 'fewer replicas'
  return before.join() === then.join() ? 'stays' : 'another order'
}

/** What is being moved and how far it is. */
export async function movingTable(
  moving: readonly PartitionReassignment[],
  progress: Progress,
  context: CommandContext,
): Promise<string> {
  if (moving.length === 0) return 'Nothing is being moved.\n'
  const { dim } = await context.colours()
  const rows = moving.map((each) => [
    each.topic,
    String(each.partition),
    each.replicas.join(','),
    each.addingReplicas.join(','),
    each.removingReplicas.join(','),
    progressText(progress.get(partitionName(each))),
  ])
  const head = ['TOPIC', 'PARTITION', 'REPLICAS', 'ADDING', 'REMOVING', 'COPIED'].map(dim)
  return drawTable({ head, rows, rightAligned: [1] })
}

/** `4: 37 %, 1,234 records to go` */
export function progressText(copies: readonly CopyProgress[] | undefined): string {
  if (copies === undefined || copies.length === 0) return '-'
  return copies
    .map(({ broker, lag, fraction }) => {
      if (fraction === null || lag === null) return `${broker}: unknown`
      // Only what is complete is 100 %.
      const percent = lag === 0 ? 100 : Math.min(99, Math.floor(fraction * 100))
      return `${broker}: ${percent} %${lag === 0 ? '' : `, ${lag.toLocaleString('en')} records to go`}`
    })
    .join('; ')
}

/** What `--verify` found about partitions. */
export async function statesTable(
  states: readonly PartitionState[],
  progress: Progress,
  context: CommandContext,
): Promise<string> {
  if (states.length === 0) return 'No partitions in the file.\n'
  const colours = await context.colours()
  const rows = states.map((state) => [
    state.topic,
    String(state.partition),
    state.replicas.length === 0 ? colours.bad('none') : state.replicas.join(','),
    state.targetReplicas.join(','),
    stateWord(state, progress, colours),
  ])
  const head = ['TOPIC', 'PARTITION', 'REPLICAS', 'WANTED', 'STATE'].map(colours.dim)
  return drawTable({ head, rows, rightAligned: [1] })
}

function stateWord(state: PartitionState, progress: Progress, { good, warning, bad }: Colours): string {
  if (state.state === 'completed') return good('completed')
  if (state.state === 'different') return bad('not being moved')
  return warning(`in progress, ${progressText(progress.get(partitionName(state)))}`)
}

/** What `--verify` found about log directories. */
export async function directoryMovesTable(moves: readonly DirectoryMove[], context: CommandContext): Promise<string> {
  const { good, warning, bad, dim } = await context.colours()
  const words: Readonly<Record<DirectoryMove['state'], string>> = {
    completed: good('completed'),
    moving: warning('in progress'),
    'moving-elsewhere': warning('being moved elsewhere'),
    'not-moving': bad('not being moved'),
    'no-directory': bad('in no live directory'),
  }
  const rows = moves.map((move) => [
    partitionName(move),
    String(move.broker),
    move.currentPath ?? '-',
    move.state === 'moving-elsewhere' ? `${move.path} (going to ${move.futurePath})` : move.path,
    words[move.state],
  ])
  const head = ['PARTITION', 'BROKER', 'DIRECTORY', 'WANTED', 'STATE'].map(dim)
  return drawTable({ head, rows, rightAligned: [1] })
}

/** One line about throttles that are no more. */
export function clearedText({ brokers, topics }: ClearedThrottles): string {
  const of = topics.length === 0 ? '' : ` and topics ${[...topics].sort().join(', ')}`
  return `Throttles are off: brokers ${brokers.join(', ')}${of}.\n`
}
