import { describe, expect, it } from 'vitest'
import { departuresIn, HistoryWriter, memberText } from '../../../src/commands/beginner-errors/group-history.ts'

const member = (memberId: string, groupInstanceId: string | null = null) => ({
  ...{ memberId, groupInstanceId, clientId: 'c', host: '/127.0.0.1' },
  assignment: [],
})
const generation = (number: number, ...ids: readonly string[]) => ({
  type: 'generation' as const,
  groupId: 'g',
  value: { generation: number, protocol: 'range', members: ids.map((id) => member(id)) },
})

describe('the history of a classic group', () => {
  it('has who came and who is gone with each generation', () => {
    const writer = new HistoryWriter()
    writer.take(generation(1, 'c-aaaa'), 100)
    writer.take(generation(2, 'c-aaaa', 'c-bbbb'), 200)
    // Written once more when its members have their partitions.
    writer.take(generation(2, 'c-aaaa', 'c-bbbb'), 201)
    writer.take(generation(3, 'c-bbbb'), 300)
    writer.take(generation(4), 400)
    expect(writer.history.rounds).toEqual([100, 200, 300])
    expect(writer.history.changes.map((each) => [each.at, each.member, each.isGone, each.generation])).toEqual([
      [100, 'c~aaaa', false, 1],
      [200, 'c~bbbb', false, 2],
      [300, 'c~aaaa', true, 3],
      [400, 'c~bbbb', true, 4],
    ])
  })

  it('ends with the group', () => {
    const writer = new HistoryWriter()
    writer.take(generation(1, 'c-aaaa'), 100)
    writer.take({ type: 'generation', groupId: 'g', value: null }, 200)
    expect(writer.history.changes.at(-1)).toMatchObject({ isGone: true, generation: null })
  })
})

describe('the history of a group of KIP-848', () => {
  it('has its members one by one, and an epoch for each change', () => {
    const writer = new HistoryWriter()
    const info = { memberId: 'm-1234', groupInstanceId: 'till-1', clientId: 'c', host: '/h' }
    const about = { type: 'member', groupId: 'g', memberId: 'm-1234' } as const
    writer.take({ ...about, info }, 100)
    writer.take({ type: 'groupEpoch', groupId: 'g', epoch: 1 }, 100)
    // A member that changes its subscription has not come again.
    writer.take({ ...about, info }, 150)
    writer.take({ ...about, info: null }, 200)
    // One whose coming is not in the records any more.
    writer.take({ ...about, memberId: 'unknown', info: null }, 300)
    expect(writer.history.rounds).toEqual([100])
    expect(writer.history.changes.map((each) => [each.at, each.member, each.isGone])).toEqual([
      [100, 'till-1', false],
      [200, 'till-1', true],
    ])
  })
})

describe('a line of the coordinator', () => {
  it.each([
    [
      'Member c-1 in group g has failed, removing it from the group.',
      [['c-1', 'no heartbeat within its session.timeout.ms']],
    ],
    [
      '[Group g] Member c-1 has left group through explicit `LeaveGroup` request; client reason: not provided',
      [['c-1', 'it left by itself']],
    ],
    [
      '[Group g] Member c-1 has left group through explicit `LeaveGroup` request; client reason: the consumer is being closed',
      [['c-1', 'it left by itself (the consumer is being closed)']],
    ],
    [
      '[Group g] Member c-1 has left group through explicit `LeaveGroup` request; client reason: consumer poll timeout has expired.',
      [['c-1', 'it polled later than max.poll.interval.ms and left']],
    ],
    [
      "Group g removed dynamic members who haven't joined: [c-1, c-2]",
      [
        ['c-1', 'it did not join again within its max.poll.interval.ms'],
        ['c-2', 'it did not join again within its max.poll.interval.ms'],
      ],
    ],
    ['Member c-1 in group other has failed, removing it from the group.', []],
    ['Stabilized group g generation 3 with 2 members.', []],
  ])('%s', (line, expected) => {
    expect(departuresIn(line, 'g')).toEqual(expected)
  })
})

it('members are named as people tell them apart', () => {
  expect(memberText(member('c-1234-5678'))).toBe('c~5678')
  expect(memberText(member('c-1234', 'till-1'))).toBe('till-1')
  expect(memberText({ ...member('1234'), clientId: '' })).toBe('member~1234')
})
