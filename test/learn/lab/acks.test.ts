import { describe, expect, it } from 'vitest'
import {
  type AcksRun,
  acksLines,
  acksResults,
  acksRow,
  type Delivery,
  orderValue,
  tallyAcks,
} from '../../../src/learn/lab/acks.ts'

const delivery = (changes: Partial<Delivery> = {}): Delivery => ({
  acks: '1',
  topic: 'kt-21-acks-1',
  leader: 2,
  newLeader: 3,
  leaderlessMs: 1_900,
  sent: 4,
  reported: [1, 2, 3, 4],
  failed: 0,
  ...changes,
})
const values = (...numbers: number[]): string[] => numbers.map(orderValue)

describe('tallyAcks', () => {
  it('counts what was acknowledged and is not there', () => {
    const run = tallyAcks(delivery(), values(1, 4))
    expect(run).toMatchObject({ reported: 4, acknowledged: 4, readable: 2, lost: 2, repeated: 0 })
    expect(acksRow(run)).toEqual(['1', '4', '4', '4', '2', '2', '0'])
  })

  it('does not call lost what the producer said had failed', () => {
    expect(tallyAcks(delivery({ reported: [1, 2], failed: 2 }), values(1, 2))).toMatchObject({ lost: 0, failed: 2 })
  })

  it('knows no acknowledgement with acks=0, where nobody answers', () => {
    expect(tallyAcks(delivery({ acks: '0' }), values(1))).toMatchObject({ reported: 4, acknowledged: 0, lost: 3 })
  })

  it('counts a record that is there twice once as readable', () => {
    expect(tallyAcks(delivery(), values(1, 2, 2, 3, 4))).toMatchObject({ readable: 4, lost: 0, repeated: 1 })
  })
})

describe('acksResults', () => {
  const kept = (run: AcksRun): { key: string; value: string } => ({ key: run.acks, value: JSON.stringify(run) })

  it('takes the latest of each setting, in the order of the table', () => {
    const all = tallyAcks(delivery({ acks: 'all' }), values(1, 2, 3, 4))
    const [older, newer] = [tallyAcks(delivery(), values(1)), tallyAcks(delivery(), values(1, 2))]
    expect(acksResults([kept(all), kept(older), kept(newer)])).toEqual([newer, all])
  })

  it('passes over what is no result', () => {
    const records = [
      { key: '1', value: null },
      { key: '1', value: 'hello' },
      { key: 'all', value: '{"acks":"all","sent":"many"}' },
      { key: '0', value: JSON.stringify(tallyAcks(delivery(), values(1))) },
    ]
    expect(acksResults(records)).toEqual([])
  })
})

describe('acksLines', () => {
  it('says how many are lost, and of how many', () => {
    expect(acksLines(tallyAcks(delivery(), values(1, 2)))).toEqual([
      'acks=1: broker 2 died, broker 3 leads; of 4 orders acknowledged, 2 are lost',
    ])
    expect(acksLines(tallyAcks(delivery({ acks: 'all' }), values(1, 2, 3, 4)))[0]).toContain('none is lost')
  })

  it('tells of failures that the producer told of', () => {
    const [, second] = acksLines(tallyAcks(delivery({ reported: [1], failed: 3 }), values(1)))
    expect(second).toBe('acks=1: 3 failed, and the producer said so')
  })
})
