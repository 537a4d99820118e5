import { describe, expect, it } from 'vitest'
import { ZERO_UUID } from '../../../../src/base/uuid.ts'
import { ClassicGroup } from '../../../../src/coordinator/group/classic/group.ts'
import { ClassicMember } from '../../../../src/coordinator/group/classic/member.ts'
import { joinError } from '../../../../src/coordinator/group/classic/responses.ts'
import type { CommittedOffset } from '../../../../src/coordinator/group/offsets.ts'
import { parseRecord } from '../../../../src/coordinator/group/records.ts'
import type { JoinGroupResponseInput } from '../../../../src/protocol/messages/11-join-group.ts'
import { named, subscription } from '../../harness.ts'

interface Options {
  readonly instance?: string
  readonly protocols?: readonly string[]
  readonly rebalanceTimeoutMs?: number
  readonly topics?: readonly string[]
}

function member(memberId: string, options: Options = {}): ClassicMember {
  return new ClassicMember({
    memberId,
    groupInstanceId: options.instance ?? null,
    clientId: 'c',
    clientHost: '/127.0.0.1',
    rebalanceTimeoutMs: options.rebalanceTimeoutMs ?? 1000,
    sessionTimeoutMs: 500,
    protocolType: 'consumer',
    protocols: (options.protocols ?? ['range']).map((name) => ({
      name,
      metadata: subscription(...(options.topics ?? ['t'])),
    })),
  })
}

const ignore = (): void => undefined

/** A group in its first join phase, everybody waiting. */
function joining(...members: ClassicMember[]): ClassicGroup {
  const group = new ClassicGroup('g', 100)
  for (const each of members) group.add(each, ignore)
  group.transitionTo('PreparingRebalance', 101)
  return group
}

function reload(group: ClassicGroup, assignments = group.currentAssignments()): ClassicGroup {
  const parsed = parseRecord(group.toRecord(assignments))
  if (parsed.kind !== 'group' || parsed.value === null) throw new Error('no group')
  return ClassicGroup.fromRecord(parsed.groupId, parsed.value)
}

const refused = (name: string) => expect.objectContaining({ errorName: name })

describe('leaders', () => {
  it('are the first to join, and then the next', () => {
    const group = joining(member('a'), member('b'))
    expect(group.leader).toBe('a')
    group.remove('a')
    expect(group.leader).toBe('b')
    group.remove('b')
    expect(group.leader).toBeNull()
  })

  it('give way to one that has rejoined', () => {
    const group = joining(member('a', { instance: 'one' }), member('b'))
    group.answerJoin(group.member('a')!, joinError('NONE', 'a'))
    expect(group.electNewJoinedLeader()).toBe(true)
    expect(group.leader).toBe('b')
    group.answerJoin(group.member('b')!, joinError('NONE', 'b'))
    expect(group.electNewJoinedLeader()).toBe(false)
    expect(group.leader).toBe('b')
  })
})

describe('protocols', () => {
  it('are chosen by votes among what all speak', () => {
    const group = joining(
      member('a', { protocols: ['sticky', 'range', 'odd'] }),
      member('b', { protocols: ['range', 'sticky'] }),
      member('c', { protocols: ['range', 'sticky'] }),
    )
    expect(group.selectProtocol()).toBe('range')
    group.remove('c')
    expect(group.selectProtocol()).toBe('sticky')
  })

  it('of a newcomer must overlap with what all speak', () => {
    const group = joining(member('a', { protocols: ['sticky', 'range'] }), member('b', { protocols: ['range'] }))
    const { protocols } = member('x', { protocols: ['sticky'] })
    expect(group.supportsProtocols('consumer', protocols)).toBe(false)
    expect(group.supportsProtocols('consumer', member('x', { protocols: ['odd', 'range'] }).protocols)).toBe(true)
    expect(group.supportsProtocols('connect', member('x').protocols)).toBe(false)
  })

  it('of the first member may be any, but some', () => {
    const group = new ClassicGroup('g', 0)
    expect(group.supportsProtocols('connect', member('x').protocols)).toBe(true)
    expect(group.supportsProtocols('', member('x').protocols)).toBe(false)
    expect(group.supportsProtocols('connect', [])).toBe(false)
  })
})

