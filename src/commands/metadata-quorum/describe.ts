import { KtError } from '../../base/errors.ts'
import { quorumTargetOf } from '../../cli/argparse-command.ts'
import type { CommandContext } from '../../cli/context.ts'
import { OK } from '../../cli/exit-codes.ts'
import { formatDocument } from '../../cli/format.ts'
import { presentationOf } from '../../cli/script-command.ts'
import { drawTable } from '../../cli/table.ts'
import { tabTable } from '../tab-table.ts'
import type { DescribeGiven, MainGiven } from './options.ts'
import {
  agoMs,
  type QuorumStatus,
  quorumStatus,
  REPLICATION_HEAD,
  type ReplicationRow,
  replicationCells,
  replicationFields,
  replicationRows,
  statusFields,
  statusText,
} from './quorum.ts'

/** `describe --status` and `describe --replication`. */
export async function describeQuorum(given: DescribeGiven, main: MainGiven, context: CommandContext): Promise<number> {
  checkDescribe(given)
  const admin = await context.admin(quorumTargetOf(main))
  const presentation = presentationOf(given, context)
  if (given.has('replication')) {
    const rows = replicationRows(await admin.describeMetadataQuorum())
    if (presentation === 'json' || presentation === 'yaml') {
      context.stdout.write(formatDocument(presentation, 'QuorumReplication', { replicas: rows.map(replicationFields) }))
    } else if (presentation === 'terminal') {
      context.stdout.write(await replicationTable(rows, context))
    } else {
      const nowMs = given.has('human-readable') ? context.clock.now() : null
      const cells = rows.map((row) => replicationCells(row, nowMs))
      context.stdout.write(tabTable(REPLICATION_HEAD, cells))
    }
    return OK
  }
  const { clusterId } = await admin.describeCluster()
  const status = quorumStatus(clusterId, await admin.describeMetadataQuorum())
  if (presentation === 'json' || presentation === 'yaml') {
    context.stdout.write(formatDocument(presentation, 'QuorumStatus', statusFields(status)))
  } else {
    context.stdout.write(presentation === 'terminal' ? await statusTable(status, context) : statusText(status))
  }
  return OK
}

/** In the script's words and order. */
function checkDescribe(given: DescribeGiven): void {
  if (given.has('status') && given.has('replication')) {
    throw new KtError('usage', 'Only one of --status or --replication should be specified with describe sub-command')
  }
  if (given.has('status') && given.has('human-readable')) {
    throw new KtError('usage', 'The option --human-readable is only supported along with --replication')
  }
  if (!given.has('status') && !given.has('replication')) {
    throw new KtError('usage', 'One of --status or --replication must be specified with describe sub-command')
  }
}

/** People are told how long ago, always. */
async function replicationTable(rows: readonly ReplicationRow[], context: CommandContext): Promise<string> {
  const { dim, good } = await context.colours()
  const nowMs = context.clock.now()
  const ago = (timestampMs: number | null): string =>
    timestampMs === null ? '-' : `${Math.max(0, agoMs(timestampMs, nowMs))} ms ago`
  return drawTable({
    head: ['NODE', 'STATUS', 'LOG END', 'LAG', 'LAST FETCH', 'LAST CAUGHT UP', 'DIRECTORY'].map(dim),
    rows: rows.map(({ replica, lag, status }) => [
      String(replica.id),
      status === 'Leader' ? good(status) : status,
      String(replica.logEndOffset),
      String(lag),
      ago(replica.lastFetchTimestampMs),
      ago(replica.lastCaughtUpTimestampMs),
      dim(replica.directoryId),
    ]),
    rightAligned: [0, 2, 3, 4, 5],
  })
}

async function statusTable(status: QuorumStatus, context: CommandContext): Promise<string> {
  const { bold, dim, good } = await context.colours()
  const { quorum, maxFollowerLag, maxFollowerLagTimeMs } = status
  const late = maxFollowerLagTimeMs < 0 ? '' : `, ${maxFollowerLagTimeMs} ms`
  const heading = [
    `${bold(`Node ${quorum.leaderId} leads`)} in epoch ${quorum.leaderEpoch}  ${dim(`cluster ${status.clusterId}`)}`,
    `high watermark ${quorum.highWatermark}, the slowest voter is ${maxFollowerLag} behind${late}`,
  ]
  const rows = replicationRows(quorum).map(({ replica, lag, status: role }) => [
    String(replica.id),
    role === 'Leader' ? good(role) : role,
    String(lag),
    (quorum.endpoints.get(replica.id) ?? []).map(({ name, host, port }) => `${name}://${host}:${port}`).join(', ') ||
      '-',
  ])
  const table = await drawTable({ head: ['NODE', 'ROLE', 'LAG', 'ENDPOINTS'].map(dim), rows, rightAligned: [0, 2] })
  return `${heading.join('\n')}\n\n${table}`
}
