/** The heartbeat of KIP-848 against a broker that says what a test tells it to. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ClusterClient } from '../../../src/client/cluster-client.ts'
import { ConsumerMembership, type ConsumerMembershipOptions } from '../../../src/client/group/consumer-membership.ts'
import { ErrorCode } from '../../../src/protocol/error-codes.ts'
import { offsetCommit } from '../../../src/protocol/messages/08-offset-commit.ts'
import { findCoordinator } from '../../../src/protocol/messages/10-find-coordinator.ts'
import {
  type ConsumerGroupHeartbeatRequest,
  type ConsumerGroupHeartbeatResponseInput,
  consumerGroupHeartbeat,
} from '../../../src/protocol/messages/68-consumer-group-heartbeat.ts'
import { ScriptedBroker } from '../../support/scripted-broker.ts'

const TOPIC_ID = 'mmmmmmmmmmmmmmmmmmmmmg'
const cleanUps: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

const owns = (...partitions: number[]) => ({ topicPartitions: [{ topicId: TOPIC_ID, partitions }] })
const INTERVAL_MS = 15

type Answer = Partial<ConsumerGroupHeartbeatResponseInput>

interface Told {
  readonly revoked: readonly number[]
  readonly added: readonly number[]
}

/** Answers one after the other; then the last epoch again and again. */
async function setUp(answers: (Answer | 'close')[], options: Partial<ConsumerMembershipOptions> = {}) {
  const broker = await ScriptedBroker.start()
  broker.topology.topics.set('orders', { topicId: TOPIC_ID, partitions: [0, 1, 2, 3].map(() => ({ leader: 1 })) })
  broker.on(findCoordinator, ({ coordinatorKeys }) => ({
    coordinators: coordinatorKeys.map((key) => ({ key, nodeId: 1, host: '127.0.0.1', port: broker.port })),
  }))
  let epoch = 0
  broker.on(consumerGroupHeartbeat, (request) => {
    if (request.memberEpoch < 0) return { memberEpoch: request.memberEpoch, heartbeatIntervalMs: INTERVAL_MS }
    const answer = answers.shift() ?? {}
    if (answer === 'close') return 'close'
    epoch = answer.memberEpoch ?? Math.max(epoch, 1)
    return { heartbeatIntervalMs: INTERVAL_MS, memberEpoch: epoch, memberId: request.memberId, ...answer }
  })
  const client = new ClusterClient({ bootstrapServers: [broker.address] })
  const told: Told[] = []
  const lost: number[] = []
  const failures: Error[] = []
  const numbers = (list: readonly { readonly partition: number }[]) => list.map(({ partition }) => partition)
  const events = {
    onReconciled: vi.fn(async ({ revoked, added }) => {
      told.push({ revoked: numbers(revoked), added: numbers(added) })
    }),
    onLost: () => lost.push(told.length),
    onFailed: (error: Error) => failures.push(error),
  }
  const all = { groupId: 'g', topics: ['orders'], rebalanceTimeoutMs: 60_000, ...options }
  const member = new ConsumerMembership(client, all, events)
  cleanUps.push(
    () => broker[Symbol.asyncDispose](),
    () => client.close(),
    () => member.close(500),
  )
  const asked = (): ConsumerGroupHeartbeatRequest[] => broker.askedFor(consumerGroupHeartbeat)
  return { broker, member, events, told, lost, failures, asked }
}

