/** `kt verifiable-consumer` and Apache's script: the same lines of JSON, the same exit code. */
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type ApacheKafka, apacheKafkaHome, startApacheKafka } from '../../support/apache-kafka.ts'
import { compareWithScript, type ScriptCase } from '../../support/compare-with-script.ts'
import { runCommand } from '../../support/run-command.ts'

const withoutTimes = (stdout: string): string => stdout.replace(/"timestamp":\d+/g, '"timestamp":T')

const READ = '--topic Cverify --group-id {x}'
const CONFIG = { 'consumer.properties': 'client.id=Cv\nmax.poll.records=3\n' }
const STRATEGY = 'org.apache.kafka.clients.consumer.RoundRobinAssignor'

const READING: ScriptCase[] = [
  { args: `${READ} --max-messages 10` },
  { args: `${READ} --max-messages 4` },
  { args: `${READ} --max-messages 4 --verbose` },
  { args: `${READ} --max-messages 0` },
  { args: `${READ} --max-messages 4 --enable-autocommit` },
  { args: `${READ} --max-messages 4 --session-timeout 10000` },
  { args: `${READ} --max-messages 4 --reset-policy earliest --group-protocol classic` },
  { args: `${READ} --max-messages 10 --group-protocol consumer`, needs: 'ConsumerGroupHeartbeat' },
  {
    args: `${READ} --max-messages 4 --verbose --group-protocol CONSUMER --group-remote-assignor range`,
    needs: 'ConsumerGroupHeartbeat',
  },
  {
    args: `${READ} --max-messages 4 --group-protocol consumer --group-instance-id till-1`,
    needs: 'ConsumerGroupHeartbeat',
  },
  { args: `${READ} --max-messages 4 --assignment-strategy ${STRATEGY}` },
  { args: `${READ} --max-messages 7 --command-config {dir}/consumer.properties`, files: CONFIG },
  { args: `${READ} --max-messages 3 --consumer.config {dir}/consumer.properties`, files: CONFIG },
  { args: `${READ} --max-messages 1 --reset-policy none` },
].map((each) => ({
  normalise: withoutTimes,
  // What the script prints last comes from a hook that runs when its JVM ends.
  fresh: true,
  after: ['consumer-groups --delete --group {x}'],
  ...each,
}))

const WRONG: ScriptCase[] = [
  { args: '--topic Cverify', argparseError: true },
  { args: '--group-id {x}', argparseError: true },
  { args: `${READ} --max-messages x`, argparseError: true },
  { args: `${READ} --session-timeout x`, argparseError: true },
  { args: `${READ} --consumer.config a --command-config b`, argparseError: true },
  { args: `${READ} --nonsense`, argparseError: true },
  { args: `${READ} --command-config /no/such/file`, ownWords: true },
  { args: `${READ} --reset-policy foo`, ownWords: true },
  { args: `${READ} --group-protocol foo`, ownWords: true },
  { args: `${READ} --group-protocol consumer --session-timeout 10000`, ownWords: true },
  { args: READ, withoutServer: true, ownWords: true },
  { args: '--help', ownWords: true },
  { args: '', withoutServer: true, ownWords: true },
]

const home = await apacheKafkaHome()

describe.skipIf(home === null)('kt verifiable-consumer beside kafka-verifiable-consumer.sh', () => {
  let kafka: ApacheKafka
  const kt = (line: string, input?: string) => {
    const [command, ...rest] = line.split(' ')
    return runCommand([command!, '--bootstrap-server', kafka.bootstrapServers, ...rest], { input })
  }
  beforeAll(async () => {
    kafka = await startApacheKafka(home!)
    await kt('topics --create --if-not-exists --topic Cverify')
    const lines = Array.from({ length: 10 }, (_, i) => `k${i}\tvalue "${i}" é\n`).join('')
    await kt('console-producer --topic Cverify --reader-property parse.key=true', lines)
  })
  afterAll(async () => {
    await kt('topics --delete --topic Cverify --if-exists')
    await kafka.stop()
  })

  it.concurrent.each([...READING, ...WRONG])('$args', async (given) => {
    const { bootstrapServers } = kafka
    // Under the script's own name there is no local cluster to fall back on.
    const command = given.withoutServer === true ? 'kafka-verifiable-consumer.sh' : 'verifiable-consumer'
    await compareWithScript({ home: home!, script: 'kafka-verifiable-consumer', command, bootstrapServers }, given)
  })
})
