/** Record type 23 of `__consumer_offsets`: key and value. */
import { array, type Fields, int16, int32, type Schema, type SchemaInput, type SchemaValue, string } from '../schema.ts'

export const streamsGroupTopologyKey = {
  name: 'StreamsGroupTopologyKey',
  validVersions: '0',
  flexibleVersions: 'none',
  fields: { groupId: string('0') },
} as const satisfies Schema
export type StreamsGroupTopologyKey = SchemaValue<typeof streamsGroupTopologyKey>
export type StreamsGroupTopologyKeyInput = SchemaInput<typeof streamsGroupTopologyKey>

const topicConfigFields = { key: string(), value: string() } satisfies Fields

const topicInfoFields = {
  name: string(),
  partitions: int32(),
  replicationFactor: int16(),
  topicConfigs: array(topicConfigFields),
} satisfies Fields
export const streamsGroupTopologyValue = {
  name: 'StreamsGroupTopologyValue',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: {
    epoch: int32(),
    subtopologies: array({
      subtopologyId: string(),
      sourceTopics: array(string()),
      sourceTopicRegex: array(string()),
      stateChangelogTopics: array(topicInfoFields),
      repartitionSinkTopics: array(string()),
      repartitionSourceTopics: array(topicInfoFields),
      copartitionGroups: array({
        sourceTopics: array(int16()),
        sourceTopicRegex: array(int16()),
        repartitionSourceTopics: array(int16()),
      }),
    }),
  },
} as const satisfies Schema
export type StreamsGroupTopologyValue = SchemaValue<typeof streamsGroupTopologyValue>
export type StreamsGroupTopologyValueInput = SchemaInput<typeof streamsGroupTopologyValue>
