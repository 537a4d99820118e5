/** Our configuration tables against what a live Apache broker lists: names, values, defaults, sensitivity, synonyms. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  CONFIG_SOURCE,
  type DescribedConfig,
  describeBrokerConfig,
  describeGroupConfig,
  describeTopicConfig,
  NodeConfig,
} from '../../src/metadata/config/index.ts'
import { type ApacheKafka, apacheKafkaHome, runScript, startApacheKafka } from '../support/apache-kafka.ts'

const home = await apacheKafkaHome()
const SOURCES = Object.fromEntries(Object.entries(CONFIG_SOURCE).map(([name, id]) => [id, name]))
/** What the server was started with and is its own: listeners, directories, ids. */
const ITS_OWN = new Set([
  'node.id',
  'broker.id',
  'process.roles',
  'listeners',
  'advertised.listeners',
  'controller.listener.names',
  'listener.security.protocol.map',
  'controller.quorum.bootstrap.servers',
  'log.dirs',
])
const EXTRA = { 'log.retention.hours': '24', 'num.partitions': '3' }

const lines = (entries: readonly DescribedConfig[]): string[] =>
  entries
    .filter(({ name }) => !ITS_OWN.has(name))
    .map(({ name, value, isSensitive, synonyms }) => {
      const all = synonyms.map((synonym) => `${SOURCES[synonym.source]}:${synonym.name}=${synonym.value}`)
      return `${name}=${value} sensitive=${isSensitive} synonyms={${all.join(', ')}}`
    })
    .sort()

const theirs = (stdout: string): string[] =>
  stdout
    .split('\n')
    .filter((line) => line.startsWith('  '))
    .map((line) => line.trim())
    .filter((line) => !ITS_OWN.has(line.slice(0, line.indexOf('='))))
    .sort()

describe.skipIf(home === null)('configuration of Apache Kafka 4.3.1', () => {
  let kafka: ApacheKafka
  const config = new NodeConfig({
    'node.id': '1',
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    ...EXTRA,
  })
  // With eligible leader replicas the controller writes this for the whole cluster.
  config.updateDynamic(new Map([['min.insync.replicas', '1']]), new Map())

  beforeAll(async () => {
    kafka = await startApacheKafka(home!, EXTRA)
  })
  afterAll(() => kafka?.stop())

  const run = (script: string, ...args: string[]) =>
    runScript(home!, script, ['--bootstrap-server', kafka.bootstrapServers, ...args])
  const describeAll = async (type: string, name: string): Promise<string[]> =>
    theirs((await run('kafka-configs', '--entity-type', type, '--entity-name', name, '--describe', '--all')).stdout)

  it('of a topic is ours', async () => {
    const settings = { 'retention.ms': '60000', 'cleanup.policy': 'compact,delete' }
    const flags = Object.entries(settings).flatMap(([name, value]) => ['--config', `${name}=${value}`])
    await run('kafka-topics', '--create', '--topic', 'tables', ...flags)
    expect(lines(describeTopicConfig(config, new Map(Object.entries(settings))))).toEqual(
      await describeAll('topics', 'tables'),
    )
  })

  it('of a broker is ours', async () => {
    expect(lines(describeBrokerConfig(config))).toEqual(await describeAll('brokers', '1'))
  })

  it('of a group is ours', async () => {
    const setting = 'consumer.session.timeout.ms=50000'
    await run('kafka-configs', '--entity-type', 'groups', '--entity-name', 'g', '--alter', '--add-config', setting)
    const own = new Map([['consumer.session.timeout.ms', '50000']])
    expect(lines(describeGroupConfig(config, own))).toEqual(await describeAll('groups', 'g'))
  })
})
