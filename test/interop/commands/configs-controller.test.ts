/** `kt configs --bootstrap-controller` and Apache's, as far as a controller answers (KIP-919); what it refuses ends both. */
import { beforeAll, describe, it } from 'vitest'
import { type ApacheCluster, apacheCluster } from '../../support/apache-cluster.ts'
import { apacheKafkaHome } from '../../support/apache-kafka.ts'
import { compareWithScript, type ScriptCase } from '../../support/compare-with-script.ts'

const C = '--bootstrap-controller {controller}'
const OWN = '--entity-type brokers --entity-name 100'

const CASES: ScriptCase[] = [
  { args: `${C} --describe --entity-type brokers` },
  { args: `${C} --describe --broker 977` },
  // Both sides change the same settings of the same node, one after the other.
  {
    args: `${C} --alter ${OWN} --add-config log.cleaner.threads=2`,
    afterwards: [`configs ${C} --describe ${OWN}`],
    after: [`configs ${C} --alter ${OWN} --delete-config log.cleaner.threads`],
  },
  {
    args: `${C} --alter ${OWN} --add-config no.such.setting=1`,
    after: [`configs ${C} --alter ${OWN} --delete-config no.such.setting`],
  },
  { args: `${C} --alter ${OWN} --add-config log.cleaner.threads=many`, ownWords: true },
  { args: `${C} --describe --topic {x}`, ownWords: true },
  { args: `${C} --describe --entity-type groups`, ownWords: true },
  { args: `${C} --describe --user {x}`, ownWords: true },
]

const home = await apacheKafkaHome()

describe.skipIf(home === null)('kt configs at a controller beside kafka-configs.sh', () => {
  let cluster: ApacheCluster
  beforeAll(async () => {
    cluster = await apacheCluster(home!)
  })

  it.each(CASES)('$args', async (given) => {
    const { bootstrapServers, bootstrapControllers } = cluster
    const names = { controller: bootstrapControllers }
    const inTurns = async (): Promise<void> => undefined
    const subject = { home: home!, script: 'kafka-configs', command: 'configs', bootstrapServers, names, inTurns }
    await compareWithScript(subject, { ...given, withoutServer: true })
  })
})
