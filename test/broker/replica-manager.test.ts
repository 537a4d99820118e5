/** What a full disk does to the node: the partition says so, earlier data stays readable, others go on. */
import { describe, expect, it } from 'vitest'
import { ErrorCode, type KafkaError } from '../../src/protocol/error-codes.ts'
import { decodeRecords } from '../../src/protocol/records/record.ts'
import { FullDisk } from '../support/full-disk.ts'
import { batchOf, RawClient } from '../support/raw-client.ts'
import { TestBroker } from '../support/test-broker.ts'

describe('a disk that refuses writes', () => {
  it('fails the partition with the storage error and keeps earlier data readable', async () => {
    const disk = new FullDisk()
    await using test = await TestBroker.start({ files: disk.files })
    using client = await RawClient.connect(test.port)
    test.createTopic('full')
    test.createTopic('fine')
    expect((await client.produce('full', batchOf(['before']))).errorCode).toBe(0)
    disk.full = 'full-0'
    expect((await client.produce('full', batchOf(['lost']))).errorCode).toBe(ErrorCode.KAFKA_STORAGE_ERROR)
    expect((await client.produce('fine', batchOf(['elsewhere']))).errorCode).toBe(0)
    const { records, highWatermark, errorCode } = await client.fetch('full', 0)
    expect({ highWatermark, errorCode }).toEqual({ highWatermark: 1n, errorCode: 0 })
    expect(decodeRecords(records!)[0]!.value!.toString()).toBe('before')
    // Until a restart nobody trusts that disk again, even when there is room now.
    disk.full = null
    expect((await client.produce('full', batchOf(['still not']))).errorCode).toBe(ErrorCode.KAFKA_STORAGE_ERROR)
  })

  it('serves the partition again after a restart, nothing torn', async () => {
    const disk = new FullDisk()
    const first = await TestBroker.start({ files: disk.files })
    const topicId = first.createTopic('again')
    {
      using client = await RawClient.connect(first.port)
      await client.produce('again', batchOf(['before']))
      disk.full = 'again-0'
      await client.produce('again', batchOf(['refused']))
      disk.full = null
    }
    await first.close(false)
    await using second = await TestBroker.start({ directory: first.directory, topics: [{ name: 'again', topicId }] })
    using client = await RawClient.connect(second.port)
    expect(await client.produce('again', batchOf(['after']))).toMatchObject({ errorCode: 0, baseOffset: 1n })
  })

  it('keeps a partition that cannot be opened offline, and the node up', async () => {
    const disk = new FullDisk()
    await using test = await TestBroker.start({ files: disk.files })
    using client = await RawClient.connect(test.port)
    disk.full = 'nowhere-0'
    test.createTopic('nowhere')
    test.createTopic('somewhere')
    expect((await client.produce('nowhere', batchOf(['x']))).errorCode).toBe(ErrorCode.KAFKA_STORAGE_ERROR)
    expect((await client.fetch('nowhere', 0)).errorCode).toBe(ErrorCode.KAFKA_STORAGE_ERROR)
    expect((await client.produce('somewhere', batchOf(['x']))).errorCode).toBe(0)
    disk.full = null
    test.deleteTopic('nowhere')
    expect((await client.produce('nowhere', batchOf(['x']))).errorCode).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
  })
})

describe('ReplicaManager', () => {
  it('knows partitions by name and by id, and where the others are', async () => {
    await using test = await TestBroker.start()
    const topicId = test.createTopic('t', 2)
    const { replicaManager } = test.broker.services
    expect(replicaManager.partitionOrThrow('t', 1)).toBe(replicaManager.partitionByIdOrThrow(topicId, 1))
    const codeOf = (look: () => unknown): number => {
      try {
        look()
        return 0
      } catch (error) {
        return (error as KafkaError).code
      }
    }
    expect(codeOf(() => replicaManager.partitionOrThrow('t', 2))).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
    expect(codeOf(() => replicaManager.partitionByIdOrThrow('QQQQQQQQQQQQQQQQQQQQQQ', 0))).toBe(
      ErrorCode.UNKNOWN_TOPIC_ID,
    )
    test.publishForeignTopic('elsewhere')
    expect(codeOf(() => replicaManager.partitionOrThrow('elsewhere', 0))).toBe(ErrorCode.NOT_LEADER_OR_FOLLOWER)
  })
})
