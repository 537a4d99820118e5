import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../../../src/cli/program.ts'
import type { Admin } from '../../../../src/client/admin-types.ts'
import { explain } from '../../../../src/commands/explain/explanation.ts'
import type { LiveCluster } from '../../../../src/commands/explain/live.ts'
import { meanings, near } from '../../../../src/commands/explain/word/index.ts'
import { allWords, wordsNamed } from '../../../../src/commands/explain/word/read-words.ts'
import { questionOf } from '../../../support/explain-question.ts'

const live = (admin: Partial<Admin>): LiveCluster => ({
  ...{ admin: admin as Admin, clusterId: 'c', brokers: [1, 2], servers: 'localhost:9092' },
})

describe('words of outputs', () => {
  it('are one in every spelling, and several where outputs have several', () => {
    for (const name of ['LOG-END-OFFSET', 'LogEndOffset', 'log end offset', 'LOG END']) {
      expect(wordsNamed(name).map(({ where }) => where)).toEqual(['of a partition', 'of the quorum'])
    }
    expect(wordsNamed('lag').map(({ where }) => where)[0]).toBe('of a group')
    expect(wordsNamed('#MEMBERS')).toEqual(wordsNamed('member id'))
    expect(wordsNamed('tombstones')).toHaveLength(1)
    expect(wordsNamed('')).toEqual([])
    expect(wordsNamed('nonsense')).toEqual([])
  })

  it('have a place, sentences, and lines that run', async () => {
    for (const { names, where, meaning, lines } of allWords()) {
      expect([names, where]).toEqual([names, expect.stringMatching(/^of /)])
      expect([names, meaning]).toEqual([names, expect.stringMatching(/\.$/)])
      for (const line of lines) {
        const { commands } = await explain(line, COMMANDS)
        const unknown = commands[0]!.parts.filter(({ status, option }) => status !== 'known' && option !== undefined)
        expect([line, commands[0]!.command === null, unknown]).toEqual([line, false, []])
      }
    }
  })

  it('none is told twice in the same place', () => {
    const seen = allWords().map(({ names, where }) => `${names[0]} ${where}`)
    expect(new Set(seen).size).toBe(seen.length)
  })

  it('come with an example where a cluster answers', async () => {
    const admin: Partial<Admin> = {
      listTopics: async () => [
        { name: '__consumer_offsets', topicId: 'a', isInternal: true },
        { name: 'orders', topicId: 'b', isInternal: false },
      ],
      listOffsets: async (queries) =>
        queries.map(({ spec }) => ({
          ok: true as const,
          value: { offset: spec === 'earliest' ? 3 : 10, timestamp: -1, leaderEpoch: 0 },
        })),
    }
    const [meaning] = await meanings('high watermark', questionOf('', {}, live(admin)))
    expect(meaning!.details.live).toEqual([
      { what: 'orders-0', value: 'begins with 3, the next record gets 10' },
      { what: 'consumers', value: 'can read 3 to 9' },
    ])
  })

  it('are told all the same when the example fails, or there is no cluster', async () => {
    const admin: Partial<Admin> = {
      listTopics: async () => {
        throw new Error('gone')
      },
    }
    for (const cluster of [null, live(admin)]) {
      const [meaning] = await meanings('ISR', questionOf('', {}, cluster))
      expect(meaning).toMatchObject({ kind: 'word', title: 'of a partition', details: { live: [] } })
      expect(meaning!.meaning).toMatch(/^The replicas that have everything/)
    }
  })

  it('ask no cluster where there is no example', async () => {
    const question = { ...questionOf(''), live: () => Promise.reject(new Error('asked')) }
    expect(await meanings('tombstone', question)).toHaveLength(1)
  })

  it('tell lines that reach the same cluster, each as its command wants it', async () => {
    const connected = { ...questionOf(''), connect: ' --bootstrap-server h:1' }
    const lines = async (word: string) =>
      (await meanings(word, connected)).flatMap(({ sections }) => sections.at(-1)!.lines)
    expect(await lines('under-replicated')).toEqual([
      'kt topics --describe --under-replicated-partitions --bootstrap-server h:1',
    ])
    expect(await lines('active controller')).toEqual(['kt metadata-quorum --bootstrap-server h:1 describe --status'])
    expect(await lines('segment')).toEqual(['kt explain .log'])
  })

  it('have names that are near', async () => {
    expect(await near('CURENT-OFFSET')).toEqual(['CURRENT-OFFSET'])
    expect(await near('hello world how are you')).toEqual([])
  })
})