describe('members', () => {
  it('wait together for the slowest', () => {
    const group = joining(member('a', { rebalanceTimeoutMs: 10 }), member('b', { rebalanceTimeoutMs: 30 }))
    expect(group.rebalanceTimeoutMs).toBe(30)
    expect(group.hasAllMembersJoined()).toBe(true)
    group.addPendingMember('c')
    expect(group.hasAllMembersJoined()).toBe(false)
    group.remove('c')
    group.answerJoin(group.member('a')!, joinError('NONE', 'a'))
    expect(group.hasAllMembersJoined()).toBe(false)
    expect(group.notYetRejoined().map(({ memberId }) => memberId)).toEqual(['a'])
    expect(group.awaitingJoinCount).toBe(1)
  })

  it('are told when they are removed while they wait', () => {
    const group = joining()
    const joins: JoinGroupResponseInput[] = []
    const syncs: string[] = []
    group.add(member('a'), (response) => joins.push(response))
    group.awaitSync(group.member('a')!, (response) => syncs.push(named(response)))
    group.remove('a')
    expect(joins.map(named)).toEqual(['UNKNOWN_MEMBER_ID'])
    expect(joins[0]!.memberId).toBe('')
    expect(syncs).toEqual(['UNKNOWN_MEMBER_ID'])
    group.remove('a')
    expect(joins).toHaveLength(1)
  })

  it('that ask again let their older request go', () => {
    const group = joining()
    const answers: string[] = []
    group.add(member('a'), (response) => answers.push(`join ${named(response)}`))
    group.update(group.member('a')!, member('a'), (response) => answers.push(`second ${named(response)}`))
    group.awaitSync(group.member('a')!, (response) => answers.push(`sync ${named(response)}`))
    group.awaitSync(group.member('a')!, ignore)
    expect(answers).toEqual(['join REBALANCE_IN_PROGRESS', 'sync REBALANCE_IN_PROGRESS'])
  })

  it('are checked by id and by name', () => {
    const group = joining(member('a', { instance: 'one' }), member('b'))
    group.validateMember('a', 'one')
    group.validateMember('a', null)
    expect(() => group.validateMember('b', 'one')).toThrow(refused('FENCED_INSTANCE_ID'))
    expect(() => group.validateMember('a', 'two')).toThrow(refused('UNKNOWN_MEMBER_ID'))
    expect(() => group.validateMember('x', null)).toThrow(refused('UNKNOWN_MEMBER_ID'))
  })

  it('with a name are replaced, the leader too, and their former selves fenced', () => {
    const group = joining()
    const answers: string[] = []
    group.add(member('a', { instance: 'one' }), (response) => answers.push(`join ${named(response)}`))
    const old = group.member('a')!
    old.assignment = Buffer.from('mine')
    old.syncAnswer = (response) => answers.push(`sync ${named(response)}`)
    const replaced = group.replaceStaticMember('one', 'a', 'a2')
    expect(answers).toEqual(['join FENCED_INSTANCE_ID', 'sync FENCED_INSTANCE_ID'])
    expect(replaced.assignment.toString()).toBe('mine')
    expect(replaced.isAwaitingJoin).toBe(false)
    expect(group.leader).toBe('a2')
    expect(group.staticMemberId('one')).toBe('a2')
    expect(group.has('a')).toBe(false)
    expect(() => group.replaceStaticMember('one', 'a', 'a3')).toThrow(/no member a/)
  })

  it('are all told when the group is unloaded', () => {
    const answers: string[] = []
    const group = new ClassicGroup('g', 0)
    group.add(member('a'), (response) => answers.push(`a ${named(response)} ${response.memberId}`))
    group.add(member('b'), (response) => answers.push(`b ${named(response)} ${response.memberId}`))
    group.awaitSync(group.member('b')!, (response) => answers.push(`b sync ${named(response)}`))
    group.unload(1)
    expect(answers).toEqual(['a NOT_COORDINATOR a', 'b NOT_COORDINATOR b', 'b sync NOT_COORDINATOR'])
    expect(group.state).toBe('Dead')
  })
})

describe('generations', () => {
  it('begin with a protocol and the topics it is about', () => {
    const group = joining(member('a', { topics: ['t'] }), member('b', { topics: ['u'] }))
    group.initNextGeneration(200)
    expect([group.generationId, group.protocolName, group.state]).toEqual([1, 'range', 'CompletingRebalance'])
    expect(['t', 'u', 'v'].map((topic) => group.isSubscribedToTopic(topic))).toEqual([true, true, false])
  })

  it('may be empty', () => {
    const group = joining(member('a'))
    group.remove('a')
    group.initNextGeneration(200)
    expect([group.generationId, group.protocolName, group.state]).toEqual([1, null, 'Empty'])
    expect(group.protocolType).toBe('consumer')
    expect(group.isSubscribedToTopic('t')).toBe(false)
  })

  it('cannot begin from nowhere', () => {
    const group = new ClassicGroup('g', 0)
    expect(() => group.initNextGeneration(1)).toThrow(/cannot go from Empty to Empty/)
  })
})

