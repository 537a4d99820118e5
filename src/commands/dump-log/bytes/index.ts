/** `kt dump-log --bytes`: every byte of a file with its position, its field's name, its value, and what that means. */
import * as path from 'node:path'
import { KtError } from '../../../base/errors.ts'
import type { FileSystem } from '../../../base/file-system.ts'
import { type Colours, noColours } from '../../../cli/colour.ts'
import type { CommandContext } from '../../../cli/context.ts'
import { nextTurn } from '../../pause.ts'
import type { DumpOutput } from '../dump-output.ts'
import { byteLimits, type GivenDumpLog } from '../options.ts'
import type { NamedUnit } from './named-fields.ts'
import { columnHeads, unitDocument, unitText } from './unit-text.ts'
import { FileView } from './views.ts'

/** What becomes of a file that waits to be removed or to take another's place: the bytes stay what they were. */
const WAITING = /\.(deleted|cleaned|swap|part)$/

export interface ByteDump {
  readonly given: GivenDumpLog
  readonly context: CommandContext
  readonly files: FileSystem
  readonly output: DumpOutput
}

/**
 * Prints the bytes of a file, or of each file of a directory. Resolves to false when something in them is broken. Throws a
 * `not-found` KtError.
 */
export async function dumpBytes(file: string, dump: ByteDump): Promise<boolean> {
  if (!dump.files.exists(file)) {
    throw new KtError('not-found', `There is no file ${file}`, { facts: whatIsThere(path.dirname(file), dump.files) })
  }
  if (!dump.files.stat(file).isDirectory) return dumpFileBytes(file, dump)
  let isWhole = true
  for (const name of [...dump.files.list(file)].sort()) {
    const inner = path.join(file, name)
    if (dump.context.signal.aborted) break
    if (dump.files.stat(inner).isDirectory) continue
    isWhole = (await dumpFileBytes(inner, dump)) && isWhole
  }
  return isWhole
}

const MAX_NAMES = 8

function whatIsThere(directory: string, files: FileSystem): string[] {
  if (!files.exists(directory)) return [`there is no directory ${directory} either`]
  const names = files.list(directory).sort()
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : ''
  return [
    names.length === 0 ? `${directory} is empty` : `in ${directory}: ${names.slice(0, MAX_NAMES).join(', ')}${more}`,
  ]
}

async function dumpFileBytes(file: string, { given, context, files, output }: ByteDump): Promise<boolean> {
  output.begin(file)
  const limits = byteLimits(given)
  const view = new FileView(files, file, limits)
  try {
    const units = await unitsOf(view, given)
    if (units === null) {
      context.stderr.write(`${file}: ${view.sizeInBytes} bytes that kt has no names for\n`)
      return true
    }
    const isText = output.isText
    const colours = isText ? await context.colours() : noColours
    output.note(`${view.sizeInBytes} bytes`)
    if (isText) output.note(columnHeads(colours).trimEnd())
    const { end, broken } = await write(units, { context, output, colours, maxFieldBytes: limits.maxFieldBytes })
    if (context.signal.aborted) return true
    if (end < view.sizeInBytes) context.stderr.write(moreText(view, end))
    for (const each of broken) context.stderr.write(`${file}: broken in ${each}\n`)
    return broken.length === 0
  } finally {
    view.close()
  }
}

type Units = AsyncGenerator<NamedUnit, number> | Generator<NamedUnit, number>

async function unitsOf(view: FileView, given: GivenDumpLog): Promise<Units | null> {
  const file = view.file.replace(WAITING, '')
  const suffix = path.extname(file)
  if (suffix === '.log' || suffix === '.checkpoint') {
    const [{ logUnits }, { contentsOf }] = await Promise.all([import('./log-bytes.ts'), import('./contents.ts')])
    return logUnits(view, contentsOf(file, given))
  }
  const { entryUnits, snapshotUnits } = await import('./entry-bytes.ts')
  if (suffix === '.snapshot') return snapshotUnits(view)
  if (suffix === '.index' || suffix === '.timeindex' || suffix === '.txnindex') return entryUnits(view, suffix)
  const { isNamedText, textUnits } = await import('./text-bytes.ts')
  return isNamedText(file) ? textUnits(view) : null
}

interface Printing {
  readonly context: CommandContext
  readonly output: DumpOutput
  readonly colours: Colours
  readonly maxFieldBytes: number
}

const UNITS_PER_TURN = 256
/** A damaged file can break everywhere; the first ones tell the story. */
const MAX_BROKEN = 20

/** Where the view ended, and what is broken before. */
async function write(units: Units, printing: Printing): Promise<{ end: number; broken: string[] }> {
  const { context, output, colours, maxFieldBytes } = printing
  const broken: string[] = []
  for (let count = 1; ; count++) {
    const next = await units.next()
    if (next.done) return { end: next.value, broken }
    const unit = next.value
    if (unit.broken !== undefined && broken.length < MAX_BROKEN) broken.push(`${unit.title}: ${unit.broken}`)
    const text = unitText(unit, maxFieldBytes, colours)
    await output.write(output.text('NamedBytes', text, () => unitDocument(unit, maxFieldBytes)))
    // A file takes everything at once: Ctrl-C must have its turn.
    if (count % UNITS_PER_TURN === 0) await nextTurn()
    if (context.signal.aborted) return { end: 0, broken }
  }
}

function moreText({ file, sizeInBytes, limits }: FileView, end: number): string {
  const shown = `${file}: ${sizeInBytes - end} of ${sizeInBytes} bytes are not shown`
  return `${shown}; --from-position ${end} goes on there, --max-batches ${limits.maxUnits * 10} shows more, 0 all\n`
}
