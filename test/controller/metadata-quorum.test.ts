/** The whole over a real log in a formatted directory. */
import * as fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { nodeFileSystem } from '../../src/base/file-system.ts'
import { silentLogger } from '../../src/base/logger.ts'
import { seededRandom } from '../../src/base/random.ts'
import { METADATA_TOPIC_ID } from '../../src/base/uuid.ts'
import { metadataLogConfig, startMetadataQuorum } from '../../src/controller/metadata-quorum.ts'
import { LogManager } from '../../src/log/log-manager.ts'
import { NodeConfig } from '../../src/metadata/config/node-config.ts'
import { formatDirectory } from '../../src/metadata/format.ts'
import type { MetadataImage } from '../../src/metadata/types.ts'
import { incrementalAlterConfigs } from '../../src/protocol/messages/44-incremental-alter-configs.ts'
import { DIRECTORY_ID, scratchDirectory, voterSet } from '../raft/support.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { CLUSTER_ID } from './support.ts'

const config = new NodeConfig({ 'node.id': '1' })

async function openNode(directory: string) {
  const clock = new ManualClock()
  const logs = await LogManager.open({ directory, clock, configFor: () => metadataLogConfig(config) })
  const log = logs.getOrCreate('__cluster_metadata', 0, METADATA_TOPIC_ID, metadataLogConfig(config))
  const quorum = startMetadataQuorum({
    nodeId: 1,
    clusterId: CLUSTER_ID,
    directoryId: DIRECTORY_ID,
    config,
    log,
    logDirectory: directory,
    endpoints: [{ name: 'CONTROLLER', host: 'localhost', port: 9093, securityProtocol: 0 }],
    isController: true,
    peers: null,
    hasBroker: true,
    files: nodeFileSystem,
    clock,
    logger: silentLogger,
    random: seededRandom(1),
    onFatal: (error) => {
      throw error
    },
  })
  const close = async (): Promise<void> => {
    quorum.close()
    await logs.close()
  }
  return { quorum, clock, log, close }
}

function formatted(): string {
  const directory = `${scratchDirectory()}/data`
  formatDirectory(nodeFileSystem, {
    directory,
    clusterId: CLUSTER_ID,
    nodeId: 1,
    directoryId: DIRECTORY_ID,
    initialVoters: voterSet(1),
    nowMs: 1,
  })
  return directory
}

async function setDefault(node: Awaited<ReturnType<typeof openNode>>, value: string): Promise<void> {
  const configs = [{ name: 'message.max.bytes', configOperation: 0, value }]
  const resources = [{ resourceType: 4, resourceName: '', configs }]
  const context = { principal: 'User:ANONYMOUS', clientId: null, deadlineMs: node.clock.monotonic() + 1_000 }
  const sent = node.quorum.controller!.send(incrementalAlterConfigs, 1, { resources, validateOnly: false }, context)
  const [answer] = await Promise.all([sent, node.clock.advance(1)])
  expect(answer.responses![0]!.errorCode).toBe(0)
}

const largest = (image: MetadataImage) => image.configs.get('4:')?.get('message.max.bytes')

describe('a node’s metadata quorum', () => {
  it('starts on a formatted directory, and again, with everything it knew', async () => {
    const directory = formatted()
    const first = await openNode(directory)
    await setDefault(first, '3')
    expect(first.quorum.raft.kraftVersion).toBe(1)
    expect(first.quorum.image.controllers.get(1)?.endpoints).toHaveLength(1)
    await first.close()
    const second = await openNode(directory)
    expect(second.quorum.raft.epoch).toBe(2)
    expect(largest(second.quorum.image)).toBe('3')
    await setDefault(second, '4')
    second.quorum.snapshots.writeNow(second.quorum.image, 7)
    await setDefault(second, '5')
    await second.close()
    const third = await openNode(directory)
    expect(largest(third.quorum.image)).toBe('5')
    const voter = third.quorum.raft.voters.get(1)!
    // The leader has told the voters where it listens now.
    expect([voter.directoryId, voter.endpoints[0]!.port]).toEqual([DIRECTORY_ID, 9093])
    await third.close()
  })

  it('finds everything committed after a kill', async () => {
    const directory = formatted()
    const first = await openNode(directory)
    await setDefault(first, '3')
    // The files as a killed process leaves them: nothing was closed, nothing said goodbye.
    const copy = `${scratchDirectory()}/data`
    fs.cpSync(directory, copy, { recursive: true })
    fs.rmSync(`${copy}/.lock`, { force: true })
    await first.close()
    const second = await openNode(copy)
    expect(largest(second.quorum.image)).toBe('3')
    await second.close()
  })

  it('survives a torn tail', async () => {
    const directory = formatted()
    const first = await openNode(directory)
    await setDefault(first, '3')
    await setDefault(first, '4')
    await first.close()
    fs.rmSync(`${directory}/.kafka_cleanshutdown`)
    const segment = `${directory}/__cluster_metadata-0/00000000000000000000.log`
    fs.truncateSync(segment, fs.statSync(segment).size - 3)
    const second = await openNode(directory)
    expect(largest(second.quorum.image)).toBe('3')
    await setDefault(second, '9')
    expect(largest(second.quorum.image)).toBe('9')
    await second.close()
  })

  it('brings a late publisher up to date', async () => {
    const node = await openNode(formatted())
    await setDefault(node, '3')
    const seen: (string | undefined)[] = []
    node.quorum.addPublisher({ name: 'late', onMetadataUpdate: (_, image) => seen.push(largest(image)) })
    await setDefault(node, '4')
    await node.close()
    expect(seen).toEqual(['3', '4'])
  })
})
