/**
 * `kt __complete -- PROGRAM WORD...`: what the completion scripts of `kt completion` ask with every TAB. One candidate a
 * line, a tab and a description behind it; `:files` alone stands for names of files.
 */
import { spawn } from 'node:child_process'
import * as path from 'node:path'
import type { Command, CommandTable } from '../../cli/command.ts'
import type { CommandContext, ConnectionTarget } from '../../cli/context.ts'
import { OK } from '../../cli/exit-codes.ts'
import { SHELL_TARGET } from '../../cli/shell-target.ts'
import { ownProgram } from '../init/shims.ts'
import type { LiveNames } from './live-names.ts'
import { type Candidate, type CursorPlace, wantedAt } from './wanted.ts'

const ASK = '--ask'

/** The command; `commands` are those it completes. */
export function completeCommand(commands: CommandTable): Command {
  return {
    name: '__complete',
    grammar: async () => ({
      summary: 'Candidates for the completion of shells',
      options: {},
      words: '-- WORD...',
      examples: [],
    }),
    run: (args, context) => runComplete(args, commands, context),
  }
}

async function runComplete(args: readonly string[], commands: CommandTable, context: CommandContext): Promise<number> {
  const [first, ...rest] = args
  try {
    if (first === ASK) await ask(rest, context)
    else if (first === '--') {
      for (const { text, description } of await candidatesOf(rest, commands, context)) {
        context.stdout.write(description === '' ? `${text}\n` : `${text}\t${description}\n`)
      }
    }
  } catch (error) {
    // Nothing may be written into the line that somebody types.
    if (context.env.KT_DEBUG) throw error
  }
  return OK
}

/** What could stand at the end of a line: `words` are those of it, the program first; the last one is being typed. */
export async function candidatesOf(
  words: readonly string[],
  commands: CommandTable,
  context: CommandContext,
): Promise<readonly Candidate[]> {
  const [program = '', ...rest] = words
  const script = /([^/]+)$/.exec(program)?.[1] ?? ''
  if (script !== 'kt') {
    const name = commandOfScript(script.replace(/\.sh$/, ''), commands)
    return name === undefined ? [] : argumentsOf(name, rest, commands, context)
  }
  const [word = '', ...others] = rest
  if (rest.length > 1 && word === 'help') return candidatesOf(['kt', ...others], commands, context)
  if (rest.length > 1) {
    const name = Object.hasOwn(commands, word) ? word : commandOfScript(word.replace(/\.sh$/, ''), commands)
    return name === undefined ? [] : argumentsOf(name, others, commands, context)
  }
  const names = Object.entries(commands).filter(([, { hidden }]) => hidden !== true)
  const all = names.map(([text, { summary }]) => ({ text, description: summary }))
  return startingWith(word, [...all, { text: 'help', description: 'Help of a command' }])
}

function commandOfScript(script: string, commands: CommandTable): string | undefined {
  return Object.keys(commands).find((name) => {
    const entry = commands[name]!
    return entry.script === `${script}.sh` || entry.verbsOf === `${script}.sh`
  })
}

async function argumentsOf(
  name: string,
  words: readonly string[],
  commands: CommandTable,
  context: CommandContext,
): Promise<readonly Candidate[]> {
  const grammar = await (await commands[name]!.load()).grammar()
  const current = words.at(-1) ?? ''
  const place: CursorPlace = { command: name, grammar, before: words.slice(0, -1), current }
  const wanted = wantedAt(place)
  if (wanted.kind === 'files') return [{ text: ':files', description: '' }]
  if (wanted.kind === 'line') {
    if (words.length > 1) return candidatesOf(words, commands, context)
    const scripts = Object.values(commands).flatMap(({ script, summary }) =>
      script === undefined ? [] : [{ text: script, description: summary }],
    )
    return startingWith(current, scripts)
  }
  if (wanted.kind === 'fixed') return startingWith(current, wanted.candidates)
  if (wanted.kind === 'servers') return valuesStarting(current, await servers(context))
  if (wanted.kind === 'profiles') {
    const { ProfileStore } = await import('../../cli/profiles.ts')
    return valuesStarting(current, new ProfileStore(context.env).list())
  }
  if (wanted.kind === 'topic-configs') return valuesStarting(current, await topicConfigs(place))
  const names = await namesOf(targetOf(place.before), context)
  return valuesStarting(current, names === null ? [] : names[wanted.kind])
}

