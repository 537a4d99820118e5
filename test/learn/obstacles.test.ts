import { describe, expect, it } from 'vitest'
import { isProgram, membersOf, stillMembers } from '../../src/learn/obstacles.ts'
import { ok, refused } from '../support/memory-admin.ts'

const member = (groupId: string, clientId: string, ...topics: string[]) => ({
  ...{ groupId, clientId, host: '/10.0.0.7', assignment: topics.map((topic) => ({ topic, partition: 0 })) },
})

describe('members of groups', () => {
  it('are those of the groups that can be described', async () => {
    const { groupId: _, ...packer } = member('', 'packer')
    const admin = {
      describeGroups: async () =>
        new Map([
          ['one', ok({ members: [packer] })],
          ['gone', refused('GROUP_ID_NOT_FOUND', '')],
        ]),
    }
    expect(await membersOf(admin as never, ['one', 'gone', 'untold'])).toEqual([{ groupId: 'one', ...packer }])
  })

  it('are programs of the lesson when they have its names', () => {
    const programs = ['kt-38-booking']
    const names = ['kt-38-booking', 'kt-38-booking-0', 'kt-38-bookings', 'console-consumer']
    expect(names.map((clientId) => isProgram(member('g', clientId), programs))).toEqual([true, true, false, false])
  })
})

it('says who is there, in which group, and that nothing was deleted', () => {
  const error = stillMembers(24, [member('kt-24-packing', 'packer-1', 'orders'), member('kt-24-billing', 'bill')])
  expect(error.message).toBe('Lesson 24 is not undone: groups kt-24-packing, kt-24-billing still have 2 members')
  expect(error.facts.slice(0, 2)).toEqual([
    'packer-1 on 10.0.0.7, in group kt-24-packing, reads orders-0',
    'bill on 10.0.0.7, in group kt-24-billing, reads nothing',
  ])
  expect(error.facts.join()).toContain('nothing was deleted')
})
