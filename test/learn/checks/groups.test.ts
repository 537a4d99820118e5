import { describe, expect, it } from 'vitest'
import type { Admin } from '../../../src/client/admin-types.ts'
import { hasNoMembers, idleMembers, readToTheEnd, sharedByMembers } from '../../../src/learn/checks/groups.ts'
import { lookAt } from '../../support/learn-fakes.ts'
import { ok, topicOf } from '../../support/memory-admin.ts'

/** A group whose members have so many partitions each. */
function group(state: string, ...partitions: number[]): Partial<Admin> {
  const members = partitions.map((count, at) => ({
    memberId: `m${at}`,
    clientId: `client-${at}`,
    host: '/127.0.0.1',
    assignment: Array.from({ length: count }, (_, partition) => ({ topic: 'orders', partition })),
  }))
  return {
    listGroups: async () => [{ groupId: 'shop' }] as never,
    describeGroups: async () => new Map([['shop', ok({ groupId: 'shop', state, members } as never)]]),
  }
}
const none: Partial<Admin> = { listGroups: async () => [] }

describe('a group that does not exist', () => {
  it.each([
    ['shared', sharedByMembers('shop', 1)],
    ['idle', idleMembers('shop', 1)],
    ['without members', hasNoMembers('shop')],
  ])('is not yet %s', async (_, check) => {
    expect(await check(lookAt(none))).toMatchObject({
      state: 'not-yet',
      observed: 'no group shop',
      show: 'kt consumer-groups --list',
    })
  })
})

describe('members', () => {
  it('share the work when each has a partition', async () => {
    expect(await sharedByMembers('shop', 2)(lookAt(group('Stable', 2, 1)))).toMatchObject({ state: 'done' })
    expect(await sharedByMembers('shop', 2)(lookAt(group('Stable', 3, 0)))).toMatchObject({
      state: 'not-yet',
      observed: '2 members, 1 with partitions',
    })
    expect(await sharedByMembers('shop', 1)(lookAt(group('Stable', 2, 1)))).toMatchObject({ state: 'not-yet' })
  })

  it('on their way are waited for', async () => {
    expect(await sharedByMembers('shop', 2)(lookAt(group('PreparingRebalance', 0, 0)))).toMatchObject({
      waitingFor: 'the group, which is PreparingRebalance',
    })
  })

  it('are idle only once the group is stable', async () => {
    expect(await idleMembers('shop', 1)(lookAt(group('Stable', 1, 1, 0)))).toMatchObject({ state: 'done' })
    expect(await idleMembers('shop', 1)(lookAt(group('CompletingRebalance', 1, 0)))).toMatchObject({ state: 'not-yet' })
  })

  it('that are there are named', async () => {
    expect(await hasNoMembers('shop')(lookAt(group('Stable', 1)))).toMatchObject({
      state: 'not-yet',
      observed: 'client-0 on /127.0.0.1',
    })
    expect(await hasNoMembers('shop')(lookAt(group('Empty')))).toMatchObject({ state: 'done' })
  })
})

describe('reading to the end', () => {
  const at = (committed: Record<number, number>): Partial<Admin> => ({
    describeTopics: async () => new Map([['orders', ok(topicOf('orders', ['1:1:1', '1:1:1', '1:1:1']))]]),
    // Three, four and no records.
    listOffsets: async (asked) =>
      asked.map(({ partition, spec }) => ok({ offset: spec === 'earliest' ? 0 : [3, 4, 0][partition] } as never)),
    listGroupOffsets: async () =>
      new Map([
        [
          'shop',
          ok(
            Object.entries(committed).map(
              ([partition, offset]) => ({ topic: 'orders', partition: Number(partition), offset }) as never,
            ),
          ),
        ],
      ]),
  })

  it('is done at the end of every partition that has records', async () => {
    expect(await readToTheEnd('shop', 'orders')(lookAt(at({ 0: 3, 1: 4 })))).toMatchObject({
      state: 'done',
      observed: 'lag 0',
    })
  })

  it('counts what was never committed from the start', async () => {
    expect(await readToTheEnd('shop', 'orders')(lookAt(at({ 0: 1 })))).toMatchObject({
      state: 'not-yet',
      observed: 'lag 6',
    })
  })

  it('has not begun without a commit', async () => {
    expect(await readToTheEnd('shop', 'orders')(lookAt(at({})))).toMatchObject({
      observed: 'no offset committed by shop',
    })
  })
})