describe('records', () => {
  it('bring back a stable group', () => {
    const group = joining(member('a', { instance: 'one' }), member('b'))
    group.initNextGeneration(200)
    const assignments = new Map([['a', Buffer.from('A')]])
    const loaded = reload(group, assignments)
    expect([loaded.state, loaded.generationId, loaded.leader, loaded.protocolType, loaded.protocolName]).toEqual([
      'Stable',
      1,
      'a',
      'consumer',
      'range',
    ])
    expect(loaded.members.map(({ memberId, assignment }) => [memberId, assignment.toString()])).toEqual([
      ['a', 'A'],
      ['b', ''],
    ])
    expect(loaded.staticMemberId('one')).toBe('a')
    expect(loaded.isSubscribedToTopic('t')).toBe(true)
    expect(loaded.isSubscribedToTopic('u')).toBe(false)
    expect(loaded.member('a')!.sessionTimeoutMs).toBe(500)
  })

  it('bring back an empty group and since when it is', () => {
    const group = joining(member('a'))
    group.remove('a')
    group.initNextGeneration(200)
    const loaded = reload(group)
    expect([loaded.state, loaded.protocolType, loaded.offsetExpirationBaseMs(OFFSET)]).toEqual([
      'Empty',
      'consumer',
      200,
    ])
  })

  it('of a new group hold nothing but its time', () => {
    const parsed = parseRecord(new ClassicGroup('g', 100).toEmptyRecord())
    expect(parsed).toMatchObject({
      groupId: 'g',
      value: {
        protocolType: '',
        generation: 0,
        protocol: null,
        leader: null,
        currentStateTimestamp: 100n,
        members: [],
      },
    })
  })

  it('of old versions take the session timeout for both', () => {
    const value = {
      protocolType: 'consumer',
      generation: 1,
      protocol: 'range',
      leader: 'a',
      currentStateTimestamp: -1n,
      members: [
        {
          memberId: 'a',
          groupInstanceId: null,
          clientId: 'c',
          clientHost: '/h',
          rebalanceTimeout: -1,
          sessionTimeout: 700,
          subscription: subscription('t'),
          assignment: Buffer.alloc(0),
        },
      ],
    }
    const group = ClassicGroup.fromRecord('g', value)
    expect(group.rebalanceTimeoutMs).toBe(700)
  })
})

const OFFSET: CommittedOffset = {
  committedOffset: 1n,
  leaderEpoch: -1,
  metadata: '',
  commitTimestampMs: 50,
  expireTimestampMs: null,
  topicId: ZERO_UUID,
}

describe('offsets', () => {
  it('expire counting from what the state says (KIP-211)', () => {
    const simple = new ClassicGroup('g', 100)
    expect(simple.offsetExpirationBaseMs(OFFSET)).toBe(50)
    const group = joining(member('a'))
    expect(group.offsetExpirationBaseMs(OFFSET)).toBeNull()
    group.initNextGeneration(200)
    expect(group.offsetExpirationBaseMs(OFFSET)).toBeNull()
    group.transitionTo('Stable', 300)
    expect(group.offsetExpirationBaseMs(OFFSET)).toBe(50)
  })

  it('never expire while a stable group is not of consumers', () => {
    const group = new ClassicGroup('g', 0)
    const connect = new ClassicMember({ ...member('a'), protocolType: 'connect' })
    group.add(connect, ignore)
    group.transitionTo('PreparingRebalance', 1)
    group.initNextGeneration(2)
    group.transitionTo('Stable', 3)
    expect(group.offsetExpirationBaseMs(OFFSET)).toBeNull()
    expect(group.isSubscribedToTopic('t')).toBe(false)
  })

  it('are committed by members, or by anybody while the group is empty', () => {
    const anybody = { memberId: '', groupInstanceId: null, generationIdOrMemberEpoch: -1 }
    const empty = new ClassicGroup('g', 0)
    empty.validateOffsetCommit(anybody)
    empty.validateOffsetCommit({ ...anybody, memberId: 'x' })
    expect(() => empty.validateOffsetCommit({ ...anybody, generationIdOrMemberEpoch: 0 })).toThrow(
      refused('UNKNOWN_MEMBER_ID'),
    )
    const group = joining(member('a'))
    group.initNextGeneration(1)
    group.transitionTo('Stable', 2)
    const mine = { memberId: 'a', groupInstanceId: null, generationIdOrMemberEpoch: 1 }
    group.validateOffsetCommit(mine)
    expect(() => group.validateOffsetCommit(anybody)).toThrow(refused('UNKNOWN_MEMBER_ID'))
    expect(() => group.validateOffsetCommit({ ...mine, generationIdOrMemberEpoch: -1 })).toThrow(
      refused('ILLEGAL_GENERATION'),
    )
    expect(() => group.validateOffsetCommit({ ...mine, groupInstanceId: 'one' })).toThrow(refused('UNKNOWN_MEMBER_ID'))
    group.unload(3)
    expect(() => group.validateOffsetCommit(mine)).toThrow(refused('COORDINATOR_NOT_AVAILABLE'))
    expect(() => group.validateOffsetFetch()).toThrow(refused('GROUP_ID_NOT_FOUND'))
    expect(() => group.validateOffsetDelete()).toThrow(refused('GROUP_ID_NOT_FOUND'))
    expect(() => group.validateDelete()).toThrow(refused('GROUP_ID_NOT_FOUND'))
  })
})