describe('joining', () => {
  it('says everything once, then only that it is alive', async () => {
    const { member, asked } = await setUp([{ memberEpoch: 3 }], { remoteAssignor: 'range', groupInstanceId: 'till-1' })
    await member.start()
    await vi.waitFor(() => expect(asked().length).toBeGreaterThan(2))
    const [join, beat] = asked()
    expect(join).toMatchObject({
      groupId: 'g',
      memberEpoch: 0,
      instanceId: 'till-1',
      rebalanceTimeoutMs: 60_000,
      subscribedTopicNames: ['orders'],
      serverAssignor: 'range',
      topicPartitions: [],
    })
    expect(join!.memberId).toMatch(/^[\w-]{22}$/)
    expect(beat).toMatchObject({
      memberId: join!.memberId,
      memberEpoch: 3,
      instanceId: 'till-1',
      rebalanceTimeoutMs: -1,
      subscribedTopicNames: null,
      serverAssignor: null,
      topicPartitions: null,
    })
  })

  it('rejects with what the cluster has against it', async () => {
    const refusal = { errorCode: ErrorCode.UNSUPPORTED_ASSIGNOR, errorMessage: 'ServerAssignor x is not supported.' }
    const { member } = await setUp([refusal])
    await expect(member.start()).rejects.toThrow('ServerAssignor x is not supported.')
  })

  it('waits for a coordinator that is loading', async () => {
    const { member, asked } = await setUp([{ errorCode: ErrorCode.COORDINATOR_LOAD_IN_PROGRESS }, { memberEpoch: 1 }])
    await member.start()
    expect(asked()).toHaveLength(2)
    // Nothing of the first was heard: a join without all of it is refused.
    expect(asked()[1]).toEqual(asked()[0])
  })

  it('says in one line where the cluster does not have it', async () => {
    const { broker, member } = await setUp([])
    broker.ranges.set(consumerGroupHeartbeat.key, null)
    await expect(member.start()).rejects.toThrow(/ConsumerGroupHeartbeat/)
  })
})

describe('what it shall read', () => {
  it('is taken over and then told', async () => {
    const { member, told, asked } = await setUp([{ memberEpoch: 1, assignment: owns(0, 1) }])
    await member.start()
    await vi.waitFor(() => expect(asked().some(({ topicPartitions }) => topicPartitions?.length === 1)).toBe(true))
    expect(told).toEqual([{ revoked: [], added: [0, 1] }])
    const acknowledged = asked().find(({ topicPartitions }) => topicPartitions?.length === 1)
    expect(acknowledged!.topicPartitions).toEqual(owns(0, 1).topicPartitions)
    // Once: afterwards nothing has changed.
    await vi.waitFor(() => expect(asked().at(-1)!.topicPartitions).toBeNull())
  })

  it('is given up before the coordinator hears of it', async () => {
    const { member, told, events, asked } = await setUp([
      { memberEpoch: 1, assignment: owns(0, 1, 2) },
      {},
      { memberEpoch: 1, assignment: owns(0) },
    ])
    let release: () => void = () => undefined
    const slow = new Promise<void>((resolve) => {
      release = resolve
    })
    events.onReconciled.mockImplementation(async ({ revoked }) => {
      told.push({ revoked: revoked.map(({ partition }: { partition: number }) => partition), added: [] })
      if (revoked.length > 0) await slow
    })
    await member.start()
    await vi.waitFor(() => expect(told.at(-1)).toEqual({ revoked: [1, 2], added: [] }))
    const before = asked().length
    // It goes on beating meanwhile, and says nothing of what it owns.
    await vi.waitFor(() => expect(asked().length).toBeGreaterThan(before + 2))
    expect(
      asked()
        .slice(before)
        .every(({ topicPartitions }) => topicPartitions === null),
    ).toBe(true)
    release()
    await vi.waitFor(() => {
      const last = asked().findLast(({ topicPartitions }) => topicPartitions !== null)
      expect(last!.topicPartitions).toEqual(owns(0).topicPartitions)
    })
  })

  it('is left out while its topic is not known', async () => {
    const other = { topicId: 'nnnnnnnnnnnnnnnnnnnnng', partitions: [0] }
    const { member, told } = await setUp([{ assignment: { topicPartitions: [other, ...owns(1).topicPartitions] } }])
    await member.start()
    await vi.waitFor(() => expect(told).toEqual([{ revoked: [], added: [1] }]))
  })

  it.each(['UNKNOWN_MEMBER_ID', 'FENCED_MEMBER_EPOCH'] as const)('is lost with %s, and it joins anew', async (name) => {
    const { member, lost, told, asked } = await setUp([
      { memberEpoch: 4, assignment: owns(0) },
      {},
      { errorCode: ErrorCode[name] },
      { memberEpoch: 7, assignment: owns(0) },
    ])
    await member.start()
    await vi.waitFor(() => expect(told).toHaveLength(2))
    expect(lost).toEqual([1])
    const again = asked().filter(({ memberEpoch }) => memberEpoch === 0)[1]!
    expect(again).toMatchObject({ subscribedTopicNames: ['orders'], topicPartitions: [], rebalanceTimeoutMs: 60_000 })
  })

  it('may be of other topics later', async () => {
    const { member, asked } = await setUp([{ memberEpoch: 1 }])
    await member.start()
    member.subscribe(['orders', 'payments'])
    await vi.waitFor(() => expect(asked().at(-1)!.memberEpoch).toBe(1))
    await vi.waitFor(() => {
      const changed = asked().filter(({ memberEpoch, subscribedTopicNames }) => memberEpoch > 0 && subscribedTopicNames)
      expect(changed.map(({ subscribedTopicNames }) => subscribedTopicNames)).toEqual([['orders', 'payments']])
    })
  })
})

