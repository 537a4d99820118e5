/**
 * Failures that lose records, on real processes: exactly what Kafka loses (`test/interop/referee-failover.test.ts` plays
 * the same scenes on it), and `kt describe` and the nodes' logs say so.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  killedEligible,
  lastKnownLeader,
  type State,
  uncleanByConfiguration,
  uncleanElection,
  unreplicatedRecords,
} from '../storm/scenes.ts'
import { KtSide } from '../storm/sides.ts'

const TIMEOUT_MS = 180_000
const CONTROLLER = 100

describe('what a cluster loses', { timeout: TIMEOUT_MS }, () => {
  let side: KtSide
  /** What `kt describe topic` said in each state. */
  const described = new Map<State, string>()

  beforeAll(async () => {
    side = await KtSide.open()
  }, TIMEOUT_MS)
  afterAll(() => side?.[Symbol.asyncDispose]())

  async function look(topic: string, state: State): Promise<void> {
    const { stdout, stderr } = await side.cluster.kt(['describe', 'topic', topic])
    described.set(`${topic}: ${state}`, stdout + stderr)
  }
  /** What was said in a state, of one line and of the advice below the table. */
  function said(topic: string, state: State, ...parts: (string | RegExp)[]): void {
    const text = described.get(`${topic}: ${state}`)
    for (const part of parts) {
      if (typeof part === 'string') expect(text, state).toContain(part)
      else expect(text, state).toMatch(part)
    }
  }
  /** The lines of a node's log about a partition that tell of a loss. */
  const losses = (nodeId: number, partition: string): string[] =>
    side.cluster
      .log(nodeId)
      .split('\n')
      .filter((line) => line.includes(partition) && /Truncating partition|unclean election/.test(line))
  const removed = (count: number): string =>
    `${count} record(s) from offset 10 on are not in the leader's log and are removed here`
  const elected = (leader: number, partition: string): RegExp =>
    new RegExp(`Setting new leader for topicId \\S+, partition ${partition} to ${leader} using an unclean election`)

  it('acks=1, and the leader is killed', async () => {
    await unreplicatedRecords(side, look)
    said('unreplicated', 'leader 2, epoch 1, ISR 2', / 2 +1 +1!,2 +2 .* offline 1, under-replicated\n/)
    said('unreplicated', 'leader 2, epoch 1, ISR 2', 'start broker 1,', 'what only it has is removed there')
    expect(losses(1, 'unreplicated-0')).toEqual([expect.stringContaining(removed(5))])
    // Nobody led who was not in sync: acks=1 never promised more.
    expect([2, CONTROLLER].flatMap((id) => losses(id, 'unreplicated-0'))).toEqual([])
  })

  it('an unclean election by hand', async () => {
    await uncleanElection(side, look)
    said('unclean', 'leader 1, epoch 0, ISR 1 2', '2 of 3 replicas in sync, everything works. One less, and acks=all')
    said('unclean', 'leader 1, epoch 0, ISR 1, ELR 2', / below min ISR, eligible 2\n/, 'NOT_ENOUGH_REPLICAS')
    said('unclean', 'leader 1, epoch 0, ISR 1, ELR 2', 'If 1 goes too, 2 (ELR) may lead without loss')
    const nobody = 'leader none, epoch 1, ISR, ELR 1 2, last known ELR 1'
    said('unclean', nobody, / none +1 +1!,2!,3\? .* no leader, offline 1,2, under-replicated, eligible [12],[12]\n/)
    said('unclean', nobody, 'It was led last by 1.', 'have every committed record', 'then 1 leads')
    said(
      'unclean',
      nobody,
      'kt leader-election --election-type unclean --topic unclean --partition 0\n    3 leads at once',
    )
    said('unclean', nobody, /records that only [12], [12] have are lost for good/)
    said('unclean', 'leader 3, epoch 2, ISR 3', 'ISR 3 is below min.insync.replicas=2', 'until 2 are in sync')
    expect(losses(CONTROLLER, 'unclean-0')).toEqual([expect.stringMatching(elected(3, 'unclean-0'))])
    // Broker 1 had written ten more to itself alone.
    expect(losses(2, 'unclean-0')).toEqual([expect.stringContaining(removed(10))])
    expect(losses(1, 'unclean-0')).toEqual([expect.stringContaining(removed(20))])
    expect(losses(3, 'unclean-0')).toEqual([])
  })

  it('an unclean election by configuration', async () => {
    await uncleanByConfiguration(side)
    expect(losses(CONTROLLER, 'unclean-by-config-0')).toEqual([
      expect.stringMatching(elected(3, 'unclean-by-config-0')),
    ])
    for (const id of [1, 2]) {
      expect(losses(id, 'unclean-by-config-0')).toEqual([expect.stringContaining(removed(id === 1 ? 20 : 10))])
    }
  })

  it('whoever is eligible was killed', async () => {
    await killedEligible(side, look)
    const nobody = 'leader none, epoch 1, ISR, ELR 2, last known ELR 1'
    said('killed-eligible', nobody, 'start broker 2, e.g. kt cluster restart 2\n')
    said('killed-eligible', nobody, 'killed ones are trusted only when all are back, then 1 leads\n')
    // Broker 1 is alive and would be the first.
    said('killed-eligible', nobody, '1 leads at once: records that only 2 have are lost for good')
    expect([1, 2, 3].flatMap((id) => losses(id, 'killed-eligible-0'))).toEqual([])
  })

  it('the last known leader comes back', async () => {
    await lastKnownLeader(side, look)
    const nobody = 'leader none, epoch 1, ISR, ELR 1, last known ELR 1'
    said(
      'last-known',
      nobody,
      'start broker 1, e.g. kt cluster restart 1\n',
      '2 leads at once: records that only 1 have',
    )
    said('last-known', 'leader 1, epoch 2, ISR 1 2', / 1 +2 +1,2 +(1,2|2,1) .* ok\n/)
    expect([1, 2].flatMap((id) => losses(id, 'last-known-0'))).toEqual([])
  })
})
