/** `kt console-producer`, Kafka's `kafka-console-producer.sh`: sends lines of standard input to a topic. */
import type { CommandContext, ConnectionTarget } from '../../cli/context.ts'
import { exitCodeForReason, OK, SCRIPT_FAILURE } from '../../cli/exit-codes.ts'
import { defineScriptCommand } from '../../cli/script-command.ts'
import { PRODUCER_PROPERTIES, producerOptionsFromProperties } from '../../client/producer/options.ts'
import { Producer } from '../../client/producer.ts'
import type { Added } from './added.ts'
import { ADDED_OPTIONS } from './added-options.ts'
import { FailureLog } from './failure-log.ts'
import { LineReader, type RecordReader } from './line-reader.ts'
import {
  CONSOLE_PRODUCER_OPTIONS,
  checkConsoleProducer,
  commandConfigOf,
  type GivenConsoleProducer,
  producerProperties,
  readerProperties,
} from './options.ts'
import { unhurried } from './pace.ts'
import { sendGenerated, sendLines } from './send-lines.ts'

export const consoleProducer = defineScriptCommand({
  name: 'console-producer',
  script: 'kafka-console-producer.sh',
  summary: 'Send lines of standard input to a topic',
  options: CONSOLE_PRODUCER_OPTIONS,
  formats: false,
  examples: [
    { command: 'kt console-producer --topic orders', does: 'type a line, it is a record; Ctrl-D ends' },
    { command: 'kt console-producer --topic orders < orders.log', does: 'every line of a file' },
    {
      command: 'kt console-producer --topic orders --reader-property parse.key=true --reader-property key.separator=:',
      does: 'lines such as customer-7:two apples, with a key',
    },
    {
      command: 'kt console-producer --topic orders --format json < orders.jsonl',
      does: 'records with everything, as kt console-consumer --format json wrote them',
    },
    {
      command: "kt console-producer --topic orders --template '{{name}} {{int 1 9}}' --count 5 --rate 2 --report",
      does: 'five made-up records, two a second, and where each of them went',
    },
  ],
  check: checkConsoleProducer,
  run: runConsoleProducer,
})

/** Understood, and without an effect here: sockets and pauses are the client's own business. */
const WITHOUT_EFFECT = new Set([
  'retry.backoff.ms',
  'send.buffer.bytes',
  'metadata.max.age.ms',
  'key.serializer',
  'value.serializer',
])

async function runConsoleProducer(given: GivenConsoleProducer, context: CommandContext): Promise<number> {
  const reader = await readerOf(given, context)
  const properties = producerProperties(given, !context.stdin.isTerminal && !given.has('sync'))
  const target = {
    bootstrapServer: given.value('bootstrap-server'),
    commandConfig: commandConfigOf(given),
    properties,
    clientId: 'console-producer',
  }
  const connection = await context.connection(target)
  warnIgnored(connection.ignoredProperties ?? [], context)
  const topic = given.value('topic')!
  const failures = new FailureLog(topic, context)
  const added = await readAdded(given, context)
  const transactionalId = given.value('transactional-id')
  let telling: Promise<void> | null = null
  const producer = new Producer(connection, {
    ...producerOptionsFromProperties(properties),
    ...(transactionalId === undefined ? {} : { transactionalId }),
    onBatch: (result) => failures.batch(result),
    onNewTopic: (name) => {
      telling = tellNewTopic(name, target, context)
    },
  })
  try {
    const { shape, report, generated, pace } = added
    const job = { topic, reader, producer, failures, sync: given.has('sync'), shape, report }
    const send = (): Promise<void> =>
      generated === null
        ? sendLines(job, context, pace)
        : sendGenerated(job, generated.next, generated.count, context, pace)
    if (transactionalId === undefined) await send()
    else {
      const { inTransaction } = await import('./transaction.ts')
      const unsent = (): number => Math.max(failures.count, added.unsent())
      await inTransaction(producer, { transactionalId, aborts: given.has('abort'), unsent }, context, send)
    }
  } finally {
    // What was read before a failure is sent all the same, as in the script.
    await producer.close()
    await telling
  }
  if (context.signal.aborted) return exitCodeForReason(context.signal.reason)
  // The script ends with 0 whatever became of the records; who asks for a report wants to know.
  return given.has('report') && failures.count + added.unsent() > 0 ? SCRIPT_FAILURE : OK
}

async function tellNewTopic(topic: string, target: ConnectionTarget, context: CommandContext): Promise<void> {
  const { tellNewTopic: tell } = await import('../beginner-errors/new-topic.ts')
  await tell(topic, target, context).catch(() => undefined)
}

const NOTHING_ADDED: Added = { shape: null, report: null, generated: null, pace: unhurried, unsent: () => 0 }

/** Loaded only where one of our options was given. */
async function readAdded(given: GivenConsoleProducer, context: CommandContext): Promise<Added> {
  const isAsked = Object.keys(ADDED_OPTIONS).some((name) => given.given.has(name))
  return isAsked ? (await import('./added.ts')).addedOf(given, context) : NOTHING_ADDED
}

async function readerOf(given: GivenConsoleProducer, context: CommandContext): Promise<RecordReader> {
  const properties = readerProperties(given)
  if (given.value('format') !== 'json') return new LineReader(properties)
  const { JsonReader } = await import('./json-reader.ts')
  const ignoresErrors = properties.get('ignore.error')?.trim().toLowerCase() === 'true'
  const onSkipped = (message: string): void => void context.stderr.write(`Stepped over ${message}\n`)
  return new JsonReader({
    ...(ignoresErrors ? { onSkipped } : {}),
    ignoresPartition: given.has('repartition'),
  })
}

function warnIgnored(properties: readonly string[], context: CommandContext): void {
  const ignored = properties.filter((name) => !PRODUCER_PROPERTIES.has(name) && !WITHOUT_EFFECT.has(name))
  if (ignored.length === 0) return
  context.stderr.write(`${context.programName}: properties without an effect: ${ignored.join(', ')}\n`)
}
