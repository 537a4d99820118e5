import { describe, expect, it } from 'vitest'
import type { ReplicaRecords } from '../../../src/client/replica-fetch.ts'
import { ReplicaVerifier } from '../../../src/commands/replica-verification/replica-verifier.ts'
import { encodeBatch } from '../../../src/protocol/records/record.ts'
import { AT } from '../../../src/protocol/records/record-batch.ts'

/** Batches of one record each, whose values are these. */
function batches(baseOffset: number, ...values: string[]): Buffer {
  return Buffer.concat(
    values.map((value, at) =>
      encodeBatch([{ key: null, value: Buffer.from(value), timestamp: 1 }], { baseOffset: baseOffset + at }),
    ),
  )
}

function answer(records: Buffer, highWatermark: number, more: Partial<ReplicaRecords> = {}): ReplicaRecords {
  return { topic: 't', partition: 0, errorCode: 0, records, highWatermark, ...more }
}

const verifierAt = (offset: number) => new ReplicaVerifier([{ topic: 't', partition: 0, offset }])
const AT_T0 = { topic: 't', partition: 0 }

describe('replicas', () => {
  it('that hold the same are compared up to the high watermark', () => {
    const verifier = verifierAt(4)
    const records = batches(4, 'a', 'b', 'c')
    const round = verifier.verify(
      new Map([
        [1, [answer(records, 6)]],
        [2, [answer(records, 7)]],
      ]),
    )
    expect(round).toEqual({ differences: [], worst: { lag: 1, ...AT_T0, offset: 6 }, advanced: true })
    expect(verifier.offsetOf(AT_T0)).toBe(6)
  })

  it('that are behind hold the others up', () => {
    const verifier = verifierAt(0)
    const records = batches(0, 'a', 'b', 'c')
    const slow = answer(batches(0, 'a'), 3)
    const round = verifier.verify(
      new Map([
        [1, [answer(records, 3)]],
        [2, [slow]],
      ]),
    )
    expect(round.worst).toEqual({ lag: 2, ...AT_T0, offset: 1 })
    const silent = verifier.verify(
      new Map([
        [1, [answer(batches(1, 'b', 'c'), 3)]],
        [2, [answer(Buffer.alloc(0), -1)]],
      ]),
    )
    expect(silent).toMatchObject({ advanced: false, worst: { lag: 2, offset: 1 } })
    expect(verifier.offsetOf(AT_T0)).toBe(1)
  })

  it('whose last batch was cut are asked for it again', () => {
    const verifier = verifierAt(0)
    const whole = batches(0, 'a', 'b')
    verifier.verify(
      new Map([
        [1, [answer(whole, 2)]],
        [2, [answer(whole.subarray(0, whole.length - 1), 2)]],
      ]),
    )
    expect(verifier.offsetOf(AT_T0)).toBe(1)
  })

  it('with other contents differ in the checksum, and are compared further', () => {
    const verifier = verifierAt(0)
    const round = verifier.verify(
      new Map([
        [1, [answer(batches(0, 'a', 'b'), 2)]],
        [2, [answer(batches(0, 'a', 'x'), 2)]],
      ]),
    )
    expect(round.differences).toMatchObject([
      { kind: 'checksum', ...AT_T0, first: { replica: 1, lastOffset: 1 }, other: { replica: 2, lastOffset: 1 } },
    ])
    expect(verifier.offsetOf(AT_T0)).toBe(2)
  })

  it('with other offsets cannot be compared any further', () => {
    const verifier = verifierAt(0)
    const two = encodeBatch(
      [0, 1].map((at) => ({ key: null, value: Buffer.from([at]), timestamp: 1 })),
      { baseOffset: 0 },
    )
    const round = verifier.verify(
      new Map([
        [1, [answer(two, 5)]],
        [3, [answer(batches(0, 'a'), 5)]],
      ]),
    )
    expect(round.differences).toMatchObject([
      { kind: 'offset', first: { replica: 1, lastOffset: 1 }, other: { replica: 3, lastOffset: 0 } },
    ])
    expect(verifier.offsetOf(AT_T0)).toBe(0)
  })

  it('that are there are compared though another is away', () => {
    const verifier = verifierAt(0)
    const round = verifier.verify(
      new Map([
        [1, [answer(batches(0, 'a'), 1)]],
        [2, [answer(Buffer.alloc(0), -1)]],
        [3, [answer(batches(0, 'x'), 1)]],
      ]),
    )
    expect(round.differences).toMatchObject([{ kind: 'checksum', first: { replica: 1 }, other: { replica: 3 } }])
    expect(verifier.offsetOf(AT_T0)).toBe(0)
  })

  it('send nothing that is believed without a look', () => {
    const damaged = (change: (bytes: Buffer) => void): ReplicaRecords => {
      const bytes = batches(0, 'a')
      change(bytes)
      return answer(bytes, 1)
    }
    const verify = (records: ReplicaRecords) => verifierAt(0).verify(new Map([[1, [records]]]))
    expect(() => verify(damaged((bytes) => bytes.writeInt32BE(3, AT.batchLength)))).toThrow(
      'Error in processing replica 1 in partition t-0',
    )
    expect(() => verify(damaged((bytes) => bytes.writeInt32BE(-50, AT.batchLength)))).toThrow('replica 1')
    expect(() => verify(damaged((bytes) => bytes.writeInt8(1, AT.magic)))).toThrow('replica 1')
  })
})

describe('the worst lag', () => {
  it('is the first of equals, and the last known when there is nothing', () => {
    const verifier = new ReplicaVerifier([
      { topic: 'b', partition: 1, offset: 5 },
      { topic: 'a', partition: 0, offset: 5 },
    ])
    expect(verifier.size).toBe(2)
    const both = [answer(Buffer.alloc(0), 5, { topic: 'a' }), answer(Buffer.alloc(0), 5, { topic: 'b', partition: 1 })]
    expect(verifier.verify(new Map([[1, both]])).worst).toEqual({ lag: 0, topic: 'b', partition: 1, offset: 5 })
    expect(verifier.verify(new Map()).worst).toEqual({ lag: -1, topic: 'b', partition: 1, offset: 5 })
    expect(new ReplicaVerifier([{ ...AT_T0, offset: 5 }]).verify(new Map()).worst.topic).toBeNull()
  })
})
