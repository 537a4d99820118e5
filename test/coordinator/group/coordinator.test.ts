import { describe, expect, it } from 'vitest'
import { GROUP, Harness, named } from '../harness.ts'

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
    expect(harness.partition(GROUP)).toBeLessThan(50)
    expect(named(undefined)).toBe('waiting')
  })
})
