/**
 * A group of one that assigns itself its partition: commits growing offsets and reads them back. Its connections are
 * abortive and a commit is repeated until it is answered, so that no commit of long ago can arrive late: Kafka itself
 * would let such a one undo a newer one.
 */
import { ErrorCode, errorName } from '../../../src/protocol/error-codes.ts'
import { offsetCommit } from '../../../src/protocol/messages/08-offset-commit.ts'
import { offsetFetch } from '../../../src/protocol/messages/09-offset-fetch.ts'
import { findCoordinator } from '../../../src/protocol/messages/10-find-coordinator.ts'
import type { PeerAddress } from '../../../src/protocol/peers.ts'
import type { World } from '../world/world.ts'
import { SimClient } from './sim-client.ts'

const FIND_COORDINATOR_VERSION = 4
const OFFSET_COMMIT_VERSION = 9
const OFFSET_FETCH_VERSION = 8
const GROUP_KEY = 0

export interface CommitterOptions {
  readonly group: string
  readonly topic: string
  readonly partition: number
  readonly pauseMeanMs: number
}

export class SimCommitter extends SimClient {
  /** The newest offset whose commit was acknowledged. */
  committed = 0
  /** The newest offset that was read back. */
  readBack = 0
  isFinished = false
  private readonly options: CommitterOptions
  private coordinator: PeerAddress | null = null

  constructor(world: World, name: string, host: string, brokers: readonly string[], options: CommitterOptions) {
    super(world, name, host, brokers, true)
    this.options = options
  }

  start(): void {
    this.run(async () => {
      while (!this.stopped) {
        const next = this.committed + 1 + this.dice.int(10)
        await this.until(() => this.commit(next))
        if (this.dice.chance(0.5)) await this.until(() => this.fetch())
        await this.sleep(this.dice.exponential(this.options.pauseMeanMs))
      }
      await this.until(() => this.fetch())
      this.isFinished = true
    })
  }

  private async until(attempt: () => Promise<boolean>): Promise<void> {
    while (!(await attempt())) {
      await this.backoff()
      if (this.coordinator === null) await this.find()
    }
  }

  private async find(): Promise<void> {
    const { group } = this.options
    const response = await this.ask(this.anyBroker(), findCoordinator, FIND_COORDINATOR_VERSION, {
      keyType: GROUP_KEY,
      coordinatorKeys: [group],
    })
    const found = response?.coordinators[0]
    if (found === undefined) return
    if (found.errorCode === 0) this.coordinator = { host: found.host, port: found.port }
    else this.checkRetriable(found.errorCode, 'FindCoordinator')
  }

  private async commit(offset: number): Promise<boolean> {
    if (this.coordinator === null) return false
    const { group, topic, partition } = this.options
    const committedOffset = BigInt(offset)
    const response = await this.ask(this.coordinator, offsetCommit, OFFSET_COMMIT_VERSION, {
      groupId: group,
      topics: [{ name: topic, partitions: [{ partitionIndex: partition, committedOffset, committedMetadata: '' }] }],
    })
    const errorCode = response?.topics[0]?.partitions[0]?.errorCode
    if (!this.succeeded(errorCode, 'OffsetCommit')) return false
    this.committed = offset
    this.world.count('offsets committed')
    return true
  }

  private async fetch(): Promise<boolean> {
    if (this.coordinator === null) return false
    const { group, topic, partition } = this.options
    const response = await this.ask(this.coordinator, offsetFetch, OFFSET_FETCH_VERSION, {
      groups: [{ groupId: group, topics: [{ name: topic, partitionIndexes: [partition] }] }],
    })
    const answer = response?.groups[0]
    const found = answer?.topics[0]?.partitions[0]
    if (!this.succeeded(answer?.errorCode || found?.errorCode, 'OffsetFetch')) return false
    this.check(Number(found!.committedOffset))
    return true
  }

  private succeeded(errorCode: number | undefined, what: string): boolean {
    if (errorCode === ErrorCode.NONE) return true
    this.coordinator = null
    if (errorCode === undefined) return false
    this.world.count(`${what} answered ${errorName(errorCode)}`)
    this.checkRetriable(errorCode, what)
    return false
  }

  /** One client, one request at a time: what was acknowledged must be there, or a newer one. */
  private check(offset: number): void {
    const { group } = this.options
    if (offset < Math.max(this.committed, this.readBack)) {
      const known = `${this.committed} was acknowledged, ${this.readBack} read before`
      this.world.violated('committed offsets never go back', `group ${group} has ${offset}, but ${known}`)
    }
    this.readBack = offset
    this.world.count('offsets read back')
  }
}
