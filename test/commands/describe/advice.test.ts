import { describe, expect, it } from 'vitest'
import { noColours } from '../../../src/cli/colour.ts'
import { adviceText } from '../../../src/commands/describe/advice.ts'
import type { PartitionStatus, TopicStatus } from '../../../src/commands/describe/model.ts'
import { topicOf } from '../../support/memory-admin.ts'

interface Given extends Partial<PartitionStatus> {
  /** `leader:replicas:isr[:offline]` */
  readonly is: string
}

function advice(given: Given | readonly Given[], topic: Partial<TopicStatus> = {}): string {
  const all = [given].flat() as Given[]
  const base = topicOf(
    'orders',
    all.map(({ is }) => is),
  )
  const more = { earliestOffset: 0, latestOffset: 5, sizeBytes: 1, isReassigning: false, followers: null }
  const partitions = base.partitions.map((each, at) => ({ ...each, ...more, ...all[at] }))
  const settings = { configs: new Map(), minInsyncReplicas: 2, uncleanElection: false }
  return adviceText({ ...base, ...settings, partitions, ...topic }, noColours)
}

const UNCLEAN = 'kt leader-election --election-type unclean --topic orders --partition 0'

describe('advice', () => {
  it('is not given where nothing is wrong, or only the preferred leader is not the one', () => {
    expect(advice([{ is: '1:1,2,3:1,2,3' }, { is: '2:1,2:2,1' }])).toBe('')
  })

  it('for a partition without a leader: who is eligible, and what a person may do and loses', () => {
    expect(advice({ is: '-1:1,2,3::1,2', elr: [1, 2], lastKnownElr: [1] })).toBe(`
orders-0: no leader, so nothing can be written or read. It was led last by 1.
  start brokers 1, 2, e.g. kt cluster restart 1 2
    eligible (ELR 1, 2): have every committed record. One that was stopped in order leads at once; killed ones are trusted only when all are back, then 1 leads
  ${UNCLEAN}
    3 leads at once: records that only 1, 2 have are lost for good, acknowledged or not
`)
  })

  it('does not propose an election that would find nobody', () => {
    expect(advice({ is: '-1:1,2::1,2', elr: [1], lastKnownElr: [1] })).not.toContain('leader-election')
  })

  it('names the last leader where nobody is eligible any more', () => {
    const text = advice({ is: '-1:1,2,3::1', elr: [], lastKnownElr: [1] })
    expect(text).toContain('  start broker 1, e.g. kt cluster restart 1\n    it leads again with what is on its disk')
    expect(text).toContain(`  ${UNCLEAN}\n    2 leads at once: records that 2 does not have are lost for good`)
  })

  it('without ELR trusts the last ISR, and says nothing of a last leader it does not know', () => {
    const text = advice({ is: '-1:1,2:2:2', elr: null, lastKnownElr: null })
    expect(text).toContain('no leader, so nothing can be written or read.\n  start broker 2,')
    expect(text).toContain('in the ISR (2): have every committed record. One that was stopped in order leads at once\n')
    expect(text).toContain('1 leads at once: records that only 2 have are lost for good')
  })

  it('starts them all where the cluster tells nothing', () => {
    const text = advice({ is: '-1:1,2::1,2', elr: null, lastKnownElr: null })
    expect(text).toContain('start brokers 1, 2, e.g. kt cluster restart 1 2\n    who has every record is not known')
  })

  it('says that anybody leads where unclean elections are allowed', () => {
    const text = advice({ is: '-1:1,2::1,2', elr: [1], lastKnownElr: [1] }, { uncleanElection: true })
    expect(text).toContain('start brokers 1, 2, e.g. kt cluster restart 1 2\n    who is back first leads, and records')
    expect(text).not.toContain('leader-election')
  })

  it('below min.insync.replicas: what is refused, what is not seen, who may lead', () => {
    expect(advice({ is: '1:1,2,3:1:2,3', elr: [2] })).toBe(`
orders-0: ISR 1 is below min.insync.replicas=2: acks=all is refused (NOT_ENOUGH_REPLICAS), and what acks=1 writes is not seen by consumers until 2 are in sync. If 1 goes too, 2 (ELR) may lead without loss.
  start brokers 2, 3, e.g. kt cluster restart 2 3
    it catches up from the leader and joins the ISR
`)
  })

  it('asks no more of a partition than it has replicas', () => {
    expect(advice({ is: '1:1:1' }, { minInsyncReplicas: 2 })).toBe('')
  })

  it('under-replicated: works, and how much it still stands', () => {
    expect(advice({ is: '1:1,2,3:1,2:3' })).toContain(
      'orders-0: 2 of 3 replicas in sync, everything works. One less, and acks=all is refused (min.insync.replicas=2).\n',
    )
    expect(advice({ is: '1:1,2,3:1,2:3' }, { minInsyncReplicas: 1 })).toContain('everything works.\n  start broker 3,')
    // Nobody is offline: it catches up by itself.
    expect(advice({ is: '1:1,2,3:1,2' }, { minInsyncReplicas: null })).toBe('\norders-0: 2 of 3 replicas in sync.\n')
  })

  it('is told once for partitions with the same trouble, and not without end', () => {
    const many = Array.from({ length: 5 }, () => ({ is: '1:1,2,3:1,2:3' }))
    expect(advice(many)).toMatch(/^\norders-0, orders-1, orders-2 and 2 more: 2 of 3/)
    const troubles = Array.from({ length: 8 }, (_, at) => ({ is: `9:9,${at}:9:${at}` }))
    expect(advice(troubles, { minInsyncReplicas: 1 })).toMatch(/\n\n\.\.\. and 3 more of such\n$/)
  })
})
