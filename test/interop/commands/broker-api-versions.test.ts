/** `kt broker-api-versions` and Apache's script over the same brokers. */
import { beforeAll, describe, it } from 'vitest'
import { type ApacheKafka, apacheKafkaHome, startApacheKafka } from '../../support/apache-kafka.ts'
import { compareWithScript, type ScriptCase } from '../../support/compare-with-script.ts'

const CASES: ScriptCase[] = [
  { args: '' },
  { args: '--command-config /dev/null' },
  { args: '--command-config /no/such/file', ownWords: true },
  { args: '--bootstrap-server', stderr: true },
  { args: '--nonsense', stderr: true },
  { args: '--version' },
  { args: '--version', withoutServer: true },
  { args: '--help', ownWords: true },
  { args: '', withoutServer: true, ownWords: true },
]

const home = await apacheKafkaHome()

describe.skipIf(home === null)('kt broker-api-versions beside kafka-broker-api-versions.sh', () => {
  let kafka: ApacheKafka
  beforeAll(async () => {
    kafka = await startApacheKafka(home!)
    return () => kafka.stop()
  })

  it.concurrent.each(CASES)('$args', async (given) => {
    const { bootstrapServers } = kafka
    const script = 'kafka-broker-api-versions'
    await compareWithScript({ home: home!, script, command: 'broker-api-versions', bootstrapServers }, given)
  })
})
