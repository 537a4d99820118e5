import type { TopicPartition } from '../../client/admin-types.ts'

/** Partitions in a line; the rest is counted. */
const SHOWN_PARTITIONS = 24

/** `orders 0-2,5; payments 1` */
export function partitionsText(partitions: readonly TopicPartition[]): string {
  const shown = partitions.slice(0, SHOWN_PARTITIONS)
  const byTopic = new Map<string, number[]>()
  for (const { topic, partition } of shown) byTopic.set(topic, [...(byTopic.get(topic) ?? []), partition])
  const topics = [...byTopic].map(([topic, numbers]) => `${topic} ${ranges(numbers)}`)
  const more = partitions.length - shown.length
  return `${topics.join('; ')}${more > 0 ? ` and ${more} more` : ''}`
}

function ranges(numbers: readonly number[]): string {
  const sorted = [...numbers].sort((a, b) => a - b)
  const parts: { from: number; to: number }[] = []
  for (const number of sorted) {
    const last = parts.at(-1)
    if (last !== undefined && last.to + 1 === number) last.to = number
    else parts.push({ from: number, to: number })
  }
  return parts.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(',')
}
