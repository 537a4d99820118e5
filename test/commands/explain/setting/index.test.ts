import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../../../src/cli/program.ts'
import type { Admin, ConfigEntry } from '../../../../src/client/admin-types.ts'
import { explain } from '../../../../src/commands/explain/explanation.ts'
import type { LiveCluster } from '../../../../src/commands/explain/live.ts'
import type { Meaning, Scope } from '../../../../src/commands/explain/meaning.ts'
import { meanings, near } from '../../../../src/commands/explain/setting/index.ts'
import { readersOf } from '../../../../src/commands/explain/setting/readers.ts'
import { relatedTo } from '../../../../src/commands/explain/setting/related.ts'
import { sinceWhen } from '../../../../src/commands/explain/setting/since.ts'
import { type SettingKind, settingTable } from '../../../../src/commands/explain/settings.ts'
import { questionOf } from '../../../support/explain-question.ts'

const KINDS: SettingKind[] = [
  'topic',
  'broker',
  'group',
  'client',
  'console',
  'quota',
  'client metrics',
  'Connect worker',
  'connector',
  'Streams',
  'MirrorMaker',
]

const about = (word: string, scope: Scope = {}, live: LiveCluster | null = null): Promise<Meaning[]> =>
  meanings(word, questionOf(word, scope, live))
const rowsOf = (meaning: Meaning): Record<string, string> => Object.fromEntries(meaning.sections[0]!.rows!)

