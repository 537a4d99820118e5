/**
 * Failures that lose records, scene by scene, each with the states a cluster goes through as `kt describe` shows them. The
 * states are Apache Kafka's: the same scenes are played on it.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import { createAdmin } from '../../src/client/admin.ts'
import type { Admin } from '../../src/client/admin-types.ts'
import { Fetcher } from '../../src/client/fetcher.ts'
import { Producer } from '../../src/client/producer.ts'
import { forEachRecord } from '../../src/protocol/records/record.ts'
import type { Side } from './sides.ts'

const STATE_TIMEOUT_MS = 45_000
const POLL_MS = 100
/** Longer than a follower's fetch waits at the leader: what comes sooner still reaches a paused follower. */
const FETCH_WAIT_MS = 300
const PARTITION = 0

/** `leader 1, epoch 0, ISR 1 2 3`, then what there is of ELR and last known ELR. Members in order of id. */
export type State = string

/** Looks at a cluster that has just come into a state. */
export type OnState = (topic: string, state: State) => Promise<void>

export class Scene {
  readonly side: Side
  readonly topic: string
  private readonly onState: OnState | undefined

  constructor(side: Side, topic: string, onState?: OnState) {
    this.side = side
    this.topic = topic
    this.onState = onState
  }

  private async withAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = createAdmin({
      bootstrapServers: this.side.bootstrapServers,
      requestTimeoutMs: 3_000,
      apiTimeoutMs: 10_000,
    })
    try {
      return await work(admin)
    } finally {
      await admin.close()
    }
  }

  /** One partition on these brokers, the first one its leader. */
  async create(replicas: readonly number[], configs: Readonly<Record<string, string>>): Promise<void> {
    const outcomes = await this.withAdmin((admin) =>
      admin.createTopics([
        {
          name: this.topic,
          partitions: 1,
          replicationFactor: replicas.length,
          assignments: new Map([[PARTITION, replicas]]),
          configs: new Map(Object.entries(configs)),
        },
      ]),
    )
    expect(outcomes.get(this.topic)).toMatchObject({ ok: true })
  }

  private async state(): Promise<State> {
    const outcome = (await this.withAdmin((admin) => admin.describeTopics([this.topic]))).get(this.topic)
    if (outcome?.ok !== true) return outcome?.error.name ?? 'unknown'
    const { leader, leaderEpoch, isr, elr, lastKnownElr } = outcome.value.partitions[PARTITION]!
    const ids = (list: readonly number[] | null): string => [...(list ?? [])].sort().join(' ')
    const list = (name: string, members: readonly number[] | null): string =>
      ids(members) === '' ? '' : `, ${name} ${ids(members)}`
    const whole = `leader ${leader === -1 ? 'none' : leader}, epoch ${leaderEpoch}, ISR ${ids(isr)}`.trimEnd()
    return `${whole}${list('ELR', elr)}${list('last known ELR', lastKnownElr)}`
  }

  /** Waits for a state, or for one like it; fails with the one that was there instead. */
  async becomes(expected: State | RegExp): Promise<void> {
    const state = (): Promise<State> => this.state().catch((error: unknown) => String(error))
    await expect
      .poll(state, { timeout: STATE_TIMEOUT_MS, interval: POLL_MS, message: `${this.side.name}, ${this.topic}` })
      .toMatch(typeof expected === 'string' ? new RegExp(`^${expected}$`) : expected)
    await this.onState?.(this.topic, String(expected))
  }

  /** Writes values one by one and returns the offsets the leader acknowledged. */
  async write(acks: 'all' | 1, values: readonly string[]): Promise<number[]> {
    const producer = new Producer({ bootstrapServers: this.side.bootstrapServers }, { acks, lingerMs: 0 })
    try {
      const offsets: number[] = []
      for (const value of values) {
        const { offset } = await producer.send({
          ...{ topic: this.topic, partition: PARTITION },
          ...{ key: null, value: Buffer.from(value) },
        })
        offsets.push(offset)
      }
      return offsets
    } finally {
      await producer.close()
    }
  }

  /** What a consumer gets from the beginning to the high watermark. */
  async read(): Promise<string[]> {
    const fetcher = new Fetcher({ bootstrapServers: this.side.bootstrapServers }, { stopAtEnd: true, reset: 'none' })
    await fetcher.assign([{ topic: this.topic, partition: PARTITION, start: { offset: 0 } }])
    const values: string[] = []
    for await (const { buffer, at } of fetcher) {
      forEachRecord(buffer, at, (record) => {
        values.push(record.value()!.toString())
      })
    }
    return values
  }

  /** The election's outcome per Kafka's error names. */
  async elect(type: 'PREFERRED' | 'UNCLEAN'): Promise<string> {
    const partitions = [{ topic: this.topic, partition: PARTITION }]
    const [outcome] = await this.withAdmin((admin) => admin.electLeaders(type, partitions))
    return outcome!.result.ok ? 'elected' : outcome!.result.error.name
  }
}

