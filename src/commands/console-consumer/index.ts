/** `kt console-consumer`, Kafka's `kafka-console-consumer.sh`: prints the records of topics. */
import { lineLogger } from '../../base/logger.ts'
import type { CommandContext } from '../../cli/context.ts'
import { exitCodeForReason, OK, SCRIPT_FAILURE } from '../../cli/exit-codes.ts'
import { defineScriptCommand, presentationOf } from '../../cli/script-command.ts'
import { type BatchPrinter, FormattedPrinter, fitsInPlace, PlainPrinter } from './batch-printer.ts'
import { DefaultFormatter } from './default-formatter.ts'
import { FormatError, type MessageFormatter } from './formatter.ts'
import { createFormatter, createStructuredFormatter, type Decoders } from './formatters.ts'
import { openSource, type Selection } from './open-source.ts'
import {
  CONSOLE_CONSUMER_OPTIONS,
  type ConsumerSettings,
  checkConsoleConsumer,
  consumerSettings,
  type GivenConsoleConsumer,
} from './options.ts'
import { type PrintLimits, printRecords, type RecordSource } from './print-records.ts'
import { checkSelection, rangeOf } from './range.ts'
import { formatterProperties } from './shared-options.ts'

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
    { command: 'kt console-consumer --topic orders --tail 5 --meta', does: 'the last five, with time, offset and key' },
    {
      command: "kt console-consumer --topic orders --since -1h --exit-at-end --filter 'key~^cust'",
      does: 'those of the last hour whose key begins with cust',
    },
  ],
  check(given, context) {
    checkConsoleConsumer(given, context)
    checkSelection(given)
  },
  run: runConsoleConsumer,
})

async function runConsoleConsumer(given: GivenConsoleConsumer, context: CommandContext): Promise<number> {
  const settings = consumerSettings(given)
  const selection = await selectionOf(given, context)
  const printer = await printerOf(given, selection, context)
  const limits = limitsOf(given)
  const onlooker = await onlookerOf(given, settings, context)
  const open = async (): Promise<RecordSource> => {
    const source = await openSource(given, settings, context, selection, onlooker)
    return onlooker?.watch(source) ?? source
  }
  try {
    await printFrom(open, printer, limits, context)
    await onlooker?.end()
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    logFormatError('Unknown error when running consumer: ', error, context)
    return SCRIPT_FAILURE
  } finally {
    if (given.has('enable-systest-events')) context.stdout.write('shutdown_complete\n')
  }
  return context.signal.aborted ? exitCodeForReason(context.signal.reason) : OK
}

/** At a terminal somebody may wonder what is going on. */
async function onlookerOf(given: GivenConsoleConsumer, settings: ConsumerSettings, context: CommandContext) {
  if (!context.stdout.isTerminal || !context.stderr.isTerminal) return null
  const { Onlooker } = await import('./onlooker.ts')
  return new Onlooker(given, settings, context)
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

/** Which records are wanted: our options. */
async function selectionOf(given: GivenConsoleConsumer, context: CommandContext): Promise<Selection> {
  const range = await rangeOf(given, context)
  const conditions = given.values('filter')
  if (range === null && conditions.length === 0) return { range, filter: null }
  const { allOf, keyFilter, parseFilter, timeFilter } = await import('./record-filter.ts')
  const { decodeKey: key, decodeValue: value } = await decodersOf(given, ['json'])
  const filters = conditions.map((condition) => parseFilter(condition, { key, value }))
  if (range?.key !== undefined) filters.unshift(keyFilter(range.key.bytes))
  if (range?.sinceMs !== undefined || range?.untilMs !== undefined) {
    filters.unshift(timeFilter(range.sinceMs, range.untilMs))
  }
  return { range, filter: allOf(filters) }
}

/** `except`: what only lays out anew, which a filter does not look at. */
async function decodersOf(given: GivenConsoleConsumer, except: readonly string[] = []): Promise<Decoders> {
  const key = given.value('key-as')
  const value = given.value('value-as')
  if (key === undefined && value === undefined) return {}
  const { decoderNamed } = await import('./decoders.ts')
  return {
    decodeKey: key === undefined || except.includes(key) ? undefined : decoderNamed(key, 'key-as'),
    decodeValue: value === undefined || except.includes(value) ? undefined : decoderNamed(value, 'value-as'),
  }
}

const META_TEMPLATE = '%D\\t%p:%o\\t%k\\t%v\\n'

async function formatterOf(given: GivenConsoleConsumer, context: CommandContext): Promise<MessageFormatter> {
  const properties = formatterProperties(given)
  const decoders = await decodersOf(given)
  const presentation = presentationOf(given, context)
  if (presentation === 'json' || presentation === 'yaml') {
    return createStructuredFormatter(presentation, properties, context, decoders)
  }
  const template = given.value('template') ?? (given.has('meta') ? META_TEMPLATE : undefined)
  if (template === undefined) return createFormatter(given.value('formatter')!, properties, context, decoders)
  const { templateFormatter } = await import('./template.ts')
  return templateFormatter(template, { ...decoders, nullText: properties.get('null.literal') ?? 'null' })
}

async function printerOf(
  given: GivenConsoleConsumer,
  { range, filter }: Selection,
  context: CommandContext,
): Promise<BatchPrinter> {
  const formatter = await formatterOf(given, context)
  // A tail shows its batches piece by piece: they must stay as they are.
  const mayMove = filter === null && range?.tail === undefined
  if (formatter instanceof DefaultFormatter && formatter.plainValueSeparator !== undefined && mayMove) {
    const { plainValueSeparator, nullLiteral } = formatter
    if (fitsInPlace(plainValueSeparator, nullLiteral)) return new PlainPrinter(plainValueSeparator, nullLiteral)
  }
  if (!given.has('skip-message-on-error')) return new FormattedPrinter(formatter, { filter })
  const onSkipped = (error: FormatError): void =>
    logFormatError('Error processing message, skipping this message: ', error, context)
  return new FormattedPrinter(formatter, { onSkipped, filter })
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
