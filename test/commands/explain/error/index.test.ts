import { describe, expect, it } from 'vitest'
import { meanings, near } from '../../../../src/commands/explain/error/index.ts'

describe('an error, explained', () => {
  it('is found by name, number, class, and class with package', async () => {
    for (const word of ['NOT_LEADER_OR_FOLLOWER', 'not_leader_or_follower', '6', 'NotLeaderOrFollowerException']) {
      expect((await meanings(word)).map(({ details }) => details.code)).toEqual([6])
    }
    expect(await meanings('org.apache.kafka.common.errors.NotLeaderOrFollowerException')).toHaveLength(1)
    expect(await meanings('-1')).toMatchObject([{ details: { name: 'UNKNOWN_SERVER_ERROR' } }])
    expect(await meanings('999')).toEqual([])
    expect(await meanings('Exception')).toEqual([])
  })

  it('tells what it is, who sends it, whether to ask again and what to do', async () => {
    const [meaning] = await meanings('NOT_ENOUGH_REPLICAS')
    expect(meaning).toMatchObject({
      kind: 'error',
      meaning: 'Messages are rejected since there are fewer in-sync replicas than required.',
      details: {
        code: 19,
        retriable: true,
        exception: 'NotEnoughReplicasException',
        sender: 'the leader of the partition',
      },
    })
    const rows = new Map(meaning!.sections[0]!.rows)
    expect(rows.get('Java')).toBe('org.apache.kafka.common.errors.NotEnoughReplicasException')
    expect(rows.get('again?')).toMatch(/^yes/)
    expect(meaning!.sections[1]!.texts![0]).toContain('--under-min-isr-partitions')
    expect(new Map((await meanings('0'))[0]!.sections[0]!.rows).has('again?')).toBe(false)
  })

  it('has names that are near', async () => {
    expect(await near('NOT_LEADER_OR_FOLOWER')).toContain('NOT_LEADER_OR_FOLLOWER')
    expect(await near('NotLeaderOrFolowerException')).toContain('NotLeaderOrFollowerException')
    expect(await near('hello')).toEqual([])
  })
})
