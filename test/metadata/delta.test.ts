import { describe, expect, it } from 'vitest'
import { configOf, EMPTY_IMAGE } from '../../src/metadata/image.ts'
import { CONFIG_RESOURCE } from '../../src/metadata/types.ts'
import { brokerRecord, config, feature, full, imageOf, partitionOf, replay, topicRecords, uuidOf } from './support.ts'

const ID = uuidOf(1)

describe('replay of topics', () => {
  const created = replay(
    EMPTY_IMAGE,
    topicRecords('orders', ID, [
      [1, 2],
      [2, 3],
    ]),
  )

  it('creates them', () => {
    const topic = created.image.topicsByName.get('orders')!
    expect(created.image.topicsById.get(ID)).toBe(topic)
    expect([...topic.partitions.keys()]).toEqual([0, 1])
    expect(topic.partitions.get(1)).toMatchObject({ replicas: [2, 3], isr: [2, 3], leader: 2, leaderEpoch: 0, elr: [] })
    expect(created.delta.changedTopics).toEqual(new Set([ID]))
    expect(created.image.offset).toBe(2)
  })

  it('bumps the leader epoch only when a leader is named, the partition epoch always', () => {
    const change = (body: object) =>
      replay(created.image, [{ record: 'partitionChangeRecord', body: { topicId: ID, partitionId: 0, ...body } }])
        .image.topicsById.get(ID)!
        .partitions.get(0)!
    expect(change({ isr: [1] })).toMatchObject({ isr: [1], leader: 1, leaderEpoch: 0, partitionEpoch: 1 })
    expect(change({ leader: 2 })).toMatchObject({ leader: 2, leaderEpoch: 1, partitionEpoch: 1, isr: [1, 2] })
    expect(change({ leader: 1 })).toMatchObject({ leader: 1, leaderEpoch: 1 })
    expect(change({ isr: [], leader: -1 })).toMatchObject({ isr: [], leader: -1 })
    expect(change({ leaderRecoveryState: 1 })).toMatchObject({ leaderRecoveryState: 1 })
  })

  it('leaves the old image as it was', () => {
    const before = created.image.topicsById.get(ID)!
    replay(created.image, [partitionOf(ID, 2, [3]), config(2, 'orders', 'retention.ms', '1')])
    expect(created.image.topicsById.get(ID)).toBe(before)
    expect(before.partitions.size).toBe(2)
    expect(created.image.configs.size).toBe(0)
  })

  it('shares what did not change', () => {
    const other = uuidOf(2)
    const two = replay(created.image, topicRecords('users', other, [[1]])).image
    expect(two.topicsById.get(ID)).toBe(created.image.topicsById.get(ID))
    const onlyConfig = replay(two, [config(2, 'users', 'a', 'b')]).image
    expect(onlyConfig.topicsByName).toBe(two.topicsByName)
    expect(onlyConfig.brokers).toBe(two.brokers)
  })

  it('removes them with their configuration', () => {
    const image = replay(created.image, [config(2, 'orders', 'retention.ms', '1')]).image
    const { image: after, delta } = replay(image, [{ record: 'removeTopicRecord', body: { topicId: ID } }])
    expect(after.topicsByName.size).toBe(0)
    expect(after.topicsById.size).toBe(0)
    expect(after.configs.size).toBe(0)
    expect(delta.deletedTopics.get(ID)?.name).toBe('orders')
    expect(delta.changedTopics.size).toBe(0)
    expect(delta.changedConfigs).toEqual(new Set(['2:orders']))
  })

  it('does not call a topic deleted that came and went within one delta', () => {
    const { image, delta } = replay(EMPTY_IMAGE, [
      ...topicRecords('brief', ID, [[1]]),
      config(2, 'brief', 'a', 'b'),
      { record: 'removeTopicRecord', body: { topicId: ID } },
    ])
    expect(image.topicsById.size).toBe(0)
    expect(image.configs.size).toBe(0)
    expect(delta.deletedTopics.size).toBe(0)
  })

  it('lets a name come back under another id', () => {
    const again = replay(created.image, [
      { record: 'removeTopicRecord', body: { topicId: ID } },
      ...topicRecords('orders', uuidOf(2), [[1]]),
    ])
    expect(again.image.topicsByName.get('orders')?.id).toBe(uuidOf(2))
    expect([...again.delta.deletedTopics.keys()]).toEqual([ID])
  })

  it('clears eligible leaders of one topic or of all', () => {
    const withElr = (topicId: string) => ({
      record: 'partitionChangeRecord' as const,
      body: { topicId, partitionId: 0, eligibleLeaderReplicas: [2], lastKnownElr: [1] },
    })
    const image = replay(created.image, [
      ...topicRecords('users', uuidOf(2), [[1]]),
      withElr(ID),
      withElr(uuidOf(2)),
    ]).image
    const elr = (of: typeof image, id: string) => of.topicsById.get(id)!.partitions.get(0)!.elr
    const one = replay(image, [{ record: 'clearElrRecord', body: { topicName: 'users' } }]).image
    expect([elr(one, ID), elr(one, uuidOf(2))]).toEqual([[2], []])
    const all = replay(image, [{ record: 'clearElrRecord', body: { topicName: '' } }]).image
    expect([elr(all, ID), elr(all, uuidOf(2))]).toEqual([[], []])
    expect(all.topicsById.get(ID)!.partitions.get(0)!.partitionEpoch).toBe(2)
    expect(all.topicsById.get(ID)!.partitions.get(1)!.partitionEpoch).toBe(0)
  })

  it.each([
    ['a partition of no topic', partitionOf(uuidOf(7), 0, [1])],
    ['a change of no partition', { record: 'partitionChangeRecord', body: { topicId: ID, partitionId: 9 } }],
    ['a removal of no topic', { record: 'removeTopicRecord', body: { topicId: uuidOf(7) } }],
    ['a topic id twice', { record: 'topicRecord', body: { name: 'again', topicId: ID } }],
  ] as const)('calls %s a defect', (_, record) => {
    expect(() => replay(created.image, [record])).toThrow('assertion failed')
  })
})

