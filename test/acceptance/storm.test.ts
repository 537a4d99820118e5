/**
 * A short storm over real processes: brokers and controllers are killed, paused, cut off and restarted under idempotent
 * acks=all load, and nothing acknowledged is lost, doubled, out of order or missed by the groups that read along.
 * The long one is `npm run storm -- --seed S --events N`.
 */
import { expect, it } from 'vitest'
import { hasPythonModule } from '../interop/foreign-clients/tools.ts'
import { runStorm } from '../storm/storm.ts'

const SEED = 4
const EVENTS = 12
const TIMEOUT_MS = 600_000
/** Of what was broken, so much is shown: one defect often breaks hundreds of records. */
const MAX_SHOWN = 10

it(`keeps every promise through a storm of ${EVENTS} events`, { timeout: TIMEOUT_MS }, async () => {
  const python = hasPythonModule('confluent_kafka')
  const report = await runStorm({ seed: SEED, events: EVENTS, foreign: { python } })
  const broken = report.violations.slice(0, MAX_SHOWN).map(({ kind, text }) => `${kind}: ${text}`)
  expect(broken, `kept in ${report.directory}, seed ${SEED}`).toEqual([])
  expect(report.blows).toHaveLength(EVENTS)
  // The load was real, and was read by everybody.
  for (const { acknowledged } of report.writers) expect(acknowledged).toBeGreaterThan(100)
  expect(report.groups).toHaveLength(python ? 2 : 1)
  expect(report.replicasCompared).toBeGreaterThan(6)
})
