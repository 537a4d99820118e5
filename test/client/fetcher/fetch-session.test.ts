import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FetchPosition } from '../../../src/client/fetcher/fetch-partition.ts'
import { FetchSession } from '../../../src/client/fetcher/fetch-session.ts'

const at = (partition: number, fetchOffset: number, more: Partial<FetchPosition> = {}): FetchPosition => ({
  topic: 't',
  topicId: 'id',
  partition,
  fetchOffset,
  currentLeaderEpoch: 0,
  partitionMaxBytes: 100,
  ...more,
})

describe('a fetch session', () => {
  it('begins with a full request and goes on with what has changed', () => {
    const session = new FetchSession()
    expect(session.next([at(0, 0), at(1, 0)])).toEqual({
      sessionId: 0,
      sessionEpoch: 0,
      changed: [at(0, 0), at(1, 0)],
      forgotten: [],
    })
    session.answered(0, 77)
    expect(session.next([at(0, 5), at(1, 0)])).toEqual({
      sessionId: 77,
      sessionEpoch: 1,
      changed: [at(0, 5)],
      forgotten: [],
    })
    session.answered(0, 77)
    expect(session.next([at(0, 5), at(1, 0)])).toMatchObject({ sessionEpoch: 2, changed: [], forgotten: [] })
  })

  it('adds and forgets partitions', () => {
    const session = new FetchSession()
    session.next([at(0, 0), at(1, 0)])
    session.answered(0, 77)
    expect(session.next([at(1, 0), at(2, 0)])).toMatchObject({ changed: [at(2, 0)], forgotten: [at(0, 0)] })
  })

  it('forgets the old topic when one of the same name was made anew', () => {
    const session = new FetchSession()
    session.next([at(0, 9)])
    session.answered(0, 77)
    const renewed = at(0, 0, { topicId: 'other' })
    expect(session.next([renewed])).toMatchObject({ changed: [renewed], forgotten: [at(0, 9)] })
  })

  it.each([
    [70, 0],
    [71, 77],
    [106, 77],
    [103, 77],
  ])('starts again after error %i, naming session %i', (code, sessionId) => {
    const session = new FetchSession()
    session.next([at(0, 0)])
    session.answered(0, 77)
    session.next([at(0, 1)])
    expect(session.answered(code, 0)).toBe(true)
    expect(session.next([at(0, 1)])).toMatchObject({ sessionId, sessionEpoch: 0, changed: [at(0, 1)] })
  })

  it('sends full requests to a broker that keeps no session', () => {
    const session = new FetchSession()
    for (let turn = 0; turn < 3; turn++) {
      expect(session.next([at(0, turn)])).toMatchObject({ sessionId: 0, sessionEpoch: 0, changed: [at(0, turn)] })
      session.answered(0, 0)
    }
  })

  it('starts again after a lost connection, closing what the broker may still hold', () => {
    const session = new FetchSession()
    session.next([at(0, 0)])
    session.answered(0, 77)
    session.reset()
    expect(session.next([at(0, 0)])).toMatchObject({ sessionId: 77, sessionEpoch: 0, changed: [at(0, 0)] })
  })

  it('leaves the broker with exactly what is wanted, whatever comes', () => {
    const wanted = fc.uniqueArray(fc.record({ partition: fc.nat(5), fetchOffset: fc.nat(3) }), {
      selector: ({ partition }) => partition,
    })
    const turn = fc.record({ wanted, outcome: fc.constantFrom('fine', 'fine', 'fine', 'unknown', 'lost') })
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 20 }), (turns) => {
        const session = new FetchSession()
        let held = new Map<number, number>()
        for (const step of turns) {
          const positions = step.wanted.map(({ partition, fetchOffset }) => at(partition, fetchOffset))
          const request = session.next(positions)
          if (request.sessionEpoch === 0) held = new Map()
          for (const { partition } of request.forgotten) held.delete(partition)
          for (const { partition, fetchOffset } of request.changed) held.set(partition, fetchOffset)
          expect([...held].sort()).toEqual(step.wanted.map((one) => [one.partition, one.fetchOffset]).sort())
          if (step.outcome === 'fine') session.answered(0, 5)
          else if (step.outcome === 'unknown') session.answered(70, 0)
          else session.reset()
        }
      }),
    )
  })
})
