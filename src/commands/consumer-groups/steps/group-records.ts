/**
 * A group's own records in `__consumer_offsets`: every generation of a classic group and every step of a KIP-848 group is
 * one, so that nothing is missed between two looks.
 */
import { Reader } from '../../../base/bytes.ts'
import type { Uuid } from '../../../base/uuid.ts'
import { classicAssignment } from '../../../client/admin/groups.ts'
import type { TopicPartition } from '../../../client/admin-types.ts'
import { decode } from '../../../protocol/codec.ts'
import { groupMetadataKey, groupMetadataValue } from '../../../protocol/coordinator/02-group-metadata.ts'
import {
  consumerGroupMetadataKey,
  consumerGroupMetadataValue,
} from '../../../protocol/coordinator/03-consumer-group-metadata.ts'
import {
  consumerGroupMemberMetadataKey,
  consumerGroupMemberMetadataValue,
} from '../../../protocol/coordinator/05-consumer-group-member-metadata.ts'
import {
  consumerGroupTargetAssignmentMetadataKey,
  consumerGroupTargetAssignmentMetadataValue,
} from '../../../protocol/coordinator/06-consumer-group-target-assignment-metadata.ts'
import {
  consumerGroupTargetAssignmentMemberKey,
  consumerGroupTargetAssignmentMemberValue,
} from '../../../protocol/coordinator/07-consumer-group-target-assignment-member.ts'
import {
  consumerGroupCurrentMemberAssignmentKey,
  consumerGroupCurrentMemberAssignmentValue,
} from '../../../protocol/coordinator/08-consumer-group-current-member-assignment.ts'
import type { KafkaRecord } from '../../../protocol/records/record.ts'
import type { Schema, SchemaValue } from '../../../protocol/schema.ts'

interface MemberInfo {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly host: string
}

/** What one record says; `null` as content: it is a tombstone. */
export type GroupRecord =
  | {
      readonly type: 'generation'
      readonly groupId: string
      readonly value: {
        readonly generation: number
        readonly protocol: string
        readonly members: readonly (MemberInfo & { readonly assignment: readonly TopicPartition[] })[]
      } | null
    }
  | { readonly type: 'groupEpoch'; readonly groupId: string; readonly epoch: number | null }
  | { readonly type: 'targetEpoch'; readonly groupId: string; readonly epoch: number | null }
  | { readonly type: 'member'; readonly groupId: string; readonly memberId: string; readonly info: MemberInfo | null }
  | {
      readonly type: 'target'
      readonly groupId: string
      readonly memberId: string
      readonly partitions: readonly IdPartitions[] | null
    }
  | {
      readonly type: 'current'
      readonly groupId: string
      readonly memberId: string
      readonly value: {
        readonly memberEpoch: number
        /** It has nothing left to give up or to wait for. */
        readonly isStable: boolean
        readonly assigned: readonly IdPartitions[]
      } | null
    }

export interface IdPartitions {
  readonly topicId: Uuid
  readonly partitions: readonly number[]
}

/** 0 is stable; 1 has partitions to give up, 2 waits for some, 127 is of a newer broker. */
const STABLE_MEMBER = 0

/** The record, if it is about a group's members or generations; null for offsets and what is not known. */
export function groupRecordOf({ key, value }: KafkaRecord): GroupRecord | null {
  if (key === null || key.length < 2) return null
  const read = PARSERS.get(key.readInt16BE(0))
  return read === undefined ? null : read(key, value)
}

type Parse = (key: Buffer, value: Buffer | null) => GroupRecord

const PARSERS: ReadonlyMap<number, Parse> = new Map<number, Parse>([
  [2, generationOf],
  [
    3,
    (key, value) => ({
      type: 'groupEpoch',
      groupId: keyOf(consumerGroupMetadataKey, key).groupId,
      epoch: contentOf(consumerGroupMetadataValue, value)?.epoch ?? null,
    }),
  ],
  [5, memberOf],
  [
    6,
    (key, value) => ({
      type: 'targetEpoch',
      groupId: keyOf(consumerGroupTargetAssignmentMetadataKey, key).groupId,
      epoch: contentOf(consumerGroupTargetAssignmentMetadataValue, value)?.assignmentEpoch ?? null,
    }),
  ],
  [
    7,
    (key, value) => ({
      type: 'target',
      ...keyOf(consumerGroupTargetAssignmentMemberKey, key),
      partitions: contentOf(consumerGroupTargetAssignmentMemberValue, value)?.topicPartitions ?? null,
    }),
  ],
  [8, currentOf],
])

function keyOf<S extends Schema>(schema: S, key: Buffer): SchemaValue<S> {
  return decode(schema, 0, new Reader(key.subarray(2)))
}

function contentOf<S extends Schema>(schema: S, value: Buffer | null): SchemaValue<S> | null {
  return value === null ? null : decode(schema, value.readInt16BE(0), new Reader(value.subarray(2)))
}

function generationOf(key: Buffer, bytes: Buffer | null): GroupRecord {
  const value = contentOf(groupMetadataValue, bytes)
  return {
    type: 'generation',
    groupId: keyOf(groupMetadataKey, key).group,
    value: value === null ? null : generationValue(value),
  }
}

function generationValue(value: SchemaValue<typeof groupMetadataValue>) {
  const isConsumer = value.protocolType === 'consumer'
  return {
    generation: value.generation,
    protocol: value.protocol ?? '',
    members: value.members.map(({ memberId, groupInstanceId, clientId, clientHost, assignment }) => ({
      memberId,
      groupInstanceId,
      clientId,
      host: clientHost,
      assignment: isConsumer ? classicAssignment(assignment) : [],
    })),
  }
}

function memberOf(key: Buffer, bytes: Buffer | null): GroupRecord {
  const { groupId, memberId } = keyOf(consumerGroupMemberMetadataKey, key)
  const value = contentOf(consumerGroupMemberMetadataValue, bytes)
  const info =
    value === null
      ? null
      : { memberId, groupInstanceId: value.instanceId, clientId: value.clientId, host: value.clientHost }
  return { type: 'member', groupId, memberId, info }
}

function currentOf(key: Buffer, bytes: Buffer | null): GroupRecord {
  const { groupId, memberId } = keyOf(consumerGroupCurrentMemberAssignmentKey, key)
  const value = contentOf(consumerGroupCurrentMemberAssignmentValue, bytes)
  if (value === null) return { type: 'current', groupId, memberId, value: null }
  const { memberEpoch, state, assignedPartitions } = value
  const current = { memberEpoch, isStable: state === STABLE_MEMBER, assigned: assignedPartitions }
  return { type: 'current', groupId, memberId, value: current }
}
