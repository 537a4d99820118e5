/** `kt learn list`, `reset`, `export`, `import`, `notes`: what concerns the course and what is kept of it. */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { KtError } from '../../base/errors.ts'
import { nodeFileSystem, writeAtomically } from '../../base/file-system.ts'
import type { CommandContext } from '../../cli/context.ts'
import { OK } from '../../cli/exit-codes.ts'
import { formatDocument, formatNamed } from '../../cli/format.ts'
import { ktHome } from '../../cluster/cluster-directory.ts'
import { COURSE, type LessonEntry } from '../../learn/lessons/index.ts'
import { parseProgress } from '../../learn/progress.ts'
import { LearnStore } from '../../learn/store.ts'
import { readStdin } from '../read-stdin.ts'
import type { Desk } from './desk.ts'
import { lessonState, listFields } from './documents.ts'
import { notebook } from './notebook.ts'
import { pageOf } from './render.ts'
import { type LearnFlags, print, withDesk } from './with-desk.ts'

interface ResetFlags extends LearnFlags {
  readonly all?: boolean
}

/** A progress of every lesson takes a few dozen KiB. */
const MAX_IMPORT_BYTES = 10 * 1024 * 1024

const storeOf = (env: CommandContext['env']): LearnStore => new LearnStore(ktHome(env))

/** The lessons, or those whose title has a word in it; no cluster is asked. */
export async function list(
  [word]: readonly string[],
  { format }: LearnFlags,
  context: CommandContext,
): Promise<number> {
  const progress = storeOf(context.env).readProgress()
  const structured = formatNamed(format)
  const course = COURSE.filter(({ title }) => word === undefined || title.toLowerCase().includes(word.toLowerCase()))
  if (structured !== undefined) {
    context.stdout.write(formatDocument(structured, 'LessonList', listFields(course, progress)))
    return OK
  }
  const { colours } = await pageOf(context)
  for (const { number, title } of course) {
    const state = lessonState(progress, number)
    const mark = number === progress.current ? '*' : ' '
    const paint = state === 'passed' ? colours.good : state === 'open' ? colours.warning : colours.dim
    context.stdout.write(`${mark} ${String(number).padStart(2)}  ${paint(state.padEnd(6))}  ${title}\n`)
  }
  if (course.length === 0) context.stderr.write(`No lesson has '${word}' in its title.\n`)
  return OK
}

export function reset(words: readonly string[], flags: ResetFlags, context: CommandContext): Promise<number> {
  const [word] = words
  if ((word === undefined) === (flags.all !== true)) {
    throw new KtError('usage', 'Which lesson: a number, or --all', { next: 'kt learn list' })
  }
  return withDesk(flags, context, async (desk, format) => {
    if (word === undefined && !(await forgetsAll(flags, context))) return OK
    const { undone, elsewhere } = word === undefined ? await desk.resetAll() : await resetOne(desk, desk.entry(word))
    const fields = () => ({ lessons: undone, elsewhere })
    print(context, format, 'LessonReset', fields, () =>
      word === undefined ? allText(undone, elsewhere) : oneText(undone[0]!),
    )
    return OK
  })
}

async function resetOne(desk: Desk, entry: LessonEntry): Promise<{ undone: number[]; elsewhere: number[] }> {
  await desk.reset(entry)
  return { undone: [entry.number], elsewhere: [] }
}

function oneText(number: number): string {
  return `Lesson ${number} is undone: its topics and groups are gone, what it changed is as before.\n  next: kt learn goto ${number}\n`
}

function allText(undone: readonly number[], elsewhere: readonly number[]): string {
  const left =
    elsewhere.length === 0
      ? ''
      : `  set up on another cluster than this one; if that is still there, so is what they made: lessons ${elsewhere.join(', ')}\n`
  return `Everything is as before the first lesson: ${undone.length} lessons undone, progress forgotten.\n${left}`
}

/** All that was learned is a lot to lose by a slip. */
async function forgetsAll({ yes }: ResetFlags, { interactive, ask }: CommandContext): Promise<boolean> {
  if (yes === true) return true
  const what = 'this undoes every lesson and forgets all progress; kt learn export keeps a copy'
  if (!interactive) throw new KtError('usage', what, { next: 'kt learn reset --all --yes' })
  return /^(y|yes|true)$/i.test(await ask({ message: 'Undo every lesson and forget all progress?', kind: 'confirm' }))
}

/** Progress as `import` reads it. */
export async function exportProgress(
  [file]: readonly string[],
  _flags: object,
  context: CommandContext,
): Promise<number> {
  writeOut(file, `${JSON.stringify(storeOf(context.env).readProgress(), null, 2)}\n`, context)
  return OK
}

/** To a file, whole or not at all, or to standard output. */
function writeOut(file: string | undefined, text: string, { stdout }: CommandContext): void {
  if (file === undefined || file === '-') {
    stdout.write(text)
    return
  }
  try {
    const whole = path.resolve(file)
    writeAtomically(nodeFileSystem, path.dirname(whole), whole, text)
  } catch (error) {
    throw new KtError('storage', `Cannot write ${file}`, { facts: [(error as Error).message], cause: error })
  }
  stdout.write(`Written to ${file}\n`)
}

export async function importProgress(
  [file = '-']: readonly string[],
  _flags: object,
  context: CommandContext,
): Promise<number> {
  const text = file === '-' ? await readStdin(context.stdin, MAX_IMPORT_BYTES) : readFile(file)
  const progress = parseProgress(text, file === '-' ? 'standard input' : file)
  const store = storeOf(context.env)
  const kept = store.keepProgress()
  store.writeProgress(progress)
  store.closeLesson()
  const lessons = Object.values(progress.lessons)
  const passed = lessons.filter(({ passedAt }) => passedAt !== null).length
  const count = lessons.length === 1 ? '1 lesson' : `${lessons.length} lessons`
  context.stdout.write(`${count}, ${passed} of them passed; lesson ${progress.current} is next.\n`)
  if (kept !== null) context.stdout.write(`  what was here before is in ${kept}\n`)
  return OK
}

function readFile(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    throw new KtError('not-found', `Cannot read ${file}`, { facts: [(error as Error).message], cause: error })
  }
}

/** The learner's notebook, in Markdown; no cluster is asked. */
export async function notes([file]: readonly string[], _flags: object, context: CommandContext): Promise<number> {
  const text = await notebook(storeOf(context.env), COURSE)
  if (text === null) {
    context.stderr.write('No lesson was opened yet, so there is nothing in the notebook.\n  next: kt learn\n')
    return OK
  }
  writeOut(file, text, context)
  return OK
}
