/**
 * The referee on our metadata: Apache's tools read the log and the snapshots this node writes, its formatter writes the
 * bytes ours writes, Apache Kafka itself starts on our directory, and we start on one it has left.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { nodeFileSystem } from '../../src/base/file-system.ts'
import { silentLogger } from '../../src/base/logger.ts'
import { METADATA_TOPIC_ID, randomUuid } from '../../src/base/uuid.ts'
import { type MetadataQuorum, metadataLogConfig, startMetadataQuorum } from '../../src/controller/metadata-quorum.ts'
import { LogManager } from '../../src/log/log-manager.ts'
import { readMetaProperties } from '../../src/log/meta-properties.ts'
import { NodeConfig } from '../../src/metadata/config/node-config.ts'
import { formatDirectory } from '../../src/metadata/format.ts'
import { createTopics } from '../../src/protocol/messages/19-create-topics.ts'
import { incrementalAlterConfigs } from '../../src/protocol/messages/44-incremental-alter-configs.ts'
import { brokerRegistration } from '../../src/protocol/messages/62-broker-registration.ts'
import { brokerHeartbeat } from '../../src/protocol/messages/63-broker-heartbeat.ts'
import { AT, LOG_OVERHEAD_BYTES } from '../../src/protocol/records/record-batch.ts'
import { batchHeaders } from '../../src/raft/batch-reader.ts'
import { snapshotName } from '../../src/raft/snapshot-files.ts'
import type { Voter } from '../../src/raft/voters.ts'
import { FEATURE_RANGES } from '../metadata/support.ts'
import { scratchDirectory } from '../raft/support.ts'
import { apacheKafkaHome, freePorts, runScript } from '../support/apache-kafka.ts'

const home = await apacheKafkaHome()
const servers: ChildProcess[] = []
afterAll(() => {
  for (const server of servers) server.kill('SIGKILL')
})

const CLUSTER_ID = 'kkkkkkkkQkCkkkkkkkkkkw'

interface Ports {
  readonly broker: number
  readonly controller: number
}

const voterOf = (directoryId: string, port: number): Voter => ({
  id: 1,
  directoryId,
  endpoints: [{ name: 'CONTROLLER', host: '127.0.0.1', port }],
  kraftVersions: { min: 0, max: 1 },
})

function writeProperties(directory: string, data: string, ports: Ports): string {
  const file = path.join(directory, 'server.properties')
  const lines = [
    'node.id=1',
    'process.roles=broker,controller',
    `listeners=PLAINTEXT://127.0.0.1:${ports.broker},CONTROLLER://127.0.0.1:${ports.controller}`,
    'controller.listener.names=CONTROLLER',
    `controller.quorum.bootstrap.servers=127.0.0.1:${ports.controller}`,
    'offsets.topic.replication.factor=1',
    `log.dirs=${data}`,
  ]
  fs.writeFileSync(file, `${lines.join('\n')}\n`)
  return file
}

interface Node {
  readonly quorum: MetadataQuorum
  close(): void
}

async function openNode(data: string, ports: Ports): Promise<Node> {
  const config = new NodeConfig({ 'node.id': '1' })
  const meta = readMetaProperties(nodeFileSystem, data)!
  const logs = await LogManager.open({ directory: data, configFor: () => metadataLogConfig(config) })
  const quorum = startMetadataQuorum({
    nodeId: 1,
    clusterId: meta.clusterId,
    directoryId: meta.directoryId,
    config,
    log: logs.getOrCreate('__cluster_metadata', 0, METADATA_TOPIC_ID, metadataLogConfig(config)),
    logDirectory: data,
    endpoints: [{ name: 'CONTROLLER', host: '127.0.0.1', port: ports.controller, securityProtocol: 0 }],
    isController: true,
    peers: null,
    hasBroker: true,
    files: nodeFileSystem,
    clock: systemClock,
    logger: silentLogger,
    onFatal: (error) => {
      throw error
    },
  })
  return {
    quorum,
    close() {
      quorum.close()
      logs.close()
    },
  }
}

const context = () => ({ principal: 'User:ANONYMOUS', clientId: null, deadlineMs: systemClock.monotonic() + 10_000 })

async function register({ quorum }: Node, directoryId: string, port: number): Promise<bigint> {
  const { brokerEpoch, errorCode } = await quorum.controller!.send(
    brokerRegistration,
    4,
    {
      brokerId: 1,
      clusterId: CLUSTER_ID,
      incarnationId: randomUuid(),
      listeners: [{ name: 'PLAINTEXT', host: '127.0.0.1', port, securityProtocol: 0 }],
      features: FEATURE_RANGES,
      rack: null,
      isMigratingZkBroker: false,
      logDirs: [directoryId],
      previousBrokerEpoch: -1n,
    },
    context(),
  )
  expect(errorCode).toBe(0)
  return brokerEpoch!
}

const heartbeat = ({ quorum }: Node, brokerEpoch: bigint, wantShutDown: boolean) =>
  quorum.controller!.send(
    brokerHeartbeat,
    2,
    {
      brokerId: 1,
      brokerEpoch,
      currentMetadataOffset: BigInt(quorum.image.offset),
      wantFence: false,
      wantShutDown,
      offlineLogDirs: [],
      cordonedLogDirs: [],
    },
    context(),
  )

async function create({ quorum }: Node, name: string, numPartitions: number): Promise<void> {
  const configs = [{ name: 'retention.ms', value: '86400000' }]
  const topics = [{ name, numPartitions, replicationFactor: 1, assignments: [], configs }]
  const request = { topics, timeoutMs: 10_000, validateOnly: false }
  const { topics: results } = await quorum.controller!.send(createTopics, 7, request, context())
  expect(results![0]!.errorCode).toBe(0)
}

/** A directory our node has worked in and left in order, with a snapshot half-way. */
async function ourDirectory(ports: Ports): Promise<{ directory: string; data: string; snapshot: string }> {
  const directory = scratchDirectory()
  const data = path.join(directory, 'data')
  const directoryId = randomUuid()
  formatDirectory(nodeFileSystem, {
    directory: data,
    clusterId: CLUSTER_ID,
    nodeId: 1,
    directoryId,
    initialVoters: new Map([[1, voterOf(directoryId, ports.controller)]]),
    nowMs: Date.now(),
  })
  const node = await openNode(data, ports)
  const epoch = await register(node, directoryId, ports.broker)
  await heartbeat(node, epoch, false)
  await create(node, 'before-snapshot', 3)
  const snapshot = snapshotName(node.quorum.snapshots.writeNow(node.quorum.image, Date.now()))
  await create(node, 'after-snapshot', 1)
  const configs = [{ name: 'num.io.threads', configOperation: 0, value: '4' }]
  const resources = [{ resourceType: 4, resourceName: '', configs }]
  await node.quorum.controller!.send(incrementalAlterConfigs, 1, { resources, validateOnly: false }, context())
  await heartbeat(node, epoch, true)
  await heartbeat(node, epoch, true)
  node.close()
  return { directory, data, snapshot }
}

