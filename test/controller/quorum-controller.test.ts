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
import { errorName, type KafkaError } from '../../src/protocol/error-codes.ts'
import { metadata } from '../../src/protocol/messages/03-metadata.ts'
import { createTopics } from '../../src/protocol/messages/19-create-topics.ts'
import { deleteTopics } from '../../src/protocol/messages/20-delete-topics.ts'
import { incrementalAlterConfigs } from '../../src/protocol/messages/44-incremental-alter-configs.ts'
import { listPartitionReassignments } from '../../src/protocol/messages/46-list-partition-reassignments.ts'
import { alterPartition } from '../../src/protocol/messages/56-alter-partition.ts'
import { updateFeatures } from '../../src/protocol/messages/57-update-features.ts'
import { brokerRegistration } from '../../src/protocol/messages/62-broker-registration.ts'
import { brokerHeartbeat } from '../../src/protocol/messages/63-broker-heartbeat.ts'
import { unregisterBroker } from '../../src/protocol/messages/64-unregister-broker.ts'
import { allocateProducerIds } from '../../src/protocol/messages/67-allocate-producer-ids.ts'
import { FEATURE_RANGES, feature, uuidOf } from '../metadata/support.ts'
import { DIRECTORY_ID, MemoryLog, scratchDirectory } from '../raft/support.ts'
import { ManualClock, settled } from '../support/manual-clock.ts'
import { MemoryTimeline } from '../support/memory-timeline.ts'
import { beat, type Harness, register, registrationRequest, serve, startController } from './harness.ts'
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

const registerNode = (node: Node, incarnation = 1, previousBrokerEpoch = -1n) =>
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

const beatNode = (node: Node, brokerEpoch: bigint, extra: { wantShutDown?: boolean; offset?: number } = {}) =>
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
  const { brokerEpoch } = await registerNode(node)
  await beatNode(node, brokerEpoch!)
  return { ...node, epoch: brokerEpoch! }
}

