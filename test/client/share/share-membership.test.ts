/** The heartbeat of share groups (KIP-932) against a broker that says what a test tells it to. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ClusterClient } from '../../../src/client/cluster-client.ts'
import { ShareMembership } from '../../../src/client/share/share-membership.ts'
import { ErrorCode } from '../../../src/protocol/error-codes.ts'
import { findCoordinator } from '../../../src/protocol/messages/10-find-coordinator.ts'
import {
  type ShareGroupHeartbeatRequest,
  type ShareGroupHeartbeatResponseInput,
  shareGroupHeartbeat,
} from '../../../src/protocol/messages/76-share-group-heartbeat.ts'
import { ScriptedBroker } from '../../support/scripted-broker.ts'

const TOPIC_ID = 'mmmmmmmmmmmmmmmmmmmmmg'
const INTERVAL_MS = 15
const cleanUps: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

const owns = (...partitions: number[]) => ({ topicPartitions: [{ topicId: TOPIC_ID, partitions }] })
type Answer = Partial<ShareGroupHeartbeatResponseInput> | 'close'

/** Answers one after the other; then the last epoch again and again. */
async function setUp(...answers: Answer[]) {
  const broker = await ScriptedBroker.start()
  broker.on(findCoordinator, ({ coordinatorKeys }) => ({
    coordinators: coordinatorKeys.map((key) => ({ key, nodeId: 1, host: '127.0.0.1', port: broker.port })),
  }))
  let epoch = 1
  broker.on(shareGroupHeartbeat, ({ memberEpoch }) => {
    if (memberEpoch < 0) return { memberEpoch, heartbeatIntervalMs: INTERVAL_MS }
    const answer = answers.shift() ?? {}
    if (answer === 'close') return 'close'
    epoch = answer.memberEpoch ?? epoch
    return { heartbeatIntervalMs: INTERVAL_MS, memberEpoch: epoch, ...answer }
  })
  const client = new ClusterClient({ bootstrapServers: [broker.address] })
  const assigned: number[][] = []
  const failures: Error[] = []
  const member = new ShareMembership(client, 'g', ['orders'], {
    onAssigned: (partitions) => assigned.push(partitions.map(({ partition }) => partition)),
    onFailed: (error) => failures.push(error),
  })
  cleanUps.push(
    () => broker[Symbol.asyncDispose](),
    () => client.close(),
    () => member.close(500),
  )
  const asked = (): ShareGroupHeartbeatRequest[] => broker.askedFor(shareGroupHeartbeat)
  return { broker, member, assigned, failures, asked }
}

describe('joining', () => {
  it('tells its topics once, then only that it is alive', async () => {
    const { member, asked } = await setUp({ memberEpoch: 3 })
    await member.start()
    await vi.waitFor(() => expect(asked().length).toBeGreaterThan(2))
    const { memberId } = member
    expect(asked()[0]).toMatchObject({ groupId: 'g', memberId, memberEpoch: 0, subscribedTopicNames: ['orders'] })
    expect(asked()[1]).toMatchObject({ groupId: 'g', memberId, memberEpoch: 3, subscribedTopicNames: null })
  })

  it('rejects with what the cluster has against it', async () => {
    const { member } = await setUp({
      errorCode: ErrorCode.GROUP_MAX_SIZE_REACHED,
      errorMessage: 'The share group is full',
    })
    await expect(member.start()).rejects.toThrow('The share group is full')
  })

  it('waits for a coordinator that is loading', async () => {
    const { member, asked } = await setUp({ errorCode: ErrorCode.COORDINATOR_LOAD_IN_PROGRESS }, { memberEpoch: 1 })
    await member.start()
    expect(asked()).toHaveLength(2)
  })

  it('says where the cluster has no share groups', async () => {
    const { broker, member } = await setUp()
    broker.ranges.set(shareGroupHeartbeat.key, null)
    await expect(member.start()).rejects.toThrow(/ShareGroupHeartbeat/)
  })
})

describe('partitions', () => {
  it('are what the coordinator says, whenever it says something', async () => {
    const { member, assigned } = await setUp({ assignment: owns(0, 1) }, {}, { memberEpoch: 2, assignment: owns(1) })
    await member.start()
    await vi.waitFor(() => expect(assigned).toEqual([[0, 1], [1]]))
  })

  it.each(['UNKNOWN_MEMBER_ID', 'FENCED_MEMBER_EPOCH'] as const)(
    'are none after %s, until it has joined anew',
    async (name) => {
      const { member, assigned, asked } = await setUp(
        { memberEpoch: 4, assignment: owns(0) },
        { errorCode: ErrorCode[name] },
        { memberEpoch: 6, assignment: owns(2) },
      )
      await member.start()
      await vi.waitFor(() => expect(assigned).toEqual([[0], [], [2]]))
      expect(
        asked()
          .slice(0, 3)
          .map(({ memberEpoch }) => memberEpoch),
      ).toEqual([0, 4, 0])
      expect(asked()[2]!.subscribedTopicNames).toEqual(['orders'])
      await vi.waitFor(() => expect(asked().at(-1)!.memberEpoch).toBe(6))
    },
  )
})

describe('trouble', () => {
  it('of the connection or with the coordinator passes', async () => {
    const { member, failures, asked, assigned } = await setUp(
      { memberEpoch: 1, assignment: owns(0) },
      'close',
      { errorCode: ErrorCode.NOT_COORDINATOR },
      { memberEpoch: 2, assignment: owns(0, 1) },
    )
    await member.start()
    await vi.waitFor(() => expect(assigned).toEqual([[0], [0, 1]]))
    expect(failures).toEqual([])
    expect(asked().length).toBeGreaterThan(3)
  })

  it('that does not pass ends the membership, once', async () => {
    const { member, failures, asked } = await setUp(
      { memberEpoch: 1 },
      { errorCode: ErrorCode.GROUP_AUTHORIZATION_FAILED },
    )
    await member.start()
    await vi.waitFor(() => expect(failures).toHaveLength(1))
    const count = asked().length
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS * 4))
    expect([failures.length, asked().length]).toEqual([1, count])
  })
})

describe('leaving', () => {
  it('says so, once, and beats no more', async () => {
    const { member, asked } = await setUp({ memberEpoch: 1 })
    await member.start()
    await member.close(1_000)
    await member.close(1_000)
    expect(asked().filter(({ memberEpoch }) => memberEpoch === -1)).toHaveLength(1)
    const count = asked().length
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS * 4))
    expect(asked()).toHaveLength(count)
  })

  it('says so as well when its join was still on its way', async () => {
    const { member, asked, broker } = await setUp()
    const answered = broker.answerOf(shareGroupHeartbeat)
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    broker.on(shareGroupHeartbeat, async (request, call) => {
      if (request.memberEpoch === 0) await held
      return answered(request, call)
    })
    const joining = member.start()
    await vi.waitFor(() => expect(asked()).toHaveLength(1))
    const closing = member.close(2_000)
    release()
    await Promise.all([joining, closing])
    expect(asked().map(({ memberEpoch }) => memberEpoch)).toEqual([0, -1])
  })

  it('has nothing to say before it has joined', async () => {
    const { member, asked } = await setUp()
    await member.close(1_000)
    expect(asked()).toEqual([])
  })
})
