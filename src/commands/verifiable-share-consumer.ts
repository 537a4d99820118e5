/**
 * `kt verifiable-share-consumer`, Kafka's `kafka-verifiable-share-consumer.sh`: reads as a member of a share group and
 * tells what happens - records read, records acknowledged - in lines of JSON.
 *
 * Differs: a cluster that cannot be reached, or has no share groups, ends it with 1.
 */
import { definePlainCommand } from '../cli/argparse-command.ts'
import type { CommandContext } from '../cli/context.ts'
import { reportError, toKtError } from '../cli/errors.ts'
import { exitCodeForReason, OK, SCRIPT_FAILURE } from '../cli/exit-codes.ts'
import { flag, integer, text, UsageError } from '../cli/options.ts'
import type { Given } from '../cli/script-command.ts'
import { loadProperties } from '../client/properties.ts'
import { shareOptionsFromProperties } from '../client/share/options.ts'
import { ShareConsumer } from '../client/share/share-consumer.ts'
import { EventLines } from './event-lines.ts'
import { unwrap } from './outcome.ts'
import { joinShareGroup } from './share-group.ts'
import { ShareEventReader } from './verifiable-share-consumer/share-event-reader.ts'

const OPTIONS = {
  'bootstrap-server': text(
    'host:port',
    'Brokers to connect to, separated by commas. Left out: KT_BOOTSTRAP_SERVER, else the local cluster.',
  ),
  topic: text('topic', 'The topic to read.', { required: true }),
  'group-id': text('group', 'The share group to read as.', { required: true }),
  'max-messages': integer('count', 'How many to acknowledge; -1: until it is interrupted.', { default: '-1' }),
  verbose: flag('Print every record.'),
  'acknowledgement-mode': text('mode', 'auto with the next fetch, sync or async at once.', { default: 'auto' }),
  'offset-reset-strategy': text('strategy', 'Where a new group begins: earliest or latest; set before reading.', {
    default: '',
  }),
  'command-config': text('file', 'Java properties file with settings of the consumer; the options win over it.'),
}
type GivenVerifiableShareConsumer = Given<typeof OPTIONS>

export const verifiableShareConsumer = definePlainCommand({
  name: 'verifiable-share-consumer',
  script: 'kafka-verifiable-share-consumer.sh',
  summary: 'Read as a member of a share group and tell what happens to it',
  options: OPTIONS,
  formats: false,
  helpExitCode: 1,
  emptyExitCode: 0,
  examples: [
    {
      command: 'kt verifiable-share-consumer --topic numbers --group-id workers --max-messages 10',
      does: 'ten records, a line of JSON for everything that happens',
    },
    {
      command:
        'kt verifiable-share-consumer --topic numbers --group-id workers --offset-reset-strategy earliest --max-messages 10',
      does: 'from the beginning of the topic',
    },
    {
      command:
        'kt verifiable-share-consumer --topic numbers --group-id workers --max-messages 10 --acknowledgement-mode sync --verbose',
      does: 'the records too, acknowledged before the next are asked for',
    },
  ],
  run: runVerifiableShareConsumer,
})

const MODES = ['auto', 'sync', 'async'] as const

async function runVerifiableShareConsumer(
  given: GivenVerifiableShareConsumer,
  context: CommandContext,
): Promise<number> {
  if (context.asScript && !given.has('bootstrap-server'))
    throw new UsageError('argument --bootstrap-server is required')
  const wanted = given.value('acknowledgement-mode')!
  const mode = MODES.find((each) => each === wanted.toLowerCase())
  if (mode === undefined) {
    const message = `No enum constant org.apache.kafka.tools.VerifiableShareConsumer.AcknowledgementMode.${wanted.toUpperCase()}`
    throw new UsageError(message, { facts: [`--acknowledgement-mode is one of ${MODES.join(', ')}`] })
  }
  const file = given.value('command-config')
  const properties = file === undefined ? new Map<string, string>() : loadProperties(file)
  const groupId = given.value('group-id')!
  const target = { bootstrapServer: given.value('bootstrap-server'), commandConfig: file }
  const connection = await context.connection({ ...target, clientId: properties.get('client.id') ?? groupId })
  const events = new EventLines(context)
  const job = { count: given.value('max-messages')!, verbose: given.has('verbose'), mode }
  const reader = new ShareEventReader(job, events, context)
  const consumer = new ShareConsumer(connection, {
    groupId,
    topics: [given.value('topic')!],
    ...shareOptionsFromProperties(properties),
    onAcknowledged: (results) => reader.acknowledged(results, consumer.client.metadata),
  })
  events.print('startup_complete')
  let code = OK
  try {
    await setOffsetReset(given, events, context)
    await joinShareGroup(consumer, context)
    await reader.run(consumer)
  } catch (error) {
    reportError(toKtError(error), context)
    code = SCRIPT_FAILURE
  }
  await consumer.close()
  events.print('shutdown_complete')
  return context.signal.aborted ? exitCodeForReason(context.signal.reason) : code
}

/** Sets where the group begins, in the group's own configuration. */
async function setOffsetReset(
  given: GivenVerifiableShareConsumer,
  events: EventLines,
  context: CommandContext,
): Promise<void> {
  const strategy = given.value('offset-reset-strategy')!.toLowerCase()
  if (strategy === '') return
  const admin = await context.admin({
    bootstrapServer: given.value('bootstrap-server'),
    commandConfig: given.value('command-config'),
  })
  const resource = { type: 'GROUP', name: given.value('group-id')! } as const
  const changes = [{ name: 'share.auto.offset.reset', operation: 'SET', value: strategy }] as const
  for (const outcome of await admin.incrementalAlterConfigs([{ resource, changes }])) unwrap(outcome)
  events.print('offset_reset_strategy_set', { offsetResetStrategy: strategy })
}
