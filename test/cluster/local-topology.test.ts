import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clusterDirectory, nodePaths, openClusterDirectory, readMarker } from '../../src/cluster/cluster-directory.ts'
import { portsOf } from '../../src/cluster/cluster-plan.ts'
import {
  checkWanted,
  completeEarlyNode,
  configuredNodes,
  isEarlyNode,
  isWritten,
  planCluster,
  quorumOf,
  settingsLike,
  type WantedCluster,
  writeCluster,
} from '../../src/cluster/local-topology.ts'
import { withOverrides } from '../../src/cluster/server-properties.ts'
import { checkNodeConfig, NodeConfig } from '../../src/metadata/config/index.ts'
import { parseDynamicVoters } from '../../src/metadata/dynamic-voters.ts'

/** As if nothing ran on this machine. */
const allFree = async () => true
let env: { KT_HOME: string }
beforeEach(() => {
  env = { KT_HOME: fs.mkdtempSync(path.join(os.tmpdir(), 'kt-topology-')) }
})
afterEach(() => fs.rmSync(env.KT_HOME, { recursive: true, force: true }))

async function write(name: string, wanted: WantedCluster = {}): Promise<string> {
  const directory = clusterDirectory(env, name)
  const marker = openClusterDirectory(directory, name)
  const { nodes } = await planCluster(env, name, wanted, allFree)
  writeCluster(directory, marker, nodes, wanted.config ?? new Map())
  return directory
}

describe('a new cluster', () => {
  it('is found again as it was planned, with the voters its controllers are formatted with', async () => {
    const directory = await write('local', { brokers: 2, controllers: 3 })
    const nodes = configuredNodes(directory)
    expect(nodes.map(({ nodeId, roles }) => `${nodeId} ${roles}`)).toEqual([
      '1 broker',
      '2 broker',
      '100 controller',
      '101 controller',
      '102 controller',
    ])
    const marker = readMarker(directory)!
    const voters = parseDynamicVoters(marker.voters!)
    expect(voters.map(({ id, port }) => [id, port])).toEqual([
      [100, 9192],
      [101, 9193],
      [102, 9194],
    ])
    expect(new Set(voters.map(({ directoryId }) => directoryId)).size).toBe(3)
    expect(isWritten(marker, nodes)).toBe(true)
    expect(quorumOf(nodes).value).toBe('127.0.0.1:9192,127.0.0.1:9193,127.0.0.1:9194')
  })

  it('takes the next range of ports when the usual one belongs to another, and says so', async () => {
    await write('local')
    const second = await planCluster(env, 'b', {}, allFree)
    expect(second.nodes.flatMap(portsOf)).toEqual([9292, 9293, 9294, 9392])
    expect(second.note).toBe("ports 9092 and up belong to cluster 'local': this one begins at 9292")
    await write('b')
    expect((await planCluster(env, 'c', {}, allFree)).nodes[0]!.brokerPort).toBe(9492)
    expect((await planCluster(env, 'local', {}, allFree)).note).toBeNull()
    expect((await planCluster(env, 'd', { port: 9092 }, allFree)).nodes[0]!.brokerPort).toBe(9092)
  })

  it('takes the next range where anybody holds a port of the usual one, and says who', async () => {
    const plan = (ports: readonly number[], wanted: WantedCluster = {}) =>
      planCluster(env, 'local', { brokers: 1, ...wanted }, async (_, port) => !ports.includes(port))
    expect(await plan([])).toMatchObject({ nodes: [{ brokerPort: 9092, controllerPort: 9192 }], note: null })
    const second = await plan([9092])
    expect(second).toMatchObject({ nodes: [{ brokerPort: 9292, controllerPort: 9392 }] })
    expect(second.note).toMatch(/^port 9092 is taken.*: this one begins at 9292$/)
    // Of a controller too, and of one range after the other.
    const third = await plan([9192, 9292])
    expect(third.nodes[0]!.brokerPort).toBe(9492)
    expect(third.note).toMatch(/^port 9192 is taken.*, port 9292 is taken.*: this one begins at 9492$/)
    // Whoever asks for a port means it.
    expect((await plan([9092], { port: 9092 })).nodes[0]!.brokerPort).toBe(9092)
  })

  it('takes whatever is free where all usual ranges are taken', async () => {
    const { nodes, note } = await planCluster(env, 'local', { brokers: 1 }, async (_, port) => port === 0)
    expect(nodes[0]!.brokerPort).toBeGreaterThan(13_000)
    expect(note).toMatch(/this one takes ports that are free$/)
  })

  it('tells of an address that is not of this machine', async () => {
    const planned = planCluster(env, 'local', { host: '192.0.2.1' })
    await expect(planned).rejects.toMatchObject({
      kind: 'usage',
      message: '192.0.2.1 is not an address of this machine',
    })
  })

  it('takes free ports when told to', async () => {
    const { nodes } = await planCluster(env, 'local', { port: 0, brokers: 4 })
    expect(new Set(nodes.flatMap(portsOf)).size).toBe(5)
  })

  it('is not whole before its voters are written', async () => {
    const directory = await write('local')
    const { voters: _, ...marker } = readMarker(directory)!
    expect(isWritten(marker, configuredNodes(directory))).toBe(false)
  })

  it('replaces what an interrupted start left', async () => {
    const directory = await write('local', { brokers: 5 })
    const marker = openClusterDirectory(directory, 'local')
    const { nodes } = await planCluster(env, 'local', { brokers: 1 }, allFree)
    writeCluster(directory, marker, nodes, new Map())
    expect(configuredNodes(directory).map(({ nodeId }) => nodeId)).toEqual([1])
  })
})