describe('a setting, offline', () => {
  it('tells type, default, what is valid, since when, who reads it', async () => {
    const [topic, broker, ...others] = await about('min.insync.replicas')
    expect(others).toEqual([])
    expect(rowsOf(topic!)).toEqual({
      ...{ type: 'int, importance medium', default: '1', valid: '1 and more', since: 'Kafka 0.8.2.0' },
      'read by': 'the leader of a partition',
    })
    expect(broker!.title).toBe('broker setting')
    expect(rowsOf((await about('max.poll.interval.ms'))[0]!)).toMatchObject({
      ...{ default: '300000, 5 minutes', since: 'Kafka 0.10.1.0 (KIP-62)', 'read by': 'consumers' },
    })
    expect(rowsOf((await about('config.providers'))[0]!)).not.toHaveProperty('since')
    expect(rowsOf((await about('acks'))[0]!).valid).toBe('all, -1, 0, 1')
    expect(rowsOf((await about('node.id'))[0]!).default).toBe('none: it must be set')
  })

  it('of a value: what it is in units, and whether it is allowed', async () => {
    expect((await about('retention.ms=60000'))[0]!.meaning).toContain('60000 is 1 minute')
    expect((await about('retention.ms=-7'))[0]!.meaning).toContain('refused')
  })

  it('tells how it is changed, in lines that run', async () => {
    const lines = async (word: string, scope: Scope = {}): Promise<string[]> => {
      const found = await about(word, scope)
      return found.flatMap(({ details }) => (details.change as unknown as { lines: string[] }).lines)
    }
    expect(await lines('retention.ms=60000', { topic: 'orders' })).toEqual([
      'kt configs --alter --topic orders --add-config retention.ms=60000',
      'kt configs --alter --topic orders --delete-config retention.ms',
    ])
    expect(await lines('cleanup.policy=compact,delete')).toContain(
      'kt configs --alter --topic TOPIC --add-config cleanup.policy=[compact,delete]',
    )
    expect((await lines('num.io.threads', { broker: '2' }))[1]).toContain('--broker 2')
    expect(await lines('ssl.keystore.location')).toContain(
      'kt configs --alter --broker ID --add-config listener.name.LISTENER.ssl.keystore.location=VALUE',
    )
    expect(await lines('num.partitions=6')).toEqual(['kt cluster stop', 'kt cluster start --override num.partitions=6'])
    // The local cluster's own affair, and a value that is refused.
    expect(await lines('node.id')).toEqual([])
    expect((await lines('retention.ms=-7'))[0]).toContain('retention.ms=VALUE')
    for (const word of [
      'linger.ms',
      'consumer_byte_rate',
      'SCRAM-SHA-256',
      'consumer.session.timeout.ms',
      'interval.ms',
    ]) {
      for (const line of await lines(word)) {
        const [command] = (await explain(line, COMMANDS)).commands
        expect([line, command!.parts.filter(({ status }) => status !== 'known')]).toEqual([line, []])
      }
    }
  })

  it('names what goes with it, once, and each other', async () => {
    const [topic, broker] = await about('min.insync.replicas')
    expect(topic!.sections.at(-1)!.texts![0]).toMatch(/^acks, default\.replication\.factor/)
    expect(broker!.sections.at(-1)!.texts).toEqual([])
    expect(relatedTo('acks').some(({ names }) => names.includes('min.insync.replicas'))).toBe(true)
  })

  it('has related settings, readers and releases for settings that exist', async () => {
    const known = new Set<string>()
    const all: [SettingKind, string][] = []
    for (const kind of KINDS) for (const name of (await settingTable(kind)).keys()) all.push([kind, name])
    for (const [, name] of all) known.add(name)
    for (const [, name] of all)
      for (const { names } of relatedTo(name)) for (const each of names) expect(known).toContain(each)
    for (const [kind, name] of all) expect([name, readersOf(kind, name)]).not.toContain(null)
    const undated = all.filter(([kind, name]) => sinceWhen(kind, name) === null)
    expect(undated).toEqual([
      ['broker', 'config.providers'],
      ['client', 'config.providers'],
    ])
    expect(sinceWhen('nobody', 'name')).toBeNull()
  })

  it('of Streams, MirrorMaker and Connect, with what may stand in front', async () => {
    const ofAll = async (word: string) => (await about(word)).map(({ of, title }) => [of, title])
    expect(await ofAll('num.stream.threads')).toEqual([['Streams', 'Streams setting']])
    expect(await ofAll('replication.factor')).toEqual([
      ['Streams', 'Streams setting'],
      ['MirrorMaker', 'MirrorMaker setting'],
    ])
    expect(await ofAll('us->eu.topics')).toEqual([['MirrorMaker', 'MirrorMaker setting for what goes from us to eu']])
    const [polled] = await about('main.consumer.max.poll.records=5')
    expect([polled!.of, polled!.title]).toEqual([
      'client',
      'client setting of the main consumer of an application of Kafka Streams',
    ])
    expect(await ofAll('producer.override.acks')).toEqual([
      ['client', 'client setting of the producer of one connector of Connect'],
    ])
    expect(await ofAll('topic.cleanup.policy')).toEqual([
      ['topic', 'topic setting of the internal topics that Kafka Streams makes'],
    ])
    // What is a setting as it stands has nothing in front.
    expect((await ofAll('consumer.session.timeout.ms')).map(([of]) => of)).toEqual(['group'])
    expect(await ofAll('consumer.no.such')).toEqual([])
  })

  it('says by itself what it is: sentences do not lean on the one above them in the table', async () => {
    const leaning: string[] = []
    for (const kind of KINDS) {
      for (const { name, documentation } of (await settingTable(kind)).values()) {
        if (
          /^(But|And|How often (they|it) (are|is|do)[.;]|Longest such|Random share added to that|.* that (file|key|note)\.$)/.test(
            documentation,
          )
        )
          leaning.push(name)
      }
    }
    expect(leaning).toEqual([])
  })

  it('is found under a listener’s prefix, and near to slips', async () => {
    expect((await about('listener.name.internal.ssl.keystore.location'))[0]!.of).toBe('broker')
    expect((await near('retnetion.ms'))[0]).toBe('retention.ms')
    expect(await near('ls')).toEqual([])
  })
})

