/** A storm is worth what its judge notices: each kind of damage, made by hand. */
import { describe, expect, it } from 'vitest'
import { Ledger } from './ledger.ts'
import { type FinalLog, verifyCommitted, verifyRecords } from './verify.ts'

const P = 'storm-0'

function logOf(...values: string[]): FinalLog {
  return values.map((value, offset) => ({ offset, value }))
}

/** A ledger where producer 1 was told of `values` at their offsets, and the group read what is given. */
function ledgerOf(values: readonly string[], read: readonly string[] = values): Ledger {
  const ledger = new Ledger(() => 0)
  values.forEach((value, offset) => {
    ledger.acknowledged('1', { partition: P, value, offset })
  })
  read.forEach((value, offset) => {
    ledger.read('group', P, offset, value)
  })
  return ledger
}

const kinds = (ledger: Ledger, log: FinalLog): string[] =>
  verifyRecords(ledger, new Map([[P, log]])).map(({ kind }) => kind)

describe('the judge of a storm', () => {
  it('is content when everything is there once, in order, read', () => {
    expect(kinds(ledgerOf(['1.0', '1.1']), logOf('1.0', '1.1'))).toEqual([])
  })

  it('bears records that were never acknowledged, there or not', () => {
    const ledger = ledgerOf(['1.0', '1.2'], ['1.0', '1.2', '1.5'])
    expect(kinds(ledger, logOf('1.0', '1.2', '1.5'))).toEqual([])
  })

  it('counts what a group that was left behind has missed, however much', () => {
    const values = Array.from({ length: 150_000 }, (_, number) => `1.${number}`)
    const log = values.map((value, offset) => ({ offset, value }))
    expect(kinds(ledgerOf(values, values.slice(0, 10)), log)).toHaveLength(150_000 - 10)
  })

  it('bears an acknowledgement without an offset', () => {
    const ledger = ledgerOf(['1.0'])
    ledger.acknowledged('1', { partition: P, value: '1.0', offset: -1 })
    expect(kinds(ledger, logOf('1.0'))).toEqual([])
  })

  it('lets several producers share a partition', () => {
    const ledger = ledgerOf(['1.7', '2.0', '1.8', '2.1'])
    expect(kinds(ledger, logOf('1.7', '2.0', '1.8', '2.1'))).toEqual([])
  })

  it.each([
    ['missing', ['1.0', '1.1'], ['1.0'], ['missing', 'read-otherwise']],
    ['duplicated', ['1.0', '1.1'], ['1.0', '1.1', '1.1'], ['duplicated', 'moved', 'not-read']],
    ['out of order', ['1.0', '1.2'], ['1.0', '1.2', '1.1'], ['out-of-order', 'not-read']],
    ['moved', ['1.0', '1.1'], ['1.0', '9.9', '1.1'], ['moved', 'read-otherwise', 'not-read']],
  ])('sees a record that is %s', (_what, told, log, expected) => {
    expect(kinds(ledgerOf(told), logOf(...log))).toEqual(expected)
  })

  it('sees holes in the offsets', () => {
    const log = [
      { offset: 0, value: '1.0' },
      { offset: 2, value: '1.1' },
    ]
    expect(kinds(new Ledger(), log)).toEqual(['hole'])
  })

  it('sees what a group missed', () => {
    expect(kinds(ledgerOf(['1.0', '1.1'], ['1.0']), logOf('1.0', '1.1'))).toEqual(['not-read'])
  })

  it('sees a record that changed after it was readable', () => {
    const ledger = ledgerOf(['1.0'], ['2.0'])
    ledger.read('group', P, 0, '1.0')
    expect(kinds(ledger, logOf('1.0'))).toEqual(['contradiction'])
  })

  it('sees refusals', () => {
    const ledger = ledgerOf(['1.0'])
    ledger.refused({ producer: '1', value: '1.1', error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' })
    expect(kinds(ledger, logOf('1.0'))).toEqual(['refused'])
  })

  it("takes Java's word for records that expired, unless they are there", () => {
    const error =
      'class org.apache.kafka.common.errors.TimeoutException Expiring 5 record(s) for t-0:120000 ms has passed'
    const ledger = ledgerOf(['1.0'])
    ledger.refused({ producer: '1', value: '1.1', error })
    expect(kinds(ledger, logOf('1.0'))).toEqual([])
    expect(kinds(ledger, logOf('1.0', '1.1'))).toEqual(['refused', 'not-read'])
  })

  it('wants a group that has read all to have committed all', () => {
    const logs = new Map([[P, logOf('1.0', '1.1')]])
    const judge = (offset: number, seen = 0): string[] => {
      const ledger = new Ledger()
      ledger.committed('group', P, seen)
      ledger.committed('group', P, 0)
      return verifyCommitted(ledger, 'group', new Map([[P, offset]]), logs).map(({ text }) => text)
    }
    expect(judge(2)).toEqual([])
    expect(judge(2, 2)).toEqual([])
    expect(judge(1)).toEqual([`group has committed 1 of ${P}, which has 2 records`])
    expect(judge(1, 2)).toEqual([`group had committed 2 of ${P}, and now 1`])
    expect(verifyCommitted(new Ledger(), 'group', new Map(), logs)).toHaveLength(1)
  })

  it('knows the longest gap of each producer', () => {
    let now = 0
    const ledger = new Ledger(() => now)
    for (const at of [0, 10, 500, 510]) {
      now = at
      ledger.acknowledged('1', { partition: P, value: `1.${at}`, offset: at })
    }
    expect(ledger.longestGapMs('1')).toBe(490)
    expect(ledger.longestGapMs('2')).toBe(0)
  })
})
