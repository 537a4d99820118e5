/** Metadata record type 2, TopicRecord (KIP-500 and later). */
import { defineRecord, type SchemaInput, type SchemaValue, string, uuid } from '../schema.ts'

export const topicRecord = defineRecord({
  type: 2,
  name: 'TopicRecord',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: { name: string(), topicId: uuid() },
})

export type TopicRecord = SchemaValue<typeof topicRecord>
export type TopicRecordInput = SchemaInput<typeof topicRecord>
