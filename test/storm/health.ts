/** What every broker thinks of every partition, asked one by one: a broker that has just come back may know old things. */
import { createAdmin } from '../../src/client/admin.ts'
import type { QuorumDescription } from '../../src/client/admin-types.ts'
import { metadata } from '../../src/protocol/messages/03-metadata.ts'
import { RawClient } from '../support/raw-client.ts'
import type { ProcessCluster } from './process-cluster.ts'

const METADATA_VERSION = 9
const ASK_TIMEOUT_MS = 2_000
const POLL_MS = 50
/** A voter that is further behind is still catching up. */
const VOTER_LAG_RECORDS = 10

export interface PartitionHealth {
  readonly name: string
  readonly leader: number
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
}

/** Every partition as one broker has it; null when it does not answer in time. */
export async function askBroker(port: number): Promise<PartitionHealth[] | null> {
  try {
    using client = await RawClient.connect(port)
    const answer = await within(client.tryRequest(metadata, METADATA_VERSION, { topics: null }))
    if (answer === null) return null
    return answer.topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, leaderId, replicaNodes, isrNodes }) => ({
        name: `${name}-${partitionIndex}`,
        leader: leaderId,
        replicas: replicaNodes,
        isr: isrNodes,
      })),
    )
  } catch {
    return null
  }
}

function within<T>(work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ASK_TIMEOUT_MS)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** What is wrong for now; '' when nothing is. */
export type Judge = (partitions: readonly PartitionHealth[]) => string

/** Every partition has its leader and all of its replicas in sync. */
export const allInSync: Judge = (partitions) =>
  partitions
    .filter(({ leader, replicas, isr }) => leader === -1 || isr.length < replicas.length)
    .map(({ name, leader, replicas, isr }) => `${name}: leader ${leader}, ISR ${isr} of ${replicas}`)
    .join('; ')

/** Without the victim, every partition still has as many in sync as it needs. */
export const mayLose =
  (victim: number, minInSyncReplicas: number): Judge =>
  (partitions) =>
    partitions
      .filter(({ isr }) => isr.filter((id) => id !== victim).length < minInSyncReplicas)
      .map(({ name, isr }) => `${name}: ISR ${isr}`)
      .join('; ')

/** Waits until every broker answers and `judge` is content with each answer. Rejects with what is still wrong. */
export async function untilBrokersSay(cluster: ProcessCluster, judge: Judge, timeoutMs: number): Promise<void> {
  await untilRight(timeoutMs, async () => {
    const answers = await Promise.all(
      cluster.brokerIds.map(async (id) => [id, await askBroker(cluster.portOf(id))] as const),
    )
    return answers
      .map(([id, partitions]) => (partitions === null ? `broker ${id} does not answer` : told(id, judge(partitions))))
      .filter((text) => text !== '')
      .join(' | ')
  })
}

const told = (id: number, text: string): string => (text === '' ? '' : `broker ${id}: ${text}`)

/** Waits until there is an active controller and every voter has nearly all of its log; returns the quorum then. */
export async function untilQuorumWhole(cluster: ProcessCluster, timeoutMs: number): Promise<QuorumDescription> {
  let found: QuorumDescription | null = null
  await untilRight(timeoutMs, async () => {
    found = await askQuorum(cluster)
    if (found === null) return 'the quorum does not answer'
    const { highWatermark } = found
    const late = found.voters.filter(({ logEndOffset }) => logEndOffset < highWatermark - VOTER_LAG_RECORDS)
    return late.map(({ id, logEndOffset }) => `voter ${id} is at ${logEndOffset} of ${highWatermark}`).join('; ')
  })
  return found!
}

/** The metadata quorum as the brokers tell it; null when it cannot be told. */
export async function askQuorum(cluster: ProcessCluster): Promise<QuorumDescription | null> {
  const admin = createAdmin({
    bootstrapServers: cluster.bootstrapServers.split(','),
    requestTimeoutMs: ASK_TIMEOUT_MS,
    apiTimeoutMs: ASK_TIMEOUT_MS,
  })
  try {
    return await admin.describeMetadataQuorum()
  } catch {
    return null
  } finally {
    await admin.close()
  }
}

async function untilRight(timeoutMs: number, look: () => Promise<string>): Promise<void> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const wrong = await look()
    if (wrong === '') return
    if (performance.now() > deadline) throw new Error(`after ${timeoutMs / 1_000} s still: ${wrong}`)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}
