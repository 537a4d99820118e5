/** `kt transactions` and Apache's script over the same transactions, which a client of another make has left open. */
import { Kafka, logLevel } from 'kafkajs'
import { beforeAll, describe, it } from 'vitest'
import { createAdmin } from '../../../src/client/admin.ts'
import { type ApacheKafka, apacheKafkaHome, isBundledReferee, startApacheKafka } from '../../support/apache-kafka.ts'
import { compareWithScript, type ScriptCase } from '../../support/compare-with-script.ts'

const OPEN = 'Gtx-open'
const TOPIC = 'Gtx-topic'

const ownLines = (text: string): string =>
  text
    .split('\n')
    .filter((line) => /^(Transactional|Gtx)/.test(line))
    .map((line) => line.replace(/ +/g, ' '))
    .sort()
    .join('\n')
/** The transaction's duration goes on between the two. */
const withoutDuration = (text: string): string =>
  text.replace(/(\t1\d{12} *\t)\d+( *\t)/, '$1DURATION$2').replace(/ +/g, ' ')

const CASES: ScriptCase[] = [
  { args: 'list', normalise: ownLines, busy: true },
  { args: 'list --duration-filter -1', normalise: ownLines, busy: true },
  { args: 'list --duration-filter 99999999', normalise: ownLines },
  { args: 'list --transactional-id-pattern Gtx-o.*', normalise: ownLines },
  { args: 'list --transactional-id-pattern Gtx-nothing' },
  { args: 'list --transactional-id-pattern (', ownWords: true },
  { args: 'list --duration-filter x', argparseError: true },
  { args: 'list --nonsense', argparseError: true },
  { args: `describe --transactional-id ${OPEN}`, normalise: withoutDuration },
  { args: 'describe --transactional-id Gtx-done', normalise: withoutDuration },
  { args: 'describe --transactional-id Gtx-nope', stderr: true },
  { args: 'describe', argparseError: true },
  { args: `describe-producers --topic ${TOPIC} --partition 0` },
  { args: `describe-producers --topic ${TOPIC} --partition 1` },
  { args: `describe-producers --topic ${TOPIC} --partition 0 --broker-id 1` },
  { args: `--command-config /dev/null describe-producers --topic ${TOPIC} --partition 0` },
  { args: `describe-producers --topic ${TOPIC}`, argparseError: true },
  { args: 'describe-producers --partition 0', argparseError: true },
  { args: `describe-producers --topic ${TOPIC} --partition x`, argparseError: true },
  { args: `find-hanging --topic ${TOPIC}` },
  { args: `find-hanging --topic ${TOPIC} --max-transaction-timeout -1` },
  { args: `find-hanging --topic ${TOPIC} --partition 0 --max-transaction-timeout -1` },
  { args: `find-hanging --topic ${TOPIC} --partition 0 --broker-id 1 --max-transaction-timeout -1` },
  { args: 'find-hanging --broker-id 1' },
  { args: 'find-hanging --broker-id 9' },
  { args: 'find-hanging', stderr: true },
  { args: 'find-hanging --partition 0', stderr: true },
  { args: 'find-hanging --broker-id 1 --partition 0', stderr: true },
  { args: 'find-hanging --max-transaction-timeout x', argparseError: true },
  { args: `abort --topic ${TOPIC} --partition 0`, stderr: true },
  { args: `abort --topic ${TOPIC} --partition 0 --producer-id 5`, stderr: true },
  { args: `abort --topic ${TOPIC} --partition 0 --producer-id 5 --producer-epoch 1`, stderr: true },
  { args: `abort --topic ${TOPIC} --partition 0 --start-offset 99`, stderr: true },
  {
    args: `abort --topic ${TOPIC} --partition 1 --producer-id 4711 --producer-epoch 0 --coordinator-epoch -1`,
    afterwards: [`describe-producers --topic ${TOPIC} --partition 1`],
  },
  { args: `abort --topic ${TOPIC}`, argparseError: true },
  { args: `abort --topic ${TOPIC} --partition 0 --producer-id 5 --producer-epoch 99999`, argparseError: true },
  { args: `abort --topic ${TOPIC} --partition 0 --producer-id x`, argparseError: true },
  { args: 'forceTerminateTransaction --transactionalId {x}' },
  { args: 'forceTerminateTransaction', argparseError: true },
  { args: '', argparseError: true },
  { args: 'nonsense', argparseError: true },
  { args: 'desc --transactional-id x', argparseError: true },
  { args: '--command-config /no/such/file list', ownWords: true },
  { args: '--version', withoutServer: true },
  { args: '-v', withoutServer: true },
  { args: '--help', ownWords: true },
  { args: 'abort --help', ownWords: true },
]

const home = await apacheKafkaHome()

describe.skipIf(home === null)('kt transactions beside kafka-transactions.sh', () => {
  let kafka: ApacheKafka
  const producers: { disconnect(): Promise<void> }[] = []

  beforeAll(async () => {
    kafka = await startApacheKafka(home!)
    const admin = createAdmin({ bootstrapServers: [kafka.bootstrapServers] })
    await admin.createTopics([{ name: TOPIC, partitions: 2, replicationFactor: 1 }])
    await admin.close()
    // Nobody can begin a transaction there.
    if (isBundledReferee()) return
    const client = new Kafka({ brokers: [kafka.bootstrapServers], logLevel: logLevel.NOTHING, retry: { retries: 20 } })
    const begin = async (transactionalId: string) => {
      const producer = client.producer({ transactionalId, maxInFlightRequests: 1, idempotent: true })
      await producer.connect()
      producers.push(producer)
      const transaction = await producer.transaction()
      await transaction.send({ topic: TOPIC, messages: [{ key: 'k', value: 'v', partition: 0 }] })
      return transaction
    }
    const done = await begin('Gtx-done')
    await done.commit()
    await begin(OPEN)
    return async () => {
      await Promise.all(producers.map((producer) => producer.disconnect()))
      await kafka.stop()
    }
  })

  it.concurrent.each(CASES)('$args', async (given) => {
    const { bootstrapServers } = kafka
    const needs = ['ListTransactions', 'DescribeTransactions', 'DescribeProducers', 'WriteTxnMarkers', 'EndTxn'].map(
      (request) => `cannot answer ${request} requests`,
    )
    const subject = { home: home!, script: 'kafka-transactions', command: 'transactions', bootstrapServers, needs }
    await compareWithScript(subject, given)
  })
})
