/**
 * `kt verifiable-producer`, Kafka's `kafka-verifiable-producer.sh`: sends increasing numbers and says of each, in a line of
 * JSON, whether it was acknowledged.
 *
 * Differs: a cluster that cannot be reached ends it with 1 instead of an error for each number after a minute.
 */
import { KtError } from '../base/errors.ts'
import { definePlainCommand } from '../cli/argparse-command.ts'
import type { CommandContext } from '../cli/context.ts'
import { exitCodeForReason, OK } from '../cli/exit-codes.ts'
import { integer, long, text, UsageError } from '../cli/options.ts'
import type { Given } from '../cli/script-command.ts'
import { PRODUCER_PROPERTIES, producerOptionsFromProperties } from '../client/producer/options.ts'
import { Producer } from '../client/producer.ts'
import { loadProperties } from '../client/properties.ts'
import { printNotice } from './deprecation.ts'
import { EventLines } from './event-lines.ts'
import { NumberSender } from './verifiable-producer/number-sender.ts'

const OPTIONS = {
  'bootstrap-server': text(
    'host:port',
    'Brokers to connect to, separated by commas. Left out: KT_BOOTSTRAP_SERVER, else the local cluster.',
  ),
  topic: text('topic', 'The topic to send to.', { required: true }),
  'max-messages': integer('count', 'How many to send; -1: until it is interrupted.', { default: '-1' }),
  throughput: integer('records/s', 'How many per second at most; -1 as many as possible.', { default: '-1' }),
  acks: integer('acks', 'Who must have a record: -1 all replicas in sync, 1 the leader, 0 nobody.', {
    default: '-1',
    choices: ['0', '1', '-1'],
  }),
  'message-create-time': long('ms', 'Timestamp of the first record, in ms since the epoch.', { default: '-1' }),
  'value-prefix': integer('number', 'Stands before each value, with a dot.'),
  'repeating-keys': integer('count', 'Keys are 0, 1 ... up to this number, and again from 0.'),
  'command-config': text('file', 'Java properties file with settings of the producer; wins over the options.'),
  'producer.config': text('file', 'Old name of --command-config.', { deprecated: true }),
}
type GivenVerifiableProducer = Given<typeof OPTIONS>

export const verifiableProducer = definePlainCommand({
  name: 'verifiable-producer',
  script: 'kafka-verifiable-producer.sh',
  summary: 'Send increasing numbers and tell of each whether it was acknowledged',
  options: OPTIONS,
  formats: false,
  helpExitCode: 1,
  emptyExitCode: 0,
  examples: [
    { command: 'kt verifiable-producer --topic numbers --max-messages 10', does: 'ten numbers, a line of JSON each' },
    {
      command: 'kt verifiable-producer --topic numbers --max-messages 100 --throughput 50 --acks 1',
      does: 'fifty a second, acknowledged by the leader alone',
    },
    {
      command: 'kt verifiable-producer --topic numbers --max-messages 10 --repeating-keys 3 --value-prefix 7',
      does: 'values such as 7.0 under the keys 0, 1 and 2',
    },
  ],
  run: runVerifiableProducer,
})

async function runVerifiableProducer(given: GivenVerifiableProducer, context: CommandContext): Promise<number> {
  if (context.asScript && !given.has('bootstrap-server')) {
    throw new UsageError('one of the arguments --bootstrap-server is required')
  }
  const properties = propertiesOf(given, context)
  const connection = await context.connection({
    bootstrapServer: given.value('bootstrap-server'),
    commandConfig: given.value('producer.config') ?? given.value('command-config'),
    properties: new Map([...properties].filter(([name]) => !PRODUCER_PROPERTIES.has(name))),
    clientId: properties.get('client.id') ?? 'producer-1',
  })
  const events = new EventLines(context)
  const producer = new Producer(connection, producerOptionsFromProperties(properties))
  const createTime = given.value('message-create-time')!
  const sender = new NumberSender(
    {
      topic: given.value('topic')!,
      count: given.value('max-messages')!,
      perSecond: given.value('throughput')!,
      createTimeMs: createTime === -1 ? null : createTime,
      prefix: given.value('value-prefix'),
      repeatingKeys: given.value('repeating-keys'),
    },
    producer,
    events,
    context,
  )
  events.print('startup_complete')
  try {
    await sender.run()
  } catch (error) {
    if (!(error instanceof KtError) || !context.signal.aborted) throw error
  } finally {
    await producer.close()
    sender.finish()
  }
  return context.signal.aborted ? exitCodeForReason(context.signal.reason) : OK
}

/** The options, then the file's settings. */
function propertiesOf(given: GivenVerifiableProducer, context: CommandContext): Map<string, string> {
  const old = given.value('producer.config')
  const current = given.value('command-config')
  if (old !== undefined && current !== undefined) {
    throw new UsageError('Options --producer.config and --command-config are mutually exclusive.')
  }
  if (old !== undefined) {
    const notice =
      'Option --producer.config has been deprecated and will be removed in a future version. Use --command-config instead.'
    printNotice(notice, context)
  }
  const file = old ?? current
  return new Map([
    ['acks', String(given.value('acks'))],
    // A record that was not acknowledged is told instead of sent again.
    ['retries', '0'],
    ...(file === undefined ? [] : loadProperties(file)),
  ])
}
