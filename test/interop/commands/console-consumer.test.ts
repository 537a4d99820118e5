/** `kt console-consumer` and Apache's script over the same topics: the same bytes out, the same exit code. */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ApacheKafka, apacheKafkaHome, startApacheKafka } from '../../support/apache-kafka.ts'
import { compareWithScript, type ScriptCase, sortLines } from '../../support/compare-with-script.ts'
import { runCommand } from '../../support/run-command.ts'

const show = (...names: string[]): string => names.map((name) => `--formatter-property print.${name}=true`).join(' ')
const ALL = show('timestamp', 'partition', 'offset', 'delivery', 'epoch', 'headers', 'key')
const READ = '--topic Hc-one --from-beginning'
const SERIALIZATION = 'org.apache.kafka.common.serialization'
const FORMATTERS = 'org.apache.kafka.tools.consumer'

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-consumer-'))
const FORMATTER = path.join(directory, 'formatter.properties')
const CONSUMER = path.join(directory, 'consumer.properties')

const CASES: ScriptCase[] = [
  { args: `${READ} --max-messages 5` },
  { args: `${READ} --max-messages 5 ${ALL}` },
  { args: `${READ} --timeout-ms 4000` },
  { args: `--topic Hc-three --from-beginning --timeout-ms 4000 ${show('key', 'partition')}`, normalise: sortLines },
  { args: '--topic Hc-one --partition 0 --offset 2 --max-messages 2 --property print.offset=true' },
  { args: '--topic Hc-one --partition 0 --from-beginning --max-messages 1' },
  { args: '--topic Hc-one --partition 0 --offset earliest --max-messages 1' },
  { args: '--topic Hc-one --partition 0 --offset 100000 --timeout-ms 4000' },
  { args: '--topic Hc-one --partition 9 --offset earliest --timeout-ms 1000' },
  { args: "--include 'Hc-(one|three)' --from-beginning --timeout-ms 2000", normalise: sortLines },
  { args: `${READ} --max-messages 0` },
  { args: `${READ} --max-messages 2 --formatter ${FORMATTERS}.NoOpMessageFormatter` },
  { args: `${READ} --max-messages 2 --formatter ${FORMATTERS}.LoggingMessageFormatter` },
  { args: `${READ} --max-messages 2 --formatter ${FORMATTERS}.OffsetsMessageFormatter` },
  {
    args: `${READ} --max-messages 3 ${show('key', 'headers')} --formatter-property 'key.separator= | ' --formatter-property null.literal=NIL --formatter-property headers.separator=; --formatter-property line.separator=//`,
  },
  { args: `${READ} --max-messages 5 ${show('key')} --formatter-property print.value=false` },
  { args: `${READ} --max-messages 5 --value-deserializer ${SERIALIZATION}.BytesDeserializer` },
  { args: `${READ} --max-messages 5 --value-deserializer ${SERIALIZATION}.LongDeserializer` },
  { args: `${READ} --max-messages 5 --value-deserializer ${SERIALIZATION}.LongDeserializer --skip-message-on-error` },
  {
    args: `${READ} --max-messages 5 --value-deserializer ${SERIALIZATION}.IntegerDeserializer --skip-message-on-error`,
  },
  { args: `${READ} --max-messages 2 --value-deserializer com.example.Nope` },
  { args: `${READ} --max-messages 2 --isolation-level read_committed` },
  { args: '--topic Hc-one --consumer-property auto.offset.reset=earliest --max-messages 1 --enable-systest-events' },
  {
    args: `${READ} --group {x} --max-messages 2`,
    afterwards: [`console-consumer ${READ} --group {x} --max-messages 1`],
  },

  { args: `${READ} --max-messages 5 --formatter-config ${FORMATTER}` },
  { args: `${READ} --max-messages 5 --formatter-config ${FORMATTER} --formatter-property key.separator=+` },
  { args: `${READ} --max-messages 5 --key-deserializer ${SERIALIZATION}.ShortDeserializer ${show('key')}` },
  { args: `${READ} --max-messages 5 --key-deserializer ${SERIALIZATION}.BytesDeserializer ${show('key')}` },
  { args: `--topic Hc-one --command-config ${CONSUMER} --max-messages 2` },
  { args: `--topic Hc-one --consumer.config ${CONSUMER} --max-messages 2` },
  { args: `${READ} --command-config /nowhere` },
  { args: `${READ} --formatter-config /nowhere` },
  { args: '--topic a --command-config a --consumer.config b', stderr: true },
  { args: '--version' },
  { args: '--help', ownWords: true },

  { args: '', stderr: true },
  { args: '--topic a --include b', stderr: true },
  { args: '--topic a', withoutServer: true, ownWords: true },
  { args: '--include a --partition 0', stderr: true },
  { args: '--topic a --offset 0', stderr: true },
  { args: '--topic a --partition 0 --offset 0 --from-beginning', stderr: true },
  { args: '--topic a --partition 0 --offset -5', stderr: true },
  { args: '--topic a --partition 0 --group g', stderr: true },
  { args: '--topic a --from-beginning --command-property auto.offset.reset=latest', stderr: true },
  { args: '--topic a --formatter com.example.Nope', stderr: true },
  { args: '--topic a --isolation-level bogus' },
  { args: "--include 'a(' --from-beginning" },
  { args: '--topic a --property a=b --formatter-property c=d', stderr: true },
]

const home = await apacheKafkaHome()

describe.skipIf(home === null)('console-consumer beside kafka-console-consumer.sh', () => {
  let kafka: ApacheKafka

  const kt = async (line: string, input = ''): Promise<void> => {
    const [command, ...rest] = line.split(' ')
    const result = await runCommand([command!, '--bootstrap-server', kafka.bootstrapServers, ...rest], { input })
    expect(result.code, result.stdout + result.stderr).toBe(0)
  }

  beforeAll(async () => {
    fs.writeFileSync(FORMATTER, 'print.key=true\nkey.separator=\\ -> \n')
    fs.writeFileSync(CONSUMER, 'auto.offset.reset=earliest\nfetch.max.wait.ms=100\n')
    kafka = await startApacheKafka(home!)
    await kt('topics --create --topic Hc-one --partitions 1 --if-not-exists')
    await kt('topics --create --topic Hc-three --partitions 3 --if-not-exists')
    const all =
      '--reader-property parse.key=true --reader-property parse.headers=true --reader-property null.marker=NUL'
    const input = 'h1:v1,h2:NUL\tk1\tgrün\nNUL\tNUL\tNUL\nNUL\tk3\t\nNUL\tk4\t\\back\nNUL\tk5\tlast\n'
    await kt(`console-producer --topic Hc-one ${all}`, input)
    await kt('console-producer --topic Hc-three --reader-property parse.key=true', '1\ta\n2\tb\n3\tc\n4\td\n5\te\n')
  })
  afterAll(async () => {
    fs.rmSync(directory, { recursive: true })
    if (kafka === undefined) return
    await kt('topics --delete --topic Hc-.*')
    await kafka.stop()
  })

  it.concurrent.each(CASES.map((each) => [each.args.slice(0, 110), each] as const))('%s', async (_, given) => {
    const { bootstrapServers } = kafka
    const subject = { home: home!, script: 'kafka-console-consumer', command: 'console-consumer', bootstrapServers }
    await compareWithScript(subject, given)
  })
})
