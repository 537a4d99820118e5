import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAdmin } from '../../src/client/admin.ts'
import type { Admin } from '../../src/client/admin-types.ts'
import type { FetchedBatch } from '../../src/client/fetcher.ts'
import { GroupConsumer, type GroupConsumerOptions } from '../../src/client/group-consumer.ts'
import { Producer } from '../../src/client/producer.ts'
import { startCluster } from '../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../src/cluster/types.ts'
import { forEachRecord } from '../../src/protocol/records/record.ts'

let cluster: LocalCluster
let admin: Admin

beforeAll(async () => {
  cluster = await startCluster({ config: { 'group.initial.rebalance.delay.ms': '0' } })
  admin = createAdmin({ bootstrapServers: [cluster.bootstrapServers] })
})
afterAll(async () => {
  await admin.close()
  await cluster.close()
})

async function produce(topic: string, values: readonly string[], partition = 0): Promise<void> {
  const producer = new Producer({ bootstrapServers: [cluster.bootstrapServers] })
  const appender = await producer.topic(topic)
  for (const value of values) appender.append(partition, 1, null, Buffer.from(value))
  await producer.close()
}

function consumer(
  groupId: string,
  topics: GroupConsumerOptions['topics'],
  more: Partial<GroupConsumerOptions> = {},
): GroupConsumer {
  const options = { groupId, topics, reset: 'earliest', maxWaitMs: 50, heartbeatIntervalMs: 100, ...more } as const
  return new GroupConsumer({ bootstrapServers: [cluster.bootstrapServers] }, options)
}

function valuesOf(batch: FetchedBatch): string[] {
  const values: string[] = []
  forEachRecord(batch.buffer, batch.at, (record, offset) => {
    if (offset >= batch.firstOffset) values.push(String(record.value()))
  })
  return values
}

async function read(one: GroupConsumer, count: number): Promise<string[]> {
  const values: string[] = []
  while (values.length < count) {
    const batch = (await one.next())!
    values.push(...valuesOf(batch))
    one.consumed(batch, batch.header.lastOffset + 1)
  }
  return values
}

async function committed(groupId: string): Promise<Record<string, number>> {
  const outcome = (await admin.listGroupOffsets([groupId])).get(groupId)!
  if (!outcome.ok) throw new Error(outcome.error.message)
  return Object.fromEntries(outcome.value.map(({ topic, partition, offset }) => [`${topic}-${partition}`, offset]))
}

