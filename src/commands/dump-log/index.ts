/** `kt dump-log`, Kafka's `kafka-dump-log.sh`: prints the files of a log directory. Reads files only, never a cluster. */
import * as path from 'node:path'
import { type FileSystem, nodeFileSystem } from '../../base/file-system.ts'
import type { CommandContext } from '../../cli/context.ts'
import { exitCodeForReason, OK } from '../../cli/exit-codes.ts'
import { defineScriptCommand, presentationOf } from '../../cli/script-command.ts'
import { DumpOutput } from './dump-output.ts'
import { Findings } from './findings.ts'
import { checkDumpLog, DUMP_LOG_OPTIONS, type GivenDumpLog } from './options.ts'

/** What scripts exit with. */
const BROKEN = 1

export const dumpLog = defineScriptCommand({
  name: 'dump-log',
  script: 'kafka-dump-log.sh',
  summary: 'Print the files of a log directory: segments, indexes, snapshots',
  options: DUMP_LOG_OPTIONS,
  examples: [
    { command: 'kt dump-log --files orders-0/00000000000000000000.log --print-data-log', does: 'batches and records' },
    {
      command: 'kt dump-log --files orders-0/00000000000000000000.index --index-sanity-check',
      does: 'whether an index is sound',
    },
    {
      command: 'kt dump-log --files __cluster_metadata-0/00000000000000000000.log --cluster-metadata-decoder',
      does: 'what the controllers decided, record by record',
    },
    {
      command: 'kt dump-log --files orders-0/00000000000000000000.log --bytes --max-batches 1',
      does: 'every byte by name: header, records, what they mean',
    },
  ],
  check: checkDumpLog,
  run: (given, context) => runDumpLog(given, context),
})

/** Prints every file in turn; what does not fit together is told at the end. */
export async function runDumpLog(
  given: GivenDumpLog,
  context: CommandContext,
  files: FileSystem = nodeFileSystem,
): Promise<number> {
  const findings = new Findings()
  const output = new DumpOutput(context, presentationOf(given, context))
  if (given.has('bytes')) return namedBytes({ given, context, files, findings, output })
  try {
    for (const name of fileNames(given)) {
      if (context.signal.aborted) break
      output.begin(name)
      await dumpFile(name, { given, context, files, findings, output })
    }
  } finally {
    context.stderr.write(findings.text())
  }
  return OK
}

/** Exit code 1 when something is broken, after everything was shown that can be. */
async function namedBytes(dump: FileDump): Promise<number> {
  const { dumpBytes } = await import('./bytes/index.ts')
  let isWhole = true
  for (const name of fileNames(dump.given)) {
    if (dump.context.signal.aborted) break
    isWhole = (await dumpBytes(name, dump)) && isWhole
  }
  if (dump.context.signal.aborted) return exitCodeForReason(dump.context.signal.reason)
  return isWhole ? OK : BROKEN
}

/** Names as Java's File writes them: no doubled slashes, none at the end. */
function fileNames(given: GivenDumpLog): string[] {
  const names = given.value('files')!.split(',')
  while (names.length > 1 && names.at(-1) === '') names.pop()
  return names.map((name) => name.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, ''))
}

interface FileDump {
  readonly given: GivenDumpLog
  readonly context: CommandContext
  readonly files: FileSystem
  readonly findings: Findings
  readonly output: DumpOutput
}

async function dumpFile(file: string, dump: FileDump): Promise<void> {
  const { given, context, files, findings, output } = dump
  const settings = { sanityOnly: given.has('index-sanity-check'), verifyOnly: given.has('verify-index-only') }
  switch (suffixOf(file)) {
    case '.log':
    case '.checkpoint': {
      const { dumpLogFile } = await import('./log-dump.ts')
      return dumpLogFile(file, dump)
    }
    case '.index': {
      const { dumpOffsetIndex } = await import('./index-dump.ts')
      return dumpOffsetIndex(file, { files, settings, findings, output })
    }
    case '.timeindex': {
      const { dumpTimeIndex } = await import('./index-dump.ts')
      return dumpTimeIndex(file, { files, settings, findings, output })
    }
    case '.snapshot': {
      const { dumpProducerSnapshot } = await import('./state-dump.ts')
      return dumpProducerSnapshot(file, files, output, context)
    }
    case '.txnindex': {
      const { dumpTransactionIndex } = await import('./state-dump.ts')
      return dumpTransactionIndex(file, files, output)
    }
    default:
      context.stderr.write(`Ignoring unknown file ${file}\n`)
  }
}

function suffixOf(file: string): string {
  const name = path.basename(file)
  const dot = name.lastIndexOf('.')
  return dot < 0 ? '' : name.slice(dot)
}
