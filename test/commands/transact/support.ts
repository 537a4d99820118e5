/** Logs with transactions in them, and what brokers answer of them. */
import type { IsolatedRecords } from '../../../src/client/isolated-fetch.ts'
import type { Actor, StageView } from '../../../src/commands/transact/stage.ts'
import { encodeEndTxnMarker } from '../../../src/protocol/records/control-record.ts'
import { encodeBatch } from '../../../src/protocol/records/record.ts'
import { AT } from '../../../src/protocol/records/record-batch.ts'

/** `[producerId, texts]` is a transactional batch, a text one outside of any, `[producerId, 'commit' | 'abort']` a marker. */
export type LogPart = string | readonly [producerId: bigint, what: readonly string[] | 'commit' | 'abort']

/** The batches one after the other; each begins where the one before ends. */
export function logOf(parts: readonly LogPart[]): Buffer[] {
  let offset = 0
  return parts.map((part) => {
    const batch = batchOf(part)
    batch.writeBigInt64BE(BigInt(offset), AT.baseOffset)
    offset += typeof part === 'string' || typeof part[1] === 'string' ? 1 : part[1].length
    return batch
  })
}

function batchOf(part: LogPart): Buffer {
  const record = (text: string) => ({ timestamp: 0, key: null, value: Buffer.from(text) })
  if (typeof part === 'string') return encodeBatch([record(part)])
  const [producerId, what] = part
  if (typeof what !== 'string') {
    return encodeBatch(what.map(record), { producerId, producerEpoch: 0, baseSequence: 0, transactional: true })
  }
  return encodeEndTxnMarker({
    commit: what === 'commit',
    coordinatorEpoch: 0,
    producerId,
    producerEpoch: 0,
    timestamp: 0,
  })
}

export function answerOf(batches: readonly Buffer[], more: Partial<IsolatedRecords> = {}): IsolatedRecords {
  const records = Buffer.concat([...batches])
  return { logStartOffset: 0, highWatermark: 0, lastStableOffset: 0, aborted: [], records, ...more }
}

export function actorOf(name: string, more: Partial<Actor> = {}): Actor {
  return { name, transactionalId: `tx-${name}`, producer: null, isOpen: false, identities: [], ...more }
}

export function viewOf(more: Partial<StageView> = {}): StageView {
  return { actors: [], transactions: new Map(), partitions: [], groups: [], ...more }
}
