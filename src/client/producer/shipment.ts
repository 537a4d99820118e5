import { ZERO_UUID } from '../../base/uuid.ts'
import type { ProduceResponse } from '../../protocol/messages/00-produce.ts'
import { ConnectionFailure } from '../failure.ts'
import type { MetadataCache } from '../metadata-cache.ts'
import type { ProducerBatch } from './batch.ts'
import type { Deliveries, PartitionAnswer } from './delivery.ts'
import type { PartitionQueue } from './partition-queue.ts'

/** The batches of one Produce request. */
export type Shipment = { readonly queue: PartitionQueue; readonly batch: ProducerBatch }[]

/**
 * Hands each batch its part of the answer; `undefined` is acks=0, where having written is all there is. Newer leaders
 * that came along are learnt (KIP-951). True when metadata should be asked for again.
 */
export function answerProduce(
  deliveries: Deliveries,
  metadata: MetadataCache,
  shipment: Shipment,
  answer: ProduceResponse | undefined,
): boolean {
  if (answer === undefined) {
    for (const { queue, batch } of shipment) deliveries.succeeded(queue, batch, -1, -1)
    return false
  }
  for (const { nodeId, host, port, rack } of answer.nodeEndpoints)
    metadata.learnBroker({ id: nodeId, host, port, rack })
  const answers = new Map<string, PartitionAnswer>()
  for (const { name, topicId, partitionResponses } of answer.responses) {
    const topic = topicId === ZERO_UUID ? name : (metadata.topicName(topicId) ?? name)
    for (const partition of partitionResponses) answers.set(`${topic}-${partition.index}`, partition)
  }
  let stale = false
  for (const { queue, batch } of shipment) {
    const mine = answers.get(`${queue.topic}-${queue.partition}`)
    if (mine === undefined) {
      deliveries.unanswered(queue, batch, missing())
      stale = true
      continue
    }
    const { leaderId, leaderEpoch } = mine.currentLeader
    const learnt = leaderId >= 0 && metadata.learnLeader(queue.topic, queue.partition, leaderId, leaderEpoch)
    stale = (deliveries.answered(queue, batch, mine) && !learnt) || stale
  }
  return stale
}

/** An answer without one of our partitions is as good as none. */
function missing(): ConnectionFailure {
  return new ConnectionFailure('request-timeout', { host: '', port: 0 }, 'the answer leaves out a partition')
}
