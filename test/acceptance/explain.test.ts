/** `kt explain` beside a real cluster: live values, examples, names, files of its directories; and without one. */
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningCluster, runningCluster } from '../support/running-cluster.ts'

const TIMEOUT_MS = 180_000

interface Term {
  readonly kind: string
  readonly of: string | null
  readonly details: {
    readonly live: {
      readonly values: readonly {
        where: string
        value: string
        source: string
        synonyms: readonly { name: string }[]
      }[]
      readonly overrides: readonly { name: string; value: string }[] | null
    }
    readonly contents: readonly { name: string; value: string }[]
  }
}

describe('kt explain beside a cluster', { timeout: TIMEOUT_MS }, () => {
  let cluster: RunningCluster
  beforeAll(async () => {
    cluster = await runningCluster({ brokers: 3 })
    await cluster.kt(['topics', '--create', '--topic', 'orders', '--partitions', '1', '--replication-factor', '3'])
    await cluster.kt(['configs', '--alter', '--topic', 'orders', '--add-config', 'retention.ms=60000'])
    await cluster.kt(['configs', '--alter', '--broker', '2', '--add-config', 'num.io.threads=9'])
    await cluster.kt(['console-producer', '--topic', 'orders'], 'one\ntwo\n')
    await cluster.kt([
      'consumer-groups',
      '--reset-offsets',
      '--group',
      'shop',
      '--topic',
      'orders',
      '--to-offset',
      '1',
      '--execute',
    ])
  }, TIMEOUT_MS)
  afterAll(() => cluster?.[Symbol.asyncDispose]())

  const explain = async (...words: string[]): Promise<Term[]> => {
    const { code, stdout, stderr } = await cluster.kt(['explain', '--format', 'json', ...words])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    return (JSON.parse(stdout) as { terms: Term[] }).terms
  }

  it('a topic’s setting: its value, and which topics have their own', async () => {
    const [orders] = await explain('retention.ms', '--topic', 'orders')
    expect(orders!.details.live.values).toMatchObject([
      { where: 'topic orders', value: '60000', source: 'DYNAMIC_TOPIC_CONFIG' },
    ])
    const [all] = await explain('retention.ms')
    expect(all!.details.live.overrides).toEqual([{ name: 'orders', value: '60000' }])
  })

  it('a broker’s setting: one value here, another one there', async () => {
    const [threads] = await explain('num.io.threads')
    expect(threads!.details.live.values).toMatchObject([
      { where: 'brokers 1, 3', value: '8', source: 'DEFAULT_CONFIG' },
      { where: 'broker 2', value: '9', source: 'DYNAMIC_BROKER_CONFIG' },
    ])
    const [two] = await explain('num.io.threads', '--broker', '2')
    expect(two!.details.live.values[0]!.synonyms.map(({ name }) => name)).toEqual(['num.io.threads', 'num.io.threads'])
  })

  it('words of outputs, as they are now', async () => {
    const shown = async (word: string): Promise<string> => (await cluster.kt(['explain', word])).stdout
    expect(await shown('ISR')).toMatch(/orders-0 {2}leader \d, leader epoch 0\n.*\n {4}ISR +[123],[123],[123]/)
    expect(await shown('high watermark')).toContain('can read 0 to 1')
    expect(await shown('lag')).toContain('committed 1, the log ends at 2: lag 1')
    expect(await shown('voters')).toMatch(/quorum +node \d+ leads in epoch \d+/)
  })

  it('names of the cluster', async () => {
    expect(await explain('orders')).toMatchObject([{ kind: 'name', of: 'topic' }])
    expect(await explain('shop')).toMatchObject([{ kind: 'name', of: 'group' }])
  })

  it('files of a directory that is in use', async () => {
    const found = path.join(cluster.dataDirectory(1), 'orders-0')
    const contents = async (name: string) => {
      const [term] = await explain(path.join(found, name))
      return Object.fromEntries(term!.details.contents.map(({ name, value }) => [name, value]))
    }
    expect(await contents('00000000000000000000.log')).toMatchObject({ offsets: '0 to 1', records: '2' })
    expect(await contents('leader-epoch-checkpoint')).toMatchObject({ 'epoch 0': 'from offset 0' })
    expect(await contents('')).toMatchObject({ segments: expect.stringMatching(/^1, /) })
  })

  it('without a cluster: the same text and one line that says so; nothing is started', async () => {
    const { code, stdout } = await cluster.kt(['explain', 'retention.ms', '--bootstrap-server', '127.0.0.1:1'])
    expect(code).toBe(0)
    expect(stdout).toContain('read by')
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('No live values: 127.0.0.1:1 did not answer.')
  })
})