describe('replay of brokers', () => {
  const image = imageOf(brokerRecord(1, { epoch: 11, fenced: true }))
  const changed = (body: object) =>
    replay(image, [{ record: 'brokerRegistrationChangeRecord', body: { brokerId: 1, brokerEpoch: 11n, ...body } }])

  it('registers them', () => {
    expect(image.brokers.get(1)).toMatchObject({
      epoch: 11,
      fenced: true,
      inControlledShutdown: false,
      rack: null,
      cordonedDirectories: null,
    })
    expect(image.brokers.get(1)!.features.get('metadata.version')).toEqual({ min: 7, max: 30 })
  })

  it('fences, unfences, shuts down, tells directories', () => {
    expect(changed({ fenced: -1 }).image.brokers.get(1)!.fenced).toBe(false)
    expect(changed({ fenced: 1 }).image.brokers.get(1)!.fenced).toBe(true)
    expect(changed({}).image.brokers.get(1)).toEqual(image.brokers.get(1))
    expect(changed({ inControlledShutdown: 1 }).image.brokers.get(1)!.inControlledShutdown).toBe(true)
    expect(changed({ logDirs: [uuidOf(3)] }).image.brokers.get(1)!.directories).toEqual([uuidOf(3)])
    expect(changed({ cordonedLogDirs: [] }).image.brokers.get(1)!.cordonedDirectories).toEqual([])
    expect(changed({ fenced: -1 }).delta.changedBrokers).toEqual(new Set([1]))
  })

  it('understands the older fence records', () => {
    const unfenced = replay(image, [{ record: 'unfenceBrokerRecord', body: { id: 1, epoch: 11n } }])
    expect(unfenced.image.brokers.get(1)!.fenced).toBe(false)
    const fenced = replay(unfenced.image, [{ record: 'fenceBrokerRecord', body: { id: 1, epoch: 11n } }])
    expect(fenced.image.brokers.get(1)!.fenced).toBe(true)
    expect(fenced.delta.changedBrokers).toEqual(new Set([1]))
  })

  it('unregisters them', () => {
    const gone = replay(image, [{ record: 'unregisterBrokerRecord', body: { brokerId: 1, brokerEpoch: 11n } }])
    expect(gone.image.brokers.size).toBe(0)
  })

  it('calls another epoch a defect', () => {
    const body = { brokerId: 1, brokerEpoch: 12n }
    expect(() => replay(image, [{ record: 'brokerRegistrationChangeRecord', body }])).toThrow('at epoch 12')
    expect(() => replay(image, [{ record: 'unregisterBrokerRecord', body }])).toThrow('another epoch')
  })

  it('registers controllers', () => {
    const endPoints = [{ name: 'CONTROLLER', host: 'h', port: 1, securityProtocol: 0 }]
    const body = { controllerId: 3, incarnationId: uuidOf(3), endPoints, features: [] }
    const next = imageOf({ record: 'registerControllerRecord', body })
    expect(next.controllers.get(3)).toMatchObject({ id: 3, endpoints: endPoints, zkMigrationReady: false })
  })
})

