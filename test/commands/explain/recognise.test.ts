import { describe, expect, it } from 'vitest'
import type { Kind, Meaning } from '../../../src/commands/explain/meaning.ts'
import { recognise, subjectOf } from '../../../src/commands/explain/recognise.ts'
import { questionOf } from '../../support/explain-question.ts'

const answer = (text: string, kinds?: readonly Kind[]) => recognise(questionOf(text), kinds)
const kindsOf = async (text: string) => (await answer(text)).meanings.map(({ kind, of }) => of ?? kind)

describe('what the words are', () => {
  it('a setting, of everything that has one of this name', async () => {
    expect(await kindsOf('retention.ms')).toEqual(['topic'])
    expect(await kindsOf('min.insync.replicas=2')).toEqual(['topic', 'broker'])
    expect(await kindsOf('linger.ms')).toEqual(['client'])
    expect(await kindsOf('consumer_byte_rate')).toEqual(['quota'])
    expect((await answer('retention.ms=60000')).meanings[0]!.meaning).toContain('1 minute')
  })

  it('an error, by name, code or class', async () => {
    for (const word of ['NOT_LEADER_OR_FOLLOWER', '6', 'NotLeaderOrFollowerException']) {
      expect(await kindsOf(word)).toContain('error')
    }
    expect(await kindsOf('org.apache.kafka.common.errors.NotLeaderOrFollowerException')).toContain('error')
  })

  it('a file, a metric, several words', async () => {
    expect(await kindsOf('/tmp/kafka-logs/t-0/00000000000000000000.log')).toEqual(['file'])
    expect(await kindsOf('records-lag-max')).toEqual(['metric'])
    expect(await kindsOf('linger.ms meta.properties')).toEqual(['client', 'file'])
  })

  it('a command line wins, and what stands in front of a question does not count', async () => {
    const { commands, meanings } = await answer('kafka-topics.sh --list')
    expect([commands[0]!.command, meanings]).toEqual(['topics', []])
    expect(await answer('console-consumer --from-beginning')).toMatchObject({
      commands: [{ command: 'console-consumer' }],
    })
    expect(subjectOf('what is a .timeindex?')).toBe('.timeindex')
    expect(subjectOf('What does the ISR mean?')).toBe('ISR')
    expect(subjectOf('the high watermark')).toBe('high watermark')
  })

  it('nothing known, and what is near', async () => {
    for (const word of ['hello', '', 'constructor', '99999']) expect((await answer(word)).meanings).toEqual([])
    expect((await answer('retnetion.ms=1')).near[0]).toBe('retention.ms')
    expect((await answer('records-lag-mx')).near).toContain('records-lag-max')
    expect((await answer('ls')).near).toEqual([])
  })

  it('names what is not known beside what is, with what is near', async () => {
    const { meanings, unknown } = await answer('acks retnetion.ms and qwertz')
    expect(meanings.map(({ term }) => term)).toContain('acks')
    expect(unknown).toEqual([
      { word: 'retnetion.ms', near: expect.arrayContaining(['retention.ms']) },
      { word: 'qwertz', near: [] },
    ])
    // Of a sentence only what is written like a name of Kafka's is one.
    const sentence = await answer('please tell me now how acks and min.insync.replcas work together in general')
    expect(sentence.unknown.map(({ word }) => word)).toEqual(['min.insync.replcas'])
    expect((await answer('acks linger.ms')).unknown).toEqual([])
  })

  it('asks each kind that may be it: for the whole text, or for the words one by one', async () => {
    const asked: string[] = []
    const kind = (takes: Kind['takes'], found: string): Kind => ({
      ...{ kind: 'word', takes, mayBe: (subject) => subject !== 'never' },
      load: async () => ({
        meanings: async (subject) => {
          asked.push(subject)
          const meaning: Meaning = {
            ...{ term: subject, kind: 'word', of: null, title: 'word', meaning: 'm', sections: [], details: {} },
          }
          return subject === found ? [meaning] : []
        },
      }),
    })
    const { meanings } = await answer('never b', [kind('name', 'b')])
    expect([asked, meanings.map(({ term }) => term)]).toEqual([['never b', 'b'], ['b']])
    asked.length = 0
    await answer('what is [a]\nb?', [kind('text', 'x')])
    expect(asked[0]).toBe('what is [a]\nb?')
  })
})
