/** `kt console-consumer`, Kafka's `kafka-console-consumer.sh`: prints the records of topics. */
import { lineLogger } from '../../base/logger.ts'
import type { CommandContext } from '../../cli/context.ts'
import { exitCodeForReason, OK, SCRIPT_FAILURE } from '../../cli/exit-codes.ts'
import { defineScriptCommand, presentationOf } from '../../cli/script-command.ts'
import { type BatchPrinter, FormattedPrinter, fitsInPlace, PlainPrinter } from './batch-printer.ts'
import { DefaultFormatter } from './default-formatter.ts'
import { FormatError } from './formatter.ts'
import { createFormatter, createStructuredFormatter } from './formatters.ts'
import { openSource } from './open-source.ts'
import {
  CONSOLE_CONSUMER_OPTIONS,
  checkConsoleConsumer,
  consumerSettings,
  formatterProperties,
  type GivenConsoleConsumer,
} from './options.ts'
import { type PrintLimits, printRecords, type RecordSource } from './print-records.ts'

export const consoleConsumer = defineScriptCommand({
  name: 'console-consumer',
  script: 'kafka-console-consumer.sh',
  summary: 'Print the records of topics',
  options: CONSOLE_CONSUMER_OPTIONS,
  examples: [
    { command: 'kt console-consumer --topic orders --from-beginning', does: 'every record, then wait for more' },
    {
      command: 'kt console-consumer --topic orders --from-beginning --formatter-property print.key=true',
      does: 'with keys',
    },
    { command: 'kt console-consumer --topic orders --partition 0 --offset 100 --max-messages 5', does: 'five records' },
    { command: 'kt console-consumer --topic orders --group billing', does: 'as a member of a consumer group' },
    { command: 'kt console-consumer --topic orders --from-beginning --format json', does: 'one JSON line per record' },
  ],
  check: checkConsoleConsumer,
  run: runConsoleConsumer,
})

async function runConsoleConsumer(given: GivenConsoleConsumer, context: CommandContext): Promise<number> {
  const settings = consumerSettings(given)
  const printer = await printerOf(given, context)
  const limits = limitsOf(given)
  try {
    await printFrom(() => openSource(given, settings, context), printer, limits, context)
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    logFormatError('Unknown error when running consumer: ', error, context)
    return SCRIPT_FAILURE
  } finally {
    if (given.has('enable-systest-events')) context.stdout.write('shutdown_complete\n')
  }
  return context.signal.aborted ? exitCodeForReason(context.signal.reason) : OK
}

/** Whatever ends it, the source is closed and the count is told. */
async function printFrom(
  open: () => Promise<RecordSource>,
  printer: BatchPrinter,
  limits: PrintLimits,
  context: CommandContext,
): Promise<void> {
  const { signal, stderr } = context
  let source: RecordSource | null = null
  try {
    source = await open()
    await printRecords(source, printer, limits, context)
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    await source?.close()
    if (signal.reason === 'closed') stderr.write('Unable to write to standard out, closing consumer.\n')
    stderr.write(`Processed a total of ${printer.count} messages\n`)
  }
}

async function printerOf(given: GivenConsoleConsumer, context: CommandContext): Promise<BatchPrinter> {
  const properties = formatterProperties(given)
  const presentation = presentationOf(given, context)
  const formatter =
    presentation === 'json' || presentation === 'yaml'
      ? await createStructuredFormatter(presentation, properties, context)
      : await createFormatter(given.value('formatter')!, properties, context)
  if (formatter instanceof DefaultFormatter && formatter.plainValueSeparator !== undefined) {
    const { plainValueSeparator, nullLiteral } = formatter
    if (fitsInPlace(plainValueSeparator, nullLiteral)) return new PlainPrinter(plainValueSeparator, nullLiteral)
  }
  if (!given.has('skip-message-on-error')) return new FormattedPrinter(formatter)
  const onSkipped = (error: FormatError): void =>
    logFormatError('Error processing message, skipping this message: ', error, context)
  return new FormattedPrinter(formatter, { onSkipped })
}

function logFormatError(what: string, error: FormatError, context: CommandContext): void {
  lineLogger((line) => context.stderr.write(line)).error(`${what}${error.exception}: ${error.message}`)
}

/** -1 is without end; any other number below zero ends at once, as in the script. */
function limitsOf(given: GivenConsoleConsumer): PrintLimits {
  const maxMessages = given.value('max-messages') ?? -1
  const timeoutMs = given.value('timeout-ms') ?? -1
  return {
    maxMessages: maxMessages === -1 ? Number.POSITIVE_INFINITY : Math.max(0, maxMessages),
    idleTimeoutMs: timeoutMs >= 0 ? timeoutMs : null,
  }
}
