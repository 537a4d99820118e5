/** `kt consumer-perf-test` and Apache's script: the same layout with other numbers, the same exit code. */
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type ApacheKafka, apacheKafkaHome, startApacheKafka } from '../../support/apache-kafka.ts'
import { compareWithScript, type ScriptCase } from '../../support/compare-with-script.ts'
import { runCommand } from '../../support/run-command.ts'

const DATE = '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d:\\d{3}'
/** Megabytes and counts that were read are compared; times and rates are not, nor where the intervals fall. */
const withoutNumbers = (stdout: string): string =>
  stdout
    .replace(new RegExp(DATE, 'g'), 'DATE')
    .replace(/^(DATE, 0), .*(\n\1, .*)*$/gm, 'INTERVALS')
    .replace(/^(.*?, .*?, [\d.]+), \S+, (\d+), .*$/gm, (row, read, count) =>
      row.startsWith('start')
        ? row
        : `${read}, N, ${count}, ${row
            .split(', ')
            .slice(5)
            .map(() => 'N')
            .join(', ')}`,
    )

const READ = '--topic Cperf --num-records 300'
const CONFIG = { 'consumer.properties': 'client.id=Cfile\nfetch.min.bytes=10\n' }

const CASES: ScriptCase[] = [
  { args: READ },
  { args: `${READ} --hide-header` },
  { args: `${READ} --show-detailed-stats --reporting-interval 1` },
  { args: `${READ} --show-detailed-stats --reporting-interval 1 --hide-header` },
  { args: '--topic Cperf --messages 300' },
  { args: '--include Cperf --num-records 300' },
  { args: "--include 'Cp(erf|none)' --num-records 300" },
  { args: `${READ} --group {x}` },
  { args: `${READ} --fetch-size 1000 --socket-buffer-size 100000` },
  { args: `${READ} --command-property max.poll.records=100 --command-property client.id=c` },
  { args: `${READ} --command-config {dir}/consumer.properties`, files: CONFIG },
  { args: `${READ} --consumer.config {dir}/consumer.properties`, files: CONFIG },
  { args: '--topic Cperf --num-records 5000 --timeout 2000' },
  { args: '--topic Cperf --num-records 1 --from-latest --timeout 2000' },
  { args: `${READ} --from-latest --timeout 2000 --show-detailed-stats` },
  {
    args: `${READ} --date-format yyyy`,
    normalise: (text: string) => withoutNumbers(text.replace(/^20\d\d, 20\d\d/m, 'DATE, DATE')),
  },
  {
    args: `${READ} --print-metrics`,
    normalise: (text: string) => withoutNumbers(text).replace(/(Metric Name +Value)\n[\s\S]*/, 'table'),
  },
  { args: `${READ} --date-format b`, ownWords: true },
  { args: `${READ} --reporting-interval 0`, ownWords: true },
  { args: `${READ} --reporting-interval x`, ownWords: true },
  { args: '--topic Cperf --num-records x', ownWords: true },
  { args: `${READ} --fetch-size x`, ownWords: true },
  { args: `${READ} --command-config /no/such/file`, ownWords: true },
  { args: `${READ} --include x`, stderr: true },
  { args: '--num-records 1', stderr: true },
  { args: '--topic Cperf', stderr: true },
  { args: `${READ} --messages 1`, stderr: true },
  { args: `${READ} --consumer.config a --command-config b`, stderr: true },
  { args: READ, withoutServer: true, stderr: true },
  { args: `${READ} --nonsense`, stderr: true },
  { args: `${READ} --topic`, stderr: true },
  { args: '--version' },
  { args: '--help', ownWords: true },
  { args: '', withoutServer: true, ownWords: true },
].map((each) => ({ normalise: withoutNumbers, ...each }))

const home = await apacheKafkaHome()

describe.skipIf(home === null)('kt consumer-perf-test beside kafka-consumer-perf-test.sh', () => {
  let kafka: ApacheKafka
  const kt = (line: string) => {
    const [command, ...rest] = line.split(' ')
    return runCommand([command!, '--bootstrap-server', kafka.bootstrapServers, ...rest])
  }

  beforeAll(async () => {
    kafka = await startApacheKafka(home!)
    await kt('topics --create --if-not-exists --topic Cperf --partitions 1')
    await kt('producer-perf-test --topic Cperf --num-records 300 --record-size 1000 --throughput -1')
  })
  afterAll(async () => {
    await kt('topics --delete --topic Cperf --if-exists')
    await kafka.stop()
  })

  it.concurrent.each(CASES)('$args', async (given) => {
    const { bootstrapServers } = kafka
    // Under the script's own name there is no local cluster to fall back on.
    const command = given.withoutServer === true ? 'kafka-consumer-perf-test.sh' : 'consumer-perf-test'
    await compareWithScript({ home: home!, script: 'kafka-consumer-perf-test', command, bootstrapServers }, given)
  })
})