function startingWith(current: string, candidates: readonly Candidate[]): Candidate[] {
  const equals = /^--?[^=]+=/.exec(current)?.[0] ?? ''
  return candidates
    .map(({ text, description }) => ({ text: `${equals}${text}`, description }))
    .filter(({ text }) => text.startsWith(current))
}

/** The last one of a list with commas; what stands before it stays. */
function valuesStarting(current: string, values: readonly string[]): Candidate[] {
  const prefix = /^(?:--?[^=]+=)?(?:.*,)?/.exec(current)![0]
  const given = new Set(prefix.replace(/^--?[^=]+=/, '').split(','))
  return values
    .filter((value) => !given.has(value) && `${prefix}${value}`.startsWith(current))
    .map((value) => ({ text: `${prefix}${value}`, description: '' }))
}

/** Names that end in `=` where a value is to follow. */
async function topicConfigs({ before, current }: CursorPlace): Promise<string[]> {
  const { TOPIC_CONFIGS } = await import('../../metadata/config/tables/topic-configs.ts')
  const isDelete = before.at(-1) === '--delete-config' || current.startsWith('--delete-config=')
  return [...TOPIC_CONFIGS.keys()].map((name) => (isDelete ? name : `${name}=`))
}

/** Clusters that are near: the one of the environment, and what runs on this machine. */
async function servers({ env }: CommandContext): Promise<string[]> {
  const local = (await import('../../cluster/local-cluster.ts')).findLocalCluster({ env })
  const byHand = (await import('../../cluster/hand-started.ts')).findHandStarted(env)
  const all = [env.KT_BOOTSTRAP_SERVER, local, byHand].filter(
    (each) => each !== undefined && each !== null && each !== '',
  )
  return [...new Set(all as string[]), 'localhost:9092'].filter((each, at, list) => list.indexOf(each) === at)
}

/** Where the line says to connect. */
function targetOf(before: readonly string[]): readonly [server: string, config: string, profile: string] {
  const after = (option: string): string => {
    const attached = before.find((word) => word.startsWith(`--${option}=`))
    if (attached !== undefined) return attached.slice(option.length + 3)
    const at = before.indexOf(`--${option}`)
    return at < 0 ? '' : (before[at + 1] ?? '')
  }
  const config = after('command-config')
  return [after('bootstrap-server'), config === '' ? '' : path.resolve(config), after('profile')]
}

async function namesOf(target: readonly string[], { env, clock }: CommandContext): Promise<LiveNames | null> {
  const [{ ktHome }, { chosenProfile }, { cacheFile, liveNames }] = await Promise.all([
    import('../../cluster/cluster-directory.ts'),
    import('../../cli/chosen-profile.ts'),
    import('./live-names.ts'),
  ])
  const profile = chosenProfile(connectionOf(target), env)?.name ?? ''
  const ofShell = env[SHELL_TARGET] ?? ''
  const choice = [...target.slice(0, 2), env.KT_BOOTSTRAP_SERVER ?? '', profile, ...(ofShell === '' ? [] : [ofShell])]
  const file = cacheFile(ktHome(env), choice)
  return liveNames(file, () => startAsking(file, target, env), clock)
}

function startAsking(file: string, target: readonly string[], env: CommandContext['env']): void {
  const child = spawn(process.execPath, [ownProgram(), '__complete', ASK, file, ...target], {
    detached: true,
    stdio: 'ignore',
    env: env as NodeJS.ProcessEnv,
  })
  child.on('error', () => undefined)
  child.unref()
}

async function ask([file = '', ...target]: readonly string[], context: CommandContext): Promise<void> {
  await (await import('./ask-cluster.ts')).askCluster(file, connectionOf(target), context)
}

function connectionOf([server = '', config = '', profile = '']: readonly string[]): ConnectionTarget {
  return {
    ...(server === '' ? {} : { bootstrapServer: server }),
    ...(config === '' ? {} : { commandConfig: config }),
    ...(profile === '' ? {} : { profile }),
  }
}
