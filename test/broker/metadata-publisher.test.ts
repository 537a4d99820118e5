import * as fs from 'node:fs'
import * as path from 'node:path'
import { describe, expect, it } from 'vitest'
import { batchOf, RawClient } from '../support/raw-client.ts'
import { TestBroker } from '../support/test-broker.ts'

const directories = (test: TestBroker, prefix: string): string[] =>
  fs.readdirSync(test.directory).filter((name) => name.startsWith(prefix))

describe('BrokerMetadataPublisher', () => {
  it('makes logs with the settings of their topic, and changes them when those change', async () => {
    await using test = await TestBroker.start()
    test.createTopic('t', 2, { 'segment.bytes': '2000000' })
    const log = test.logManager.get('t', 1)!
    expect(log.config.segmentBytes).toBe(2000000)
    test.setConfig(2, 't', 'retention.ms', '1234')
    expect(log.config.retentionMs).toBe(1234)
    test.setConfig(4, '', 'log.retention.bytes', '99')
    expect(log.config).toMatchObject({ retentionBytes: 99, retentionMs: 1234, segmentBytes: 2000000 })
    test.setConfig(2, 't', 'retention.ms', null)
    expect(log.config.retentionMs).toBe(7 * 24 * 3600 * 1000)
  })

  it('changes what the broker reads of its own settings', async () => {
    await using test = await TestBroker.start()
    expect(test.nodeConfig.logRetentionMs).toBe(604_800_000n)
    test.setConfig(4, '', 'log.retention.ms', '88')
    expect(test.nodeConfig.logRetentionMs).toBe(88n)
    test.setConfig(4, '1', 'log.retention.ms', '77')
    expect(test.nodeConfig.logRetentionMs).toBe(77n)
  })

  it('takes logs of deleted topics away and makes room for a new topic of that name', async () => {
    await using test = await TestBroker.start()
    using client = await RawClient.connect(test.port)
    const first = test.createTopic('again')
    await client.produce('again', batchOf(['old']))
    test.deleteTopic('again')
    expect(test.logManager.get('again', 0)).toBeNull()
    expect(directories(test, 'again-0')).toEqual([expect.stringMatching(/^again-0\..+-delete$/)])
    const second = test.createTopic('again')
    expect(second).not.toBe(first)
    expect(await client.produce('again', batchOf(['new']))).toMatchObject({ errorCode: 0, baseOffset: 0n })
    expect(test.logManager.get('again', 0)!.topicId).toBe(second)
  })

  it('removes logs nobody knows of at start, and those of an earlier topic of the same name', async () => {
    const first = await TestBroker.start()
    first.createTopic('forgotten')
    const oldId = first.createTopic('remade')
    await first.close(false)
    await using second = await TestBroker.start({ directory: first.directory })
    const newId = second.createTopic('remade')
    expect(newId).not.toBe(oldId)
    expect(second.logManager.get('remade', 0)!.topicId).toBe(newId)
    expect(second.logManager.get('forgotten', 0)).toBeNull()
    expect(fs.existsSync(path.join(second.directory, 'forgotten-0'))).toBe(false)
  })

  it('starts an epoch at the log end when it becomes leader', async () => {
    await using test = await TestBroker.start()
    using client = await RawClient.connect(test.port)
    test.createTopic('t')
    await client.produce('t', batchOf(['a', 'b']))
    test.changePartition('t', 0, { leader: 1 })
    const partition = test.broker.services.replicaManager.partition('t', 0)!
    expect(partition.leaderEpoch).toBe(1)
    expect(partition.lastOffsetForEpoch(0)).toEqual({ leaderEpoch: 0, endOffset: 2 })
    const text = fs.readFileSync(path.join(test.directory, 't-0/leader-epoch-checkpoint'), 'utf8')
    expect(text.trim().split('\n').slice(2)).toEqual(['0 0', '1 2'])
  })

  it('leaves the group coordinator when the offsets topic goes, and comes back with it', async () => {
    await using test = await TestBroker.start()
    const context = { apiVersion: 5, clientId: null, clientHost: '/127.0.0.1' }
    const heartbeat = { groupId: 'g', generationId: 0, memberId: 'm', groupInstanceId: null }
    const beat = async () => (await test.broker.services.groupCoordinator.heartbeat(heartbeat, context)).errorCode
    expect(await beat()).toBe(16)
    test.createTopic('__consumer_offsets', 5, { 'cleanup.policy': 'compact' })
    await expect.poll(beat).toBe(25)
    test.deleteTopic('__consumer_offsets')
    expect(await beat()).toBe(16)
  })
})
