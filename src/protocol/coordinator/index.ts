/** Every record of the coordinators' topics by type: the int16 that starts a record's key. */

import type { Schema } from '../schema.ts'
import { legacyOffsetCommitKey, legacyOffsetCommitValue } from './00-legacy-offset-commit.ts'
import { offsetCommitKey, offsetCommitValue } from './01-offset-commit.ts'
import { groupMetadataKey, groupMetadataValue } from './02-group-metadata.ts'
import { consumerGroupMetadataKey, consumerGroupMetadataValue } from './03-consumer-group-metadata.ts'
import {
  consumerGroupPartitionMetadataKey,
  consumerGroupPartitionMetadataValue,
} from './04-consumer-group-partition-metadata.ts'
import {
  consumerGroupMemberMetadataKey,
  consumerGroupMemberMetadataValue,
} from './05-consumer-group-member-metadata.ts'
import {
  consumerGroupTargetAssignmentMetadataKey,
  consumerGroupTargetAssignmentMetadataValue,
} from './06-consumer-group-target-assignment-metadata.ts'
import {
  consumerGroupTargetAssignmentMemberKey,
  consumerGroupTargetAssignmentMemberValue,
} from './07-consumer-group-target-assignment-member.ts'
import {
  consumerGroupCurrentMemberAssignmentKey,
  consumerGroupCurrentMemberAssignmentValue,
} from './08-consumer-group-current-member-assignment.ts'
import { shareGroupMemberMetadataKey, shareGroupMemberMetadataValue } from './10-share-group-member-metadata.ts'
import { shareGroupMetadataKey, shareGroupMetadataValue } from './11-share-group-metadata.ts'
import {
  shareGroupTargetAssignmentMetadataKey,
  shareGroupTargetAssignmentMetadataValue,
} from './12-share-group-target-assignment-metadata.ts'
import {
  shareGroupTargetAssignmentMemberKey,
  shareGroupTargetAssignmentMemberValue,
} from './13-share-group-target-assignment-member.ts'
import {
  shareGroupCurrentMemberAssignmentKey,
  shareGroupCurrentMemberAssignmentValue,
} from './14-share-group-current-member-assignment.ts'
import {
  shareGroupStatePartitionMetadataKey,
  shareGroupStatePartitionMetadataValue,
} from './15-share-group-state-partition-metadata.ts'
import {
  consumerGroupRegularExpressionKey,
  consumerGroupRegularExpressionValue,
} from './16-consumer-group-regular-expression.ts'
import { streamsGroupMetadataKey, streamsGroupMetadataValue } from './17-streams-group-metadata.ts'
import { streamsGroupMemberMetadataKey, streamsGroupMemberMetadataValue } from './19-streams-group-member-metadata.ts'
import {
  streamsGroupTargetAssignmentMetadataKey,
  streamsGroupTargetAssignmentMetadataValue,
} from './20-streams-group-target-assignment-metadata.ts'
import {
  streamsGroupTargetAssignmentMemberKey,
  streamsGroupTargetAssignmentMemberValue,
} from './21-streams-group-target-assignment-member.ts'
import {
  streamsGroupCurrentMemberAssignmentKey,
  streamsGroupCurrentMemberAssignmentValue,
} from './22-streams-group-current-member-assignment.ts'
import { streamsGroupTopologyKey, streamsGroupTopologyValue } from './23-streams-group-topology.ts'
import { shareSnapshotKey, shareSnapshotValue } from './share-state-00-share-snapshot.ts'
import { shareUpdateKey, shareUpdateValue } from './share-state-01-share-update.ts'
import { transactionLogKey, transactionLogValue } from './transaction-00-transaction-log.ts'

export interface CoordinatorRecordType {
  readonly key: Schema
  readonly value: Schema
}
export type CoordinatorRecordTypes = ReadonlyMap<number, CoordinatorRecordType>

/** Records of `__consumer_offsets`. */
export const GROUP_RECORD_TYPES: CoordinatorRecordTypes = new Map<number, CoordinatorRecordType>([
  [0, { key: legacyOffsetCommitKey, value: legacyOffsetCommitValue }],
  [1, { key: offsetCommitKey, value: offsetCommitValue }],
  [2, { key: groupMetadataKey, value: groupMetadataValue }],
  [3, { key: consumerGroupMetadataKey, value: consumerGroupMetadataValue }],
  [4, { key: consumerGroupPartitionMetadataKey, value: consumerGroupPartitionMetadataValue }],
  [5, { key: consumerGroupMemberMetadataKey, value: consumerGroupMemberMetadataValue }],
  [6, { key: consumerGroupTargetAssignmentMetadataKey, value: consumerGroupTargetAssignmentMetadataValue }],
  [7, { key: consumerGroupTargetAssignmentMemberKey, value: consumerGroupTargetAssignmentMemberValue }],
  [8, { key: consumerGroupCurrentMemberAssignmentKey, value: consumerGroupCurrentMemberAssignmentValue }],
  [10, { key: shareGroupMemberMetadataKey, value: shareGroupMemberMetadataValue }],
  [11, { key: shareGroupMetadataKey, value: shareGroupMetadataValue }],
  [12, { key: shareGroupTargetAssignmentMetadataKey, value: shareGroupTargetAssignmentMetadataValue }],
  [13, { key: shareGroupTargetAssignmentMemberKey, value: shareGroupTargetAssignmentMemberValue }],
  [14, { key: shareGroupCurrentMemberAssignmentKey, value: shareGroupCurrentMemberAssignmentValue }],
  [15, { key: shareGroupStatePartitionMetadataKey, value: shareGroupStatePartitionMetadataValue }],
  [16, { key: consumerGroupRegularExpressionKey, value: consumerGroupRegularExpressionValue }],
  [17, { key: streamsGroupMetadataKey, value: streamsGroupMetadataValue }],
  [19, { key: streamsGroupMemberMetadataKey, value: streamsGroupMemberMetadataValue }],
  [20, { key: streamsGroupTargetAssignmentMetadataKey, value: streamsGroupTargetAssignmentMetadataValue }],
  [21, { key: streamsGroupTargetAssignmentMemberKey, value: streamsGroupTargetAssignmentMemberValue }],
  [22, { key: streamsGroupCurrentMemberAssignmentKey, value: streamsGroupCurrentMemberAssignmentValue }],
  [23, { key: streamsGroupTopologyKey, value: streamsGroupTopologyValue }],
])

/** Records of `__transaction_state`. */
export const TRANSACTION_RECORD_TYPES: CoordinatorRecordTypes = new Map<number, CoordinatorRecordType>([
  [0, { key: transactionLogKey, value: transactionLogValue }],
])

/** Records of `__share_group_state` (KIP-932). */
export const SHARE_RECORD_TYPES: CoordinatorRecordTypes = new Map<number, CoordinatorRecordType>([
  [0, { key: shareSnapshotKey, value: shareSnapshotValue }],
  [1, { key: shareUpdateKey, value: shareUpdateValue }],
])
