/**
 * The scenes in which a cluster loses records, played on Apache Kafka: what `test/acceptance/failover.test.ts` expects of
 * our cluster is what Kafka does.
 */
import { afterAll, beforeAll, describe, it } from 'vitest'
import {
  killedEligible,
  lastKnownLeader,
  uncleanByConfiguration,
  uncleanElection,
  unreplicatedRecords,
} from '../storm/scenes.ts'
import { ApacheSide } from '../storm/sides.ts'
import { apacheKafkaHome } from '../support/apache-kafka.ts'

const home = await apacheKafkaHome()
/** Two of the scenes wait a minute for sessions of dead brokers to end. */
const isLong = process.env.KT_LONG === '1'
const missing = home === null ? ': no Java or no installation, skipped' : ''

describe.skipIf(home === null)(`what Apache Kafka loses${missing}`, () => {
  let side: ApacheSide

  beforeAll(async () => {
    side = (await ApacheSide.open())!
  })
  afterAll(() => side?.[Symbol.asyncDispose]())

  it('acks=1, and the leader is killed', () => unreplicatedRecords(side))
  it('an unclean election by hand', () => uncleanElection(side))
  it.runIf(isLong)('an unclean election by configuration', () => uncleanByConfiguration(side))
  it.runIf(isLong)('whoever is eligible was killed', () => killedEligible(side))
  it('the last known leader comes back', () => lastKnownLeader(side))
})
