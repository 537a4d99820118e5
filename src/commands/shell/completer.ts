/** Tab in the shell: the candidates of `kt completion`, and the words that the shell knows itself. */
import * as fs from 'node:fs'
import * as path from 'node:path'
import type { CommandTable } from '../../cli/command.ts'
import type { CommandContext } from '../../cli/context.ts'
import { ProfileStore } from '../../cli/profiles.ts'
import { wordsBeingTyped } from '../../cli/shell/read-line.ts'
import { BUILT_INS, commandOf } from '../../cli/shell/session.ts'
import { candidatesOf } from '../complete/index.ts'

/** Candidates for the word at the end of the line, as readline takes them: with a blank behind the only one. */
export async function completeLine(
  line: string,
  commands: CommandTable,
  context: Pick<CommandContext, 'env' | 'clock'>,
): Promise<[candidates: string[], word: string]> {
  const words = wordsBeingTyped(line)
  const word = words.at(-1)!
  try {
    const found = [...new Set(await textsFor(words, commands, context))].sort()
    const [only] = found
    const isWhole = found.length === 1 && !/[=/,]$/.test(only!)
    return [isWhole ? [`${only} `] : found, word]
  } catch {
    // A Tab is never worth a message.
    return [[], word]
  }
}

async function textsFor(
  typed: readonly string[],
  commands: CommandTable,
  context: Pick<CommandContext, 'env' | 'clock'>,
): Promise<string[]> {
  const words = typed[0] === 'kt' && typed.length > 1 ? typed.slice(1) : typed
  const [program = '', ...rest] = words
  if (rest.length === 0) return programsStarting(program, commands, context)
  if (program === 'use') return rest.length > 1 ? [] : useWords(rest[0]!, context)
  const isScript = !Object.hasOwn(commands, program) && commandOf(program, commands) !== undefined
  const line = isScript ? [path.posix.basename(program), ...rest] : ['kt', ...words]
  const texts = (await candidatesOf(line, commands, context as CommandContext)).map(({ text }) => text)
  return texts[0] === ':files' ? filesStarting(rest.at(-1)!) : texts
}

/** Scripts only to those who have begun to name one. */
async function programsStarting(
  beginning: string,
  commands: CommandTable,
  context: Pick<CommandContext, 'env' | 'clock'>,
): Promise<string[]> {
  const slash = beginning.lastIndexOf('/') + 1
  const [directory, name] = [beginning.slice(0, slash), beginning.slice(slash)]
  if (directory !== '' || /^(kafka|zookeeper|connect)-/.test(name)) {
    const scripts = Object.values(commands).flatMap(({ script, verbsOf }) => script ?? verbsOf ?? [])
    return scripts.filter((script) => script.startsWith(name)).map((script) => directory + script)
  }
  const own = Object.keys(BUILT_INS).filter((word) => word.startsWith(name))
  const candidates = await candidatesOf(['kt', name], commands, context as CommandContext)
  return [...own, ...candidates.map(({ text }) => text)]
}

function useWords(beginning: string, { env }: Pick<CommandContext, 'env'>): string[] {
  const profiles = new ProfileStore(env).list()
  return [...profiles, '--bootstrap-server', '--none'].filter((word) => word.startsWith(beginning))
}

function filesStarting(beginning: string): string[] {
  const attached = /^--?[^=]+=/.exec(beginning)?.[0] ?? ''
  const typed = beginning.slice(attached.length)
  const slash = typed.lastIndexOf('/') + 1
  const [directory, name] = [typed.slice(0, slash), typed.slice(slash)]
  return fs
    .readdirSync(directory === '' ? '.' : directory, { withFileTypes: true })
    .filter((entry) => entry.name.startsWith(name) && (name !== '' || !entry.name.startsWith('.')))
    .map((entry) => `${attached}${directory}${entry.name}${entry.isDirectory() ? '/' : ''}`)
}
