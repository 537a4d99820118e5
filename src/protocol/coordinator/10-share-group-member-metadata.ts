/** Record type 10 of `__consumer_offsets`: key and value. */
import { array, type Schema, type SchemaInput, type SchemaValue, string } from '../schema.ts'

export const shareGroupMemberMetadataKey = {
  name: 'ShareGroupMemberMetadataKey',
  validVersions: '0',
  flexibleVersions: 'none',
  fields: { groupId: string('0'), memberId: string('0') },
} as const satisfies Schema
export type ShareGroupMemberMetadataKey = SchemaValue<typeof shareGroupMemberMetadataKey>
export type ShareGroupMemberMetadataKeyInput = SchemaInput<typeof shareGroupMemberMetadataKey>

export const shareGroupMemberMetadataValue = {
  name: 'ShareGroupMemberMetadataValue',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: {
    rackId: string('0+', { nullable: '0+' }),
    clientId: string(),
    clientHost: string(),
    subscribedTopicNames: array(string()),
  },
} as const satisfies Schema
export type ShareGroupMemberMetadataValue = SchemaValue<typeof shareGroupMemberMetadataValue>
export type ShareGroupMemberMetadataValueInput = SchemaInput<typeof shareGroupMemberMetadataValue>
