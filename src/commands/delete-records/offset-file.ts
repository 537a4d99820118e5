import { KtError } from '../../base/errors.ts'
import type { TopicPartition } from '../../client/admin-types.ts'
import { partitionsInHashOrder } from '../java-order.ts'
import {
  fieldsOf,
  intOf,
  itemsOf,
  type JsonNode,
  JsonSyntaxError,
  longOf,
  readJson,
  requiredField,
  textOf,
} from '../json-reader.ts'

/** Records before `offset` are to go; -1 means all there are. */
export interface RecordsBefore extends TopicPartition {
  readonly offset: number
}

const EARLIEST_VERSION = 1

/**
 * `{"partitions": [{"topic": "orders", "partition": 1, "offset": 100}], "version": 1}`,
 * in the order of the file. Throws a usage `KtError` in the script's words.
 */
export function parseOffsetFile(text: string): RecordsBefore[] {
  const fields = fieldsOf(parsed(text))
  const version = fields.get('version')
  const number = version === undefined ? EARLIEST_VERSION : intOf(version)
  if (number !== EARLIEST_VERSION) throw new KtError('usage', `Not supported version field value ${number}`)
  const list = fields.get('partitions')
  if (list === undefined) throw new KtError('usage', 'Missing partitions field')
  const partitions = itemsOf(list).map(recordsBefore)
  const names = partitions.map(nameOf)
  const repeated = partitions.filter((partition, at) => names.indexOf(nameOf(partition)) < at)
  if (repeated.length > 0) {
    const shown = [...new Set(partitionsInHashOrder(repeated).map(nameOf))].join(',')
    throw new KtError('usage', `Offset json file contains duplicate topic partitions: ${shown}`)
  }
  return partitions
}

function recordsBefore(item: JsonNode): RecordsBefore {
  const fields = fieldsOf(item)
  return {
    topic: textOf(requiredField(fields, 'topic')),
    partition: intOf(requiredField(fields, 'partition')),
    offset: longOf(requiredField(fields, 'offset')),
  }
}

function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`
}

/** What is wrong with the JSON is a fact for the person. */
function parsed(text: string): JsonNode | undefined {
  const invalid = (facts: readonly string[]) => new KtError('usage', 'The input string is not a valid JSON', { facts })
  try {
    const node = readJson(text)
    if (node === undefined) throw invalid(['The file is empty.'])
    return node
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw invalid([error.message])
    throw error
  }
}
