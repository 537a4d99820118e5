import { KtError } from '../../base/errors.ts'
import type { TopicPartition } from '../../client/admin-types.ts'
import { partitionsInHashOrder } from '../java-order.ts'
import {
  fieldsOf,
  intOf,
  itemsOf,
  type JsonNode,
  JsonSyntaxError,
  readJson,
  requiredField,
  textOf,
} from '../json-reader.ts'
import { readTextFile } from '../text-file.ts'

/** The partitions of a `--path-to-json-file`. Throws a `KtError` in the script's words. */
export function readElectionFile(path: string): TopicPartition[] {
  return parseElectionData(readTextFile(path))
}

/** `{"partitions": [{"topic": "orders", "partition": 1}]}` */
export function parseElectionData(text: string): TopicPartition[] {
  const list = fieldsOf(parsed(text)).get('partitions')
  if (list === undefined) throw new KtError('usage', 'Replica election data is missing "partitions" field')
  const partitions = itemsOf(list).map((item) => {
    const fields = fieldsOf(item)
    return { topic: textOf(requiredField(fields, 'topic')), partition: intOf(requiredField(fields, 'partition')) }
  })
  const names = partitions.map(nameOf)
  const repeated = partitions.filter((partition, at) => names.indexOf(nameOf(partition)) < at)
  if (repeated.length > 0) {
    const shown = [...new Set(partitionsInHashOrder(repeated).map(nameOf))].join(', ')
    throw new KtError('usage', `Replica election data contains duplicate partitions: [${shown}]`)
  }
  return partitions
}

function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`
}

/** The script takes what is no JSON for an empty file; what is wrong with it is a fact for the person. */
function parsed(text: string): JsonNode | undefined {
  const empty = (facts: readonly string[]) => new KtError('usage', 'Replica election data is empty', { facts })
  if (text === '') throw empty([])
  try {
    return readJson(text)
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw empty([error.message])
    throw error
  }
}
