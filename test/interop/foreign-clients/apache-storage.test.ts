/**
 * The files of the bundled node after a mixed workload, a restart and a crash: Apache's kafka-dump-log reads every one
 * of them without complaint, Apache Kafka itself serves them, and the bundled node serves what Apache Kafka left.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { CompressionTypes, Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apacheKafkaHome } from '../../support/apache-kafka.ts'
import { BundledNode } from '../../support/bundled-node.ts'
import { ApacheTools, table } from './apache-tools.ts'

const home = await apacheKafkaHome()
const missing = home === null ? ': no Java or no installation, skipped' : ''

/** The smallest segment Kafka allows, so that a few megabytes are several. */
const SEGMENT_BYTES = 1024 * 1024
/** Little enough that the workload leaves snapshots of the metadata. */
const SNAPSHOT_BYTES = 4_000
const BULK_RECORDS = 3_000
const BULK_BYTES = 1_000
const DELETED_RECORDS = 10

/** What kafka-dump-log says when a file is not as it should be; it ends with 0 all the same. */
const COMPLAINT =
  /invalid bytes|corrupt|isvalid: false|mismatch|out of order|non-consecutive|failed to|could not|error/i

describe.skipIf(home === null)(`Apache Kafka on the bundled node's files${missing}`, () => {
  let node: BundledNode
  let tools: ApacheTools

  beforeAll(async () => {
    node = await BundledNode.start({
      'log.segment.bytes': String(SEGMENT_BYTES),
      'metadata.log.max.record.bytes.between.snapshots': String(SNAPSHOT_BYTES),
    })
    tools = new ApacheTools(home!, node.bootstrapServers)
    await firstWorkload()
    await node.stop()
    await node.start()
    await node.kt(['console-producer', '--bootstrap-server', node.bootstrapServers, '--topic', 'orders'], 'restarted\n')
    await node.kill()
    await node.start()
    await node.kt(['console-producer', '--bootstrap-server', node.bootstrapServers, '--topic', 'orders'], 'recovered\n')
    await node.stop()
  })
  afterAll(() => node?.[Symbol.asyncDispose]())

  /** Several segments, compressed and idempotent batches, groups, deleted topics and records, altered configurations. */
  async function firstWorkload(): Promise<void> {
    const kafka = new Kafka({ brokers: [node.bootstrapServers], logLevel: logLevel.NOTHING })
    const [admin, producer] = [kafka.admin(), kafka.producer()]
    await Promise.all([admin.connect(), producer.connect()])
    await admin.createTopics({ topics: ['bulk', 'gone', 'orders'].map((topic) => ({ topic })) })
    const messages = Array.from({ length: 100 }, (_, index) => ({ key: `k${index}`, value: 'x'.repeat(BULK_BYTES) }))
    for (let sent = 0; sent < BULK_RECORDS; sent += messages.length) {
      const compression = sent < BULK_RECORDS / 10 ? CompressionTypes.GZIP : CompressionTypes.None
      await producer.send({ topic: 'bulk', messages, compression })
    }
    // kafkajs deletes records only of topics whose leaders it knows.
    await admin.fetchTopicOffsets('bulk')
    await admin.deleteTopicRecords({ topic: 'bulk', partitions: [{ partition: 0, offset: String(DELETED_RECORDS) }] })
    await admin.createPartitions({ topicPartitions: [{ topic: 'orders', count: 2 }] })
    await admin.deleteTopics({ topics: ['gone'] })
    await admin.setOffsets({ groupId: 'clerks', topic: 'orders', partitions: [{ partition: 0, offset: '0' }] })
    await Promise.all([admin.disconnect(), producer.disconnect()])
    await tools.stdout('configs', ['--alter', '--entity-type', 'topics', '--entity-name', 'orders', ...RETENTION])
    await Promise.all(
      ['zstd', 'lz4', 'snappy'].map((codec) => tools.produce('orders', [codec], ['--compression-codec', codec])),
    )
    expect(await tools.consume(2, ['--topic', 'orders', '--group', 'clerks', '--from-beginning'])).toHaveLength(2)
  }

  /** Paths of the node's files whose name, or whose folder's, fits. */
  function files(pattern: RegExp): string[] {
    const found = fs.readdirSync(node.dataDirectory, { recursive: true, encoding: 'utf8' })
    return found.filter((file) => pattern.test(file)).map((file) => path.join(node.dataDirectory, file))
  }

  async function dump(paths: readonly string[], ...flags: string[]): Promise<string> {
    expect(paths).not.toEqual([])
    const { stdout, stderr, code } = await tools.offline('dump-log', ['--files', paths.join(','), ...flags])
    expect({ code, complaint: COMPLAINT.exec(stdout)?.[0], errors: /ERROR|WARN|Exception/.exec(stderr)?.[0] }).toEqual({
      code: 0,
    })
    for (const file of paths) expect(stdout).toContain(file)
    return stdout
  }

  it('reads every record, with the indexes beside it', async () => {
    const logs = files(/^(?!__).*\.log$/)
    expect(logs.filter((file) => file.includes('/bulk-0/')).length).toBeGreaterThan(2)
    const text = await dump(logs, '--deep-iteration', '--print-data-log')
    expect(text.match(/^\| offset: /gm)).toHaveLength(BULK_RECORDS + 5)
    for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) expect(text).toContain(`compresscodec: ${codec}`)
    for (const payload of ['restarted', 'recovered']) expect(text).toContain(`payload: ${payload}`)
    const [checked] = await Promise.all([
      dump(files(/\.(index|timeindex)$/), '--index-sanity-check'),
      dump(files(/\.index$/), '--verify-index-only'),
      dump(files(/\.timeindex$/)),
    ])
    expect(checked.match(/(passed sanity check|is empty)\.$/gm)).toHaveLength(files(/\.(index|timeindex)$/).length)
  })

  it('decodes the coordinator, the metadata and its snapshots, and the producers', async () => {
    const checkpoints = files(/\.checkpoint$/)
    expect(checkpoints.length).toBeGreaterThan(1)
    const [offsets, metadata, snapshots, producers] = await Promise.all([
      dump(files(/^__consumer_offsets.*\.log$/), '--offsets-decoder', '--deep-iteration'),
      dump(files(/^__cluster_metadata.*\.log$/), '--cluster-metadata-decoder'),
      dump(checkpoints, '--cluster-metadata-decoder'),
      dump(files(/^(?!__).*\.snapshot$/)),
    ])
    expect(offsets).toContain('"group":"clerks"')
    expect(offsets).toContain('"topic":"orders"')
    for (const type of [
      'TOPIC_RECORD',
      'PARTITION_RECORD',
      'CONFIG_RECORD',
      'REMOVE_TOPIC_RECORD',
      'REGISTER_BROKER_RECORD',
    ]) {
      expect(metadata).toContain(`"type":"${type}"`)
    }
    expect(snapshots).toContain('SnapshotHeader')
    expect(producers).toMatch(/producerId: \d+ producerEpoch: 0 .* lastSequence: 0/)
  })

  it('is a formatted directory to kafka-storage and a browsable image to kafka-metadata-shell', async () => {
    const metadata = files(/^__cluster_metadata-0.*\.log$/).at(-1)!
    const [info, shell] = await Promise.all([
      tools.offline('storage', ['info', '-c', node.propertiesFile]),
      tools.offline('metadata-shell', ['--snapshot', metadata, 'ls', '/image/topics/byName']),
    ])
    expect(info.stdout).toContain(`Found log directory:\n  ${node.dataDirectory}`)
    expect(info.stdout).not.toMatch(/problem/i)
    expect(shell.stdout.split(/\s+/)).toEqual(expect.arrayContaining(['__consumer_offsets', 'bulk', 'orders']))
    expect(shell.stdout.split(/\s+/)).not.toContain('gone')
  })

  it('is served by Apache Kafka, which leaves it to the bundled node again', async () => {
    await node.start()
    const before = await everything(node.bootstrapServers)
    expect(before.records).toHaveLength(BULK_RECORDS - DELETED_RECORDS + 5)
    await node.stop()
    // With the node's own file, on the node's own ports.
    const { bootstrapServers } = node
    const server = spawn(path.join(home!, 'bin/kafka-server-start.sh'), [node.propertiesFile], { stdio: 'ignore' })
    try {
      await untilServed(server, bootstrapServers)
      // A leader in the metadata is not a log that is loaded and a coordinator that has read its groups.
      await expect.poll(() => everything(bootstrapServers), { timeout: 60_000, interval: 500 }).toEqual(before)
      await new ApacheTools(home!, bootstrapServers).produce('orders', ['from Apache Kafka'])
    } finally {
      await terminated(server)
    }
    await node.start()
    const after = await everything(node.bootstrapServers)
    expect(after.records).toEqual([...before.records, 'from Apache Kafka'].sort())
    expect(after.offsets).toEqual(before.offsets)
  })

  /** Values of every record, and what a group has read. */
  async function everything(bootstrapServers: string): Promise<{ records: string[]; offsets: (string | undefined)[] }> {
    const server = ['--bootstrap-server', bootstrapServers]
    const flags = ['--include', 'bulk|orders', '--from-beginning', '--timeout-ms', '3000']
    const consumed = await node.kt(['console-consumer', ...server, ...flags])
    const described = await node.kt(['consumer-groups', ...server, '--describe', '--group', 'clerks'])
    const offsets = table(described.stdout).map((row) => `${row.TOPIC}-${row.PARTITION} ${row['CURRENT-OFFSET']}`)
    return { records: consumed.stdout.split('\n').slice(0, -1).sort(), offsets }
  }

  async function untilServed(server: ChildProcess, bootstrapServers: string): Promise<void> {
    const leads = async (): Promise<string> => {
      expect(server.exitCode, 'Apache Kafka ended').toBeNull()
      return (await node.kt(['topics', '--bootstrap-server', bootstrapServers, '--describe', '--topic', 'orders']))
        .stdout
    }
    await expect.poll(leads, { timeout: 60_000, interval: 1_000 }).toContain('Partition: 1\tLeader: 1')
  }
})

const RETENTION = ['--add-config', 'retention.ms=86400000']

function terminated(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve()
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  return exit
}
