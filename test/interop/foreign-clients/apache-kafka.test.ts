/** The scripts of Apache Kafka against the bundled node: the Java producer, consumer and admin client. */
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalCluster, startCluster } from '../../../src/index.ts'
import { APACHE_KAFKA_VERSION, apacheKafkaHome, runScript } from '../../support/apache-kafka.ts'
import { lines, sorted } from './tools.ts'

const home = await apacheKafkaHome()
const title = `Apache Kafka ${APACHE_KAFKA_VERSION}${home === null ? ': no Java or no installation, skipped' : ''}`

describe.skipIf(home === null)(title, () => {
  let cluster: LocalCluster

  beforeAll(async () => {
    cluster = await startCluster()
  })
  afterAll(() => cluster.close())

  const run = (script: string, args: readonly string[], input = '') =>
    runScript(home!, script, ['--bootstrap-server', cluster.bootstrapServers, ...args], { input, timeoutMs: 90_000 })

  it('creates, describes, alters and deletes topics', async () => {
    expect(await run('kafka-topics', ['--create', '--topic', 'java', '--partitions', '3'])).toMatchObject({
      stdout: 'Created topic java.\n',
      code: 0,
    })
    const described = await run('kafka-topics', ['--describe', '--topic', 'java'])
    expect(described.stdout).toContain('PartitionCount: 3\tReplicationFactor: 1')
    expect(described.stdout).toContain('Topic: java\tPartition: 2\tLeader: 1\tReplicas: 1\tIsr: 1')
    expect((await run('kafka-topics', ['--alter', '--topic', 'java', '--partitions', '5'])).code).toBe(0)
    expect((await run('kafka-topics', ['--describe', '--topic', 'java'])).stdout).toContain('PartitionCount: 5')
    expect((await run('kafka-topics', ['--create', '--topic', 'java'])).code).toBe(1)
    expect((await run('kafka-topics', ['--delete', '--topic', 'java'])).code).toBe(0)
    expect(sorted((await run('kafka-topics', ['--list'])).stdout)).not.toContain('java')
  })

  it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('produces and consumes with %s', async (codec) => {
    const topic = `java-${codec}`
    const text = lines(300, codec)
    const produced = await run('kafka-console-producer', ['--topic', topic, '--compression-codec', codec], text)
    expect(produced.code).toBe(0)
    const consumed = await run('kafka-console-consumer', [
      '--topic',
      topic,
      '--from-beginning',
      '--max-messages',
      '300',
    ])
    expect(consumed).toMatchObject({ stdout: text, code: 0 })
  })

  it('commits offsets of a group, describes, resets and deletes it', async () => {
    await run('kafka-console-producer', ['--topic', 'java-group'], lines(20, 'v'))
    const consume = ['--topic', 'java-group', '--group', 'jg', '--from-beginning', '--max-messages', '20']
    expect((await run('kafka-console-consumer', consume)).stdout).toBe(lines(20, 'v'))
    const described = await run('kafka-consumer-groups', ['--describe', '--group', 'jg'])
    expect(described.stdout).toMatch(/jg +java-group +0 +20 +20 +0 /)
    const toStart = ['--reset-offsets', '--group', 'jg', '--topic', 'java-group', '--to-earliest', '--execute']
    expect((await run('kafka-consumer-groups', toStart)).stdout).toMatch(/jg +java-group +0 +0/)
    expect(sorted((await run('kafka-consumer-groups', ['--list'])).stdout)).toContain('jg')
    expect((await run('kafka-consumer-groups', ['--delete', '--group', 'jg'])).code).toBe(0)
    expect(sorted((await run('kafka-consumer-groups', ['--list'])).stdout)).not.toContain('jg')
  })

  it('alters and describes configurations', async () => {
    await run('kafka-topics', ['--create', '--topic', 'java-configs'])
    const entity = ['--entity-type', 'topics', '--entity-name', 'java-configs']
    const altered = await run('kafka-configs', [...entity, '--alter', '--add-config', 'retention.ms=60000'])
    expect(altered.stdout).toBe('Completed updating config for topic java-configs.\n')
    expect((await run('kafka-configs', [...entity, '--describe'])).stdout).toContain('retention.ms=60000')
    const broker = await run('kafka-configs', ['--entity-type', 'brokers', '--entity-name', '1', '--describe', '--all'])
    expect(broker.stdout).toContain('log.retention.hours=168')
    const refused = await run('kafka-configs', [...entity, '--alter', '--add-config', 'retention.ms=soon'])
    expect(refused.code).toBe(1)
  })

  it('produces idempotently at speed and verifies what came out', async () => {
    const producer = ['--producer-props', `bootstrap.servers=${cluster.bootstrapServers}`, 'enable.idempotence=true']
    const perf = await runScript(
      home!,
      'kafka-producer-perf-test',
      ['--topic', 'java-perf', '--num-records', '20000', '--record-size', '100', '--throughput', '-1', ...producer],
      { timeoutMs: 90_000 },
    )
    expect(perf.stdout).toContain('20000 records sent')
    const offsets = await run('kafka-get-offsets', ['--topic', 'java-perf'])
    expect(offsets.stdout).toBe('java-perf:0:20000\n')
  })

  it('reads every file the node wrote', async () => {
    await run('kafka-console-producer', ['--topic', 'java-dump'], lines(50, 'dumped'))
    const dump = async (file: string, ...args: string[]) =>
      runScript(home!, 'kafka-dump-log', ['--files', path.join(cluster.dataDirectory, file), ...args])
    const log = await dump('java-dump-0/00000000000000000000.log', '--deep-iteration', '--print-data-log')
    expect(log.code).toBe(0)
    expect(log.stdout).toContain('payload: dumped-49')
    expect(log.stdout).not.toContain('isvalid: false')
    const metadata = await dump('__cluster_metadata-0/00000000000000000000.log', '--cluster-metadata-decoder')
    expect(metadata.stdout).toContain('"type":"REGISTER_BROKER_RECORD"')
    expect(metadata.stdout).toContain('"name":"java-dump"')
  })
})
