/** Record type 2 of `__consumer_offsets`: key and value. */
import {
  array,
  bytes,
  type Fields,
  int32,
  int64,
  type Schema,
  type SchemaInput,
  type SchemaValue,
  string,
} from '../schema.ts'

export const groupMetadataKey = {
  name: 'GroupMetadataKey',
  validVersions: '0',
  flexibleVersions: 'none',
  fields: { group: string('0') },
} as const satisfies Schema
export type GroupMetadataKey = SchemaValue<typeof groupMetadataKey>
export type GroupMetadataKeyInput = SchemaInput<typeof groupMetadataKey>

const memberMetadataFields = {
  memberId: string(),
  groupInstanceId: string('3+', { nullable: '3+', default: null, ignorable: true }),
  clientId: string(),
  clientHost: string(),
  rebalanceTimeout: int32('1+', { default: -1, ignorable: true }),
  sessionTimeout: int32(),
  subscription: bytes(),
  assignment: bytes(),
} satisfies Fields
export const groupMetadataValue = {
  name: 'GroupMetadataValue',
  validVersions: '0-4',
  flexibleVersions: '4+',
  fields: {
    protocolType: string(),
    generation: int32(),
    protocol: string('0+', { nullable: '0+' }),
    leader: string('0+', { nullable: '0+' }),
    currentStateTimestamp: int64('2+', { default: -1n, ignorable: true }),
    members: array(memberMetadataFields),
  },
} as const satisfies Schema
export type GroupMetadataValue = SchemaValue<typeof groupMetadataValue>
export type GroupMetadataValueInput = SchemaInput<typeof groupMetadataValue>
