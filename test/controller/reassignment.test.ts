import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  completedReassignment,
  isReassigning,
  reassignmentTo,
  revertedReassignment,
  targetReplicationFactor,
} from '../../src/controller/reassignment.ts'
import type { PartitionRegistration } from '../../src/metadata/types.ts'

function partition(state: Partial<PartitionRegistration>): PartitionRegistration {
  return {
    replicas: [],
    directories: [],
    isr: [],
    removingReplicas: [],
    addingReplicas: [],
    elr: [],
    lastKnownElr: [],
    leader: -1,
    leaderRecoveryState: 0,
    leaderEpoch: 0,
    partitionEpoch: 0,
    ...state,
  }
}

const ids = fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 6 })

describe('a reassignment', () => {
  it.each([
    [[0, 1, 2], [0, 1, 2], { replicas: [0, 1, 2], adding: [], removing: [] }],
    [[0, 1, 2], [2, 1, 0], { replicas: [2, 1, 0], adding: [], removing: [] }],
    [[0, 1, 2], [3, 4, 5], { replicas: [3, 4, 5, 0, 1, 2], adding: [3, 4, 5], removing: [0, 1, 2] }],
    [[3, 1, 2], [2, 9, 7], { replicas: [2, 9, 7, 1, 3], adding: [7, 9], removing: [1, 3] }],
    [[0, 1], [0, 1, 2], { replicas: [0, 1, 2], adding: [2], removing: [] }],
  ])('from %j to %j', (current, target, expected) => {
    expect(reassignmentTo(current, target)).toEqual(expected)
  })

  it('loses no replica before it is over, and ends at its target', () => {
    fc.assert(
      fc.property(ids, ids, (current, target) => {
        const assignment = reassignmentTo(current, target)
        expect(current.every((id) => assignment.replicas.includes(id))).toBe(true)
        expect(new Set(assignment.replicas).size).toBe(assignment.replicas.length)
        const completed = completedReassignment(assignment, assignment.replicas)
        if (assignment.adding.length + assignment.removing.length === 0) expect(completed).toBeNull()
        else expect(completed).toEqual({ replicas: target, isr: target })
      }),
    )
  })

  it('can be undone at any time, except that somebody old must lead', () => {
    fc.assert(
      fc.property(ids, ids, fc.infiniteStream(fc.boolean()), (current, target, coin) => {
        const { replicas, adding, removing } = reassignmentTo(current, target)
        const isr = replicas.filter(() => coin.next().value)
        const reverted = revertedReassignment(
          partition({ replicas, addingReplicas: adding, removingReplicas: removing, isr }),
        )
        expect([...reverted.replicas].sort()).toEqual([...current].sort())
        expect(reverted.unclean).toBe(!isr.some((id) => current.includes(id)))
        expect(reverted.isr.length).toBeGreaterThan(0)
        expect(reverted.isr.every((id) => current.includes(id))).toBe(true)
      }),
    )
  })
})

describe('completion', () => {
  const swap = { replicas: [3, 4, 5, 0, 1, 2], adding: [3, 4, 5], removing: [0, 1, 2] }
  it.each([
    [swap, [0, 1, 2], null],
    [swap, [0, 1, 2, 3, 4], null],
    [swap, [3, 4, 5], { replicas: [3, 4, 5], isr: [3, 4, 5] }],
    [swap, [5, 0, 3, 4], { replicas: [3, 4, 5], isr: [5, 3, 4] }],
    [{ replicas: [0, 1, 2], adding: [2], removing: [] }, [0, 2], { replicas: [0, 1, 2], isr: [0, 2] }],
    [{ replicas: [1, 2, 0], adding: [], removing: [0] }, [0], null],
    [{ replicas: [1, 2, 0], adding: [], removing: [0] }, [1], null],
    [{ replicas: [1, 2, 0], adding: [], removing: [0] }, [2, 0, 1], { replicas: [1, 2], isr: [2, 1] }],
    [{ replicas: [2, 3, 4, 5, 0, 1], adding: [5], removing: [0, 1] }, [0, 1, 5], null],
    [{ replicas: [0], adding: [], removing: [0] }, [0], null],
    [{ replicas: [1, 2, 3], adding: [3], removing: [3] }, [1, 2, 3], null],
    [{ replicas: [1], adding: [], removing: [] }, [1], null],
  ])('of %j with ISR %j', (assignment, isr, expected) => {
    expect(completedReassignment(assignment, isr)).toEqual(expected)
  })
})

describe('cancellation', () => {
  it('has nothing to go back to when every replica is new', () => {
    expect(() => revertedReassignment(partition({ replicas: [1, 2], addingReplicas: [1, 2] }))).toThrow(
      'Invalid replica assignment: addingReplicas contains all replicas.',
    )
  })
})

describe('a partition', () => {
  it('is being reassigned while somebody comes or goes', () => {
    expect(isReassigning(partition({ replicas: [1] }))).toBe(false)
    expect(isReassigning(partition({ addingReplicas: [1] }))).toBe(true)
    expect(isReassigning(partition({ removingReplicas: [1] }))).toBe(true)
  })

  it('has the replication factor it is to have', () => {
    expect(targetReplicationFactor(partition({ replicas: [1, 2] }))).toBe(2)
    const moving = { replicas: [3, 4, 5, 1, 2], addingReplicas: [3, 4, 5], removingReplicas: [1, 2] }
    expect(targetReplicationFactor(partition(moving))).toBe(3)
  })
})