describe.skipIf(home === null)('Apache’s tools on our metadata', () => {
  it('kafka-dump-log reads log and snapshot without complaint', async () => {
    const { data, snapshot } = await ourDirectory({ broker: 1, controller: 2 })
    const inLog = path.join(data, '__cluster_metadata-0')
    const files = ['00000000000000000000.log', snapshot, '00000000000000000000-0000000000.checkpoint']
    const list = [...files.map((file) => path.join(inLog, file)), path.join(data, 'bootstrap.checkpoint')].join(',')
    const { stdout, stderr, code } = await runScript(home!, 'kafka-dump-log', [
      '--cluster-metadata-decoder',
      '--files',
      list,
    ])
    expect([code, stderr.trim()]).toEqual([0, ''])
    expect(stdout).not.toMatch(/isvalid: false|Could not|Exception|missing/i)
    const types = new Set(
      [...stdout.matchAll(/"type":"(\w+)","version":(\d)/g)].map(([, type, version]) => `${type} ${version}`),
    )
    for (const expected of [
      'REGISTER_BROKER_RECORD 4',
      'REGISTER_CONTROLLER_RECORD 0',
      'BROKER_REGISTRATION_CHANGE_RECORD 0',
      'BROKER_REGISTRATION_CHANGE_RECORD 1',
      'BROKER_REGISTRATION_CHANGE_RECORD 3',
      'TOPIC_RECORD 0',
      'PARTITION_RECORD 2',
      'PARTITION_CHANGE_RECORD 2',
      'CONFIG_RECORD 0',
      'FEATURE_LEVEL_RECORD 0',
    ]) {
      expect(types).toContain(expected)
    }
    expect(stdout).toContain('"name":"before-snapshot"')
    for (const control of ['LeaderChange', 'KRaftVersion', 'KRaftVoters', 'SnapshotHeader', 'SnapshotFooter']) {
      expect(stdout).toContain(control)
    }
  })

  it('kafka-metadata-shell finds topics in our snapshot', async () => {
    const { data, snapshot } = await ourDirectory({ broker: 1, controller: 2 })
    const file = path.join(data, '__cluster_metadata-0', snapshot)
    const { stdout } = await runScript(home!, 'kafka-metadata-shell', [
      '--snapshot',
      file,
      'ls',
      '/image/topics/byName',
    ])
    expect(stdout).toContain('before-snapshot')
    expect(stdout).not.toContain('after-snapshot')
  })

  it('kafka-storage format writes the bytes we write', async () => {
    const ports = { broker: 9092, controller: 9093 }
    const directory = scratchDirectory()
    const theirs = path.join(directory, 'theirs')
    const properties = writeProperties(directory, theirs, ports)
    const { code } = await runScript(home!, 'kafka-storage', [
      'format',
      '--standalone',
      '-t',
      CLUSTER_ID,
      '-c',
      properties,
    ])
    expect(code).toBe(0)
    const { directoryId } = readMetaProperties(nodeFileSystem, theirs)!
    const ours = path.join(directory, 'ours')
    formatDirectory(nodeFileSystem, {
      directory: ours,
      clusterId: CLUSTER_ID,
      nodeId: 1,
      directoryId,
      initialVoters: new Map([[1, voterOf(directoryId, ports.controller)]]),
      nowMs: Date.now(),
    })
    for (const file of ['bootstrap.checkpoint', '__cluster_metadata-0/00000000000000000000-0000000000.checkpoint']) {
      expect(timeless(path.join(ours, file)), file).toBe(timeless(path.join(theirs, file)))
    }
    expect(fs.readdirSync(ours, { recursive: true }).sort()).toEqual(fs.readdirSync(theirs, { recursive: true }).sort())
  })
})

