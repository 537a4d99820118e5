/**
 * `kt verifiable-consumer`, Kafka's `kafka-verifiable-consumer.sh`: reads as a member of a group and tells what happens -
 * partitions given and taken, records read, offsets committed - in lines of JSON.
 *
 * Differs: groups are joined with the classic protocol, `--group-protocol consumer` too, and without an instance id. A
 * cluster that cannot be reached ends it with 1.
 */
import { definePlainCommand } from '../cli/argparse-command.ts'
import type { CommandContext } from '../cli/context.ts'
import { reportError, toKtError } from '../cli/errors.ts'
import { exitCodeForReason, OK, SCRIPT_FAILURE } from '../cli/exit-codes.ts'
import { flag, integer, text, UsageError } from '../cli/options.ts'
import type { Given } from '../cli/script-command.ts'
import { FETCHER_PROPERTIES, fetcherOptionsFromProperties, maxPollRecordsOf } from '../client/fetcher/options.ts'
import { GroupConsumer } from '../client/group-consumer.ts'
import { loadProperties } from '../client/properties.ts'
import { printNotice } from './deprecation.ts'
import { EventLines } from './event-lines.ts'
import { EventReader } from './verifiable-consumer/event-reader.ts'

const RANGE = 'org.apache.kafka.clients.consumer.RangeAssignor'

const OPTIONS = {
  'bootstrap-server': text(
    'host:port',
    'Brokers to connect to, separated by commas. Left out: KT_BOOTSTRAP_SERVER, else the local cluster.',
  ),
  topic: text('topic', 'The topic to read.', { required: true }),
  'group-id': text('group', 'The group to read as.', { required: true }),
  'group-protocol': text('protocol', 'classic or consumer.', { default: 'classic' }),
  'group-remote-assignor': text('name', 'How the coordinator assigns partitions, with --group-protocol consumer.'),
  'group-instance-id': text('id', 'A name that the member keeps when it comes back.'),
  'max-messages': integer('count', 'How many to read; -1: until it is interrupted.', { default: '-1' }),
  'session-timeout': integer('ms', 'How long the group waits for a sign of life.'),
  verbose: flag('Print every record.'),
  'enable-autocommit': flag('Commit now and then instead of after each poll.'),
  'reset-policy': text('policy', 'Where to begin without offsets: earliest, latest or none.', { default: 'earliest' }),
  'assignment-strategy': text('class', 'How partitions are shared, with the classic protocol.', { default: RANGE }),
  'command-config': text('file', 'Java properties file with settings of the consumer; the options win over it.'),
  'consumer.config': text('file', 'Old name of --command-config.', { deprecated: true }),
}
type GivenVerifiableConsumer = Given<typeof OPTIONS>

export const verifiableConsumer = definePlainCommand({
  name: 'verifiable-consumer',
  script: 'kafka-verifiable-consumer.sh',
  summary: 'Read as a member of a group and tell what happens to it',
  options: OPTIONS,
  formats: false,
  helpExitCode: 1,
  emptyExitCode: 0,
  examples: [
    {
      command: 'kt verifiable-consumer --topic numbers --group-id watchers --max-messages 10',
      does: 'ten records, a line of JSON for everything that happens',
    },
    {
      command: 'kt verifiable-consumer --topic numbers --group-id watchers --max-messages 10 --verbose',
      does: 'the records too',
    },
    {
      command: 'kt verifiable-consumer --topic numbers --group-id late --max-messages 10 --enable-autocommit',
      does: 'commits now and then; start a second one to see the group rebalance',
    },
  ],
  run: runVerifiableConsumer,
})

async function runVerifiableConsumer(given: GivenVerifiableConsumer, context: CommandContext): Promise<number> {
  if (context.asScript && !given.has('bootstrap-server'))
    throw new UsageError('argument --bootstrap-server is required')
  const properties = propertiesOf(given, context)
  warnAbout(given, context)
  const connection = await context.connection({
    bootstrapServer: given.value('bootstrap-server'),
    commandConfig: given.value('consumer.config') ?? given.value('command-config'),
    properties: new Map([...properties].filter(([name]) => !FETCHER_PROPERTIES.has(name))),
    clientId: properties.get('client.id') ?? `consumer-${given.value('group-id')}-1`,
  })
  const events = new EventLines(context)
  const commits = !given.has('enable-autocommit')
  const reader = new EventReader(
    {
      count: given.value('max-messages')!,
      verbose: given.has('verbose'),
      commits,
      maxPollRecords: maxPollRecordsOf(properties),
    },
    events,
    context,
  )
  const consumer = new GroupConsumer(connection, {
    ...fetcherOptionsFromProperties(properties),
    groupId: given.value('group-id')!,
    topics: [given.value('topic')!],
    sessionTimeoutMs: given.value('session-timeout') ?? undefined,
    ...(commits ? { autoCommitIntervalMs: -1 } : {}),
    onAssigned: (partitions) => reader.assigned(partitions),
    onRevoked: () => reader.revoked(),
  })
  return runReader(reader, consumer, events, context)
}

async function runReader(
  reader: EventReader,
  consumer: GroupConsumer,
  events: EventLines,
  context: CommandContext,
): Promise<number> {
  let code = OK
  events.print('startup_complete')
  try {
    await reader.run(consumer, () => consumer.start())
  } catch (error) {
    const failure = toKtError(error)
    reportError(failure, context)
    // The script logs what Kafka refuses, and ends as if all were well.
    if (failure.kind !== 'kafka') code = SCRIPT_FAILURE
  }
  if (context.signal.aborted) events.print('shutdown_requested')
  reader.revoked()
  await consumer.close()
  events.print('shutdown_complete')
  if (!context.signal.aborted) events.print('shutdown_requested')
  return context.signal.aborted ? exitCodeForReason(context.signal.reason) : code
}

function warnAbout(given: GivenVerifiableConsumer, context: CommandContext): void {
  const protocol = given.value('group-protocol')!.toUpperCase()
  if (!['CLASSIC', 'CONSUMER'].includes(protocol)) {
    throw new UsageError(`No enum constant org.apache.kafka.clients.consumer.GroupProtocol.${protocol}`, {
      facts: ['--group-protocol is classic or consumer'],
    })
  }
  const warn = (what: string): void => void context.stderr.write(`${context.programName}: ${what}\n`)
  if (protocol === 'CONSUMER') warn('--group-protocol consumer: joining with the classic protocol instead')
  if (given.has('group-instance-id')) warn('--group-instance-id has no effect: every member is a new one')
}

/** The file's settings, then the options. */
function propertiesOf(given: GivenVerifiableConsumer, context: CommandContext): Map<string, string> {
  const old = given.value('consumer.config')
  const current = given.value('command-config')
  if (old !== undefined && current !== undefined) {
    throw new UsageError('Options --consumer.config and --command-config are mutually exclusive.')
  }
  if (old !== undefined) {
    const notice =
      'Option --consumer.config has been deprecated and will be removed in a future version. Use --command-config instead.'
    printNotice(notice, context)
  }
  const file = old ?? current
  return new Map([
    ...(file === undefined ? [] : loadProperties(file)),
    ['auto.offset.reset', given.value('reset-policy')!],
  ])
}
