import { describe, expect, it } from 'vitest'
import { committedIsr, expandingIsr, type ProposedIsr, RECOVERED, shrinkingIsr } from '../../src/broker/isr-state.ts'

const proposal = (...ids: readonly number[]): ProposedIsr => ({
  leaderEpoch: 3,
  partitionEpoch: 7,
  leaderRecoveryState: RECOVERED,
  members: ids.map((brokerId) => ({ brokerId, brokerEpoch: -1 })),
})

describe('the ISR while a change is on its way', () => {
  const committed = committedIsr([1, 2], RECOVERED)

  it('is the larger of the two for the high watermark, and the old one for everything else', () => {
    const growing = expandingIsr(committed, 3, proposal(1, 2, 3))
    expect([growing.isr, growing.maximalIsr]).toEqual([
      [1, 2],
      [1, 2, 3],
    ])
    const shrinking = shrinkingIsr(committed, proposal(1))
    expect([shrinking.isr, shrinking.maximalIsr]).toEqual([
      [1, 2],
      [1, 2],
    ])
  })

  it('knows what it replaces, so that a refusal can go back there', () => {
    for (const state of [expandingIsr(committed, 3, proposal(1, 2, 3)), shrinkingIsr(committed, proposal(1))]) {
      expect(state.change?.replaces).toBe(committed)
    }
    expect(committed.change).toBeNull()
  })
})
