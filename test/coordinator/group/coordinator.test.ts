import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KafkaError } from '../../../src/protocol/error-codes.ts'
import type { DescribeGroupsResponseInput } from '../../../src/protocol/messages/15-describe-groups.ts'
import { settled } from '../../support/manual-clock.ts'
import { commitRequest, context, fetchRequest, GROUP, Harness, named, subscription } from '../harness.ts'

const describeRequest = (...groups: string[]) => ({ groups, includeAuthorizedOperations: false })
const LIST = { statesFilter: [], typesFilter: [] }

describe('the happy path', () => {
  it('joins, syncs, heartbeats, commits, fetches and leaves', async () => {
    const harness = await Harness.started()
    const { ids, generation } = await harness.stable(2)
    expect(generation).toBe(1)
    expect(await harness.state()).toBe('Stable')
    expect(await harness.heartbeat(ids[1]!, generation)).toBe('NONE')
    expect(await harness.commit({ 't-0': 5 }, { memberId: ids[0]!, generation })).toEqual(['NONE'])
    expect(await harness.offsets()).toEqual({ 't-0': 5 })
    expect(await harness.leave({ memberId: ids[0]! }, { memberId: ids[1]! })).toEqual(['NONE', 'NONE'])
    expect(await harness.state()).toBe('Empty')
  })
})

/** The error each API answers in the coordinator's present state. */
async function everyApi({ coordinator }: Harness): Promise<Record<string, string>> {
  const member = { groupId: GROUP, memberId: 'm', groupInstanceId: null, generationId: 1 }
  const join = { ...member, sessionTimeoutMs: 10_000, rebalanceTimeoutMs: 1, protocolType: 'consumer', reason: null }
  const protocols = [{ name: 'range', metadata: subscription('t') }]
  const sync = { ...member, protocolType: 'consumer', protocolName: 'range', assignments: [] }
  const leave = { groupId: GROUP, memberId: '', members: [{ ...member, reason: null }] }
  const commit = await coordinator.commitOffsets(commitRequest({ 't-0': 1 }), context(9))
  const fetch = await coordinator.fetchOffsets(fetchRequest(GROUP, null), context(9))
  const deleted = await coordinator.deleteGroups({ groupsNames: [GROUP] }, context(2))
  return {
    join: named(await coordinator.joinGroup({ ...join, protocols }, context(9))),
    sync: named(await coordinator.syncGroup(sync, context(5))),
    heartbeat: named(await coordinator.heartbeat(member, context(4))),
    leave: named(await coordinator.leaveGroup(leave, context(5))),
    commit: named(commit.topics![0]!.partitions![0]!),
    fetch: named(fetch.groups![0]!),
    deleteOffsets: named(await coordinator.deleteOffsets({ groupId: GROUP, topics: [] }, context(0))),
    list: named(await coordinator.listGroups(LIST, context(5))),
    describe: named((await coordinator.describeGroups(describeRequest(GROUP), context(6))).groups![0]!),
    deleteGroups: named(deleted.results![0]!),
  }
}

const all = (error: string, except: Record<string, string> = {}): Record<string, string> => {
  const apis = ['join', 'sync', 'heartbeat', 'leave', 'commit', 'fetch', 'deleteOffsets', 'list', 'describe']
  return { ...Object.fromEntries([...apis, 'deleteGroups'].map((api) => [api, error])), ...except }
}

describe('who is not the coordinator says so', () => {
  it('for a partition led elsewhere', async () => {
    expect(await everyApi(new Harness())).toEqual(all('NOT_COORDINATOR', { list: 'NONE' }))
  })

  it('while loading, though heartbeats are welcome', async () => {
    const harness = new Harness()
    harness.log.readGate = new Promise(() => undefined)
    void harness.coordinator.onPartitionElected(harness.partition(), 0)
    expect(await everyApi(harness)).toEqual(all('COORDINATOR_LOAD_IN_PROGRESS', { heartbeat: 'NONE' }))
  })

  it('after a failed load', async () => {
    const harness = new Harness()
    harness.log.readError = new KafkaError('KAFKA_STORAGE_ERROR')
    await harness.coordinator.onPartitionElected(harness.partition(), 0)
    expect(await everyApi(harness)).toEqual(all('NOT_COORDINATOR', { list: 'NONE' }))
  })

  it('after it has closed', async () => {
    const harness = await Harness.started()
    harness.coordinator.close()
    await harness.coordinator.onPartitionElected(harness.partition(), 9)
    expect(await everyApi(harness)).toEqual(all('COORDINATOR_NOT_AVAILABLE'))
    await harness.coordinator.onTopicsDeleted([{ name: 't', topicId: 'x' }])
  })

  it('after it has resigned, and takes up again where the log ends', async () => {
    const harness = await Harness.started()
    await harness.commit({ 't-0': 3 })
    harness.coordinator.onPartitionResigned(harness.partition(), 1)
    expect(await everyApi(harness)).toEqual(all('NOT_COORDINATOR', { list: 'NONE' }))
    await harness.coordinator.onPartitionElected(harness.partition(), 2)
    expect(await harness.offsets()).toEqual({ 't-0': 3 })
  })
})