describe('replay of everything else', () => {
  it('sets and removes configuration', () => {
    const image = imageOf(config(4, '', 'a', '1'), config(4, '', 'b', '2'), config(4, '', 'a', '3'))
    expect([...configOf(image, { type: CONFIG_RESOURCE.BROKER, name: '' })]).toEqual([
      ['a', '3'],
      ['b', '2'],
    ])
    const less = replay(image, [config(4, '', 'a', null), config(4, '', 'b', null)]).image
    expect(less.configs.has('4:')).toBe(false)
    expect(configOf(less, { type: CONFIG_RESOURCE.BROKER, name: '' }).size).toBe(0)
  })

  it('keeps feature levels, 0 meaning none', () => {
    const image = imageOf(feature('a', 1), feature('b', 2), feature('a', 0))
    expect([...image.features]).toEqual([['b', 2]])
  })

  it('keeps quotas by entity, whatever the order of its parts', () => {
    const quota = (parts: [string, string | null][], key: string, value: number, remove = false) => ({
      record: 'clientQuotaRecord' as const,
      body: { entity: parts.map(([entityType, entityName]) => ({ entityType, entityName })), key, value, remove },
    })
    const image = imageOf(
      quota(
        [
          ['user', 'a'],
          ['client-id', null],
        ],
        'x',
        1,
      ),
      quota(
        [
          ['client-id', null],
          ['user', 'a'],
        ],
        'y',
        2,
      ),
    )
    expect(image.clientQuotas.size).toBe(1)
    expect([...[...image.clientQuotas.values()][0]!.quotas]).toEqual([
      ['x', 1],
      ['y', 2],
    ])
    const none = replay(image, [
      quota(
        [
          ['user', 'a'],
          ['client-id', null],
        ],
        'x',
        0,
        true,
      ),
      quota(
        [
          ['user', 'a'],
          ['client-id', null],
        ],
        'y',
        0,
        true,
      ),
    ])
    expect(none.image.clientQuotas.size).toBe(0)
  })

  it('keeps SCRAM credentials as copies of the log’s bytes', () => {
    const bytes = Buffer.from('salt')
    const record = full({
      record: 'userScramCredentialRecord',
      body: { name: 'u', mechanism: 1, salt: bytes, storedKey: bytes, serverKey: bytes, iterations: 4096 },
    })
    const { image } = replay(EMPTY_IMAGE, [record])
    if (record.record === 'userScramCredentialRecord') record.body.salt.fill(0)
    expect(image.scramCredentials.get('1:u')!.salt.toString()).toBe('salt')
    const without = replay(image, [{ record: 'removeUserScramCredentialRecord', body: { name: 'u', mechanism: 1 } }])
    expect(without.image.scramCredentials.size).toBe(0)
  })

  it('keeps ACLs and delegation tokens', () => {
    const image = imageOf(
      { record: 'accessControlEntryRecord', body: { id: uuidOf(1), resourceName: 't' } },
      { record: 'delegationTokenRecord', body: { tokenId: 'k', owner: 'o' } },
    )
    expect([image.acls.size, image.delegationTokens.size]).toEqual([1, 1])
    const less = replay(image, [
      { record: 'removeAccessControlEntryRecord', body: { id: uuidOf(1) } },
      { record: 'removeDelegationTokenRecord', body: { tokenId: 'k' } },
    ]).image
    expect([less.acls.size, less.delegationTokens.size]).toEqual([0, 0])
  })

  it('moves on with a no-op and changes nothing', () => {
    const image = imageOf(feature('a', 1))
    const { image: next, delta } = replay(image, [{ record: 'noOpRecord', body: {} }], { offset: 9, epoch: 4 })
    expect(next).toEqual({ ...image, offset: 9, epoch: 4 })
    expect(delta.changedTopics.size + delta.changedConfigs.size + delta.changedBrokers.size).toBe(0)
  })
})
