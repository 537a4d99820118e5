import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../src/base/logger.ts'
import { AutoTopicCreation } from '../../src/broker/auto-topic-creation.ts'
import { BrokerSettings } from '../../src/broker/broker-settings.ts'
import { NodeConfig } from '../../src/metadata/config/index.ts'
import { ErrorCode, KafkaError } from '../../src/protocol/error-codes.ts'
import type { CreateTopicsRequest } from '../../src/protocol/messages/19-create-topics.ts'
import { ManualClock, settled } from '../support/manual-clock.ts'

function setup(config: Readonly<Record<string, string>> = {}) {
  const asked: CreateTopicsRequest[] = []
  const answers: { resolve: (response: unknown) => void; reject: (error: unknown) => void }[] = []
  const send = (_api: unknown, _version: number, request: CreateTopicsRequest) => {
    asked.push(request)
    return new Promise((resolve, reject) => answers.push({ resolve, reject }))
  }
  const settings = new BrokerSettings(new NodeConfig({ 'node.id': '1', ...config }))
  const controller = { send } as never
  const creation = new AutoTopicCreation({ settings, controller, clock: new ManualClock(), logger: silentLogger })
  return { creation, asked, answers }
}

describe('a topic somebody asks for', () => {
  it('is created behind the asker’s back, with the controller’s defaults', () => {
    const { creation, asked } = setup()
    expect(creation.create('new')).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
    const topic = { name: 'new', numPartitions: -1, replicationFactor: -1, assignments: [], configs: [] }
    expect(asked).toEqual([{ topics: [topic], timeoutMs: 30_000, validateOnly: false }])
  })

  it('has this broker’s defaults where it has some', () => {
    const { creation, asked } = setup({ 'num.partitions': '7', 'default.replication.factor': '3' })
    creation.create('new')
    expect(asked[0]!.topics[0]).toMatchObject({ numPartitions: 7, replicationFactor: 3 })
  })

  it('is compacted where it is the offsets topic', () => {
    const { creation, asked } = setup({ 'offsets.topic.num.partitions': '5', 'offsets.topic.replication.factor': '2' })
    creation.create('__consumer_offsets')
    const { numPartitions, replicationFactor, configs } = asked[0]!.topics[0]!
    expect([numPartitions, replicationFactor]).toEqual([5, 2])
    expect(configs).toContainEqual({ name: 'cleanup.policy', value: 'compact' })
  })

  it('is asked for once, until there is an answer of any kind', async () => {
    const { creation, asked, answers } = setup()
    creation.create('new')
    creation.create('new')
    creation.create('other')
    expect(asked).toHaveLength(2)
    answers[0]!.resolve({ topics: [{ name: 'new', errorCode: ErrorCode.INVALID_REPLICATION_FACTOR }] })
    answers[1]!.reject(new KafkaError('REQUEST_TIMED_OUT'))
    await settled()
    creation.create('new')
    creation.create('other')
    expect(asked).toHaveLength(4)
  })

  it('cannot have a name that no topic can have', () => {
    const { creation, asked } = setup()
    expect(['', '.', 'a b', 'x'.repeat(250)].map((name) => creation.create(name))).toEqual(
      Array(4).fill(ErrorCode.INVALID_TOPIC_EXCEPTION),
    )
    expect(asked).toEqual([])
  })

  it('waits for its turn when very many are asked for at once', () => {
    const { creation, asked } = setup()
    for (let at = 0; at < 1_005; at++) creation.create(`topic-${at}`)
    expect(asked).toHaveLength(1_000)
  })
})
