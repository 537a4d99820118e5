/**
 * API key 0, Produce, versions 3-13 (shown from 0: KAFKA-18659, librdkafka gives up otherwise).
 *
 * Behaviour:
 * - Batches stay opaque: the log checks and appends the bytes as they came, one batch per partition.
 * - acks=1 answers after the append, acks=-1 when the high watermark has passed it and only with enough of the ISR;
 *   acks=0 is not answered, an error then closes the connection.
 * - Internal topics only for `__admin_client`. Refused records are named by their index (KIP-467).
 *
 * Version notes:
 * - v5: log start offset. v7: zstd (KIP-110). v8: record errors and messages. v10: current leader with
 *   NOT_LEADER_OR_FOLLOWER (KIP-951). v12: transactions part two, which is not turned on. v13: topic ids.
 *
 * Not implemented: transactions. A transactional batch is refused with INVALID_TXN_STATE, as Kafka refuses one whose
 * partition was never added to a transaction. Quotas: throttle time is always 0.
 */
import { ZERO_UUID } from '../../base/uuid.ts'
import type { AppendInfo, RecordError } from '../../log/types.ts'
import { ErrorCode, KafkaError } from '../../protocol/error-codes.ts'
import { type ProduceRequest, type ProduceResponseInput, produce } from '../../protocol/messages/00-produce.ts'
import { AT, BATCH_HEADER_BYTES, isTransactional } from '../../protocol/records/record-batch.ts'
import type { BrokerServices } from '../broker-services.ts'
import { codecOf, ensureCodec } from '../codecs.ts'
import { defineHandler, type Handler, type HandlerAnswer, type RequestContext } from '../handler.ts'
import { NodeEndpoints } from '../node-endpoints.ts'
import type { Partition } from '../partition.ts'
import { isInternalTopic } from '../topic-names.ts'

type Produce = typeof produce
type TopicData = ProduceRequest['topicData'][number]
type PartitionData = TopicData['partitionData'][number]
type TopicResponse = NonNullable<ProduceResponseInput['responses']>[number]
type PartitionResponse = NonNullable<TopicResponse['partitionResponses']>[number]

const ACKS_NONE = 0
const ACKS_ALL = -1
const FIRST_ZSTD_VERSION = 7
const FIRST_TOPIC_ID_VERSION = 13
const FIRST_LEADER_HINT_VERSION = 10
/** Kafka's own tools (and MirrorMaker) may write to internal topics. */
const ADMIN_CLIENT_ID = '__admin_client'

/** An append of acks=all that the high watermark has not passed yet. */
interface Unacknowledged {
  readonly partition: Partition
  readonly requiredOffset: number
  readonly response: PartitionResponse & { errorCode: number }
}

class ProduceOperation {
  private readonly broker: BrokerServices
  private readonly request: ProduceRequest
  private readonly context: RequestContext
  private readonly endpoints: NodeEndpoints
  private readonly waiting: Unacknowledged[] = []
  private failed = false

  constructor(broker: BrokerServices, request: ProduceRequest, context: RequestContext) {
    this.broker = broker
    this.request = request
    this.context = context
    this.endpoints = new NodeEndpoints(broker.metadata, context.listenerName)
  }

  run(): HandlerAnswer<Produce> | Promise<HandlerAnswer<Produce>> {
    const codecs = loadMissingCodecs(this.request.topicData)
    return codecs === null ? this.append() : codecs.then(() => this.append())
  }

  private append(): HandlerAnswer<Produce> | Promise<HandlerAnswer<Produce>> {
    const responses = this.request.topicData.map((topic) => this.topic(topic))
    if (this.request.acks === ACKS_NONE) return { response: null, closeConnection: this.failed }
    if (this.waiting.length === 0) return this.answer(responses)
    return this.broker.replicaManager
      .waitUntilReplicated(this.waiting, this.request.timeoutMs, this.context.closed)
      .then(() => this.answer(responses))
  }

  private answer(responses: TopicResponse[]): HandlerAnswer<Produce> {
    return { response: { responses, nodeEndpoints: this.endpoints.list() } }
  }

  private topic(topic: TopicData): TopicResponse {
    const { acks } = this.request
    const partitionResponses = topic.partitionData.map((data) => {
      try {
        if (acks !== ACKS_ALL && acks !== ACKS_NONE && acks !== 1) throw new KafkaError('INVALID_REQUIRED_ACKS')
        return this.appendTo(this.partitionOf(topic, data.index), data)
      } catch (error) {
        return this.refused(topic, data.index, error)
      }
    })
    return { name: topic.name, topicId: topic.topicId, partitionResponses }
  }

