/** `kt console-producer` and Apache's script: the same lines in, the same records in the topic, the same exit code. */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type ApacheKafka, apacheKafkaHome, startApacheKafka } from '../../support/apache-kafka.ts'
import { compareWithScript, type ScriptCase, sortLines } from '../../support/compare-with-script.ts'

const COLUMNS = ['partition', 'offset', 'headers', 'key']
  .map((name) => `--formatter-property print.${name}=true`)
  .join(' ')
const TOPIC = ['topics --create --topic {x} --partitions 1']
const THREE = ['topics --create --topic {x} --partitions 3']
const GONE = ['topics --delete --topic {x}']
const reader = (...properties: string[]): string => properties.map((each) => `--reader-property '${each}'`).join(' ')

/** A case whose topic is compared afterwards: how many records are expected in it. */
function sending(args: string, input: string, records: number, more: Partial<ScriptCase> = {}): ScriptCase {
  const limit = records === 0 ? '--timeout-ms 500' : `--max-messages ${records} --timeout-ms 5000`
  return {
    args: `--topic {x} ${args}`,
    input,
    before: TOPIC,
    after: GONE,
    afterwards: [`console-consumer --topic {x} --from-beginning ${limit} ${COLUMNS}`],
    ...more,
  }
}

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-producer-'))
const READER = path.join(directory, 'reader.properties')
const PRODUCER = path.join(directory, 'producer.properties')

const ALL = ['parse.key=true', 'parse.headers=true']
const CASES: ScriptCase[] = [
  sending('', 'one\ntwo\r\nthree\rfour\n\nlast', 6),
  sending('', '', 0),
  sending(reader('parse.key=true'), 'k1\tv1\n\tv2\nk3\t\nk4\tv\tw\n', 4, { before: THREE, normalise: sortLines }),
  sending(reader('parse.key=true', 'null.marker=NUL'), 'NUL\tv\nk\tNUL\n', 2),
  sending(reader(...ALL, 'null.marker=NUL'), 'h1:v1,h2:v2\tk1\tv1\nNUL\tk2\tv2\nh1:NUL\tk3\tv3\n', 3),
  sending(reader(...ALL, 'headers.delimiter=|', 'headers.separator=;', 'headers.key.separator=='), 'a=1;b=2|k\tv\n', 1),
  sending(reader(...ALL, 'ignore.error=true'), 'plain\nh1:v1,,h2:v2,\tk4\tv4\nh1\tk\tv\n', 3),
  sending(reader('parse.key=true', 'key.separator='), 'abc\n', 1),
  sending('--property parse.key=true --producer-property linger.ms=5', 'k\tv\n', 1),
  sending('--max-partition-memory-bytes 1000 --sync', 'a\nb\n', 2),
  sending('--compression-codec', 'a\nb\n', 2),
  sending('--compression-codec zstd --request-required-acks 1 --batch-size 10 --timeout 1', 'a\nb\n', 2),
  sending(
    '--max-block-ms 5000 --max-memory-bytes 1000000 --message-send-max-retries 1 --retry-backoff-ms 10',
    'a\n',
    1,
  ),
  sending('--metadata-expiry-ms 1000 --request-timeout-ms 4000 --socket-buffer-size 5000', 'a\n', 1),
  sending(`--reader-config ${READER}`, 'k=v\n', 1),
  sending(`--reader-config ${READER} --reader-property key.separator=v`, 'k=v1\n', 1),
  sending(`--command-config ${PRODUCER} --compression-codec lz4`, 'a\n', 1),
  sending(`--producer.config ${PRODUCER}`, 'a\n', 1),
  sending(reader('parse.key=true'), 'k\tv\nnokey\nk\tw\n', 1),
  sending(reader(...ALL), 'h1:v1,\tk\tv\nh1\tk\tv\n', 1),
  sending('', `${'x'.repeat(2_000_000)}\nsmall\n`, 1),
  sending('--sync', `first\n${'x'.repeat(2_000_000)}\nnever\n`, 1),
  sending('', 'no key\n', 0, { before: ['topics --create --topic {x} --config cleanup.policy=compact'] }),
  sending('--sync', 'no key\n', 0, { before: ['topics --create --topic {x} --config cleanup.policy=compact'] }),
  { args: '--topic x --request-required-acks 7', input: 'x\n' },
  { args: '--topic x --compression-codec bogus', input: 'x\n' },
  { args: '--topic x --line-reader com.example.Nope' },
  { args: '--topic x --command-config /nowhere' },
  { args: '--topic x --reader-config /nowhere' },
  { args: '--topic x --max-block-ms soon', stderr: true },
  { args: '--topic x --command-config a --producer.config b', stderr: true },
  { args: '--version' },
  { args: '--help', ownWords: true },
  { args: '--topic x --batch-size abc', stderr: true },
  { args: '--topic x --bogus' },
  { args: "--topic x --reader-property 'null.marker=,'" },
  { args: '--sync', stderr: true },
  { args: '--topic x --bootstrap-server foo', withoutServer: true, stderr: true },
  { args: '--topic x --property a=b --reader-property c=d', stderr: true },
  { args: '--topic x --producer-property a=b --command-property c=d', stderr: true },
]

const home = await apacheKafkaHome()

describe.skipIf(home === null)('console-producer beside kafka-console-producer.sh', () => {
  let kafka: ApacheKafka
  beforeAll(async () => {
    fs.writeFileSync(READER, 'parse.key=true\nkey.separator==\n')
    fs.writeFileSync(PRODUCER, 'linger.ms=1\nacks=1\n')
    kafka = await startApacheKafka(home!)
  })
  afterAll(async () => {
    fs.rmSync(directory, { recursive: true })
    await kafka?.stop()
  })

  it.concurrent.each(CASES.map((each) => [each.args.slice(0, 90), each] as const))('%s', async (_, given) => {
    const { bootstrapServers } = kafka
    const subject = { home: home!, script: 'kafka-console-producer', command: 'console-producer', bootstrapServers }
    await compareWithScript(subject, given)
  })
})
