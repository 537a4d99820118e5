/** `kt configs` and Apache's kafka-configs.sh, every flag: the same command line, the same stdout, the same exit code. */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type ApacheKafka, apacheKafkaHome, startApacheKafka } from '../../support/apache-kafka.ts'
import { compareWithScript, type ScriptCase } from '../../support/compare-with-script.ts'

const TOPIC = ['topics --create --topic {x} --config retention.ms=60000 --config cleanup.policy=compact,delete']
const NO_TOPIC = ['topics --delete --topic {x} --if-exists']
const topic = (args: string, more: Partial<ScriptCase> = {}): ScriptCase => ({
  args,
  before: TOPIC,
  afterwards: ['configs --describe --topic {x}'],
  after: NO_TOPIC,
  ...more,
})
const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-configs-'))
const FILE = path.join(directory, 'add.properties')

const CASES: ScriptCase[] = [
  // Topics.
  topic('--describe --topic {x}'),
  topic('--describe --topic {x} --all'),
  topic('--describe --entity-type topics --entity-name {x}'),
  { args: '--describe --topic {x}' },
  { args: '--describe --topic {x} --all', stderr: true },
  { args: '--describe --topic {x}/y', stderr: true },
  topic('--alter --topic {x} --add-config retention.bytes=5,segment.bytes=1048577'),
  topic("--alter --topic {x} --add-config 'cleanup.policy=[delete,compact], retention.ms = 7'"),
  topic('--alter --topic {x} --delete-config retention.ms,cleanup.policy'),
  topic('--alter --topic {x} --add-config retention.bytes=5 --delete-config retention.ms --delete-config segment.ms'),
  topic(`--alter --topic {x} --add-config-file ${FILE}`),
  topic('--alter --topic {x} --add-config nonsense=1', { stderr: true }),
  topic('--alter --topic {x} --add-config retention.ms=soon', { stderr: true }),
  topic('--alter --topic {x} --add-config retention.ms', { stderr: true }),
  topic("--alter --topic {x} --add-config 'a b=1'", { stderr: true }),
  topic('--alter --topic {x} --add-config compression.type='),
  { args: '--alter --topic {x} --add-config retention.ms=1', stderr: true },
  { args: '--describe --entity-type topics --entity-default', stderr: true },

  // Brokers.
  { args: '--describe --broker 1' },
  { args: '--describe --broker 1 --all' },
  { args: '--describe --entity-type brokers' },
  { args: '--describe --entity-type brokers --entity-default' },
  { args: '--describe --broker-defaults --all' },
  { args: '--describe --broker 77' },
  { args: '--describe --broker one', stderr: true },
  { args: '--alter --broker 1 --add-config nonsense=1', ownWords: true },
  { args: '--alter --broker 1 --add-config log.cleaner.threads=many', ownWords: true },
  { args: '--alter --broker 1 --add-config broker.id=3', ownWords: true },
  { args: '--describe --broker-logger 1 --all', busy: true },
  { args: '--alter --broker-logger 1 --add-config no.such.logger=INFO', stderr: true },
  { args: '--alter --broker-logger 1 --add-config kafka.log.LogCleaner=INFO' },
  { args: '--describe --entity-type broker-loggers', stderr: true },

  // Groups and client metrics.
  {
    args: '--alter --group {x} --add-config consumer.session.timeout.ms=50000',
    afterwards: ['configs --describe --group {x}'],
    after: ['configs --alter --group {x} --delete-config consumer.session.timeout.ms'],
  },
  { args: '--describe --group {x}' },
  { args: '--describe --group {x} --all' },
  { args: '--alter --group {x} --add-config nonsense=1', stderr: true },
  {
    args: '--alter --client-metrics {x} --add-config interval.ms=1000,metrics=org.apache.kafka',
    afterwards: ['configs --describe --client-metrics {x}'],
    after: ['configs --alter --client-metrics {x} --delete-config interval.ms,metrics'],
  },
  { args: '--describe --client-metrics {x}' },
  { args: '--describe --client-metrics {x} --all' },

  // Quotas.
  {
    args: '--alter --user {x} --add-config producer_byte_rate=1024,consumer_byte_rate=12345678901,request_percentage=0.5',
    needs: 'ClientQuotas',
    afterwards: ['configs --describe --user {x}'],
    after: ['configs --alter --user {x} --delete-config producer_byte_rate,consumer_byte_rate,request_percentage'],
  },
  {
    args: '--describe --user {x} --client {x}c',
    needs: 'ClientQuotas',
    before: ['configs --alter --user {x} --client {x}c --add-config consumer_byte_rate=10,request_percentage=99999999'],
    after: ['configs --alter --user {x} --client {x}c --delete-config consumer_byte_rate,request_percentage'],
  },
  {
    args: '--alter --entity-type users --entity-name {x} --entity-type clients --entity-default --add-config consumer_byte_rate=10',
    needs: 'ClientQuotas',
    afterwards: ['configs --describe --entity-type users --entity-name {x} --entity-type clients --entity-default'],
    after: ['configs --alter --user {x} --client-defaults --delete-config consumer_byte_rate'],
  },
  {
    args: '--alter --client {x} --delete-config consumer_byte_rate',
    needs: 'ClientQuotas',
    before: ['configs --alter --client {x} --add-config consumer_byte_rate=10'],
    afterwards: ['configs --describe --client {x}'],
  },
  { args: '--alter --client {x} --delete-config consumer_byte_rate', stderr: true, needs: 'ClientQuotas' },
  { args: '--alter --client {x} --add-config consumer_byte_rate=much', stderr: true, needs: 'ClientQuotas' },
  { args: '--alter --client {x} --add-config consumer_byte_rate=0.5', stderr: true, needs: 'ClientQuotas' },
  { args: '--alter --client {x} --add-config nonsense=5', ownWords: true },
  { args: '--alter --user {x} --add-config nonsense=5', ownWords: true },
  { args: '--alter --user {x} --delete-config nonsense', ownWords: true },
  { args: '--alter --ip 10.1.2.3 --add-config nonsense=5', stderr: true },
  { args: '--alter --ip not_an_address --add-config connection_creation_rate=5', stderr: true },
  { args: '--describe --ip 10.1.2.3' },
  { args: '--describe --user {x}' },
  { args: '--describe --client {x}' },

  // SCRAM credentials.
  {
    args: "--alter --user {x} --add-config 'SCRAM-SHA-256=[iterations=8192,password=secret],SCRAM-SHA-512=[password=secret]'",
    needs: 'UserScramCredentials',
    afterwards: ['configs --describe --user {x}'],
    after: ['configs --alter --user {x} --delete-config SCRAM-SHA-256,SCRAM-SHA-512'],
  },
  { args: '--alter --user {x} --delete-config SCRAM-SHA-256', stderr: true, needs: 'UserScramCredentials' },
  { args: '--alter --user {x} --add-config SCRAM-SHA-256=[iterations=5,password=x]', stderr: true },
  { args: '--alter --user {x} --add-config SCRAM-SHA-256=x', ownWords: true },
  { args: '--alter --user-defaults --add-config SCRAM-SHA-256=[password=x]', stderr: true },
  { args: '--alter --user {x} --add-config SCRAM-SHA-256=[password=x],consumer_byte_rate=1', stderr: true },

  // The command line itself.
  { args: '--version' },
  { args: '--help', ownWords: true },
  { args: '', withoutServer: true, ownWords: true },
  { args: '--describe', stderr: true },
  { args: '--topic {x}', stderr: true },
  { args: '--alter --describe --topic {x}', stderr: true },
  { args: '--describe --topic {x} --add-config a=b', stderr: true },
  { args: '--describe --topik {x}', stderr: true },
  { args: '--describe --topic', stderr: true },
  { args: '--describe --entity-type things', stderr: true },
  { args: '--describe --topic {x} --broker 1', stderr: true },
  { args: '--describe --topic {x} --entity-type topics', stderr: true },
  { args: '--describe --entity-type users --entity-type users', stderr: true },
  { args: '--alter --entity-type topics --add-config a=b', stderr: true },
  { args: '--alter --entity-type users --add-config a=b', stderr: true },
  { args: '--alter --topic {x}', stderr: true },
  { args: `--alter --topic {x} --add-config a=b --add-config-file ${FILE}`, stderr: true },
  { args: '--alter --entity-type users --entity-type clients --entity-name {x} --add-config a=b', stderr: true },
  { args: '--describe --topic {x} --bootstrap-controller 127.0.0.1:1', stderr: true },
  { args: '--alter --topic {x} --add-config-file /no/such/file', ownWords: true },
]

const home = await apacheKafkaHome()

describe.skipIf(home === null)('kt configs beside kafka-configs.sh', () => {
  let cluster: ApacheKafka

  beforeAll(async () => {
    fs.writeFileSync(FILE, 'retention.ms=77\n# no more\nmax.message.bytes : 2000000\n')
    cluster = await startApacheKafka(home!)
  })
  afterAll(async () => {
    await cluster.stop()
    fs.rmSync(directory, { recursive: true })
  })

  it.concurrent.each(CASES)('$args', async (given) => {
    const { bootstrapServers } = cluster
    await compareWithScript({ home: home!, script: 'kafka-configs', command: 'configs', bootstrapServers }, given)
  })
})
