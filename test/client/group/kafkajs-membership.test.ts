import * as net from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { KtError } from '../../../src/base/errors.ts'
import { createAdmin } from '../../../src/client/admin.ts'
import type { TopicPartition } from '../../../src/client/admin-types.ts'
import { KafkaJsMembership } from '../../../src/client/group/kafkajs-membership.ts'
import { resolveOptions } from '../../../src/client/options.ts'
import { startCluster } from '../../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../../src/cluster/types.ts'
import { closedPort } from '../../support/scripted-broker.ts'

let cluster: LocalCluster

beforeAll(async () => {
  cluster = await startCluster({ config: { 'group.initial.rebalance.delay.ms': '0' } })
  const admin = createAdmin({ bootstrapServers: [cluster.bootstrapServers] })
  await admin.createTopics([{ name: 't', partitions: 3, replicationFactor: 1 }])
  await admin.close()
})
afterAll(() => cluster.close())

const SETTINGS = { topics: ['t'], sessionTimeoutMs: 10_000, rebalanceTimeoutMs: 10_000, heartbeatIntervalMs: 100 }

interface Member {
  readonly membership: KafkaJsMembership
  readonly assigned: TopicPartition[][]
  revoked: number
  failed: KtError | null
}

function member(groupId: string, servers = cluster.bootstrapServers): Member {
  const state: Member = { membership: null as never, assigned: [], revoked: 0, failed: null }
  const membership = new KafkaJsMembership(
    resolveOptions({ bootstrapServers: [servers] }),
    { ...SETTINGS, groupId },
    {
      onAssigned: (partitions) => state.assigned.push([...partitions]),
      onRevoked: () => {
        state.revoked += 1
      },
      onFailed: (error) => {
        state.failed = error
      },
    },
  )
  return Object.assign(state, { membership })
}

