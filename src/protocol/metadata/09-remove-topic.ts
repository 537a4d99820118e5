/** Metadata record type 9, RemoveTopicRecord (KIP-500 and later). */
import { defineRecord, type SchemaInput, type SchemaValue, uuid } from '../schema.ts'

export const removeTopicRecord = defineRecord({
  type: 9,
  name: 'RemoveTopicRecord',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: { topicId: uuid() },
})

export type RemoveTopicRecord = SchemaValue<typeof removeTopicRecord>
export type RemoveTopicRecordInput = SchemaInput<typeof removeTopicRecord>
