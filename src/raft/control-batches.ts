/**
 * Control batches of the metadata log and of snapshots: leader change, snapshot header and footer, kraft.version and
 * voters (KIP-595, KIP-630, KIP-853). Key of each record: version 0 and type, both int16; value: the message.
 */
import { Reader, Writer } from '../base/bytes.ts'
import { decode, encode } from '../protocol/codec.ts'
import {
  kRaftVersionRecord,
  leaderChangeMessage,
  snapshotFooterRecord,
  snapshotHeaderRecord,
  votersRecord,
} from '../protocol/control/control-records.ts'
import { encodeBatch, type RecordInput } from '../protocol/records/record.ts'
import type { Schema, SchemaInput } from '../protocol/schema.ts'
import type { Voter, VoterSet } from './voters.ts'

const TYPE = { leaderChange: 2, snapshotHeader: 3, snapshotFooter: 4, kraftVersion: 5, voters: 6 } as const
const KEY_BYTES = 4
const CONTROL_VERSION = 0

export type ControlRecord =
  | { readonly type: 'leader-change'; readonly leaderId: number }
  | { readonly type: 'snapshot-header'; readonly lastContainedLogTimestamp: number }
  | { readonly type: 'snapshot-footer' }
  | { readonly type: 'kraft-version'; readonly kraftVersion: number }
  | { readonly type: 'voters'; readonly voters: VoterSet }
  /** Transaction markers and what later versions may add: nothing the quorum acts upon. */
  | { readonly type: 'other' }

/** A control record still to be put in a batch. */
export interface ControlRecordInput {
  readonly key: Buffer
  readonly value: Buffer
}

function record<S extends Schema>(type: number, schema: S, body: SchemaInput<S>): ControlRecordInput {
  const key = Buffer.alloc(KEY_BYTES)
  key.writeInt16BE(type, 2)
  const writer = new Writer()
  encode(schema, CONTROL_VERSION, body, writer)
  return { key, value: writer.toBuffer() }
}

/** Written by a new leader as the first record of its epoch; committing it commits everything before. */
export function leaderChangeRecord(leaderId: number, voters: VoterSet, granting: Iterable<number>): ControlRecordInput {
  const voterIds = [...voters.keys()].map((voterId) => ({ voterId }))
  const grantingVoters = [...granting].map((voterId) => ({ voterId }))
  return record(TYPE.leaderChange, leaderChangeMessage, { version: 0, leaderId, voters: voterIds, grantingVoters })
}

export function kraftVersionRecord(kRaftVersion: number): ControlRecordInput {
  return record(TYPE.kraftVersion, kRaftVersionRecord, { version: 0, kRaftVersion })
}

export function votersControlRecord(voters: VoterSet): ControlRecordInput {
  const list = [...voters.values()].map((voter) => ({
    voterId: voter.id,
    voterDirectoryId: voter.directoryId,
    endpoints: voter.endpoints,
    kRaftVersionFeature: {
      minSupportedVersion: voter.kraftVersions.min,
      maxSupportedVersion: voter.kraftVersions.max,
    },
  }))
  return record(TYPE.voters, votersRecord, { version: 0, voters: list })
}

/** kraft.version and, unless they are known already, the voters: as they are written and as they are read. */
export function quorumRecords(
  kraftVersion: number,
  voters: VoterSet | null,
): { readonly records: readonly ControlRecordInput[]; readonly control: readonly ControlRecord[] } {
  const records = [kraftVersionRecord(kraftVersion)]
  const control: ControlRecord[] = [{ type: 'kraft-version', kraftVersion }]
  if (voters !== null) {
    records.push(votersControlRecord(voters))
    control.push({ type: 'voters', voters })
  }
  return { records, control }
}

/** `lastContainedLogTimestamp` is the append time in ms of the last record the snapshot stands for. */
export function snapshotHeader(lastContainedLogTimestamp: number): ControlRecordInput {
  const body = { version: 0, lastContainedLogTimestamp: BigInt(lastContainedLogTimestamp) }
  return record(TYPE.snapshotHeader, snapshotHeaderRecord, body)
}

export function snapshotFooter(): ControlRecordInput {
  return record(TYPE.snapshotFooter, snapshotFooterRecord, { version: 0 })
}

export interface BatchPosition {
  readonly baseOffset: number
  readonly epoch: number
  readonly timestampMs: number
}

export function controlBatch(records: readonly ControlRecordInput[], at: BatchPosition): Buffer {
  return encodeAt(records, at, true)
}

/** A batch of ordinary records: values without keys. */
export function dataBatch(values: readonly Buffer[], at: BatchPosition): Buffer {
  return encodeAt(
    values.map((value) => ({ key: null, value })),
    at,
    false,
  )
}

function encodeAt(records: readonly RecordInput[], at: BatchPosition, control: boolean): Buffer {
  const stamped = records.map((input) => ({ ...input, timestamp: at.timestampMs }))
  return encodeBatch(stamped, { baseOffset: at.baseOffset, partitionLeaderEpoch: at.epoch, control })
}

function voterFrom(raw: {
  voterId: number
  voterDirectoryId: string
  endpoints: Voter['endpoints']
  kRaftVersionFeature: { minSupportedVersion: number; maxSupportedVersion: number }
}): Voter {
  const { minSupportedVersion: min, maxSupportedVersion: max } = raw.kRaftVersionFeature
  return { id: raw.voterId, directoryId: raw.voterDirectoryId, endpoints: raw.endpoints, kraftVersions: { min, max } }
}

/** Reads one record of a control batch; throws `ProtocolError` when its value is not what its type says. */
export function readControlRecord(key: Buffer | null, value: Buffer | null): ControlRecord {
  if (key === null || key.length < KEY_BYTES || value === null) return { type: 'other' }
  const reader = new Reader(value)
  switch (key.readInt16BE(2)) {
    case TYPE.leaderChange:
      return { type: 'leader-change', leaderId: decode(leaderChangeMessage, CONTROL_VERSION, reader).leaderId }
    case TYPE.snapshotHeader: {
      const header = decode(snapshotHeaderRecord, CONTROL_VERSION, reader)
      return { type: 'snapshot-header', lastContainedLogTimestamp: Number(header.lastContainedLogTimestamp) }
    }
    case TYPE.snapshotFooter:
      return { type: 'snapshot-footer' }
    case TYPE.kraftVersion:
      return { type: 'kraft-version', kraftVersion: decode(kRaftVersionRecord, CONTROL_VERSION, reader).kRaftVersion }
    case TYPE.voters: {
      const { voters } = decode(votersRecord, CONTROL_VERSION, reader)
      return { type: 'voters', voters: new Map(voters.map((raw) => [raw.voterId, voterFrom(raw)])) }
    }
    default:
      return { type: 'other' }
  }
}