  private partitionOf(topic: TopicData, index: number): Partition {
    const { replicaManager } = this.broker
    if (topic.topicId !== ZERO_UUID) return replicaManager.partitionByIdOrThrow(topic.topicId, index)
    if (this.context.apiVersion >= FIRST_TOPIC_ID_VERSION) throw new KafkaError('UNKNOWN_TOPIC_ID')
    return replicaManager.partitionOrThrow(topic.name, index)
  }

  private appendTo(partition: Partition, { index, records }: PartitionData): PartitionResponse {
    if (isInternalTopic(partition.topic) && this.context.clientId !== ADMIN_CLIENT_ID) {
      throw new KafkaError('INVALID_TOPIC_EXCEPTION', `Cannot append to internal topic ${partition.topic}`)
    }
    if (records === null || records.length === 0) throw this.noBatch()
    this.refuseOldZstd(records)
    refuseTransactional(records)
    const requireInSync = this.request.acks === ACKS_ALL
    const options = { origin: 'client', requestVersion: this.context.apiVersion } as const
    const info = partition.append(records, options, requireInSync)
    const response = appended(index, info)
    if (requireInSync && partition.highWatermark <= info.lastOffset) {
      this.waiting.push({
        partition,
        requiredOffset: info.lastOffset + 1,
        response,
      })
    }
    return response
  }

  private refuseOldZstd(records: Buffer): void {
    const { apiVersion } = this.context
    if (apiVersion >= FIRST_ZSTD_VERSION || codecOf(records) !== 'zstd') return
    throw new KafkaError(
      'UNSUPPORTED_COMPRESSION_TYPE',
      `Produce requests with version ${apiVersion} are not allowed to use ZStandard compression`,
    )
  }

  private noBatch(): KafkaError {
    const { apiVersion } = this.context
    return new KafkaError(
      'INVALID_RECORD',
      `Produce requests with version ${apiVersion} must have at least one record batch per partition`,
    )
  }

  private refused(topic: TopicData, index: number, error: unknown): PartitionResponse {
    this.failed = true
    if (!(error instanceof KafkaError)) this.broker.logger.error(`append to ${topic.name}-${index} failed`, error)
    const errorCode = error instanceof KafkaError ? error.code : ErrorCode.UNKNOWN_SERVER_ERROR
    return {
      index,
      errorCode,
      baseOffset: -1n,
      logAppendTimeMs: -1n,
      logStartOffset: -1n,
      recordErrors: recordErrorsOf(error),
      errorMessage: error instanceof KafkaError ? error.message : null,
      currentLeader: this.leaderHint(topic, index, errorCode),
    }
  }

  private leaderHint(topic: TopicData, index: number, errorCode: number): PartitionResponse['currentLeader'] {
    if (this.context.apiVersion < FIRST_LEADER_HINT_VERSION) return undefined
    if (errorCode !== ErrorCode.NOT_LEADER_OR_FOLLOWER) return undefined
    const name = topic.topicId === ZERO_UUID ? topic.name : this.broker.metadata.topicById(topic.topicId)?.name
    return name === undefined ? undefined : this.endpoints.leaderOf(name, index)
  }
}

/** Null, as almost always, when every codec is at hand: the log below is synchronous and loads nothing. */
function loadMissingCodecs(topics: readonly TopicData[]): Promise<unknown> | null {
  let loading: Promise<unknown>[] | null = null
  for (const { partitionData } of topics) {
    for (const { records } of partitionData) {
      const pending = records === null ? null : ensureCodec(codecOf(records))
      if (pending !== null) loading = [...(loading ?? []), pending]
    }
  }
  return loading === null ? null : Promise.all(loading)
}

function appended(index: number, info: AppendInfo): PartitionResponse & { errorCode: number } {
  return {
    index,
    errorCode: ErrorCode.NONE,
    baseOffset: BigInt(info.firstOffset),
    logAppendTimeMs: BigInt(info.logAppendTimeMs),
    logStartOffset: BigInt(info.logStartOffset),
  }
}

/** The log floor attaches what it found wrong with single records to its error. */
function recordErrorsOf(error: unknown): PartitionResponse['recordErrors'] {
  const { recordErrors } = error as { recordErrors?: readonly RecordError[] }
  return recordErrors?.map(({ batchIndex, message }) => ({ batchIndex, batchIndexErrorMessage: message }))
}

function refuseTransactional(records: Buffer): void {
  if (records.length < BATCH_HEADER_BYTES || !isTransactional(records.readInt16BE(AT.attributes))) return
  throw new KafkaError('INVALID_TXN_STATE', 'Record was not part of an ongoing transaction')
}

export function produceHandler(broker: BrokerServices): Handler<Produce> {
  return defineHandler(produce, { min: 0, max: 13 }, (request, context) =>
    new ProduceOperation(broker, request, context).run(),
  )
}
