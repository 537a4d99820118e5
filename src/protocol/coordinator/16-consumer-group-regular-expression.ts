/** Record type 16 of `__consumer_offsets`: key and value. */
import { array, int64, type Schema, type SchemaInput, type SchemaValue, string } from '../schema.ts'

export const consumerGroupRegularExpressionKey = {
  name: 'ConsumerGroupRegularExpressionKey',
  validVersions: '0',
  flexibleVersions: 'none',
  fields: { groupId: string('0'), regularExpression: string('0') },
} as const satisfies Schema
export type ConsumerGroupRegularExpressionKey = SchemaValue<typeof consumerGroupRegularExpressionKey>
export type ConsumerGroupRegularExpressionKeyInput = SchemaInput<typeof consumerGroupRegularExpressionKey>

export const consumerGroupRegularExpressionValue = {
  name: 'ConsumerGroupRegularExpressionValue',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: { topics: array(string()), version: int64(), timestamp: int64() },
} as const satisfies Schema
export type ConsumerGroupRegularExpressionValue = SchemaValue<typeof consumerGroupRegularExpressionValue>
export type ConsumerGroupRegularExpressionValueInput = SchemaInput<typeof consumerGroupRegularExpressionValue>
