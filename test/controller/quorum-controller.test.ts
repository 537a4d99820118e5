/** The controller over a log in memory: commit before answer, soft state, leadership. */
import { describe, expect, it } from 'vitest'
import { nodeFileSystem } from '../../src/base/file-system.ts'
import { silentLogger } from '../../src/base/logger.ts'
import { seededRandom } from '../../src/base/random.ts'
import {
  type MetadataQuorum,
  type MetadataQuorumOptions,
  startMetadataQuorum,
} from '../../src/controller/metadata-quorum.ts'
import { NodeConfig } from '../../src/metadata/config/node-config.ts'
import { errorName } from '../../src/protocol/error-codes.ts'
import { metadata } from '../../src/protocol/messages/03-metadata.ts'
import { createTopics } from '../../src/protocol/messages/19-create-topics.ts'
import { deleteTopics } from '../../src/protocol/messages/20-delete-topics.ts'
import { brokerRegistration } from '../../src/protocol/messages/62-broker-registration.ts'
import { brokerHeartbeat } from '../../src/protocol/messages/63-broker-heartbeat.ts'
import { unregisterBroker } from '../../src/protocol/messages/64-unregister-broker.ts'
import { allocateProducerIds } from '../../src/protocol/messages/67-allocate-producer-ids.ts'
import { FEATURE_RANGES, uuidOf } from '../metadata/support.ts'
import { DIRECTORY_ID, MemoryLog, scratchDirectory } from '../raft/support.ts'
import { ManualClock, settled } from '../support/manual-clock.ts'
import { CLUSTER_ID } from './support.ts'

interface Node {
  readonly quorum: MetadataQuorum
  readonly clock: ManualClock
  readonly log: MemoryLog
  readonly fatal: unknown[]
}

function startNode(log = new MemoryLog(scratchDirectory()), options: Partial<MetadataQuorumOptions> = {}): Node {
  const clock = new ManualClock()
  const fatal: unknown[] = []
  const quorum = startMetadataQuorum({
    nodeId: 1,
    clusterId: CLUSTER_ID,
    directoryId: DIRECTORY_ID,
    config: new NodeConfig({ 'node.id': '1' }),
    log,
    logDirectory: log.directory,
    endpoints: [],
    isController: true,
    peers: null,
    hasBroker: false,
    files: nodeFileSystem,
    clock,
    logger: silentLogger,
    random: seededRandom(3),
    onFatal: (error) => fatal.push(error),
    ...options,
  })
  return { quorum, clock, log, fatal }
}

const context = (node: Node, deadlineMs = node.clock.monotonic() + 60_000) => ({
  principal: 'User:ANONYMOUS',
  clientId: null,
  deadlineMs,
})

/** Sends and lets the flush happen. */
async function carried<T>(node: Node, sent: Promise<T>): Promise<T> {
  const [answer] = await Promise.all([sent, node.clock.advance(1)])
  return answer
}

const register = (node: Node, incarnation = 1, previousBrokerEpoch = -1n) =>
  carried(
    node,
    node.quorum.controller!.send(
      brokerRegistration,
      4,
      {
        brokerId: 1,
        clusterId: CLUSTER_ID,
        incarnationId: uuidOf(incarnation),
        listeners: [{ name: 'PLAINTEXT', host: 'h', port: 9092, securityProtocol: 0 }],
        features: FEATURE_RANGES,
        rack: null,
        isMigratingZkBroker: false,
        logDirs: [uuidOf(901)],
        previousBrokerEpoch,
      },
      context(node),
    ),
  )

const beat = (node: Node, brokerEpoch: bigint, extra: { wantShutDown?: boolean; offset?: number } = {}) =>
  carried(
    node,
    node.quorum.controller!.send(
      brokerHeartbeat,
      2,
      {
        brokerId: 1,
        brokerEpoch,
        currentMetadataOffset: BigInt(extra.offset ?? node.quorum.image.offset),
        wantFence: false,
        wantShutDown: extra.wantShutDown ?? false,
        offlineLogDirs: [],
        cordonedLogDirs: null,
      },
      context(node),
    ),
  )

const create = (node: Node, name: string) =>
  node.quorum.controller!.send(
    createTopics,
    7,
    {
      topics: [{ name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }],
      timeoutMs: 1_000,
      validateOnly: false,
    },
    context(node),
  )

/** A node with its broker in service. */
async function startServing(
  log?: MemoryLog,
  options?: Partial<MetadataQuorumOptions>,
): Promise<Node & { epoch: bigint }> {
  const node = startNode(log, options)
  const { brokerEpoch } = await register(node)
  await beat(node, brokerEpoch!)
  return { ...node, epoch: brokerEpoch! }
}

