import { describe, expect, it } from 'vitest'
import { KtError } from '../../../src/base/errors.ts'
import type { Admin, ConfigEntry } from '../../../src/client/admin-types.ts'
import { nodeAt, zooTree } from '../../../src/commands/zookeeper-shell/tree.ts'
import { KafkaError } from '../../../src/protocol/error-codes.ts'
import { memoryAdmin, ok, topicOf } from '../../support/memory-admin.ts'

const entry = (name: string, value: string | null, source: ConfigEntry['source']): ConfigEntry => ({
  ...{ name, value, source, isSensitive: value === null, isReadOnly: false, type: 'STRING' },
  ...{ documentation: null, synonyms: [] },
})
const orders = topicOf('orders', ['1:1,2:1,2', '2:2,1:2'])

function cluster(more: Partial<Admin> = {}) {
  return memoryAdmin({
    describeCluster: async () => ({
      clusterId: 'the-cluster',
      controllerId: 2,
      brokers: [
        { id: 10, host: 'b', port: 9093, rack: 'r1' },
        { id: 2, host: 'a', port: 9092, rack: null },
      ],
    }),
    listTopics: async () => [
      { name: 'orders', topicId: 'id-of-orders' as never, isInternal: false },
      { name: 'billing', topicId: 'id-of-billing' as never, isInternal: false },
    ],
    describeTopics: async () => new Map([['orders', ok(orders)]]),
    ...more,
  })
}

async function dataAt(path: string, more: Partial<Admin> = {}): Promise<unknown> {
  const node = await nodeAt(zooTree(cluster(more).admin), path)
  return JSON.parse(await node!.data!())
}
async function namesAt(path: string, more: Partial<Admin> = {}): Promise<string[]> {
  const node = await nodeAt(zooTree(cluster(more).admin), path)
  return [...(await node!.children!()).keys()]
}

describe('the tree of ZooKeeper’s paths', () => {
  it('has the places people looked at', async () => {
    expect(await namesAt('/')).toEqual(
      expect.arrayContaining(['brokers', 'cluster', 'config', 'controller', 'controller_epoch', 'admin']),
    )
    expect(await namesAt('/brokers')).toEqual(['ids', 'seqid', 'topics'])
  })

  it('asks nothing before somebody goes there', async () => {
    const { admin, calls } = cluster()
    await nodeAt(zooTree(admin), '/brokers')
    expect(calls).toEqual([])
  })

  it('knows brokers by id, in order', async () => {
    expect(await namesAt('/brokers/ids')).toEqual(['2', '10'])
    expect(await dataAt('/brokers/ids/10')).toEqual({ host: 'b', port: 9093, rack: 'r1', version: 5 })
    expect(await dataAt('/brokers/ids/2')).toEqual({ host: 'a', port: 9092, version: 5 })
  })

  it('knows topics, their replicas and the state of their partitions', async () => {
    expect(await namesAt('/brokers/topics')).toEqual(['billing', 'orders'])
    expect(await dataAt('/brokers/topics/orders')).toMatchObject({ partitions: { 0: [1, 2], 1: [2, 1] } })
    expect(await namesAt('/brokers/topics/orders/partitions')).toEqual(['0', '1'])
    expect(await dataAt('/brokers/topics/orders/partitions/1/state')).toMatchObject({ leader: 2, isr: [2] })
  })

  it('knows the controller from the quorum, not from the brokers', async () => {
    const describeMetadataQuorum = async () => ({
      ...{ leaderId: 100, leaderEpoch: 7, highWatermark: 1, voters: [], observers: [], endpoints: new Map() },
    })
    expect(await dataAt('/controller', { describeMetadataQuorum })).toMatchObject({ brokerid: 100 })
    expect(await dataAt('/controller_epoch', { describeMetadataQuorum })).toBe(7)
    expect(await dataAt('/cluster/id')).toEqual({ version: '1', id: 'the-cluster' })
  })

  it('shows configurations that were set, and hides what is secret', async () => {
    const describeConfigs = async () => [
      ok([
        entry('retention.ms', '60000', 'DYNAMIC_TOPIC_CONFIG'),
        entry('sasl.jaas.config', null, 'DYNAMIC_TOPIC_CONFIG'),
        entry('segment.bytes', '1', 'DEFAULT_CONFIG'),
      ]),
    ]
    expect(await dataAt('/config/topics/orders', { describeConfigs })).toEqual({
      version: 1,
      config: { 'retention.ms': '60000', 'sasl.jaas.config': '[hidden]' },
    })
  })

  it('has quotas and credentials of users in one place', async () => {
    const more: Partial<Admin> = {
      describeClientQuotas: async () => [
        { entity: { entries: new Map([['user', null]]) }, quotas: new Map([['producer_byte_rate', 1024]]) },
      ],
      describeScramCredentials: async () =>
        new Map([['alice', ok([{ mechanism: 'SCRAM-SHA-512' as const, iterations: 4096 }])]]),
    }
    expect(await namesAt('/config/users', more)).toEqual(['<default>', 'alice'])
    expect(await dataAt('/config/users/<default>', more)).toMatchObject({ config: { producer_byte_rate: '1024' } })
    expect(await dataAt('/config/users/alice', more)).toMatchObject({
      config: { 'SCRAM-SHA-512': '[hidden],iterations=4096' },
    })
  })

  it('has no users where the cluster does not know what they are', async () => {
    const refuse = async () => {
      throw new KtError('kafka', 'cannot answer', { cause: new KafkaError('UNSUPPORTED_VERSION') })
    }
    const more = { describeClientQuotas: refuse, describeScramCredentials: refuse }
    expect(await namesAt('/config/users', more)).toEqual([])
    const broken = { describeClientQuotas: async () => Promise.reject(new KtError('authorization', 'no')) }
    await expect(namesAt('/config/clients', broken)).rejects.toThrow('no')
  })

  it('has nothing elsewhere', async () => {
    const root = zooTree(cluster().admin)
    for (const path of [
      '/nowhere',
      '/brokers/ids/7',
      '/brokers/topics/missing',
      '/cluster/id/deeper',
      '/constructor',
    ]) {
      expect(await nodeAt(root, path)).toBeNull()
    }
  })
})
