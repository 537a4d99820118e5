/** Embedded protocol of consumers in a classic group (protocol type `consumer`). */
import { array, bytes, int32, type Schema, type SchemaInput, type SchemaValue, string } from '../schema.ts'

export const consumerProtocolSubscription = {
  name: 'ConsumerProtocolSubscription',
  validVersions: '0-3',
  flexibleVersions: 'none',
  fields: {
    topics: array(string()),
    userData: bytes('0+', { nullable: '0+', default: null }),
    ownedPartitions: array({ topic: string('1+'), partitions: array(int32(), '1+') }, '1+', { ignorable: true }),
    generationId: int32('2+', { default: -1, ignorable: true }),
    rackId: string('3+', { nullable: '3+', default: null, ignorable: true }),
  },
} as const satisfies Schema
export type ConsumerProtocolSubscription = SchemaValue<typeof consumerProtocolSubscription>
export type ConsumerProtocolSubscriptionInput = SchemaInput<typeof consumerProtocolSubscription>

export const consumerProtocolAssignment = {
  name: 'ConsumerProtocolAssignment',
  validVersions: '0-3',
  flexibleVersions: 'none',
  fields: {
    assignedPartitions: array({ topic: string(), partitions: array(int32()) }),
    userData: bytes('0+', { nullable: '0+', default: null }),
  },
} as const satisfies Schema
export type ConsumerProtocolAssignment = SchemaValue<typeof consumerProtocolAssignment>
export type ConsumerProtocolAssignmentInput = SchemaInput<typeof consumerProtocolAssignment>