describe('trouble', () => {
  it('of the connection passes, and what was to be told is told again', async () => {
    const { broker, member, told, failures, asked } = await setUp([{ memberEpoch: 2, assignment: owns(3) }])
    const answered = broker.answerOf(consumerGroupHeartbeat)
    let cuts = 0
    broker.on(consumerGroupHeartbeat, (request, call) =>
      request.topicPartitions?.length === 1 && cuts++ === 0 ? 'close' : answered(request, call),
    )
    await member.start()
    await vi.waitFor(() =>
      expect(asked().filter(({ topicPartitions }) => topicPartitions?.length === 1)).toHaveLength(2),
    )
    expect(told).toEqual([{ revoked: [], added: [3] }])
    expect(failures).toEqual([])
  })

  it('that does not pass ends the membership', async () => {
    const { member, failures } = await setUp([{ memberEpoch: 1 }, { errorCode: ErrorCode.GROUP_AUTHORIZATION_FAILED }])
    await member.start()
    await vi.waitFor(() => expect(failures).toHaveLength(1))
    expect(failures[0]!.message).toMatch(/access group|authoriz/i)
  })
})

describe('commits', () => {
  const offsets = [{ topic: 'orders', partition: 1, offset: 42 }]
  const answer = (errorCode: number) => ({
    topics: [{ name: 'orders', partitions: [{ partitionIndex: 1, errorCode }] }],
  })

  it('go in as the member of this epoch', async () => {
    const { broker, member, asked } = await setUp([{ memberEpoch: 5 }])
    broker.on(offsetCommit, () => answer(ErrorCode.NONE))
    await member.start()
    await member.commit(offsets)
    expect(broker.askedFor(offsetCommit)).toMatchObject([
      { groupId: 'g', generationIdOrMemberEpoch: 5, memberId: asked()[0]!.memberId },
    ])
  })

  it('go in again under the next epoch', async () => {
    const { broker, member } = await setUp([{ memberEpoch: 5 }, { memberEpoch: 6 }])
    broker.on(offsetCommit, ({ generationIdOrMemberEpoch: epoch }) =>
      answer(epoch < 6 ? ErrorCode.STALE_MEMBER_EPOCH : ErrorCode.NONE),
    )
    await member.start()
    await member.commit(offsets)
    expect(broker.askedFor(offsetCommit).at(-1)!.generationIdOrMemberEpoch).toBe(6)
  })

  it('fail where the member is not known any more', async () => {
    const { broker, member } = await setUp([{ memberEpoch: 5 }])
    broker.on(offsetCommit, () => answer(ErrorCode.UNKNOWN_MEMBER_ID))
    await member.start()
    await expect(member.commit(offsets)).rejects.toMatchObject({ errorName: 'UNKNOWN_MEMBER_ID' })
  })
})

describe('leaving', () => {
  it.each([
    [undefined, -1],
    ['till-1', -2],
  ])('as %s says so with epoch %s', async (groupInstanceId, epoch) => {
    const { member, asked } = await setUp(
      [{ memberEpoch: 1 }],
      groupInstanceId === undefined ? {} : { groupInstanceId },
    )
    await member.start()
    await member.close(1_000)
    expect(asked().at(-1)!.memberEpoch).toBe(epoch)
    const count = asked().length
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS * 3))
    expect(asked()).toHaveLength(count)
  })

  it('says so as well when its join was still on its way', async () => {
    const { member, asked, broker } = await setUp([])
    const answered = broker.answerOf(consumerGroupHeartbeat)
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    broker.on(consumerGroupHeartbeat, async (request, call) => {
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
    const { member, asked } = await setUp([])
    await member.close(1_000)
    expect(asked()).toEqual([])
  })
})
