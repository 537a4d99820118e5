/** `kt get-offsets` and Apache's kafka-get-offsets.sh: the same command line, the same stdout, the same exit code. */
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type ApacheKafka, apacheKafkaHome, runScript, startApacheKafka } from '../../support/apache-kafka.ts'
import { compareWithScript, type ScriptCase } from '../../support/compare-with-script.ts'
import { runCommand } from '../../support/run-command.ts'

/** In 2100: nothing is that new. */
const FUTURE_MS = Date.UTC(2100, 0, 1)

const CASES: ScriptCase[] = [
  { args: '--topic Goffsets' },
  { args: '--topic Goffsets --time latest' },
  { args: '--topic Goffsets --time -1' },
  { args: '--topic Goffsets --time earliest' },
  { args: '--topic Goffsets --time -2' },
  { args: '--topic Goffsets --time max-timestamp' },
  { args: '--topic Goffsets --time -3' },
  { args: '--topic Goffsets --time earliest-local' },
  { args: '--topic Goffsets --time -4' },
  { args: '--topic Goffsets --time latest-tiered' },
  { args: '--topic Goffsets --time -5' },
  { args: '--topic Goffsets --time earliest-pending-upload' },
  { args: '--topic Goffsets --time -6' },
  { args: '--topic Goffsets --time 0' },
  { args: '--topic Goffsets --time=1000' },
  { args: `--topic Goffsets --time ${FUTURE_MS}` },
  { args: '--topic Goffsets --time -77' },
  { args: '--topic Goffsets --time soon', stderr: true },
  { args: '--topic Goff.*' },
  { args: '--topic Goffsets,Goffsets-many' },
  { args: '--topic Goffsets --partitions 0,2' },
  { args: '--topic Goffsets --partitions 9', stderr: true },
  { args: '--topic Goffsets --partitions zero', stderr: true },
  { args: "--topic Goffsets --partitions ''" },
  { args: '--topic-partitions Goffsets:1' },
  { args: '--topic-partitions Goffsets:0-2' },
  { args: '--topic-partitions Goffsets:1-' },
  { args: '--topic-partitions Goffsets:-1' },
  { args: '--topic-partitions Goffsets,Goffsets-many:10-' },
  { args: '--topic-partitions Goffsets:' },
  { args: '--topic-partitions Goff.*:0' },
  { args: '--topic-partitions Goffsets:1-2-3', ownWords: true },
  { args: '--topic-partitions Goffsets:one', ownWords: true },
  { args: '--topic-partitions Goffsets:1 --topic Goffsets', stderr: true },
  { args: '--topic-partitions Goffsets:1 --partitions 1', stderr: true },
  { args: '--topic Goffsets --exclude-internal-topics' },
  { args: '--topic __consumer_offsets --exclude-internal-topics', stderr: true },
  { args: '--topic Gnothing', stderr: true },
  { args: "--topic 'G['", stderr: true },
  { args: '--topic Goffsets --topic Goffsets', ownWords: true },
  { args: '--topic Goffsets --command-config /no/such/file', ownWords: true },
  { args: '--topik Goffsets', stderr: true },
  { args: '--topic', stderr: true },
  { args: '--version' },
  { args: '--help', ownWords: true },
  { args: '', withoutServer: true, ownWords: true },
  { args: '--bootstrap-server nowhere --topic Goffsets', withoutServer: true, stderr: true },
]

const home = await apacheKafkaHome()

describe.skipIf(home === null)('kt get-offsets beside kafka-get-offsets.sh', () => {
  let cluster: ApacheKafka
  const topics = (args: string[]) => runCommand(['topics', '--bootstrap-server', cluster.bootstrapServers, ...args])

  beforeAll(async () => {
    cluster = await startApacheKafka(home!)
    await topics(['--create', '--if-not-exists', '--topic', 'Goffsets', '--partitions', '3'])
    await topics(['--create', '--if-not-exists', '--topic', 'Goffsets-many', '--partitions', '12'])
    const producer = ['--bootstrap-server', cluster.bootstrapServers, '--topic', 'Goffsets', '--reader-property']
    const input = Array.from({ length: 50 }, (_, at) => `key${at}\tvalue ${at}\n`).join('')
    await runScript(home!, 'kafka-console-producer', [...producer, 'parse.key=true'], { input })
  })
  afterAll(async () => {
    await topics(['--delete', '--topic', 'Goffsets.*', '--if-exists'])
    await cluster.stop()
  })

  it.concurrent.each(CASES)('$args', async (given) => {
    const { bootstrapServers } = cluster
    const subject = { home: home!, script: 'kafka-get-offsets', command: 'get-offsets', bootstrapServers }
    await compareWithScript(subject, given)
  })
})
