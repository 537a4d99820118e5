import { describe, expect, it } from 'vitest'
import { byTopic, failed, failureOf, groupBy, outcomeOf, settle } from '../../../src/client/admin/outcome.ts'
import type { Outcome } from '../../../src/client/admin-types.ts'
import { ClusterClient } from '../../../src/client/cluster-client.ts'
import { drive } from '../../support/drive-clock.ts'
import { ManualClock } from '../../support/manual-clock.ts'

const clock = new ManualClock()
const client = new ClusterClient({ bootstrapServers: ['h:1'] }, { clock })

describe('outcomes', () => {
  it('carry code, name and the broker’s text, or the protocol’s', () => {
    expect(failureOf(0)).toBeNull()
    expect(failureOf(3, 'no such thing')).toEqual({
      code: 3,
      name: 'UNKNOWN_TOPIC_OR_PARTITION',
      message: 'no such thing',
    })
    expect(failureOf(3, null)!.message).toBe('This server does not host this topic-partition.')
    expect(failureOf(3, '')!.message).toBe('This server does not host this topic-partition.')
    expect(failureOf(9999)).toMatchObject({ code: 9999, name: 'UNKNOWN_SERVER_ERROR' })
  })

  it('are made lazily', () => {
    expect(outcomeOf(0, null, () => 1)).toEqual({ ok: true, value: 1 })
    outcomeOf(1, null, () => expect.unreachable())
  })
})

it('grouping keeps the order', () => {
  expect([...groupBy([3, 1, 4, 1, 5], (n) => n % 2)]).toEqual([
    [1, [3, 1, 1, 5]],
    [0, [4]],
  ])
  const items = [
    { topic: 'b', partition: 1 },
    { topic: 'a', partition: 0 },
    { topic: 'b', partition: 0 },
  ]
  expect(byTopic(items, ({ partition }) => partition)).toEqual([
    { name: 'b', partitions: [1, 0] },
    { name: 'a', partitions: [0] },
  ])
})

describe('settling items', () => {
  const retry = new Set([6])

  async function run(
    answers: Record<string, Outcome<number>[]>,
    timeoutMs = 10_000,
  ): Promise<{ asked: string[][]; results: Map<string, Outcome<number>> }> {
    const asked: string[][] = []
    const attempt = async (pending: readonly string[]) => {
      asked.push([...pending])
      return new Map(pending.flatMap((item) => (answers[item]!.length > 0 ? [[item, answers[item]!.shift()!]] : [])))
    }
    const work = settle(client, 'Test', Object.keys(answers), attempt, { retry, timeoutMs })
    return { asked, results: await drive(clock, work) }
  }

  it('asks again only for those whose failure may pass', async () => {
    const { asked, results } = await run({
      fine: [{ ok: true, value: 1 }],
      moved: [failed(6), failed(6), { ok: true, value: 2 }],
      bad: [failed(3)],
    })
    expect(asked).toEqual([['fine', 'moved', 'bad'], ['moved'], ['moved']])
    expect([...results.keys()]).toEqual(['fine', 'moved', 'bad'])
    expect(results.get('moved')).toEqual({ ok: true, value: 2 })
    expect(results.get('bad')).toMatchObject({ error: { code: 3 } })
  })

  it('leaves the last failure when time is up', async () => {
    const { asked, results } = await run({ moved: Array.from({ length: 100 }, () => failed(6)) }, 1_000)
    expect(results.get('moved')).toMatchObject({ ok: false, error: { code: 6 } })
    expect(asked.length).toBeGreaterThan(2)
    expect(asked.length).toBeLessThan(10)
  })

  it('says so when an answer leaves an item out', async () => {
    const { results } = await run({ forgotten: [] })
    expect(results.get('forgotten')).toMatchObject({
      ok: false,
      error: { message: 'The answer does not mention forgotten' },
    })
  })

  it('asks nothing when there is nothing to ask', async () => {
    expect((await run({})).asked).toEqual([])
  })
})