const range = (name: string, count: number): string[] => Array.from({ length: count }, (_, index) => `${name}${index}`)

/**
 * acks=1 and a leader that is killed before its follower fetched: what was acknowledged and not replicated is gone, and
 * the old leader gives it up when it comes back.
 */
export async function unreplicatedRecords(
  side: Side,
  onState?: OnState,
  [first, second]: readonly [number, number] = [1, 2],
): Promise<void> {
  const scene = new Scene(side, first === 1 ? 'unreplicated' : `unreplicated-${first}`, onState)
  const both = `ISR ${[first, second].sort().join(' ')}`
  await scene.create([first, second], { 'min.insync.replicas': '1' })
  await scene.becomes(`leader ${first}, epoch 0, ${both}`)
  await scene.write('all', range('kept', 10))
  await side.pause(second)
  await pause(FETCH_WAIT_MS)
  expect(await scene.write(1, range('lost', 5))).toEqual([10, 11, 12, 13, 14])
  await side.kill(first)
  await side.resume(second)
  await scene.becomes(`leader ${second}, epoch 1, ISR ${second}`)
  expect(await scene.read()).toEqual(range('kept', 10))
  expect(await scene.write('all', range('new', 3))).toEqual([10, 11, 12])
  await side.start(first)
  await scene.becomes(`leader ${second}, epoch 1, ${both}`)
  await side.kill(second)
  // What the old leader has now is what the new one had.
  await scene.becomes(`leader ${first}, epoch 2, ISR ${first}`)
  expect(await scene.read()).toEqual([...range('kept', 10), ...range('new', 3)])
  await side.start(second)
  await scene.becomes(`leader ${first}, epoch 2, ${both}`)
}

/**
 * The ISR dies one after the other, and only somebody who left it early comes back: nobody leads until a person says that
 * losing records is better than waiting.
 */
export async function uncleanElection(side: Side, onState?: OnState): Promise<void> {
  const scene = new Scene(side, 'unclean', onState)
  await scene.create([1, 2, 3], { 'min.insync.replicas': '2' })
  await scene.becomes('leader 1, epoch 0, ISR 1 2 3')
  await scene.write('all', range('kept', 10))
  await side.kill(3)
  await scene.becomes('leader 1, epoch 0, ISR 1 2')
  await scene.write('all', range('lost', 10))
  await side.kill(2)
  // Below min.insync.replicas who leaves the ISR stays eligible (KIP-966).
  await scene.becomes('leader 1, epoch 0, ISR 1, ELR 2')
  await scene.write(1, range('unseen', 10))
  expect(await scene.read()).toEqual([...range('kept', 10), ...range('lost', 10)])
  await side.kill(1)
  await side.start(3)
  await scene.becomes('leader none, epoch 1, ISR, ELR 1 2, last known ELR 1')
  expect(await scene.elect('UNCLEAN')).toBe('elected')
  // Alone it is below min.insync.replicas, and its high watermark does not move: nobody can tell yet what is kept.
  await scene.becomes('leader 3, epoch 2, ISR 3')
  await side.start(2)
  await scene.becomes('leader 3, epoch 2, ISR 2 3')
  expect(await scene.write('all', range('new', 3))).toEqual([10, 11, 12])
  expect(await scene.read()).toEqual([...range('kept', 10), ...range('new', 3)])
  await side.start(1)
  await scene.becomes('leader 3, epoch 2, ISR 1 2 3')
  expect(await scene.read()).toEqual([...range('kept', 10), ...range('new', 3)])
}

