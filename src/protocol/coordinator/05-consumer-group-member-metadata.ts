/** Record type 5 of `__consumer_offsets`: key and value. */
import { array, bytes, int32, type Schema, type SchemaInput, type SchemaValue, string, struct } from '../schema.ts'

export const consumerGroupMemberMetadataKey = {
  name: 'ConsumerGroupMemberMetadataKey',
  validVersions: '0',
  flexibleVersions: 'none',
  fields: { groupId: string('0'), memberId: string('0') },
} as const satisfies Schema
export type ConsumerGroupMemberMetadataKey = SchemaValue<typeof consumerGroupMemberMetadataKey>
export type ConsumerGroupMemberMetadataKeyInput = SchemaInput<typeof consumerGroupMemberMetadataKey>

export const consumerGroupMemberMetadataValue = {
  name: 'ConsumerGroupMemberMetadataValue',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: {
    instanceId: string('0+', { nullable: '0+' }),
    rackId: string('0+', { nullable: '0+' }),
    clientId: string(),
    clientHost: string(),
    subscribedTopicNames: array(string()),
    subscribedTopicRegex: string('0+', { nullable: '0+' }),
    rebalanceTimeoutMs: int32('0+', { default: -1 }),
    serverAssignor: string('0+', { nullable: '0+' }),
    classicMemberMetadata: struct(
      { sessionTimeoutMs: int32(), supportedProtocols: array({ name: string(), metadata: bytes() }) },
      '0+',
      { nullable: '0+', tag: 0, taggedVersions: '0+' },
    ),
  },
} as const satisfies Schema
export type ConsumerGroupMemberMetadataValue = SchemaValue<typeof consumerGroupMemberMetadataValue>
export type ConsumerGroupMemberMetadataValueInput = SchemaInput<typeof consumerGroupMemberMetadataValue>