describe('a cluster that exists', () => {
  it('keeps its counts', async () => {
    const nodes = configuredNodes(await write('local'))
    expect(() => checkWanted('local', nodes, {})).not.toThrow()
    expect(() => checkWanted('local', nodes, { brokers: 3, controllers: 1 })).not.toThrow()
    const refused = (wanted: WantedCluster) => expect(() => checkWanted('local', nodes, wanted))
    refused({ brokers: 4 }).toThrow(expect.objectContaining({ kind: 'conflict', next: 'kt cluster add' }))
    refused({ brokers: 2 }).toThrow(expect.objectContaining({ next: 'kt cluster remove ID' }))
    refused({ controllers: 3 }).toThrow(expect.objectContaining({ next: 'kt cluster reset' }))
  })

  it('sets a broker that joins up like those that are there', async () => {
    const config = new Map([
      ['num.partitions', '4'],
      ['broker.heartbeat.interval.ms', '700'],
    ])
    const [first] = configuredNodes(await write('local', { config }))
    const { defaults, overrides } = settingsLike(first!)
    expect(overrides).toEqual(config)
    expect(defaults.map(({ name }) => name)).toEqual([
      'group.initial.rebalance.delay.ms',
      'log.retention.check.interval.ms',
      'broker.session.timeout.ms',
    ])
  })
})

describe('the one node of an early cluster', () => {
  const EARLY = [
    'process.roles=broker,controller',
    'node.id=1',
    'listeners=PLAINTEXT://127.0.0.1:9092',
    'inter.broker.listener.name=PLAINTEXT',
    'controller.listener.names=CONTROLLER',
    'listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'log.dirs=/k/node-1/data',
    'num.partitions=7',
    '',
  ].join('\n')

  it('is known for one, and gets what it lacks; the rest of its file stays', () => {
    const directory = clusterDirectory(env)
    const marker = openClusterDirectory(directory, 'local')
    const paths = nodePaths(directory, 1)
    fs.mkdirSync(paths.directory)
    fs.writeFileSync(paths.properties, EARLY)
    const [early] = configuredNodes(directory)
    expect(isEarlyNode(early!)).toBe(true)
    expect(isWritten(marker, [early!])).toBe(true)
    fs.writeFileSync(paths.properties, withOverrides(EARLY, completeEarlyNode(early!, 9092, 9192)))
    const [node] = configuredNodes(directory)
    expect(isEarlyNode(node!)).toBe(false)
    expect(isWritten(marker, [node!])).toBe(true)
    expect(node).toMatchObject({ brokerPort: 9092, controllerPort: 9192 })
    expect(node!.properties.get('log.dirs')).toBe('/k/node-1/data')
    expect(node!.properties.get('num.partitions')).toBe('7')
    expect(quorumOf([node!])).toEqual({ name: 'controller.quorum.voters', value: '1@127.0.0.1:9192' })
    expect(() => checkNodeConfig(new NodeConfig(node!.properties))).not.toThrow()
  })
})
