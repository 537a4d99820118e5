/** `kt producer-perf-test` and Apache's script: the same layout with other numbers, the same exit code. */
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type ApacheKafka, apacheKafkaHome, startApacheKafka } from '../../support/apache-kafka.ts'
import { compareWithScript, type ScriptCase } from '../../support/compare-with-script.ts'
import { runCommand } from '../../support/run-command.ts'

/** Counts of records are compared; rates and latencies are not. Lines of intervals come as they come. */
export const withoutNumbers = (stdout: string): string =>
  stdout
    .replace(
      /^\d+ records sent, [\d.]+ records\/sec \([\d.]+ MB\/sec\), [\d.]+ ms avg latency, [\d.]+ ms max latency\.\n/gm,
      '',
    )
    .replace(/^In steady state\.\n/gm, '')
    .replace(/\d+\.\d+/g, 'N')
    // Nothing sent within a millisecond.
    .replace('NaN records/sec (NaN MB/sec)', 'N records/sec (N MB/sec)')
    .replace(/\d+ ms/g, 'N ms')

const SEND = '--topic {x} --throughput -1 --num-records'
const LINES = { 'payload.txt': 'one\ntwo\nthree\n', 'semi.txt': 'a;bb;;ccc' }
const CONFIG = { 'producer.properties': 'linger.ms=1\nacks=1\n' }
const after = ['topics --delete --topic {x} --if-exists']

const SENT: ScriptCase[] = [
  { args: `${SEND} 1000 --record-size 100`, afterwards: ['get-offsets --topic {x}'] },
  { args: `${SEND} 1000 --record-size 100 --reporting-interval 1`, afterwards: ['get-offsets --topic {x}'] },
  { args: '--topic {x} --throughput 500 --num-records 300 --record-size 10' },
  { args: '--topic {x} --throughput 500.5 --num-records 300 --record-size 10' },
  {
    args: `${SEND} 20 --payload-monotonic`,
    afterwards: ['console-consumer --topic {x} --from-beginning --max-messages 20'],
  },
  { args: `${SEND} 200 --payload-file {dir}/payload.txt`, files: LINES },
  { args: `${SEND} 50 --payload-file {dir}/semi.txt --payload-delimiter ;`, files: LINES },
  { args: `${SEND} 3000 --record-size 20 --warmup-records 1000` },
  { args: `${SEND} 3000 --record-size 20 --warmup-records -5` },
  { args: `${SEND} 500 --record-size 20 --command-property acks=1 linger.ms=1 compression.type=gzip` },
  { args: `${SEND} 500 --record-size 20 --command-property client.id=Cperf` },
  { args: `${SEND} 500 --record-size 20 --producer-props acks=all batch.size=1000` },
  { args: `${SEND} 500 --record-size 20 --command-config {dir}/producer.properties`, files: CONFIG },
  { args: `${SEND} 500 --record-size 20 --producer.config {dir}/producer.properties`, files: CONFIG },
  {
    args: `${SEND} 500 --record-size 20 --producer.config {dir}/producer.properties --producer-props acks=all`,
    files: CONFIG,
  },
  {
    args: `${SEND} 200 --payload-monotonic --transactional-id {x}`,
    afterwards: ['console-consumer --topic {x} --from-beginning --max-messages 200 --isolation-level read_committed'],
  },
  { args: '--topic {x} --throughput 1000 --num-records 500 --record-size 10 --transaction-duration-ms 100' },
  { args: `${SEND} 200 --record-size 10 --command-property transactional.id={x} linger.ms=1` },
  { args: `${SEND} 3 --record-size 2000000` },
  // The script prints far more metrics: the summary above them is compared, and that a table follows.
  {
    args: `${SEND} 100 --record-size 10 --print-metrics`,
    normalise: (stdout: string) => withoutNumbers(stdout).replace(/(Metric Name +Value)\n[\s\S]*/, 'table'),
  },
].map((each) => ({ normalise: withoutNumbers, after, ...each }))

const ONE = '--topic Cp --num-records 1 --record-size 1 --throughput -1'
const WRONG: ScriptCase[] = [
  '',
  '--topic Cp',
  '--topic Cp --num-records 1 --throughput -1',
  `${ONE} --payload-monotonic`,
  `${ONE} --num-records 0`,
  `${ONE} --num-records x`,
  `${ONE} --throughput fast`,
  `${ONE} --record-size 0`,
  `${ONE} --warmup-records 1`,
  `${ONE} --reporting-interval 0`,
  `${ONE} --transaction-duration-ms 0`,
  `${ONE} --command-property a=1 --producer-props b=2`,
  `${ONE} --command-config a --producer.config b`,
  `${ONE} --command-property`,
  `${ONE} --nonsense`,
  `${ONE} --version`,
  '--topic Cp --num-records 1 --throughput -1 --record-size',
].map((args) => ({ args, argparseError: true }))

const OWN_WORDS: ScriptCase[] = [
  { args: '', withoutServer: true, ownWords: true },
  { args: '--help', ownWords: true },
  { args: `${ONE} --command-config /no/such/file`, ownWords: true },
  { args: `${ONE} --command-property linger`, ownWords: true },
  { args: `${ONE} --command-property linger.ms=x`, ownWords: true },
  { args: '--topic Cp --num-records 1 --throughput -1 --payload-file /no/such/file', normalise: (text) => text },
]

const home = await apacheKafkaHome()

describe.skipIf(home === null)('kt producer-perf-test beside kafka-producer-perf-test.sh', () => {
  let kafka: ApacheKafka
  beforeAll(async () => {
    kafka = await startApacheKafka(home!)
  })
  afterAll(async () => {
    const line = ['topics', '--bootstrap-server', kafka.bootstrapServers, '--delete', '--topic', 'Cp', '--if-exists']
    await runCommand(line)
    await kafka.stop()
  })

  it.each([...SENT, ...WRONG, ...OWN_WORDS])('$args', async (given) => {
    const { bootstrapServers } = kafka
    const needs = ['This cluster has no transactions']
    await compareWithScript(
      { home: home!, script: 'kafka-producer-perf-test', command: 'producer-perf-test', bootstrapServers, needs },
      given,
    )
  })
})
