import { describe, expect, it } from 'vitest'
import type { TopicDescription } from '../../../src/client/admin-types.ts'
import { checkPartitions, parseTopicWithPartitions } from '../../../src/commands/consumer-groups/topic-arguments.ts'
import { memoryAdmin, ok, refused, topicOf } from '../../support/memory-admin.ts'

describe('parseTopicWithPartitions', () => {
  it('reads partitions behind the colon', () => {
    expect(parseTopicWithPartitions('orders:0,12')).toEqual([
      { topic: 'orders', partition: 0 },
      { topic: 'orders', partition: 12 },
    ])
  })
  it.each([
    ['orders:', "Invalid topic arg 'orders:', expected topic name and partitions"],
    ['a:b:c', "Invalid topic arg 'a:b:c', expected topic name and partitions"],
    ['orders:0,x', "Invalid partition 'x' specified in topic arg 'orders:0,x''"],
    ['orders:0-2', "Invalid partition '0-2' specified in topic arg 'orders:0-2''"],
    ['orders:9999999999', "Invalid partition '9999999999' specified"],
  ])('refuses %s', (argument, message) => {
    expect(() => parseTopicWithPartitions(argument)).toThrow(message)
  })
})

describe('checkPartitions', () => {
  const topics: Record<string, TopicDescription> = { orders: topicOf('orders', ['1:1:1', '-1:1:1']) }
  const { admin } = memoryAdmin({
    describeTopics: async (names) =>
      new Map(
        (names as string[]).map((name) => [
          name,
          topics[name] === undefined ? refused('UNKNOWN_TOPIC_OR_PARTITION', 'Not here.', 3) : ok(topics[name]),
        ]),
      ),
    listTopics: async () => [{ name: 'orders', topicId: 'x', isInternal: false }],
  })
  const check = (topic: string, partition: number) => checkPartitions([{ topic, partition }], admin)

  it('accepts what exists and has a leader', async () => {
    await expect(check('orders', 0)).resolves.toBeUndefined()
    await expect(checkPartitions([], admin)).resolves.toBeUndefined()
  })
  it('names partitions that do not exist, and those without a leader', async () => {
    await expect(check('orders', 5)).rejects.toThrow('The partitions "orders-5" do not exist')
    await expect(check('orders', 1)).rejects.toThrow('The partitions "orders-1" have no leader')
  })
  it('helps with a name that is nearly right', async () => {
    await expect(check('ordres', 0)).rejects.toMatchObject({
      message: 'Not here.',
      facts: ["There is no topic 'ordres'.", "Did you mean 'orders'?"],
      scriptText:
        'java.util.concurrent.ExecutionException: org.apache.kafka.common.errors.UnknownTopicOrPartitionException: Not here.',
    })
  })
})