describe('closing', () => {
  it('leaves nobody waiting, and no timer', async () => {
    const harness = await Harness.started({ groupInitialRebalanceDelayMs: 0 })
    const { ids } = await harness.stable(2)
    harness.log.holdCommits = true
    const parked = [harness.join({ memberId: ids[0]! })]
    const first = harness.join({}, 'another')
    await harness.clock.advance(0)
    const second = harness.join({ version: 3 }, 'third')
    const commit = harness.commit({ 't-0': 1 }, { groupId: 'fourth' })
    const fetch = harness.coordinator.fetchOffsets(fetchRequest('fourth', null), context(9))
    harness.coordinator.close()
    const answers = await Promise.all([...parked, second].map(({ promise }) => promise))
    expect(answers.map(named)).toEqual(['NOT_COORDINATOR', 'NOT_COORDINATOR'])
    expect(named(first.response)).toBe('MEMBER_ID_REQUIRED')
    expect(await commit).toEqual(['NOT_COORDINATOR'])
    expect(named((await fetch).groups![0]!)).toBe('NOT_COORDINATOR')
    expect(harness.clock.timerCount).toBe(0)
  })

  it('answers those who wait for an assignment', async () => {
    const harness = await Harness.started({ groupInitialRebalanceDelayMs: 0 })
    const joins = [await harness.joinWithId(), await harness.joinWithId()]
    await harness.clock.advance(0)
    const sync = harness.sync(joins[1]!.response!.memberId!, 1)
    harness.coordinator.onPartitionResigned(harness.partition(), 1)
    expect(named(await sync.promise)).toBe('NOT_COORDINATOR')
  })
})

describe('requests without a group', () => {
  it('are refused where the protocol wants one', async () => {
    const { coordinator } = await Harness.started()
    const member = { groupId: '', memberId: 'm', groupInstanceId: null, generationId: 1 }
    expect(named(await coordinator.heartbeat(member, context(4)))).toBe('INVALID_GROUP_ID')
    const described = await coordinator.describeGroups(describeRequest(''), context(6))
    expect(named(described.groups![0]!)).toBe('GROUP_ID_NOT_FOUND')
  })
})

describe('a defect', () => {
  it('is answered with UNKNOWN_SERVER_ERROR and stops nothing', async () => {
    const harness = await Harness.started()
    harness.log.nextAppendError = new TypeError('oops')
    expect(await harness.commit({ 't-0': 1 })).toEqual(['UNKNOWN_SERVER_ERROR'])
    expect(await harness.commit({ 't-0': 2 })).toEqual(['NONE'])
    expect(await harness.offsets()).toEqual({ 't-0': 2 })
  })
})

/** What lasts of the groups: those between two stable states have nothing that does. */
async function lasting(harness: Harness, groupIds: readonly string[]): Promise<Map<string, unknown>> {
  const described: DescribeGroupsResponseInput = await harness.coordinator.describeGroups(
    describeRequest(...groupIds),
    context(6),
  )
  const offsets = await Promise.all(groupIds.map((groupId) => harness.offsets(groupId)))
  return new Map(
    described.groups!.map((group, index) => {
      const isLasting = ['Stable', 'Empty', 'Dead'].includes(group.groupState!)
      return [group.groupId!, { offsets: offsets[index], ...(isLasting ? { group } : {}) }]
    }),
  )
}

const GROUPS = [GROUP, 'b']
const names = fc.constantFrom('x', 'y', 'z')
const groupIds = fc.constantFrom(...GROUPS)

/**
 * `fails`: the append of this step is refused. Not of a leave or a timer: those may end a generation, which stays ended
 * here although its record is missing, as in Kafka.
 */
type Step =
  | { do: 'join'; group: string; who: string; fails: boolean; isStatic: boolean; fresh: boolean }
  | { do: 'sync'; group: string; who: string; fails: boolean }
  | { do: 'leave' | 'heartbeat'; group: string; who: string }
  | { do: 'commit'; group: string; who: string | null; fails: boolean; partition: number }
  | { do: 'delete-offsets' | 'delete-group'; group: string; fails: boolean }
  | { do: 'topic-deleted'; fails: boolean }
  /** Everybody syncs with what it knows: the leader among them makes the group stable. */
  | { do: 'sync-all'; group: string }
  | { do: 'wait'; ms: number }