describe('a group', () => {
  it('goes on where it was when it was closed', async () => {
    await produce('first', ['a', 'b', 'c'])
    const one = consumer('resumes', ['first'])
    await one.start()
    expect(await read(one, 3)).toEqual(['a', 'b', 'c'])
    await one.close()
    expect(await committed('resumes')).toEqual({ 'first-0': 3 })
    await produce('first', ['d'])
    const two = consumer('resumes', ['first'])
    await two.start()
    expect(await read(two, 1)).toEqual(['d'])
    await two.close()
  })

  it('commits as far as was consumed, in the middle of a batch too', async () => {
    await produce('partly', ['a', 'b', 'c', 'd'])
    const one = consumer('partly', ['partly'])
    await one.start()
    const batch = (await one.next())!
    expect(valuesOf(batch)).toHaveLength(4)
    one.consumed(batch, 2)
    await one.close()
    expect(await committed('partly')).toEqual({ 'partly-0': 2 })
    const two = consumer('partly', ['partly'])
    await two.start()
    expect(await read(two, 2)).toEqual(['c', 'd'])
    await two.close()
  })

  it('commits where it began, and nothing of a batch that was only fetched', async () => {
    await produce('unread', ['a', 'b'])
    const one = consumer('unread', ['unread'])
    await one.start()
    await one.next()
    await one.close()
    expect(await committed('unread')).toEqual({ 'unread-0': 0 })
  })

  it('commits by itself now and then, or never', async () => {
    await produce('auto', ['a'])
    const one = consumer('auto', ['auto'], { autoCommitIntervalMs: 50 })
    await one.start()
    const batch = (await one.next())!
    one.consumed(batch, 1)
    for (let turn = 0; turn < 200 && (await committed('auto'))['auto-0'] !== 1; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(await committed('auto')).toEqual({ 'auto-0': 1 })
    await one.close()
    const two = consumer('never', ['auto'], { autoCommitIntervalMs: -1 })
    await two.start()
    two.consumed((await two.next())!, 1)
    await two.close()
    expect(await committed('never')).toEqual({})
  })

  /** What goes on inside: a membership whose commits a test decides about, and rebalances when it wants them. */
  interface Inside {
    membership: { commit(offsets: readonly { offset: number }[]): Promise<void> }
    revoke(): void
    adopt(partitions: readonly { topic: string; partition: number }[]): void
  }

  function decided(one: GroupConsumer) {
    const inside = one as unknown as Inside
    const commits: { readonly offsets: number[]; end(error?: Error): void }[] = []
    inside.membership.commit = (offsets) =>
      new Promise((resolve, reject) => {
        const end = (error?: Error): void => (error === undefined ? resolve() : reject(error))
        commits.push({ offsets: offsets.map(({ offset }) => offset), end })
      })
    const sent = () => commits.map(({ offsets }) => offsets)
    return { inside, commits, sent }
  }

  async function consumed(group: string, nextOffset: number): Promise<GroupConsumer> {
    await produce(group, ['a', 'b', 'c', 'd'])
    const one = consumer(group, [group], { autoCommitIntervalMs: 0 })
    await one.start()
    one.consumed((await one.next())!, nextOffset)
    return one
  }

  it('commits again what could not be committed, unless it knows better by then', async () => {
    const one = await consumed('again', 2)
    const { commits, sent } = decided(one)
    const first = one.commit()
    await expect.poll(sent).toEqual([[2]])
    commits[0]!.end(new Error('away'))
    await expect(first).rejects.toThrow('away')
    const second = one.commit()
    await expect.poll(sent).toEqual([[2], [2]])
    one.consumed({ topic: 'again', partition: 0 }, 3)
    commits[1]!.end(new Error('away'))
    await expect(second).rejects.toThrow('away')
    void one.commit()
    await expect.poll(sent).toEqual([[2], [2], [3]])
    commits[2]!.end()
    await one.close(100)
  })

  it('forgets a commit that fails after the partitions were given up: another member may have gone on', async () => {
    const one = await consumed('given-up', 2)
    const { inside, commits, sent } = decided(one)
    const first = one.commit()
    await expect.poll(sent).toEqual([[2]])
    inside.revoke()
    inside.adopt([{ topic: 'given-up', partition: 0 }])
    commits[0]!.end(new Error('away'))
    await expect(first).rejects.toThrow('away')
    await expect.poll(sent).toEqual([[2], []])
    commits[1]!.end()
    const next = one.commit()
    await expect.poll(sent).toEqual([[2], [], []])
    commits[2]!.end()
    await next
    await one.close(100)
  })

  it('commits what it has consumed when it gives up, and not when it hears of it too late', async () => {
    const one = await consumed('warned', 2)
    const { inside, commits, sent } = decided(one)
    inside.revoke()
    await expect.poll(sent).toEqual([[2]])
    commits[0]!.end()
    inside.adopt([{ topic: 'warned', partition: 0 }])
    one.consumed({ topic: 'warned', partition: 0 }, 3)
    inside.adopt([{ topic: 'warned', partition: 0 }])
    const next = one.commit()
    await expect.poll(sent).toEqual([[2], []])
    commits[1]!.end()
    await next
    await one.close(100)
  })

  it('commits one after the other', async () => {
    const one = await consumed('in-turn', 2)
    const { inside, commits, sent } = decided(one)
    void one.commit()
    await expect.poll(sent).toEqual([[2]])
    one.consumed({ topic: 'in-turn', partition: 0 }, 3)
    inside.revoke()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(sent()).toEqual([[2]])
    commits[0]!.end()
    await expect.poll(sent).toEqual([[2], [3]])
    commits[1]!.end()
    await one.close(100)
  })

  it('shares partitions, and takes over what a member leaves behind', async () => {
    await admin.createTopics([{ name: 'shared', partitions: 2, replicationFactor: 1 }])
    const assigned = { one: [] as number[], two: [] as number[] }
    const track = (name: 'one' | 'two') => ({
      onAssigned: (list: readonly { partition: number }[]) => {
        assigned[name] = list.map(({ partition }) => partition)
      },
    })
    const settledAs = async (one: number, two: number): Promise<void> => {
      for (let turn = 0; assigned.one.length !== one || assigned.two.length !== two; turn++) {
        if (turn > 1_000) throw new Error(`assigned ${JSON.stringify(assigned)}`)
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    }
    const one = consumer('pair', ['shared'], track('one'))
    await one.start()
    await settledAs(2, 0)
    const two = consumer('pair', ['shared'], track('two'))
    await two.start()
    await settledAs(1, 1)
    await produce('shared', ['p0'], 0)
    await produce('shared', ['p1'], 1)
    const [fromOne, fromTwo] = await Promise.all([read(one, 1), read(two, 1)])
    expect([...fromOne, ...fromTwo].sort()).toEqual(['p0', 'p1'])
    await two.close()
    assigned.two = []
    await settledAs(2, 0)
    await produce('shared', ['q0'], 0)
    await produce('shared', ['q1'], 1)
    expect((await read(one, 2)).sort()).toEqual(['q0', 'q1'])
    await one.close()
  })

  it('reads the topics whose names match, later ones too', async () => {
    await produce('match-a', ['a'])
    await produce('other', ['no'])
    const one = consumer('pattern', /^match-/, { metadataMaxAgeMs: 100 })
    await one.start()
    expect(await read(one, 1)).toEqual(['a'])
    await produce('match-b', ['b'])
    expect(await read(one, 1)).toEqual(['b'])
    await one.close()
  })

  it('without an offset and without a reset policy says so', async () => {
    await produce('strict', ['a'])
    const one = consumer('strict', ['strict'], { reset: 'none' })
    await one.start()
    await expect(one.next()).rejects.toThrow('Undefined offset with no reset policy for partitions: [strict-0]')
    await one.close()
  })

  it('begins at the end when told so', async () => {
    await produce('late', ['old'])
    let assigned = false
    const one = consumer('late', ['late'], {
      reset: 'latest',
      onAssigned: () => {
        assigned = true
      },
    })
    await one.start()
    const next = read(one, 1)
    while (!assigned) await new Promise((resolve) => setTimeout(resolve, 10))
    await new Promise((resolve) => setTimeout(resolve, 300))
    await produce('late', ['new'])
    expect(await next).toEqual(['new'])
    await one.close()
  })

  it('reads on what stays and commits what goes, told piece by piece (KIP-848)', async () => {
    await admin.createTopics([{ name: 'pieces', partitions: 3, replicationFactor: 1 }])
    for (const partition of [0, 1, 2]) await produce('pieces', [`${partition}a`, `${partition}b`], partition)
    const of = (...numbers: number[]) => numbers.map((partition) => ({ topic: 'pieces', partition }))
    const given: number[][] = []
    const one = consumer('pieces-group', ['pieces'], {
      autoCommitIntervalMs: 0,
      onAssigned: (list) => given.push(list.map(({ partition }) => partition)),
      onRevoked: (list) => given.push(list.map(({ partition }) => -partition)),
    })
    const commits: string[][] = []
    const inside = one as unknown as {
      topics: readonly string[]
      membership: object
      reconcile(revoked: readonly object[], added: readonly object[]): Promise<void>
    }
    inside.topics = ['pieces']
    inside.membership = {
      commit: async (offsets: readonly { partition: number; offset: number }[]) => {
        commits.push(offsets.map(({ partition, offset }) => `${partition}:${offset}`).sort())
      },
      close: async () => undefined,
    }
    await inside.reconcile([], of(0, 1))
    expect((await read(one, 4)).sort()).toEqual(['0a', '0b', '1a', '1b'])
    await inside.reconcile(of(1), of(2))
    expect(commits).toEqual([['1:2']])
    expect((await read(one, 2)).sort()).toEqual(['2a', '2b'])
    await produce('pieces', ['0c'], 0)
    expect(await read(one, 1)).toEqual(['0c'])
    // Too late: it is another member's by now.
    one.consumed({ topic: 'pieces', partition: 1 }, 1)
    await one.commit()
    expect(commits.at(-1)).toEqual(['0:3', '2:2'])
    expect(given).toEqual([[0, 1], [-1], [2]])
    await one.close()
  })

  it('waits for a topic that the cluster makes', async () => {
    const one = consumer('early', ['not-yet'])
    await one.start()
    await produce('not-yet', ['first'])
    expect(await read(one, 1)).toEqual(['first'])
    await one.close()
  })

  it('ends for those who wait when it is closed, at once and for good', async () => {
    const one = consumer('closing', ['first'], { reset: 'latest' })
    await one.start()
    const waiting = one.next()
    await one.close()
    expect(await waiting).toBeNull()
    expect(await one.next()).toBeNull()
    await one.close()
  })
})
