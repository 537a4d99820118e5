import { describe, expect, it } from 'vitest'
import { ShareSession } from '../../../src/client/share/share-session.ts'

const one = { topicId: 'A', partition: 0 }
const two = { topicId: 'A', partition: 1 }

describe('ShareSession', () => {
  it('names everything first, then what has changed', () => {
    const session = new ShareSession()
    expect(session.isOpen).toBe(false)
    expect(session.next([one])).toEqual({ epoch: 0, added: [one], forgotten: [] })
    session.answered()
    expect(session.isOpen).toBe(true)
    expect(session.next([one, two])).toEqual({ epoch: 1, added: [two], forgotten: [] })
    session.answered()
    expect(session.next([two])).toEqual({ epoch: 2, added: [], forgotten: [one] })
  })

  it('begins anew when it is not certain what the broker holds', () => {
    const session = new ShareSession()
    session.next([one])
    session.answered()
    session.reset()
    expect(session.next([one])).toEqual({ epoch: 0, added: [one], forgotten: [] })
  })

  it('names everything again when the first request got no answer', () => {
    const session = new ShareSession()
    session.next([one])
    expect(session.next([one]).added).toEqual([one])
  })
})
