/** A frame as a person reads it in a trace. */
import { Reader } from '../../../src/base/bytes.ts'
import { ZERO_UUID } from '../../../src/base/uuid.ts'
import { decode } from '../../../src/protocol/codec.ts'
import { decodeRequestHeader, decodeResponse } from '../../../src/protocol/header.ts'
import { produce } from '../../../src/protocol/messages/00-produce.ts'
import { fetch } from '../../../src/protocol/messages/01-fetch.ts'
import { metadata } from '../../../src/protocol/messages/03-metadata.ts'
import { offsetCommit } from '../../../src/protocol/messages/08-offset-commit.ts'
import { offsetFetch } from '../../../src/protocol/messages/09-offset-fetch.ts'
import { findCoordinator } from '../../../src/protocol/messages/10-find-coordinator.ts'
import { createTopics } from '../../../src/protocol/messages/19-create-topics.ts'
import { initProducerId } from '../../../src/protocol/messages/22-init-producer-id.ts'
import { offsetForLeaderEpoch } from '../../../src/protocol/messages/23-offset-for-leader-epoch.ts'
import { electLeaders } from '../../../src/protocol/messages/43-elect-leaders.ts'
import { incrementalAlterConfigs } from '../../../src/protocol/messages/44-incremental-alter-configs.ts'
import { alterPartitionReassignments } from '../../../src/protocol/messages/45-alter-partition-reassignments.ts'
import { vote } from '../../../src/protocol/messages/52-vote.ts'
import { beginQuorumEpoch } from '../../../src/protocol/messages/53-begin-quorum-epoch.ts'
import { endQuorumEpoch } from '../../../src/protocol/messages/54-end-quorum-epoch.ts'
import { alterPartition } from '../../../src/protocol/messages/56-alter-partition.ts'
import { envelope } from '../../../src/protocol/messages/58-envelope.ts'
import { fetchSnapshot } from '../../../src/protocol/messages/59-fetch-snapshot.ts'
import { brokerRegistration } from '../../../src/protocol/messages/62-broker-registration.ts'
import { brokerHeartbeat } from '../../../src/protocol/messages/63-broker-heartbeat.ts'
import { allocateProducerIds } from '../../../src/protocol/messages/67-allocate-producer-ids.ts'
import { controllerRegistration } from '../../../src/protocol/messages/70-controller-registration.ts'
import { updateRaftVoter } from '../../../src/protocol/messages/82-update-raft-voter.ts'
import { readBatchHeader } from '../../../src/protocol/records/record-batch.ts'
import type { Api } from '../../../src/protocol/schema.ts'

const SIZE_BYTES = 4
/** Longer bodies are cut: a trace is read by people. */
const MAX_BODY_CHARACTERS = 600

const APIS = new Map<number, Api>(
  (
    [
      ...[produce, fetch, metadata, offsetCommit, offsetFetch, findCoordinator, createTopics, initProducerId],
      ...[offsetForLeaderEpoch, electLeaders, incrementalAlterConfigs, alterPartitionReassignments, vote],
      ...[beginQuorumEpoch, endQuorumEpoch, alterPartition, envelope, fetchSnapshot, brokerRegistration],
      ...[brokerHeartbeat, allocateProducerIds, controllerRegistration, updateRaftVoter],
    ] as Api[]
  ).map((api) => [api.key, api]),
)

function bytesText(bytes: Buffer): string {
  if (bytes.length < 61 || bytes[16] !== 2) return `<${bytes.length} bytes>`
  const { baseOffset, lastOffsetDelta, partitionLeaderEpoch, producerId, baseSequence } = readBatchHeader(bytes)
  const idempotent = producerId >= 0n ? ` producer ${producerId} seq ${baseSequence}` : ''
  return `<${bytes.length} bytes from ${baseOffset}+${lastOffsetDelta} epoch ${partitionLeaderEpoch}${idempotent}>`
}

function saysNothing(field: unknown): boolean {
  if (field === null || field === '' || field === false || field === -1 || field === -1n || field === ZERO_UUID)
    return true
  if (Array.isArray(field)) return field.length === 0
  return typeof field === 'object' && !Buffer.isBuffer(field) && Object.values(field as object).every(saysNothing)
}

/** Fields with their values, defaults left out. */
function bodyText(value: unknown): string {
  if (Buffer.isBuffer(value)) return bytesText(value)
  if (Array.isArray(value)) return `[${value.map(bodyText).join(' ')}]`
  if (value === null || typeof value !== 'object') return String(value)
  const fields = Object.entries(value).filter(([, field]) => !saysNothing(field))
  return `{${fields.map(([name, field]) => `${name}:${bodyText(field)}`).join(' ')}}`
}

function cut(text: string): string {
  return text.length > MAX_BODY_CHARACTERS ? `${text.slice(0, MAX_BODY_CHARACTERS)}...` : text
}

/** `Fetch v17 #12 broker-1-fetcher-0 {...}` */
export function requestText(frame: Buffer): string {
  const reader = new Reader(frame.subarray(SIZE_BYTES))
  const { apiKey, apiVersion, correlationId, clientId } = decodeRequestHeader(reader)
  const api = APIS.get(apiKey)
  const head = `${api?.name ?? `key ${apiKey}`} v${apiVersion} #${correlationId} ${clientId}`
  return api === undefined ? head : `${head} ${cut(bodyText(decode(api.request, apiVersion, reader)))}`
}

export function responseText(request: Buffer, response: Buffer): string {
  const { apiKey, apiVersion, correlationId, clientId } = decodeRequestHeader(new Reader(request.subarray(SIZE_BYTES)))
  const api = APIS.get(apiKey)
  const head = `answer to ${api?.name ?? `key ${apiKey}`} v${apiVersion} #${correlationId} ${clientId}`
  if (api === undefined) return head
  return `${head} ${cut(bodyText(decodeResponse(api, apiVersion, response.subarray(SIZE_BYTES)).body))}`
}
