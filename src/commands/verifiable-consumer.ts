/**
 * `kt verifiable-consumer`, Kafka's `kafka-verifiable-consumer.sh`: reads as a member of a group and tells what happens -
 * partitions given and taken, records read, offsets committed - in lines of JSON.
 *
 * Differs: an instance id has an effect with `--group-protocol consumer` only. A cluster that cannot be reached ends it
 * with 1.
 */
import { definePlainCommand } from '../cli/argparse-command.ts'
import type { CommandContext } from '../cli/context.ts'
import { reportError, toKtError } from '../cli/errors.ts'
import { exitCodeForReason, OK, SCRIPT_FAILURE } from '../cli/exit-codes.ts'
import { flag, integer, text, UsageError } from '../cli/options.ts'
import type { Given } from '../cli/script-command.ts'
import { FETCHER_PROPERTIES, fetcherOptionsFromProperties, maxPollRecordsOf } from '../client/fetcher/options.ts'
import type { SetBack } from '../client/group/membership-types.ts'
import { groupProtocolOptions } from '../client/group/protocol-properties.ts'
import { GroupConsumer } from '../client/group-consumer.ts'
import { loadProperties } from '../client/properties.ts'
import { printNotice } from './deprecation.ts'
import { EventLines } from './event-lines.ts'
import { refusedWith } from './kafka-refusal.ts'
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
  const protocol = protocolOf(given, properties)
  if (given.has('group-instance-id') && protocol.protocol === 'classic') {
    context.stderr.write(`${context.programName}: --group-instance-id has no effect: every member is a new one\n`)
  }
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
    ...protocol,
    sessionTimeoutMs: given.value('session-timeout') ?? undefined,
    ...(commits ? { autoCommitIntervalMs: -1 } : {}),
    onAssigned: (partitions) => reader.assigned(partitions),
    onRevoked: (partitions) => reader.revoked(partitions),
    ...setBackTeller(given, context),
  })
  return runReader(reader, consumer, events, context)
}

/** At a terminal it is told why the group went on without us, in a pipe nothing. */
function setBackTeller(given: GivenVerifiableConsumer, context: CommandContext) {
  if (!context.stderr.isTerminal) return {}
  const target = {
    bootstrapServer: given.value('bootstrap-server'),
    commandConfig: given.value('consumer.config') ?? given.value('command-config'),
  }
  const sessionTimeoutMs = given.value('session-timeout') ?? undefined
  const parts = { command: 'verifiable-consumer', groupId: given.value('group-id')!, target, sessionTimeoutMs }
  const telling = import('./beginner-errors/set-back.ts').then(({ SetBackTeller }) => new SetBackTeller(parts, context))
  return { onSetBack: (setBack: SetBack): void => void telling.then((teller) => teller.setBack(setBack)) }
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
    if (failure.kind !== 'kafka' || refusedWith(error, 'UNSUPPORTED_VERSION')) code = SCRIPT_FAILURE
  }
  if (context.signal.aborted) events.print('shutdown_requested')
  reader.revoked()
  await consumer.close()
  events.print('shutdown_complete')
  if (!context.signal.aborted) events.print('shutdown_requested')
  return context.signal.aborted ? exitCodeForReason(context.signal.reason) : code
}

/** The options win over the file. Throws `UsageError` for a protocol that there is none of. */
function protocolOf(given: GivenVerifiableConsumer, properties: ReadonlyMap<string, string>) {
  const protocol = given.value('group-protocol')!.toUpperCase()
  if (!['CLASSIC', 'CONSUMER'].includes(protocol)) {
    throw new UsageError(`No enum constant org.apache.kafka.clients.consumer.GroupProtocol.${protocol}`, {
      facts: ['--group-protocol is classic or consumer'],
    })
  }
  const wanted = new Map([...properties, ['group.protocol', protocol]])
  const instanceId = given.value('group-instance-id')
  const assignor = given.value('group-remote-assignor')
  if (instanceId !== undefined) wanted.set('group.instance.id', instanceId)
  if (assignor !== undefined && protocol === 'CONSUMER') wanted.set('group.remote.assignor', assignor)
  if (given.has('session-timeout')) wanted.set('session.timeout.ms', String(given.value('session-timeout')))
  return groupProtocolOptions(wanted)
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