const entry = (value: string, source: ConfigEntry['source'], synonyms: ConfigEntry['synonyms']): ConfigEntry => ({
  ...{
    name: 'retention.ms',
    value,
    source,
    synonyms,
    isSensitive: false,
    isReadOnly: false,
    type: 'LONG',
    documentation: null,
  },
})
const common = entry('604800000', 'DEFAULT_CONFIG', [
  { name: 'log.retention.hours', value: '168', source: 'DEFAULT_CONFIG' },
])
const own = entry('60000', 'DYNAMIC_TOPIC_CONFIG', [
  { name: 'retention.ms', value: '60000', source: 'DYNAMIC_TOPIC_CONFIG' },
  { name: 'log.retention.ms', value: '7000', source: 'STATIC_BROKER_CONFIG' },
])
const admin: Partial<Admin> = {
  listTopics: async () => ['orders', 'payments'].map((name) => ({ name, topicId: name, isInternal: false })),
  describeConfigs: async (resources) =>
    resources.map(({ name }) => ({ ok: true as const, value: [name === 'orders' ? own : common] })),
}
const live: LiveCluster = { admin: admin as Admin, clusterId: 'c', brokers: [1, 2], servers: 'h:1,h:2' }

describe('a setting on a cluster', () => {
  it('of a topic: the value, where it comes from, what it wins over', async () => {
    const [meaning] = await about('retention.ms', { topic: 'orders' }, live)
    const section = meaning!.sections.find(({ title }) => title.startsWith('On the cluster'))!
    expect(section).toEqual({
      title: 'On the cluster at h:1, ...: topic orders',
      isLive: true,
      rows: [
        ['value', '60000 (1 minute), from topic orders'],
        ['wins over', "log.retention.ms=7000, from the node's properties file"],
      ],
    })
    expect(meaning!.details.live).toMatchObject({ values: [{ where: 'topic orders', source: 'DYNAMIC_TOPIC_CONFIG' }] })
  })

  it('of all topics: what holds, and which have their own', async () => {
    const [meaning] = await about('retention.ms', {}, live)
    expect(meaning!.details.live).toMatchObject({
      values: [{ where: 'topics without a value of their own', value: '604800000' }],
      overrides: [{ name: 'orders', value: '60000' }],
    })
  })

  it('of a topic that is not there: the nearest', async () => {
    const [meaning] = await about('retention.ms', { topic: 'oders' }, live)
    expect(meaning!.details.live).toMatchObject({
      notes: ["There is no topic 'oders' on the cluster. Did you mean orders?"],
    })
  })

  it('of brokers: together where it is the same; secrets stay hidden', async () => {
    const threads = { ...common, name: 'num.io.threads', value: '8', synonyms: [] }
    const secret = {
      ...common,
      name: 'ssl.key.password',
      value: null,
      isSensitive: true,
      synonyms: [{ ...own.synonyms[0]!, value: 'x' }],
    }
    const brokers = (each: ConfigEntry): LiveCluster => ({
      ...live,
      admin: {
        describeConfigs: async (all: readonly unknown[]) => all.map(() => ({ ok: true, value: [each] })),
      } as unknown as Admin,
    })
    const [meaning] = await about('num.io.threads', {}, brokers(threads))
    expect(meaning!.details.live).toMatchObject({ values: [{ where: 'brokers 1, 2', value: '8' }] })
    const hidden = (await about('ssl.key.password', { broker: '1' }, brokers(secret)))[0]!
    expect(JSON.stringify(hidden)).not.toContain('"x"')
    expect(hidden.details.live).toMatchObject({ values: [{ where: 'broker 1', value: null, isSecret: true }] })
    const [absent] = await about('num.io.threads', { broker: '9' }, brokers(threads))
    expect(absent!.details.live).toMatchObject({ notes: ['There is no broker 9 in service; those in service: 1, 2.'] })
  })

  it('is told offline when the cluster fails meanwhile; clients’ settings ask no cluster', async () => {
    const gone = { ...live, admin: { listTopics: () => Promise.reject(new Error('gone away')) } as unknown as Admin }
    expect((await about('retention.ms', {}, gone))[0]!.details.live).toMatchObject({ notes: ['gone away'] })
    const question = { ...questionOf('linger.ms'), live: () => Promise.reject(new Error('asked')) }
    expect(await meanings('linger.ms', question)).toHaveLength(1)
  })
})
