/**
 * `kt console-share-consumer`, Kafka's `kafka-console-share-consumer.sh`: prints the records a member of a share group
 * gets.
 *
 * Differs: a failure of the cluster exits with 1 (the script: 0).
 */
import { lineLogger } from '../../base/logger.ts'
import type { CommandContext } from '../../cli/context.ts'
import { exitCodeForReason, OK, SCRIPT_FAILURE } from '../../cli/exit-codes.ts'
import { defineScriptCommand, presentationOf } from '../../cli/script-command.ts'
import { shareOptionsFromProperties } from '../../client/share/options.ts'
import { ShareConsumer } from '../../client/share/share-consumer.ts'
import { FormatError, type MessageFormatter } from '../console-consumer/formatter.ts'
import { createFormatter, createStructuredFormatter } from '../console-consumer/formatters.ts'
import { formatterProperties } from '../console-consumer/shared-options.ts'
import { joinShareGroup } from '../share-group.ts'
import {
  CONSOLE_SHARE_CONSUMER_OPTIONS,
  checkConsoleShareConsumer,
  commandConfigOf,
  consumerSettings,
  type GivenConsoleShareConsumer,
} from './options.ts'
import { SharePrinter } from './share-printer.ts'

export const consoleShareConsumer = defineScriptCommand({
  name: 'console-share-consumer',
  script: 'kafka-console-share-consumer.sh',
  summary: 'Print records as a member of a share group',
  options: CONSOLE_SHARE_CONSUMER_OPTIONS,
  examples: [
    { command: 'kt console-share-consumer --topic orders --group workers', does: 'records that no other worker gets' },
    {
      command: 'kt console-share-consumer --topic orders --group workers --release --max-messages 5',
      does: 'look at five records and give them back',
    },
    {
      command: 'kt console-share-consumer --topic orders --formatter-property print.delivery=true --timeout-ms 5000',
      does: 'how often each was delivered; ends when nothing came for five seconds',
    },
  ],
  check: checkConsoleShareConsumer,
  run: runConsoleShareConsumer,
})

const FOREVER_MS = 2 ** 31 - 1

async function runConsoleShareConsumer(given: GivenConsoleShareConsumer, context: CommandContext): Promise<number> {
  const { properties, groupId } = consumerSettings(given)
  const formatter = await formatterOf(given, context)
  const printer = printerOf(given, formatter, context)
  const connection = await context.connection({
    bootstrapServer: given.value('bootstrap-server'),
    commandConfig: commandConfigOf(given),
    properties,
    clientId: properties.get('client.id') ?? 'console-share-consumer',
  })
  const options = { groupId, topics: [given.value('topic')!], ...shareOptionsFromProperties(properties) }
  const consumer = new ShareConsumer(connection, options)
  const log = lineLogger((line) => context.stderr.write(line))
  try {
    await joinShareGroup(consumer, context)
    const ended = await printer.print(consumer)
    if (ended === 'idle') {
      log.error(
        'Error processing message, terminating consumer process: org.apache.kafka.common.errors.TimeoutException',
      )
    }
  } catch (error) {
    if (error instanceof FormatError) {
      log.error(`Unknown error when running consumer: ${error.exception}: ${error.message}`)
      return SCRIPT_FAILURE
    }
    if (!context.signal.aborted) throw error
  } finally {
    await consumer.close()
    context.stderr.write(`Processed a total of ${printer.count} messages\n`)
    if (given.has('enable-systest-events')) context.stdout.write('shutdown_complete\n')
  }
  return context.signal.aborted ? exitCodeForReason(context.signal.reason) : OK
}

function formatterOf(given: GivenConsoleShareConsumer, context: CommandContext): Promise<MessageFormatter> {
  const properties = formatterProperties(given)
  const presentation = presentationOf(given, context)
  if (presentation === 'json' || presentation === 'yaml') {
    return createStructuredFormatter(presentation, properties, context)
  }
  return createFormatter(given.value('formatter')!, properties, context)
}

/** -1 is without end; any other number below zero ends at once, as in the script. */
function printerOf(
  given: GivenConsoleShareConsumer,
  formatter: MessageFormatter,
  context: CommandContext,
): SharePrinter {
  const maxMessages = given.value('max-messages') ?? -1
  const timeoutMs = given.value('timeout-ms') ?? -1
  const log = lineLogger((line) => context.stderr.write(line))
  const onRejected = (error: FormatError): void =>
    log.error(`Error processing message, rejecting this message: ${error.exception}: ${error.message}`)
  return new SharePrinter(
    {
      formatter,
      maxMessages: maxMessages === -1 ? Number.POSITIVE_INFINITY : maxMessages,
      timeoutMs: timeoutMs >= 0 ? timeoutMs : FOREVER_MS,
      acknowledge: given.has('reject') ? 'reject' : given.has('release') ? 'release' : 'accept',
      ...(given.has('reject-message-on-error') ? { onRejected } : {}),
    },
    context,
  )
}
