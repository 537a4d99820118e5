import { requireOptions } from '../../cli/check-options.ts'
import { addedByKt, flag, integer, long, optionalText, text, UsageError } from '../../cli/options.ts'
import type { Given } from '../../cli/script-command.ts'
import type { ByteLimits } from './bytes/views.ts'

export const STRING_DECODER = 'org.apache.kafka.tools.api.StringDecoder'

export const DUMP_LOG_OPTIONS = {
  files: text('file1,file2,...', 'The files to print: .log, .index, .timeindex, .txnindex, .snapshot, .checkpoint.'),
  'print-data-log': flag('Print keys and values; any decoder option does so too.'),
  'deep-iteration': flag('Print the records inside each batch.'),
  'verify-index-only': flag('Compare an index with its log without printing it.'),
  'index-sanity-check': flag('Only check an index as a starting broker does.'),
  'max-message-size': integer('bytes', 'Size of the largest batch.', { default: String(5 * 1024 * 1024) }),
  'max-bytes': integer('bytes', 'Stop after this many bytes of each .log file.', { default: String(2 ** 31 - 1) }),
  'skip-record-metadata': flag('Leave out what is not key or value; control records too.'),
  'value-decoder-class': optionalText('class', `How values are decoded. Left out: ${STRING_DECODER}.`),
  'key-decoder-class': optionalText('class', `How keys are decoded. Left out: ${STRING_DECODER}.`),
  'offsets-decoder': flag('Decode records of __consumer_offsets.'),
  'transaction-log-decoder': flag('Decode records of __transaction_state.'),
  'cluster-metadata-decoder': flag('Decode records of __cluster_metadata.'),
  'share-group-state-decoder': flag('Decode records of __share_group_state.'),
  'remote-log-metadata-decoder': flag('Decode records of __remote_log_metadata (frames only).'),
  ...addedByKt({
    bytes: flag('Print every byte with its position, the name of its field, its value and what that means.'),
    'max-batches': integer('count', 'With --bytes: stop after this many batches, or entries of an index; 0 for all.', {
      default: '10',
    }),
    'max-records': integer('count', 'With --bytes: this many records of each batch; 0 for all.', { default: '100' }),
    'max-field-bytes': integer('count', 'With --bytes: this many bytes of one field; 0 for all.', { default: '64' }),
    'from-position': long('position', 'With --bytes: begin with the batch or entry at this position of the file.'),
    offset: long('offset', 'With --bytes: begin with the batch or entry of this offset.'),
  }),
}
export type DumpLogOptions = typeof DUMP_LOG_OPTIONS
export type GivenDumpLog = Given<DumpLogOptions>

export function checkDumpLog(given: GivenDumpLog): void {
  requireOptions(given, ['files'])
  if (given.has('bytes')) {
    byteLimits(given)
    return
  }
  const alone = WITH_BYTES.find((name) => given.has(name))
  if (alone !== undefined) throw new UsageError(`--${alone} goes with --bytes`)
}

const WITH_BYTES = ['max-batches', 'max-records', 'max-field-bytes', 'from-position', 'offset'] as const

/** How much `--bytes` shows. Throws `UsageError` for a number below zero. */
export function byteLimits(given: GivenDumpLog): ByteLimits {
  for (const name of WITH_BYTES) {
    if ((given.value(name) ?? 0) < 0) throw new UsageError(`--${name} must not be below zero`)
  }
  const limit = (name: 'max-batches' | 'max-records' | 'max-field-bytes'): number => given.value(name) || Infinity
  return {
    maxUnits: limit('max-batches'),
    maxRecords: limit('max-records'),
    maxFieldBytes: limit('max-field-bytes'),
    fromPosition: given.value('from-position') ?? 0,
    offset: given.value('offset') ?? null,
  }
}

const PRINTING = [
  'print-data-log',
  'offsets-decoder',
  'transaction-log-decoder',
  'cluster-metadata-decoder',
  'remote-log-metadata-decoder',
  'value-decoder-class',
  'key-decoder-class',
  'share-group-state-decoder',
] as const satisfies readonly (keyof DumpLogOptions)[]

/** What of a log is printed. */
export interface LogDumpSettings {
  readonly printContents: boolean
  readonly deep: boolean
  readonly skipRecordMetadata: boolean
  readonly maxBytes: number
}

export function logDumpSettings(given: GivenDumpLog): LogDumpSettings {
  const printContents = PRINTING.some((name) => given.has(name))
  return {
    printContents,
    deep: printContents || given.has('deep-iteration'),
    skipRecordMetadata: given.has('skip-record-metadata'),
    maxBytes: given.value('max-bytes')!,
  }
}
