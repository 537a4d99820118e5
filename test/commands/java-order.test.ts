import { describe, expect, it } from 'vitest'
import {
  distinctInHashOrder,
  inHashOrder,
  partitionsInHashOrder,
  topicPartitionHash,
} from '../../src/commands/java-order.ts'

const partitions = (topic: string, count: number) =>
  Array.from({ length: count }, (_, partition) => ({ topic, partition }))
const named = (list: readonly { topic: string; partition: number }[]): string[] =>
  list.map(({ topic, partition }) => `${topic}-${partition}`)

describe('the order of Java hash maps', () => {
  it('hashes a partition as TopicPartition does', () => {
    expect(topicPartitionHash({ topic: '', partition: 0 })).toBe(31 * 31)
    expect(topicPartitionHash({ topic: 'a', partition: 2 })).toBe(31 * 33 + 97)
  })
  it('gives back partitions as the script prints them', () => {
    expect(named(partitionsInHashOrder(partitions('h-three', 3)))).toEqual(['h-three-1', 'h-three-2', 'h-three-0'])
  })
  it('gives back more partitions than fit in the first table as the script prints them', () => {
    const long = 'h-a-quite-long-topic-name-for-quotes'
    const mixed = [...partitions('h-three', 3), ...partitions(long, 12)]
    const expected = [10, 11, 8, 9, 6, 7, 4, 5].map((partition) => `${long}-${partition}`)
    expected.push('h-three-1', `${long}-2`, 'h-three-2', `${long}-3`, `${long}-0`, 'h-three-0', `${long}-1`)
    expect(named(partitionsInHashOrder(mixed))).toEqual(expected)
  })
  it('gives back groups as the script lists them', () => {
    const listed = [
      'h-g1',
      'console-consumer-85125',
      'console-consumer-59030',
      'console-consumer-46568',
      'console-consumer-68119',
      'console-consumer-28500',
      'D-g1',
      'h-classic',
      'console-consumer-75478',
      'console-consumer-69162',
      'console-consumer-48021',
      'h-cons',
      'console-consumer-59559',
      'console-consumer-59832',
    ]
    // Groups of one bucket come in the order in which the broker names them.
    const named = ['console-consumer-68119', 'console-consumer-28500', ...[...listed].sort()]
    expect(inHashOrder(new Set(named), (group) => group)).toEqual(listed)
  })
})

describe('sets of numbers', () => {
  it('iterate by what is left of a division by their capacity', () => {
    expect(distinctInHashOrder([100, 2, 1])).toEqual([1, 2, 100])
    expect(distinctInHashOrder([9, 8, 1, 9])).toEqual([8, 9, 1].sort((a, b) => a - b))
    expect(distinctInHashOrder([16, 1, 17, 0])).toEqual([16, 0, 1, 17])
  })

  it('grow with what is put in', () => {
    const ids = [31, 15, ...Array.from({ length: 12 }, (_, id) => id)]
    expect(distinctInHashOrder(ids)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 31])
  })
})