describe('an active controller', () => {
  it('writes the features of a new cluster, then serves', async () => {
    const node = startNode()
    await node.clock.advance(1)
    expect(node.quorum.controller!.isActive).toBe(true)
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
    expect(await beatNode(node, node.epoch)).toMatchObject({ isFenced: false })
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
    const { brokerEpoch } = await registerNode(node)
    expect(await beatNode(node, brokerEpoch!, { offset: 0 })).toMatchObject({ isFenced: true, isCaughtUp: false })
    expect(await beatNode(node, brokerEpoch!)).toMatchObject({ isFenced: false, isCaughtUp: true })
    expect(node.quorum.image.brokers.get(1)!.fenced).toBe(false)
  })

  it('must register before they send heartbeats', async () => {
    const node = startNode()
    expect(errorName((await beatNode(node, 5n)).errorCode!)).toBe('STALE_BROKER_EPOCH')
  })

  it('are fenced when they fall silent', async () => {
    const node = await startServing()
    await carried(node, create(node, 't'))
    await node.clock.advance(12_000)
    expect(node.quorum.image.brokers.get(1)!.fenced).toBe(true)
    const id = node.quorum.image.topicsByName.get('t')!
    expect(id.partitions.get(0)).toMatchObject({ leader: -1, elr: [1] })
    await beatNode(node, node.epoch)
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
    expect((await beatNode(node, node.epoch, { wantShutDown: true })).shouldShutDown).toBe(false)
    expect((await beatNode(node, node.epoch, { wantShutDown: true })).shouldShutDown).toBe(true)
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
    expect(errorName((await registerNode(after, 2)).errorCode!)).toBe('DUPLICATE_BROKER_REGISTRATION')
    await after.clock.advance(12_000)
    expect((await registerNode(after, 2)).errorCode).toBe(0)
    const own = startNode((await startServing()).log.crash(), { hasBroker: true })
    expect((await registerNode(own, 2)).errorCode).toBe(0)
  })

  it('after a kill brings every partition back under its leader', async () => {
    const node = await startServing(undefined, { hasBroker: true })
    await carried(node, create(node, 't'))
    const after = startNode(node.log.crash(), { hasBroker: true })
    const { brokerEpoch } = await registerNode(after, 2)
    await beatNode(after, brokerEpoch!)
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
    expect(node.quorum.controller!.isActive).toBe(false)
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

describe('brokers on other nodes', () => {
  const SESSION_MS = 9_000
  const isFenced = (cluster: Harness, id: number): boolean => cluster.image.brokers.get(id)!.fenced
  const makeTopic = async (cluster: Harness, replicas: readonly (readonly number[])[]): Promise<void> => {
    const assignments = replicas.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds: [...brokerIds] }))
    const topics = [{ name: 't', numPartitions: -1, replicationFactor: -1, assignments, configs: [] }]
    const answer = await cluster.send(createTopics, 7, { topics, timeoutMs: 1, validateOnly: false })
    expect(answer.topics![0]!.errorCode).toBe(0)
  }
  const partition = (cluster: Harness, index = 0) => cluster.image.topicsByName.get('t')!.partitions.get(index)!
  const codeOf = async (sent: Promise<unknown>): Promise<string> => {
    const answer = (await sent.catch((error: KafkaError) => ({ errorCode: error.code }))) as { errorCode: number }
    return errorName(answer.errorCode)
  }

  it('are fenced when their time is up, to the millisecond', async () => {
    const cluster = startController()
    const epochs = await serve(cluster, 1, 2, 3)
    await makeTopic(cluster, [
      [1, 2, 3],
      [2, 3, 1],
    ])
    await cluster.clock.advance(1_000)
    for (const id of [2, 3]) await beat(cluster, id, epochs.get(id)!)
    await cluster.clock.advance(SESSION_MS - 1_001)
    expect(isFenced(cluster, 1)).toBe(false)
    await cluster.clock.advance(1)
    expect([isFenced(cluster, 1), isFenced(cluster, 2)]).toEqual([true, false])
    expect(partition(cluster)).toMatchObject({ leader: 2, isr: [2, 3], leaderEpoch: 1 })
    expect(partition(cluster, 1)).toMatchObject({ leader: 2, isr: [2, 3], leaderEpoch: 0 })
    await beat(cluster, 1, epochs.get(1)!)
    expect(isFenced(cluster, 1)).toBe(false)
    expect(partition(cluster)).toMatchObject({ leader: 2, isr: [2, 3] })
  })

  it('that fall silent together are fenced one after the other, each with its effect', async () => {
    const cluster = startController()
    await serve(cluster, 1, 2)
    await makeTopic(cluster, [[1, 2]])
    await cluster.clock.advance(SESSION_MS)
    expect([isFenced(cluster, 1), isFenced(cluster, 2)]).toEqual([true, true])
    expect(partition(cluster)).toMatchObject({ leader: -1, lastKnownElr: [2] })
  })

  it('leave with the first heartbeat that asks for it, as far as leaderships go', async () => {
    const cluster = startController()
    const epochs = await serve(cluster, 1, 2, 3)
    await makeTopic(cluster, [
      [1, 2, 3],
      [1, 3, 2],
    ])
    const ask = () => beat(cluster, 1, epochs.get(1)!, { wantShutDown: true })
    expect(await ask()).toMatchObject({ shouldShutDown: false, isFenced: false })
    expect([partition(cluster).leader, partition(cluster, 1).leader]).toEqual([2, 3])
    expect(partition(cluster).isr).toEqual([2, 3])
    await beat(cluster, 2, epochs.get(2)!)
    expect(await ask()).toMatchObject({ shouldShutDown: false })
    await beat(cluster, 3, epochs.get(3)!)
    expect(await ask()).toMatchObject({ shouldShutDown: true, isFenced: true })
    expect(isFenced(cluster, 1)).toBe(true)
  })

  it('that left in order may come back at once, those that were killed only after their session', async () => {
    const cluster = startController()
    const epochs = await serve(cluster, 1, 2)
    expect(await beat(cluster, 1, epochs.get(1)!, { wantShutDown: true })).toMatchObject({ shouldShutDown: true })
    await register(cluster, 1, 77)
    const again = cluster.send(brokerRegistration, 4, registrationRequest(2, { incarnationId: uuidOf(78) }))
    expect(await codeOf(again)).toBe('DUPLICATE_BROKER_REGISTRATION')
    await cluster.clock.advance(SESSION_MS)
    await register(cluster, 2, 78)
  })

  it('that are unregistered hold nobody back', async () => {
    const cluster = startController()
    const epochs = await serve(cluster, 1, 2, 3)
    await makeTopic(cluster, [[1, 2]])
    await beat(cluster, 1, epochs.get(1)!, { wantShutDown: true })
    await cluster.send(unregisterBroker, 0, { brokerId: 3 })
    expect(await codeOf(beat(cluster, 3, epochs.get(3)!))).toBe('STALE_BROKER_EPOCH')
    await beat(cluster, 2, epochs.get(2)!)
    expect(await beat(cluster, 1, epochs.get(1)!, { wantShutDown: true })).toMatchObject({ shouldShutDown: true })
  })

  it('have a whole session from the moment another controller takes over', async () => {
    const first = startController()
    const epochs = await serve(first, 1, 2)
    await makeTopic(first, [[1, 2]])
    await first.clock.advance(SESSION_MS - 1)
    first.loseLeadership()
    const second = startController({ committed: first.raft.committed, clock: first.clock })
    await first.clock.advance(SESSION_MS - 1)
    await beat(second, 2, epochs.get(2)!)
    await first.clock.advance(1)
    expect([isFenced(second, 1), isFenced(second, 2)]).toEqual([true, false])
    expect(partition(second)).toMatchObject({ leader: 2, isr: [2] })
  })

  it('are not the broker of this process, which is above suspicion only where it is alone', async () => {
    const alone = startController({ colocatedBrokerId: 9 })
    await serve(alone, 9)
    await alone.clock.advance(60_000)
    expect(isFenced(alone, 9)).toBe(false)
    await serve(alone, 1)
    await alone.clock.advance(60_000)
    expect([isFenced(alone, 9), isFenced(alone, 1)]).toEqual([true, true])
    const oneOfThree = startController({ colocatedBrokerId: 9, voters: [7, 8, 9] })
    await serve(oneOfThree, 9)
    await oneOfThree.clock.advance(SESSION_MS)
    expect(isFenced(oneOfThree, 9)).toBe(true)
  })
})

describe('a controller among several', () => {
  it('answers NOT_CONTROLLER for what was not committed when it lost leadership, and forgets it', async () => {
    const cluster = startController()
    await serve(cluster, 1)
    cluster.raft.holds = true
    const topics = [{ name: 't', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }]
    const creation = { topics, timeoutMs: 1, validateOnly: false }
    const written = cluster.send(createTopics, 7, creation).catch((error: Error) => error.message)
    const read = cluster
      .send(listPartitionReassignments, 0, { timeoutMs: 1, topics: null })
      .catch((error: Error) => error.message)
    await settled()
    cluster.loseLeadership()
    expect(await written).toContain('not the correct controller')
    expect(await read).toMatchObject({ errorCode: 41 })
    await expect(cluster.send(createTopics, 7, creation)).rejects.toThrow('not the correct controller')
    cluster.raft.holds = false
    cluster.lead()
    expect((await cluster.send(createTopics, 7, creation)).topics![0]!.errorCode).toBe(0)
  })

  it('does nothing more from time to time, nor fences, once it has lost leadership', async () => {
    const cluster = startController()
    await serve(cluster, 1)
    cluster.loseLeadership()
    expect(cluster.clock.timerCount).toBe(0)
  })

  it('survives that leadership is lost before it is told', async () => {
    const cluster = startController()
    await serve(cluster, 1, 2)
    cluster.raft.refuses = true
    await cluster.clock.advance(20_000)
    expect(cluster.image.brokers.get(1)!.fenced).toBe(false)
    expect(cluster.controller.isActive).toBe(true)
  })

  it('lets the quorum raise kraft.version', async () => {
    const cluster = startController()
    const raised: [number, number, boolean][] = []
    cluster.raft.upgradeKraftVersion = (epoch, level, validateOnly) => raised.push([epoch, level, validateOnly])
    const featureUpdates = [{ feature: 'kraft.version', maxVersionLevel: 1, allowDowngrade: false, upgradeType: 1 }]
    const answer = await cluster.send(updateFeatures, 2, { timeoutMs: 1, featureUpdates, validateOnly: false })
    const looked = [1, 1, true]
    expect([answer.errorCode, raised]).toEqual([0, [looked, [1, 1, false]]])
    expect(cluster.kinds().at(-1)).toBe('noOpRecord')
  })
})

describe('leaders over time', () => {
  const TOPIC = { name: 't', numPartitions: -1, replicationFactor: -1, configs: [] }
  const started = async (options: Parameters<typeof startController>[0] = {}) => {
    const cluster = startController(options)
    const epochs = await serve(cluster, 1, 2)
    const topics = [{ ...TOPIC, assignments: [{ partitionIndex: 0, brokerIds: [1, 2] }] }]
    await cluster.send(createTopics, 7, { topics, timeoutMs: 1, validateOnly: false })
    const keepAlive = async (ms: number, ...ids: number[]): Promise<void> => {
      for (let passed = 0; passed < ms; passed += 2_000) {
        for (const id of ids) await beat(cluster, id, epochs.get(id)!)
        await cluster.clock.advance(2_000)
      }
    }
    const partition = () => cluster.image.topicsByName.get('t')!.partitions.get(0)!
    const tellIsr = async (...isr: number[]): Promise<void> => {
      const { leader, leaderEpoch, partitionEpoch } = partition()
      const newIsrWithEpochs = isr.map((brokerId) => ({ brokerId, brokerEpoch: -1n }))
      const told = {
        partitionIndex: 0,
        leaderEpoch,
        partitionEpoch,
        newIsr: [],
        newIsrWithEpochs,
        leaderRecoveryState: 0,
      }
      const { id: topicId } = cluster.image.topicsByName.get('t')!
      const request = { brokerId: leader, brokerEpoch: epochs.get(leader)!, topics: [{ topicId, partitions: [told] }] }
      const answer = await cluster.send(alterPartition, 3, request)
      expect(answer.topics![0]!.partitions![0]!.errorCode).toBe(0)
    }
    return { cluster, epochs, keepAlive, partition, tellIsr }
  }

  it('go back to the preferred replica within leader.imbalance.check.interval.seconds', async () => {
    const { cluster, epochs, keepAlive, partition, tellIsr } = await started()
    await keepAlive(12_000, 2)
    expect(partition()).toMatchObject({ leader: 2, isr: [2] })
    await beat(cluster, 1, epochs.get(1)!)
    await tellIsr(2, 1)
    await keepAlive(200_000, 1, 2)
    expect(partition().leader).toBe(2)
    await keepAlive(100_000, 1, 2)
    expect(partition()).toMatchObject({ leader: 1, isr: [2, 1] })
  })

  it('stay where they are when told so', async () => {
    const { cluster, epochs, keepAlive, partition, tellIsr } = await started({
      config: { 'auto.leader.rebalance.enable': 'false' },
    })
    await keepAlive(12_000, 2)
    await beat(cluster, 1, epochs.get(1)!)
    await tellIsr(2, 1)
    await keepAlive(400_000, 1, 2)
    expect(partition().leader).toBe(2)
  })

  it('come from out of sync as soon as a topic allows it', async () => {
    const { cluster, epochs, keepAlive, partition, tellIsr } = await started({
      bootstrap: [feature('metadata.version', 30)],
    })
    await tellIsr(1)
    await keepAlive(12_000, 2)
    expect(partition()).toMatchObject({ leader: -1, isr: [1] })
    const configs = [{ name: 'unclean.leader.election.enable', configOperation: 0, value: 'true' }]
    const resources = [{ resourceType: 2, resourceName: 't', configs }]
    await cluster.send(incrementalAlterConfigs, 1, { resources, validateOnly: false })
    expect(partition()).toMatchObject({ leader: 2, isr: [2], leaderRecoveryState: 1 })
    expect((await beat(cluster, 1, epochs.get(1)!)).isFenced).toBe(false)
    expect(partition().leader).toBe(2)
  })
})

describe('the timeline', () => {
  it('has the records that are written and when they are committed', async () => {
    const timeline = new MemoryTimeline()
    const node = startNode(undefined, { timeline })
    await node.clock.advance(1)
    timeline.take()
    await registerNode(node)
    const [written, committed] = timeline.take()
    expect(written).toMatchObject({ type: 'metadata', step: 'written', records: ['RegisterBrokerRecord broker 1'] })
    expect(committed).toEqual({ ...written, step: 'committed' })
    await node.quorum.close()
  })
})