async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; !condition(); turn++) {
    if (turn > 2_000) throw new Error('it did not happen')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const partitions = (assigned: readonly TopicPartition[]): number[] => assigned.map(({ partition }) => partition).sort()

describe('membership', () => {
  it('gives everything to one, and shares with a second', async () => {
    const first = member('shared')
    await first.membership.start()
    await until(() => first.assigned.length === 1)
    expect(partitions(first.assigned[0]!)).toEqual([0, 1, 2])
    const second = member('shared')
    await second.membership.start()
    await until(() => second.assigned.length > 0 && first.assigned.length > 1)
    expect(first.revoked).toBeGreaterThan(0)
    expect([...partitions(first.assigned.at(-1)!), ...partitions(second.assigned.at(-1)!)].sort()).toEqual([0, 1, 2])
    await second.membership.close(2_000)
    await until(() => first.assigned.at(-1)!.length === 3)
    await first.membership.close(2_000)
  })

  it('commits as its generation', async () => {
    const one = member('committer')
    await one.membership.start()
    await until(() => one.assigned.length === 1)
    await one.membership.commit([{ topic: 't', partition: 1, offset: 42 }])
    const admin = createAdmin({ bootstrapServers: [cluster.bootstrapServers] })
    const found = (await admin.listGroupOffsets(['committer'])).get('committer')
    expect(found).toMatchObject({ value: [{ topic: 't', partition: 1, offset: 42 }] })
    await admin.close()
    await one.membership.close(2_000)
  })

  const connectionError = () => Object.assign(new Error('gone'), { name: 'KafkaJSConnectionError' })
  type Committing = { consumer: { commitOffsets: () => Promise<void> } }

  it('repeats a commit while its coordinator is away', async () => {
    const one = member('patient')
    await one.membership.start()
    await until(() => one.assigned.length === 1)
    const { consumer } = one.membership as unknown as Committing
    const real = consumer.commitOffsets
    const loads = Object.assign(new Error('loading'), { type: 'GROUP_LOAD_IN_PROGRESS' })
    const failures = [connectionError(), loads]
    consumer.commitOffsets = (...args) => (failures.length > 0 ? Promise.reject(failures.shift()) : real(...args))
    await one.membership.commit([{ topic: 't', partition: 1, offset: 7 }])
    expect(failures).toEqual([])
    consumer.commitOffsets = () => Promise.reject(Object.assign(new Error('old'), { type: 'ILLEGAL_GENERATION' }))
    await expect(one.membership.commit([{ topic: 't', partition: 1, offset: 8 }])).rejects.toThrow('old')
    await one.membership.close(2_000)
  })

  it('does not repeat a commit as the next generation', async () => {
    const one = member('overtaken')
    await one.membership.start()
    await until(() => one.assigned.length === 1)
    const { consumer } = one.membership as unknown as Committing
    let calls = 0
    let fail = (): void => undefined
    consumer.commitOffsets = () => {
      calls += 1
      return new Promise((_, reject) => {
        fail = () => reject(connectionError())
      })
    }
    const committing = one.membership.commit([{ topic: 't', partition: 1, offset: 7 }])
    const two = member('overtaken')
    await two.membership.start()
    await until(() => one.assigned.length > 1)
    fail()
    await expect(committing).rejects.toThrow('gone')
    expect(calls).toBe(1)
    await Promise.all([one, two].map(({ membership }) => membership.close(2_000)))
  })

  it('leaves no repetition to kafkajs, and no commit of one that has left', async () => {
    const one = member('once')
    await one.membership.start()
    await until(() => one.assigned.length === 1)
    const { default: runner } = await import('kafkajs/src/consumer/runner.js' as string)
    let calls = 0
    const commitOffsets = async () => {
      calls += 1
      throw connectionError()
    }
    const commit = (running: boolean): Promise<void> =>
      runner.prototype.commitOffsets.call({ running, consumerGroup: { commitOffsets } }, {})
    await expect(commit(true)).rejects.toThrow('gone')
    await expect(commit(false)).rejects.toThrow('left the group')
    expect(calls).toBe(1)
    await one.membership.close(2_000)
  })

  it('ends with a person’s error when nobody answers', async () => {
    const one = member('nobody', `127.0.0.1:${await closedPort()}`)
    const outcome = await one.membership.start().then(
      () => null,
      (error: Error) => error,
    )
    await one.membership.close(1_000)
    expect(outcome ?? one.failed).toBeInstanceOf(Error)
  })

  it('that is closed while it joins does not start again', async () => {
    const one = member('hasty')
    await one.membership.start()
    await one.membership.close(2_000)
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(one.failed).toBeNull()
  })

  it('does not wake up a thousand times a second', async () => {
    const one = member('idle')
    await one.membership.start()
    await until(() => one.assigned.length === 1)
    const real = globalThis.setTimeout
    let armed = 0
    globalThis.setTimeout = ((...args: Parameters<typeof real>) => {
      armed += 1
      return real(...args)
    }) as typeof real
    await new Promise((resolve) => real(resolve, 1_000))
    globalThis.setTimeout = real
    expect(armed).toBeLessThan(100)
    await one.membership.close(2_000)
  })
})

describe('a member that is closed while it joins', () => {
  /** Of this process, to the cluster under test; the cluster's own ends are the accepted ones. */
  const open = (): number => {
    const port = Number(cluster.bootstrapServers.split(':')[1])
    const handles = (process as unknown as { _getActiveHandles(): object[] })._getActiveHandles()
    return handles.filter((each) => each instanceof net.Socket && !each.destroyed && each.remotePort === port).length
  }

  it.each([0, 1, 2, 5, 10, 20, 40])('leaves no connection behind: %i turns in', async (turns) => {
    const before = open()
    const { membership } = member(`hasty-${turns}`)
    const started = membership.start().catch(() => undefined)
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setTimeout(resolve, 1))
    await membership.close(2_000)
    await started
    await until(() => open() === before)
  })
})
