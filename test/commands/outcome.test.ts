import { describe, expect, it } from 'vitest'
import { RefusedError, unwrap, unwrapAll } from '../../src/commands/outcome.ts'
import { ok, refused } from '../support/memory-admin.ts'

describe('outcomes', () => {
  it('give their value', () => {
    expect(unwrap(ok(3))).toBe(3)
    expect(unwrapAll(new Map([['a', ok(1)]]))).toEqual(new Map([['a', 1]]))
  })

  it('throw the cluster’s own words and keep its name', () => {
    try {
      unwrap(refused('TOPIC_ALREADY_EXISTS', "Topic 'a' already exists."))
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(RefusedError)
      expect((error as RefusedError).message).toBe("Topic 'a' already exists.")
      expect((error as RefusedError).failure.name).toBe('TOPIC_ALREADY_EXISTS')
      expect((error as RefusedError).kind).toBe('kafka')
    }
  })

  it('tell missing permissions from other refusals', () => {
    const throwing = () => unwrap(refused('TOPIC_AUTHORIZATION_FAILED', 'no'))
    expect(throwing).toThrow(expect.objectContaining({ kind: 'authorization' }))
  })
})
