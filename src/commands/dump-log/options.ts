import { requireOptions } from '../../cli/check-options.ts'
import { flag, integer, optionalText, text } from '../../cli/options.ts'
import type { Given } from '../../cli/script-command.ts'

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
}
export type DumpLogOptions = typeof DUMP_LOG_OPTIONS
export type GivenDumpLog = Given<DumpLogOptions>

export function checkDumpLog(given: GivenDumpLog): void {
  requireOptions(given, ['files'])
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
