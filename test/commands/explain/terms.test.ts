import { describe, expect, it } from 'vitest'
import { nearTerms, termsOf } from '../../../src/commands/explain/terms.ts'

const kindsOf = async (word: string) => (await termsOf(word)).map(({ kind, of }) => of ?? kind)

describe('a word of Kafka', () => {
  it('is a setting, of everything that has one of this name', async () => {
    expect(await kindsOf('retention.ms')).toEqual(['topic'])
    expect(await kindsOf('min.insync.replicas=2')).toEqual(['topic', 'broker'])
    expect(await kindsOf('linger.ms')).toEqual(['client'])
    expect(await kindsOf('consumer_byte_rate')).toEqual(['quota'])
    expect((await termsOf('retention.ms=60000'))[0]!.meaning).toContain('1 minute')
  })

  it('is an error, by name, code or class', async () => {
    for (const word of ['NOT_LEADER_OR_FOLLOWER', '6', 'NotLeaderOrFollowerException']) {
      expect(await termsOf(word)).toMatchObject([{ kind: 'error', meaning: expect.stringContaining('code 6') }])
    }
    expect(await kindsOf('org.apache.kafka.common.errors.NotLeaderOrFollowerException')).toEqual(['error'])
  })

  it.each([
    ['/tmp/kafka-logs/t-0/00000000000000000000.log', /segment/],
    ['00000000000000000000.timeindex', /time/],
    ['00000000000000000042-0000000007.checkpoint', /metadata-shell/],
    ['meta.properties', /log directory/],
    ['recovery-point-offset-checkpoint', /flushed/],
    ['__consumer_offsets-12', /groups/],
    ['00000000000000000000.log.deleted', /way out/],
  ])('is a file: %s', async (word, meaning) => {
    expect(await termsOf(word)).toEqual([
      { term: word, kind: 'file', of: null, meaning: expect.stringMatching(meaning) },
    ])
  })

  it('is a metric', async () => {
    expect(await kindsOf('UnderReplicatedPartitions')).toEqual(['metric'])
    expect(await kindsOf('records-lag-max')).toEqual(['metric'])
  })

  it('is nothing known', async () => {
    for (const word of ['hello', '', 'ls', 'a b', '--topic', 'constructor', '99999'])
      expect(await termsOf(word)).toEqual([])
  })

  it('is near to one that is', async () => {
    expect((await nearTerms('retnetion.ms=1'))[0]).toBe('retention.ms')
    expect(await nearTerms('records-lag-mx')).toContain('records-lag-max')
    expect(await nearTerms('ls')).toEqual([])
  })
})
