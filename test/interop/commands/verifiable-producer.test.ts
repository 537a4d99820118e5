/** `kt verifiable-producer` and Apache's script: the same lines of JSON, the same exit code. */
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type ApacheKafka, apacheKafkaHome, startApacheKafka } from '../../support/apache-kafka.ts'
import { compareWithScript, type ScriptCase } from '../../support/compare-with-script.ts'

const withoutTimes = (stdout: string): string =>
  stdout.replace(/"timestamp":\d+/g, '"timestamp":T').replace(/"avg_throughput":[\d.E-]+/, '"avg_throughput":N')

const SEND = '--topic {x} --max-messages'
const after = ['topics --delete --topic {x} --if-exists']
const created = ['topics --create --topic {x}']
const CONFIG = { 'producer.properties': 'linger.ms=1\nclient.id=Cv\nacks=1\n' }
const SHOW = 'console-consumer --topic {x} --from-beginning --formatter-property print.key=true --max-messages'

const CASES: ScriptCase[] = [
  { args: `${SEND} 5`, afterwards: [`${SHOW} 5`] },
  { args: `${SEND} 5 --repeating-keys 2`, afterwards: [`${SHOW} 5`] },
  { args: `${SEND} 3 --value-prefix 12`, afterwards: [`${SHOW} 3`] },
  { args: `${SEND} 3 --acks 0` },
  { args: `${SEND} 3 --acks 1` },
  { args: `${SEND} 3 --acks -1` },
  { args: `${SEND} 0` },
  { args: `${SEND} 20 --throughput 200` },
  {
    args: `${SEND} 1 --message-create-time 1700000000000`,
    // A record of that age is old enough to be deleted before anybody reads it.
    before: ['topics --create --topic {x} --config retention.ms=-1'],
    afterwards: [`${SHOW} 1 --formatter-property print.timestamp=true`],
  },
  { args: `${SEND} 3 --command-config {dir}/producer.properties`, files: CONFIG },
  { args: `${SEND} 3 --producer.config {dir}/producer.properties`, files: CONFIG },
  { args: '--topic bad/name --max-messages 1' },
  { args: `${SEND} 3 --producer.config a --command-config b`, argparseError: true },
  { args: `${SEND} 3 --acks 2`, argparseError: true },
  { args: `${SEND} x`, argparseError: true },
  { args: `${SEND} 1 --repeating-keys x`, argparseError: true },
  { args: `${SEND} 1 --nonsense`, argparseError: true },
  { args: '--max-messages 1', argparseError: true },
  { args: '--topic x --max-messages 1', withoutServer: true, ownWords: true },
  { args: `${SEND} 1 --command-config /no/such/file`, ownWords: true },
  { args: '--help', ownWords: true },
  { args: '', withoutServer: true, ownWords: true },
].map((each) => ({
  before: created,
  normalise: withoutTimes,
  after,
  // What the script prints last comes from a hook that runs when its JVM ends.
  fresh: each.args.includes('--max-messages') && !('argparseError' in each) && !('ownWords' in each),
  ...each,
}))

const home = await apacheKafkaHome()

describe.skipIf(home === null)('kt verifiable-producer beside kafka-verifiable-producer.sh', () => {
  let kafka: ApacheKafka
  beforeAll(async () => {
    kafka = await startApacheKafka(home!)
  })
  afterAll(() => kafka.stop())

  it.concurrent.each(CASES)('$args', async (given) => {
    const { bootstrapServers } = kafka
    // Under the script's own name there is no local cluster to fall back on.
    const command = given.withoutServer === true ? 'kafka-verifiable-producer.sh' : 'verifiable-producer'
    await compareWithScript({ home: home!, script: 'kafka-verifiable-producer', command, bootstrapServers }, given)
  })
})