/** A snapshot's bytes without what time puts into them: batch timestamps, checksums, the header's timestamp. */
function timeless(file: string): string {
  const bytes = fs.readFileSync(file)
  for (const { at, header } of batchHeaders(bytes)) {
    bytes.fill(0, at + AT.baseTimestamp, at + AT.producerId)
    bytes.fill(0, at + AT.crc, at + AT.attributes)
    expect(header.sizeInBytes).toBeGreaterThan(LOG_OVERHEAD_BYTES)
  }
  // The first record is the snapshot header: length, attributes, deltas, key (5 bytes), value length, version, timestamp.
  const timestamp = AT.records + 4 + 5 + 1 + 2
  return bytes.fill(0, timestamp, timestamp + 8).toString('hex')
}

describe.skipIf(home === null)('Apache Kafka and our node on the same directory', () => {
  it('take turns', async () => {
    const [broker, controller] = (await freePorts(2)) as [number, number]
    const ports = { broker, controller }
    const { directory, data } = await ourDirectory(ports)
    const properties = writeProperties(directory, data, ports)
    const script = path.join(home!, 'bin', 'kafka-server-start.sh')
    const server = spawn(script, [properties], { stdio: 'ignore' })
    const ended = new Promise((resolve) => server.on('exit', resolve))
    servers.push(server)
    const topics = (...args: string[]) =>
      runScript(home!, 'kafka-topics', ['--bootstrap-server', `127.0.0.1:${broker}`, ...args])
    const described = await untilUp(() => topics('--describe', '--topic', 'after-snapshot'))
    expect(described).toContain('retention.ms=86400000')
    expect(described).toMatch(/Partition: 0\tLeader: 1\tReplicas: 1\tIsr: 1/)
    expect((await topics('--create', '--topic', 'theirs', '--partitions', '2')).code).toBe(0)
    server.kill('SIGTERM')
    await ended
    const node = await openNode(data, ports)
    expect([...node.quorum.image.topicsByName.keys()].sort()).toEqual(['after-snapshot', 'before-snapshot', 'theirs'])
    expect(node.quorum.image.configs.get('4:')?.get('num.io.threads')).toBe('4')
    expect(node.quorum.raft.epoch).toBe(3)
    node.close()
  })
})

/** Tries until a broker answers; the admin client waits a minute by itself. */
async function untilUp(step: () => Promise<{ stdout: string; code: number }>): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    const { stdout, code } = await step()
    if (code === 0 || attempt === 3) return stdout
  }
}
