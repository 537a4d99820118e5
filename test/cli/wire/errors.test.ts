import { describe, expect, it } from 'vitest'
import { errorNames, errorsOf, errorsText } from '../../../src/cli/wire/errors.ts'

describe('errors of an answer', () => {
  it('are found under every name they have', () => {
    const added = { resultsByPartition: [{ partitionIndex: 0, partitionErrorCode: 48 }] }
    expect(errorsOf({ resultsByTopic: [{ name: 't', ...added }] })).toEqual([
      expect.stringMatching(
        /^resultsByTopic\[t\]\.resultsByPartition\[0\]\.partitionErrorCode error 48 INVALID_TXN_STATE: /,
      ),
    ])
    expect(errorsOf({ acknowledgeErrorCode: 121, acknowledgeErrorMessage: 'too late', errorCode: 0 })).toEqual([
      'acknowledgeErrorCode error 121 INVALID_RECORD_STATE: too late',
    ])
    expect(errorsOf({ errorCode: 35, errorMessage: 'in its own words' })).toEqual([
      'error 35 UNSUPPORTED_VERSION: in its own words',
    ])
  })

  it('say whose they are where only an id tells', () => {
    const names = { topicName: (id: unknown) => (id === 'abc' ? 'orders' : String(id)) }
    const answer = { responses: [{ topicId: 'abc', partitions: [{ partitionIndex: 2, errorCode: 6 }] }] }
    expect(errorsOf(answer, '', names)[0]).toMatch(
      /^responses\[orders\]\.partitions\[2\] error 6 NOT_LEADER_OR_FOLLOWER/,
    )
  })

  it('are a few, and how many more', () => {
    const many = { partitions: Array.from({ length: 9 }, (_, at) => ({ partitionIndex: at, errorCode: 6 })) }
    expect(errorsText(many, null)).toMatch(/partitions\[4\] error 6 .* and 4 more$/)
    expect(errorNames(many)).toEqual(['NOT_LEADER_OR_FOLLOWER'])
    expect([errorsText({ errorCode: 0 }, null), errorNames({ errorCode: 0 })]).toEqual(['no error', []])
  })
})
