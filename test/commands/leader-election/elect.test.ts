import { describe, expect, it } from 'vitest'
import { electionText, resultsOf } from '../../../src/commands/leader-election/elect.ts'
import { ok, refused } from '../../support/memory-admin.ts'

const NOT_NEEDED = refused('ELECTION_NOT_NEEDED', 'not needed', 84)

describe('results of elections', () => {
  it('are sorted out by what happened', () => {
    const failure = refused('UNKNOWN_TOPIC_OR_PARTITION', 'No such topic as x', 3)
    const results = resultsOf([
      { topic: 't', partition: 0, result: ok(undefined) },
      { topic: 't', partition: 1, result: NOT_NEEDED },
      { topic: 'x', partition: 0, result: failure },
    ])
    expect(results).toEqual({
      elected: [{ topic: 't', partition: 0 }],
      notNeeded: [{ topic: 't', partition: 1 }],
      failed: [{ topic: 'x', partition: 0, error: failure.error }],
    })
    expect(electionText('UNCLEAN', results)).toBe(
      'Successfully completed leader election (UNCLEAN) for partitions t-0\n' +
        'Valid replica already elected for partitions t-1\n' +
        'Error completing leader election (UNCLEAN) for partition: x-0: org.apache.kafka.common.errors.UnknownTopicOrPartitionException: No such topic as x\n',
    )
  })

  it('stand in the order of hash maps', () => {
    const names = [
      ['Enone', 0],
      ['Enone', 1],
      ['Enone2', 0],
      ['Enone2', 5],
    ] as const
    const results = resultsOf(names.map(([topic, partition]) => ({ topic, partition, result: NOT_NEEDED })))
    expect(electionText('PREFERRED', results)).toBe(
      'Valid replica already elected for partitions Enone2-5, Enone2-0, Enone-1, Enone-0\n',
    )
  })

  it('may be none', () => {
    expect(electionText('PREFERRED', resultsOf([]))).toBe('')
  })
})
