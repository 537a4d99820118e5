/**
 * Failures that lose records, on real processes: exactly what Kafka loses (`test/interop/referee-failover.test.ts` plays
 * the same scenes on it), and the nodes' logs say what was lost.
 */
import { afterAll, beforeAll, describe, it } from 'vitest'
import { lastKnownLeader, uncleanByConfiguration, uncleanElection, unreplicatedRecords } from '../storm/scenes.ts'
import { KtSide } from '../storm/sides.ts'

const TIMEOUT_MS = 180_000

describe('what a cluster loses', { timeout: TIMEOUT_MS }, () => {
  let side: KtSide

  beforeAll(async () => {
    side = await KtSide.open()
  }, TIMEOUT_MS)
  afterAll(() => side?.[Symbol.asyncDispose]())

  it('acks=1, and the leader is killed', () => unreplicatedRecords(side))
  it('an unclean election by hand', () => uncleanElection(side))
  it('an unclean election by configuration', () => uncleanByConfiguration(side))
  it('the last known leader comes back', () => lastKnownLeader(side))
})
