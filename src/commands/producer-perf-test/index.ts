/**
 * `kt producer-perf-test`, Kafka's `kafka-producer-perf-test.sh`: sends records as fast as it may and says how fast that
 * was.
 *
 * Differs: random values are pieces of a pool of random letters, drawn once. A property's value may hold `=`. Records that
 * were not sent are told in one line instead of a stack trace each. A cluster or topic that is not there ends it with 1.
 * `--print-metrics` prints what was measured and nothing else. Ctrl-C prints the summary of what was sent so far.
 */
import * as path from 'node:path'
import { systemRandom } from '../../base/random.ts'
import { definePlainCommand } from '../../cli/argparse-command.ts'
import type { CommandContext } from '../../cli/context.ts'
import { exitCodeForReason, OK } from '../../cli/exit-codes.ts'
import { presentationOf } from '../../cli/script-command.ts'
import { producerOptionsFromProperties } from '../../client/producer/options.ts'
import { Producer } from '../../client/producer.ts'
import { FailureLog } from '../console-producer/failure-log.ts'
import {
  checkProducerPerf,
  commandConfigOf,
  type GivenProducerPerf,
  PRODUCER_PERF_EXCLUSIVE,
  PRODUCER_PERF_OPTIONS,
  printOldNames,
  producerProperties,
  transactionsOf,
} from './options.ts'
import { FilePayload, MonotonicPayload, type PayloadSource, RandomPayload, readPayloadFile } from './payload.ts'
import { ProducerRun } from './producer-run.ts'
import { ProducerReport } from './report.ts'
import { initTransactions, TimedTransactions } from './timed-transactions.ts'

export const producerPerfTest = definePlainCommand({
  name: 'producer-perf-test',
  script: 'kafka-producer-perf-test.sh',
  summary: 'Send records as fast as possible, and see how fast that is',
  options: PRODUCER_PERF_OPTIONS,
  exclusive: PRODUCER_PERF_EXCLUSIVE,
  helpExitCode: 1,
  emptyExitCode: 0,
  examples: [
    {
      command: 'kt producer-perf-test --topic perf --num-records 100000 --record-size 100 --throughput -1',
      does: 'as fast as possible',
    },
    {
      command: 'kt producer-perf-test --topic perf --num-records 5000 --record-size 1024 --throughput 1000',
      does: 'a thousand records a second: what latency looks like under a load that is bearable',
    },
    {
      command:
        'kt producer-perf-test --topic perf --num-records 100000 --record-size 100 --throughput -1 --command-property compression.type=lz4 linger.ms=20 batch.size=65536 --format json',
      does: 'other settings of the producer, and a structure to compare runs by',
    },
  ],
  run: runProducerPerf,
})

async function runProducerPerf(given: GivenProducerPerf, context: CommandContext): Promise<number> {
  checkProducerPerf(given, context)
  const report = new ProducerReport(given, presentationOf(given, context), context)
  const payload = payloadOf(given, (line) => report.print(line))
  printOldNames(given, context)
  const properties = producerProperties(given)
  const transactions = transactionsOf(given, properties)
  const clientId = properties.get('client.id') ?? 'perf-producer-client'
  const connection = await context.connection({
    bootstrapServer: given.value('bootstrap-server'),
    commandConfig: commandConfigOf(given),
    properties,
    clientId,
  })
  const topic = given.value('topic')!
  const failures = new FailureLog(topic, context)
  let run: ProducerRun | null = null
  const producer = new Producer(connection, {
    ...producerOptionsFromProperties(properties),
    ...(transactions === null ? {} : { transactionalId: transactions.transactionalId }),
    keepAppendTimes: true,
    onBatch: (result) => run?.finished(result),
  })
  try {
    if (transactions !== null) await initTransactions(producer)
    const appender = await producer.topic(topic)
    run = new ProducerRun(report.job(topic, payload, failures), context)
    report.follow(run)
    const turns = transactions === null ? null : new TimedTransactions(producer, transactions.durationMs, context)
    await run.send(producer, appender, turns)
    if (!context.signal.aborted) await producer.flush()
    report.finish(run, clientId)
  } finally {
    // Interrupted, nobody waits for what is left.
    await producer.close(context.signal.aborted ? 0 : undefined)
  }
  failures.summary()
  return context.signal.aborted ? exitCodeForReason(context.signal.reason) : OK
}

function payloadOf(given: GivenProducerPerf, print: (line: string) => void): PayloadSource {
  const size = given.value('record-size')
  if (size !== undefined) return new RandomPayload(size, systemRandom)
  const file = given.value('payload-file')
  if (file === undefined) return new MonotonicPayload()
  print(`Reading payloads from: ${path.resolve(file)}`)
  const values = readPayloadFile(file, given.value('payload-delimiter')!)
  print(`Number of records read: ${values.length}`)
  return new FilePayload(values, systemRandom)
}
