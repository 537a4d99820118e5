/** Record type 19 of `__consumer_offsets`: key and value. */
import {
  array,
  type Fields,
  int32,
  type Schema,
  type SchemaInput,
  type SchemaValue,
  string,
  struct,
  uint16,
} from '../schema.ts'

export const streamsGroupMemberMetadataKey = {
  name: 'StreamsGroupMemberMetadataKey',
  validVersions: '0',
  flexibleVersions: 'none',
  fields: { groupId: string('0'), memberId: string('0') },
} as const satisfies Schema
export type StreamsGroupMemberMetadataKey = SchemaValue<typeof streamsGroupMemberMetadataKey>
export type StreamsGroupMemberMetadataKeyInput = SchemaInput<typeof streamsGroupMemberMetadataKey>

const endpointFields = { host: string(), port: uint16() } satisfies Fields

const keyValueFields = { key: string(), value: string() } satisfies Fields
export const streamsGroupMemberMetadataValue = {
  name: 'StreamsGroupMemberMetadataValue',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: {
    instanceId: string('0+', { nullable: '0+' }),
    rackId: string('0+', { nullable: '0+' }),
    clientId: string(),
    clientHost: string(),
    rebalanceTimeoutMs: int32('0+', { default: -1 }),
    topologyEpoch: int32(),
    processId: string(),
    userEndpoint: struct(endpointFields, '0+', { nullable: '0+', default: null }),
    clientTags: array(keyValueFields),
  },
} as const satisfies Schema
export type StreamsGroupMemberMetadataValue = SchemaValue<typeof streamsGroupMemberMetadataValue>
export type StreamsGroupMemberMetadataValueInput = SchemaInput<typeof streamsGroupMemberMetadataValue>