describe('an active controller', () => {
  it('writes the features of a new cluster, then serves', async () => {
    const node = startNode()
    await node.clock.advance(1)
    expect(node.quorum.controller.isActive).toBe(true)
    expect(node.quorum.image.features.get('metadata.version')).toBe(30)
    expect(node.quorum.image.configs.get('4:')?.get('min.insync.replicas')).toBe('1')
  })

  it('answers only when the records are on disk', async () => {
    const node = await startServing()
    let answered = false
    const sent = create(node, 'a').then((answer) => {
      answered = true
      return answer
    })
    await settled()
    expect([answered, node.quorum.image.topicsByName.has('a')]).toEqual([false, false])
    await node.clock.advance(1)
    await sent
    expect([answered, node.quorum.image.topicsByName.has('a')]).toEqual([true, true])
  })

  it('builds on what is not committed yet, and does not tell of it before it is', async () => {
    const node = await startServing()
    const first = create(node, 'a')
    let refused = false
    const second = create(node, 'a').then((answer) => {
      refused = true
      return answer
    })
    await settled()
    expect(refused).toBe(false)
    await node.clock.advance(1)
    expect((await first).topics![0]!.errorCode).toBe(0)
    expect(errorName((await second).topics![0]!.errorCode!)).toBe('TOPIC_ALREADY_EXISTS')
  })

  it('answers many requests of one turn with one flush', async () => {
    const node = await startServing()
    const flushes = node.log.flushes
    const answers = Promise.all(Array.from({ length: 50 }, (_, index) => create(node, `t${index}`)))
    await node.clock.advance(1)
    await answers
    expect(node.log.flushes).toBe(flushes + 1)
    expect(node.quorum.image.topicsByName.size).toBe(50)
  })

  it('gives error codes of their own to those who have one, and rejects the others', async () => {
    const node = await startServing()
    expect(
      await carried(node, node.quorum.controller!.send(unregisterBroker, 0, { brokerId: 9 }, context(node))),
    ).toEqual({
      errorCode: 102,
      errorMessage: 'Broker ID 9 is not currently registered',
    })
    const ids = { brokerId: 1, brokerEpoch: 99n }
    expect(await carried(node, node.quorum.controller!.send(allocateProducerIds, 0, ids, context(node)))).toEqual({
      errorCode: 77,
    })
    const asked = {
      topics: null,
      allowAutoTopicCreation: false,
      includeClusterAuthorizedOperations: false,
      includeTopicAuthorizedOperations: false,
    }
    await expect(node.quorum.controller!.send(metadata, 9, asked, context(node))).rejects.toThrow(
      'does not serve Metadata',
    )
  })

  it('does not begin what comes too late', async () => {
    const node = startNode()
    const late = context(node, node.clock.monotonic() - 1)
    const request = { topics: [], topicNames: ['a'], timeoutMs: 1 }
    await expect(node.quorum.controller!.send(deleteTopics, 5, request, late)).rejects.toThrow('The request timed out')
  })

  it('keeps an idle log growing, quietly', async () => {
    const node = startNode()
    await node.clock.advance(1)
    const { logEndOffset } = node.quorum.raft
    const flushes = node.log.flushes
    await node.clock.advance(10_000)
    expect(node.quorum.raft.logEndOffset - logEndOffset).toBeGreaterThanOrEqual(19)
    expect(node.log.flushes - flushes).toBeLessThanOrEqual(2)
  })

  it('does not make a heartbeat wait for no-ops', async () => {
    const node = await startServing()
    await node.clock.advance(2_000)
    expect(await beat(node, node.epoch)).toMatchObject({ isFenced: false })
  })

  it('writes no no-ops when told not to', async () => {
    const config = new NodeConfig({ 'node.id': '1', 'metadata.max.idle.interval.ms': '0' })
    const node = startNode(undefined, { config })
    await node.clock.advance(1)
    const { logEndOffset } = node.quorum.raft
    await node.clock.advance(10_000)
    expect(node.quorum.raft.logEndOffset).toBe(logEndOffset)
  })
})

