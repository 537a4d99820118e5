import { parseWhole, UsageError } from '../../cli/options.ts'
import { javaSplit } from '../java-text.ts'
import { topicFilter } from '../topic-filter.ts'

/** Which topics and partitions were asked for. */
export interface PartitionFilter {
  /** The topic expressions as they were written. */
  readonly topics: readonly string[]
  allowsTopic(topic: string): boolean
  allows(topic: string, partition: number): boolean
}

interface Rule {
  readonly expression: string
  readonly topic: (name: string) => boolean
  readonly partition: (partition: number) => boolean
}

/** `--topic-partitions`, or `--topic` and `--partitions` together. Throws `UsageError`. */
export function partitionFilterOf(
  topicPartitions: string | undefined,
  topic: string | undefined,
  partitions: string | undefined,
): PartitionFilter {
  const rules =
    topicPartitions === undefined
      ? [{ ...topicRule(topic ?? '.*'), partition: partitionSet(partitions) }]
      : javaSplit(topicPartitions, ',').map(parseRule)
  return {
    topics: rules.map(({ expression }) => expression),
    allowsTopic: (name) => rules.some((rule) => rule.topic(name)),
    allows: (name, partition) => rules.some((rule) => rule.topic(name) && rule.partition(partition)),
  }
}

function topicRule(expression: string): Pick<Rule, 'expression' | 'topic'> {
  return { expression, topic: topicFilter(expression).allows }
}

function partitionSet(text: string | undefined): (partition: number) => boolean {
  if (text === undefined || text === '') return () => true
  const numbers = javaSplit(text, ',').map((part) => parseWhole(part, 'int'))
  if (numbers.includes(undefined)) {
    throw new UsageError(`--partitions expects a comma separated list of numeric partition ids, but received: ${text}`)
  }
  const wanted = new Set(numbers)
  // `,` alone splits into nothing, and nothing means all.
  return (partition) => wanted.size === 0 || wanted.has(partition)
}

const RULE = /^([^:,]*)(?::(?:([0-9]*)|(?:([0-9]*)-([0-9]*))))?$/

/** `topic`, `topic:2`, `topic:2-5` (5 excluded), `topic:2-`, `topic:-5`, `:2`. */
function parseRule(text: string): Rule {
  const match = RULE.exec(text)
  if (match === null) throw new UsageError(`Invalid rule specification: ${text}`)
  const [, name, single, from, to] = match
  const topic = topicRule(name === undefined || name === '' ? '.*' : name)
  if (single !== undefined && single !== '') return { ...topic, partition: (partition) => partition === bound(single) }
  const lower = from === undefined || from === '' ? 0 : bound(from)
  const upper = to === undefined || to === '' ? Number.MAX_SAFE_INTEGER : bound(to)
  return { ...topic, partition: (partition) => partition >= lower && partition < upper }
}

function bound(text: string): number {
  const number = parseWhole(text, 'int')
  if (number === undefined) throw new UsageError(`For input string: "${text}"`)
  return number
}