const is = <T extends string>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values)
const fails = fc.nat(9).map((n) => n === 0)
const member = { group: groupIds, who: names }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: is('join'), ...member, fails, isStatic: fc.boolean(), fresh: fc.boolean() }),
  },
  { weight: 5, arbitrary: fc.record({ do: is('sync'), ...member, fails }) },
  { weight: 4, arbitrary: fc.record({ do: is('sync-all'), group: groupIds }) },
  { weight: 3, arbitrary: fc.record({ do: is('leave', 'heartbeat'), ...member }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: is('commit'), group: groupIds, who: fc.option(names), fails, partition: fc.nat(3) }),
  },
  { weight: 1, arbitrary: fc.record({ do: is('delete-offsets', 'delete-group'), group: groupIds, fails }) },
  { weight: 1, arbitrary: fc.record({ do: is('topic-deleted'), fails }) },
  { weight: 4, arbitrary: fc.record({ do: is('wait'), ms: fc.constantFrom(0, 1000, 4000, 20_000) }) },
)

/** Plays steps and keeps book of who has which id; nothing is awaited that might never come. */
class Player {
  readonly harness: Harness
  readonly answered: Promise<unknown>[] = []
  private readonly ids = new Map<string, string>()
  private readonly generations = new Map<string, number>()

  constructor(harness: Harness) {
    this.harness = harness
  }

  async play(next: Step): Promise<void> {
    const { log } = this.harness
    log.nextAppendError = 'fails' in next && next.fails ? new KafkaError('NOT_ENOUGH_REPLICAS') : null
    await this.run(next)
    await settled()
    log.nextAppendError = null
  }

  private async run(next: Step): Promise<void> {
    const { coordinator, clock } = this.harness
    switch (next.do) {
      case 'join':
        return this.join(next.group, next.who, next.isStatic, next.fresh)
      case 'sync':
        return this.sync(next.group, next.who)
      case 'sync-all':
        for (const who of ['x', 'y', 'z']) this.sync(next.group, who)
        return
      case 'leave': {
        const memberId = this.idOf(next.group, next.who)
        const members = [{ memberId, groupInstanceId: null, reason: null }]
        this.expectAnswer(coordinator.leaveGroup({ groupId: next.group, memberId: '', members }, context(5)))
        return
      }
      case 'heartbeat': {
        const member = { groupId: next.group, memberId: this.idOf(next.group, next.who), groupInstanceId: null }
        this.expectAnswer(
          coordinator.heartbeat({ ...member, generationId: this.generationOf(next.group, next.who) }, context(4)),
        )
        return
      }
      case 'commit': {
        const { group, who } = next
        const by = who === null ? {} : { memberId: this.idOf(group, who), generation: this.generationOf(group, who) }
        this.expectAnswer(this.harness.commit({ [`t-${next.partition}`]: clock.now() }, { groupId: group, ...by }))
        return
      }
      case 'delete-offsets': {
        const topics = [{ name: 't', partitions: [{ partitionIndex: 0 }] }]
        this.expectAnswer(coordinator.deleteOffsets({ groupId: next.group, topics }, context(0)))
        return
      }
      case 'delete-group':
        this.expectAnswer(coordinator.deleteGroups({ groupsNames: [next.group] }, context(2)))
        return
      case 'topic-deleted':
        this.expectAnswer(coordinator.onTopicsDeleted([{ name: 't', topicId: 'some-id' }]))
        return
      case 'wait':
        await clock.advance(next.ms)
    }
  }

  private expectAnswer(promise: Promise<unknown>): void {
    this.answered.push(promise)
  }

  private idOf(group: string, who: string): string {
    return this.ids.get(`${group}/${who}`) ?? ''
  }

  private generationOf(group: string, who: string): number {
    return this.generations.get(`${group}/${who}`) ?? 1
  }

  private join(group: string, who: string, isStatic: boolean, fresh: boolean): void {
    const memberId = fresh ? '' : this.idOf(group, who)
    const pending = this.harness.join(
      { memberId, ...(isStatic ? { instance: who } : {}), rebalanceTimeoutMs: 5000 },
      group,
    )
    this.expectAnswer(pending.promise)
    void pending.promise.then((response) => {
      if (response.memberId !== '') this.ids.set(`${group}/${who}`, response.memberId!)
      if (response.errorCode === 0) this.generations.set(`${group}/${who}`, response.generationId!)
    })
  }

  private sync(group: string, who: string): void {
    const ids = ['x', 'y', 'z'].map((each) => this.idOf(group, each)).filter((id) => id !== '')
    const assignments = Object.fromEntries(ids.map((id) => [id, `of ${id}`]))
    const memberId = this.idOf(group, who)
    const pending = this.harness.sync(memberId, this.generationOf(group, who), assignments, { groupId: group })
    this.expectAnswer(pending.promise)
  }
}

describe('any sequence of operations', () => {
  it('leaves in the log what it leaves in memory, and nobody waiting', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const config = { groupInitialRebalanceDelayMs: 1000, offsetsTopicNumPartitions: 2 }
        const harness = await Harness.started(config)
        const player = new Player(harness)
        for (const next of steps) await player.play(next)
        const before = await lasting(harness, GROUPS)
        await harness.restart()
        const after = await lasting(harness, GROUPS)
        for (const [groupId, facts] of before) expect(after.get(groupId)).toMatchObject(facts as object)
        await Promise.all(player.answered)
      }),
      { numRuns: 150 },
    )
  })
})