describe('brokers of a controller', () => {
  it('serve once they have read their own registration', async () => {
    const node = startNode()
    const { brokerEpoch } = await register(node)
    expect(await beat(node, brokerEpoch!, { offset: 0 })).toMatchObject({ isFenced: true, isCaughtUp: false })
    expect(await beat(node, brokerEpoch!)).toMatchObject({ isFenced: false, isCaughtUp: true })
    expect(node.quorum.image.brokers.get(1)!.fenced).toBe(false)
  })

  it('must register before they send heartbeats', async () => {
    const node = startNode()
    expect(errorName((await beat(node, 5n)).errorCode!)).toBe('STALE_BROKER_EPOCH')
  })

  it('are fenced when they fall silent', async () => {
    const node = await startServing()
    await carried(node, create(node, 't'))
    await node.clock.advance(12_000)
    expect(node.quorum.image.brokers.get(1)!.fenced).toBe(true)
    const id = node.quorum.image.topicsByName.get('t')!
    expect(id.partitions.get(0)).toMatchObject({ leader: -1, elr: [1] })
    await beat(node, node.epoch)
    expect(node.quorum.image.topicsByName.get('t')!.partitions.get(0)).toMatchObject({ leader: 1, isr: [1] })
  })

  it('of the same process are never taken for dead', async () => {
    const node = await startServing(undefined, { hasBroker: true })
    await node.clock.advance(60_000)
    expect(node.quorum.image.brokers.get(1)!.fenced).toBe(false)
  })

  it('leave in order', async () => {
    const node = await startServing()
    await carried(node, create(node, 't'))
    expect((await beat(node, node.epoch, { wantShutDown: true })).shouldShutDown).toBe(false)
    expect((await beat(node, node.epoch, { wantShutDown: true })).shouldShutDown).toBe(true)
    expect(node.quorum.image.brokers.get(1)!.fenced).toBe(true)
  })
})

describe('a restart', () => {
  it('finds everything again', async () => {
    const node = await startServing()
    await carried(node, create(node, 't'))
    const before = node.quorum.image
    node.quorum.close()
    const again = startNode(node.log.crash())
    await again.clock.advance(1)
    expect(again.quorum.image.topicsByName.get('t')).toEqual(before.topicsByName.get('t'))
    expect(again.quorum.image.features).toEqual(before.features)
    expect(again.quorum.raft.epoch).toBe(2)
  })

  it('does not write the bootstrap records twice', async () => {
    const node = startNode()
    await node.clock.advance(1)
    node.quorum.close()
    const again = startNode(node.log.crash())
    const { logEndOffset } = again.quorum.raft
    await again.clock.advance(1)
    expect(again.quorum.raft.logEndOffset).toBe(logEndOffset)
  })

  it('ends a bootstrap that a crash cut short', async () => {
    const node = startNode()
    // Only the leader change was flushed; what the controller wrote after it is lost with the power.
    const again = startNode(node.log.crash())
    await again.clock.advance(1)
    expect(again.quorum.image.features.get('metadata.version')).toBe(30)
    expect(again.quorum.loader.transactionStartOffset).toBeNull()
  })

  it('after a kill makes a foreign controller wait for the session, its own not', async () => {
    const foreign = await startServing()
    const after = startNode(foreign.log.crash())
    expect(errorName((await register(after, 2)).errorCode!)).toBe('DUPLICATE_BROKER_REGISTRATION')
    await after.clock.advance(12_000)
    expect((await register(after, 2)).errorCode).toBe(0)
    const own = startNode((await startServing()).log.crash(), { hasBroker: true })
    expect((await register(own, 2)).errorCode).toBe(0)
  })

  it('after a kill brings every partition back under its leader', async () => {
    const node = await startServing(undefined, { hasBroker: true })
    await carried(node, create(node, 't'))
    const after = startNode(node.log.crash(), { hasBroker: true })
    const { brokerEpoch } = await register(after, 2)
    await beat(after, brokerEpoch!)
    expect(after.quorum.image.topicsByName.get('t')!.partitions.get(0)).toMatchObject({ leader: 1, isr: [1] })
  })

  it('begins with the newest snapshot', async () => {
    const node = await startServing()
    await carried(node, create(node, 'before'))
    node.quorum.snapshots.writeNow(node.quorum.image, 5)
    await carried(node, create(node, 'after'))
    node.quorum.close()
    node.log.deleteRecordsBefore(node.quorum.raft.logEndOffset - 2)
    const again = startNode(node.log.crash())
    await again.clock.advance(1)
    expect([...again.quorum.image.topicsByName.keys()].sort()).toEqual(['after', 'before'])
  })
})

describe('a controller that no longer leads', () => {
  it('refuses requests and forgets what was not committed', async () => {
    const node = await startServing()
    node.quorum.close()
    expect(node.quorum.controller.isActive).toBe(false)
    await expect(create(node, 'a')).rejects.toThrow('This is not the correct controller')
  })

  it('fails what waits when the disk fails', async () => {
    const node = await startServing()
    const sent = create(node, 'a').catch((error: Error) => error.message)
    node.log.failNextFlush = true
    await node.clock.advance(1)
    expect(await sent).toContain('Disk error')
    expect(node.fatal).toHaveLength(1)
    expect(node.quorum.image.topicsByName.has('a')).toBe(false)
  })
})
