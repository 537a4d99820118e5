import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/protocol/error-codes.ts'
import { describeConfigs } from '../../../src/protocol/messages/32-describe-configs.ts'
import { listConfigResources } from '../../../src/protocol/messages/74-list-config-resources.ts'
import { RawClient } from '../../support/raw-client.ts'
import { TestBroker } from '../../support/test-broker.ts'

let test: TestBroker
let client: RawClient

beforeAll(async () => {
  test = await TestBroker.start()
  client = await RawClient.connect(test.port)
})

afterAll(async () => {
  client[Symbol.dispose]()
  await test.close()
})

const TOPIC = 2
const BROKER = 4
const BROKER_LOGGER = 8
const GROUP = 32

async function describeOne(resourceType: number, resourceName: string, more: { keys?: string[]; all?: boolean } = {}) {
  const { keys, all = false } = more
  const resources = [{ resourceType, resourceName, configurationKeys: keys ?? null }]
  const request = { resources, includeSynonyms: all, includeDocumentation: all }
  return (await client.request(describeConfigs, 4, request)).results[0]!
}

describe('DescribeConfigs', () => {
  it('tells a topic its own values and the defaults behind them', async () => {
    test.createTopic('t', 1, { 'retention.ms': '5000' })
    const { configs, errorCode } = await describeOne(TOPIC, 't', { all: true })
    expect(errorCode).toBe(0)
    const byName = new Map(configs.map((config) => [config.name, config]))
    const retention = byName.get('retention.ms')!
    expect(retention).toMatchObject({
      value: '5000',
      configSource: 1,
      readOnly: false,
      isSensitive: false,
      configType: 5,
    })
    expect(retention.synonyms[0]).toEqual({ name: 'retention.ms', value: '5000', source: 1 })
    expect(retention.documentation).not.toBe('')
    expect(byName.get('cleanup.policy')).toMatchObject({ value: 'delete', configSource: 5 })
  })

  it('leaves out what was not asked for', async () => {
    test.createTopic('named')
    const { configs } = await describeOne(TOPIC, 'named', { keys: ['segment.bytes', 'no.such.config'] })
    expect(configs.map(({ name }) => name)).toEqual(['segment.bytes'])
    expect(configs[0]).toMatchObject({ synonyms: [], documentation: null })
  })

  it('tells a broker what is in force, and only about itself', async () => {
    const { configs } = await describeOne(BROKER, '1', { keys: ['group.initial.rebalance.delay.ms', 'node.id'] })
    expect(Object.fromEntries(configs.map(({ name, value }) => [name, value]))).toEqual({
      'group.initial.rebalance.delay.ms': '0',
      'node.id': '1',
    })
    expect(await describeOne(BROKER, '')).toMatchObject({ errorCode: 0, configs: [] })
    expect((await describeOne(BROKER, '7')).errorMessage).toBe(
      'Unexpected broker id, expected 1 or empty string, but received 7',
    )
    expect((await describeOne(BROKER, 'seven')).errorCode).toBe(ErrorCode.INVALID_REQUEST)
  })

  it('answers loggers, groups, and what is not there', async () => {
    expect((await describeOne(BROKER_LOGGER, '1')).configs[0]).toMatchObject({ name: 'root', value: 'INFO' })
    expect((await describeOne(GROUP, 'g')).configs.length).toBeGreaterThan(0)
    expect(await describeOne(TOPIC, 'absent')).toMatchObject({
      errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
      errorMessage: null,
    })
    expect((await describeOne(TOPIC, 'not legal')).errorCode).toBe(ErrorCode.INVALID_TOPIC_EXCEPTION)
    expect((await describeOne(99, 'x')).errorCode).toBe(ErrorCode.INVALID_REQUEST)
  })
})

describe('ListConfigResources', () => {
  it('lists what has or may have configuration', async () => {
    test.createTopic('listed')
    const { configResources } = await client.request(listConfigResources, 1, { resourceTypes: [TOPIC, BROKER] })
    expect(configResources).toContainEqual({ resourceName: 'listed', resourceType: TOPIC })
    expect(configResources).toContainEqual({ resourceName: '1', resourceType: BROKER })
    expect(configResources.some(({ resourceType }) => resourceType === GROUP)).toBe(false)
    expect(await client.request(listConfigResources, 0, {})).toMatchObject({ errorCode: 0, configResources: [] })
    const unknown = await client.request(listConfigResources, 1, { resourceTypes: [3] })
    expect(unknown.errorCode).toBe(ErrorCode.UNSUPPORTED_VERSION)
  })
})