/** The same without a person: `unclean.leader.election.enable`. */
export async function uncleanByConfiguration(side: Side, onState?: OnState): Promise<void> {
  const scene = new Scene(side, 'unclean-by-config', onState)
  await scene.create([1, 2, 3], { 'min.insync.replicas': '1', 'unclean.leader.election.enable': 'true' })
  await scene.becomes('leader 1, epoch 0, ISR 1 2 3')
  await scene.write('all', range('kept', 10))
  await side.kill(3)
  await scene.becomes('leader 1, epoch 0, ISR 1 2')
  await scene.write('all', range('lost', 10))
  await side.kill(2)
  await scene.becomes('leader 1, epoch 0, ISR 1')
  await scene.write('all', range('lost too ', 10))
  await side.kill(1)
  await side.start(3)
  // Nobody led in between, unless the new leader was there before the old one was missed.
  await scene.becomes(/^leader 3, epoch [12], ISR 3$/)
  expect(await scene.read()).toEqual(range('kept', 10))
  expect(await scene.write('all', range('new', 3))).toEqual([10, 11, 12])
  await side.start(2)
  await side.start(1)
  await scene.becomes(/^leader 3, epoch [12], ISR 1 2 3$/)
  expect(await scene.read()).toEqual([...range('kept', 10), ...range('new', 3)])
}

/** The last of the ISR is killed and comes back: with nobody else eligible the last known leader leads again, nothing is lost. */
export async function lastKnownLeader(side: Side, onState?: OnState): Promise<void> {
  const scene = new Scene(side, 'last-known', onState)
  await scene.create([1, 2], { 'min.insync.replicas': '1' })
  await scene.becomes('leader 1, epoch 0, ISR 1 2')
  await side.kill(2)
  await scene.becomes('leader 1, epoch 0, ISR 1')
  await scene.write('all', range('kept', 10))
  await side.kill(1)
  await side.start(2)
  await scene.becomes('leader none, epoch 1, ISR, ELR 1, last known ELR 1')
  await side.start(1)
  await scene.becomes('leader 1, epoch 2, ISR 1 2')
  expect(await scene.read()).toEqual(range('kept', 10))
}

/** Whoever is eligible was killed: none of them leads alone, for it may have lost what was not flushed; all of them back, the last leader does. */
export async function killedEligible(side: Side, onState?: OnState): Promise<void> {
  const scene = new Scene(side, 'killed-eligible', onState)
  await scene.create([1, 2, 3], { 'min.insync.replicas': '2' })
  await scene.becomes('leader 1, epoch 0, ISR 1 2 3')
  await side.kill(3)
  await scene.becomes('leader 1, epoch 0, ISR 1 2')
  await scene.write('all', range('kept', 10))
  await side.kill(2)
  await scene.becomes('leader 1, epoch 0, ISR 1, ELR 2')
  await side.kill(1)
  await side.start(3)
  await scene.becomes('leader none, epoch 1, ISR, ELR 1 2, last known ELR 1')
  await side.start(1)
  await scene.becomes('leader none, epoch 1, ISR, ELR 2, last known ELR 1')
  await side.start(2)
  await scene.becomes('leader 1, epoch 2, ISR 1 2 3')
  expect(await scene.read()).toEqual(range('kept', 10))
}
