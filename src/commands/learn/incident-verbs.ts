/** `kt learn incident`, `programs`, `files`: what is broken, the processes of others, and the files that lessons make. */
import * as fs from 'node:fs'
import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { OK } from '../../cli/exit-codes.ts'
import { formatNamed } from '../../cli/format.ts'
import { ktHome } from '../../cluster/cluster-directory.ts'
import { COURSE, FIRST_INCIDENT, type LessonEntry } from '../../learn/lessons/index.ts'
import { LearnStore } from '../../learn/store.ts'
import { entryOf } from './desk.ts'
import { lessonState, listFields } from './documents.ts'
import { lessonFiles } from './lesson-files.ts'
import { goTo } from './lesson-verbs.ts'
import { type ProgramState, Programs } from './programs/processes.ts'
import { type LearnFlags, print } from './with-desk.ts'

const INCIDENTS = COURSE.filter(({ number }) => number >= FIRST_INCIDENT)

/** Opens an incident, by its number (1 is the first) or words of its title; lists them when none is named. */
export async function incident([word]: readonly string[], flags: LearnFlags, context: CommandContext): Promise<number> {
  if (word !== undefined) return goTo([String(incidentOf(word).number)], flags, context)
  const progress = new LearnStore(ktHome(context.env)).readProgress()
  const text = (): string =>
    INCIDENTS.map(
      ({ number, title }) =>
        `${String(number - FIRST_INCIDENT + 1).padStart(2)}  ${lessonState(progress, number).padEnd(6)}  ${title}\n`,
    ).join('')
  const fields = () => listFields(INCIDENTS, progress)
  print(context, formatNamed(flags.format), 'LessonList', fields, text)
  return OK
}

/** By its place among the incidents, its number or words of its title. Throws `KtError` of kind not-found. */
export function incidentOf(word: string): LessonEntry {
  const place = Number(word)
  const entry = Number.isInteger(place)
    ? INCIDENTS.find(({ number }) => number === place + FIRST_INCIDENT - 1)
    : undefined
  return entry ?? entryOf(word, INCIDENTS)
}

/** The processes that lessons have started. */
export async function programs(
  [action, name]: readonly string[],
  { format }: LearnFlags,
  context: CommandContext,
): Promise<number> {
  const all = new Programs(context.env)
  if (action !== undefined) await change(action, name, all)
  const list = all.list()
  const fields = () => ({ programs: list.map(({ name, pid, log }) => ({ name, pid, log })) })
  print(context, formatNamed(format), 'ProgramList', fields, () => list.map(line).join('') || 'No programs.\n')
  return OK
}

function line({ name, pid, log }: ProgramState): string {
  return `${name}  ${pid === null ? 'stopped' : `running, pid ${pid}`}\n  says: ${log}\n`
}

async function change(action: string, name: string | undefined, all: Programs): Promise<void> {
  const facts = all.list().map((each) => each.name)
  const next = 'kt learn programs'
  if (action !== 'stop' && action !== 'start') {
    throw new KtError('usage', `'${action}' is neither stop nor start`, { next })
  }
  const found = name === undefined ? null : all.find(name)
  if (found === null) throw new KtError('not-found', `Which program: ${name ?? 'no name given'}`, { facts, next })
  if (action === 'stop') await all.stop(found.name)
  else await all.start(found.name, found.words)
}

/** The directory of the open lesson's files, alone so that it can stand in a command line; with a name, what is in that file. */
export async function files(
  [name]: readonly string[],
  { format }: LearnFlags,
  context: CommandContext,
): Promise<number> {
  const { current } = new LearnStore(ktHome(context.env)).readProgress()
  const { directory, read } = lessonFiles(context.env, current)
  const found = fs.existsSync(directory) ? fs.readdirSync(directory).sort() : []
  const text = name === undefined ? null : read(name)
  if (found.length === 0 || (name !== undefined && text === null)) {
    const what = name === undefined ? `Lesson ${current} has no files` : `Lesson ${current} has no file ${name}`
    throw new KtError('not-found', what, { facts: found, next: found.length === 0 ? 'kt learn' : 'kt learn files' })
  }
  const fields = () => ({ lesson: current, directory, files: found })
  print(context, formatNamed(format), 'LessonFiles', fields, () => text ?? `${directory}\n`)
  if (name === undefined && context.interactive) context.stderr.write(found.map((file) => `  ${file}\n`).join(''))
  return OK
}
