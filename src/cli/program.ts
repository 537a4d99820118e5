import { existsSync } from 'node:fs'
import * as path from 'node:path'
import { KtError } from '../base/errors.ts'
import { ktHome } from '../cluster/cluster-directory.ts'
import type { CommandEntry, CommandTable } from './command.ts'
import { SINGLE_COMMANDS } from './command-table.ts'
import { type ContextParts, createContext, type OwnedContext } from './create-context.ts'
import { reportError, toKtError } from './errors.ts'
import { exitCodeFor, exitCodeForReason, OK } from './exit-codes.ts'
import { GONE_COMMANDS } from './gone-commands.ts'
import { type Listening, listenTo } from './hearing.ts'
import { styleHelp } from './help.ts'
import { nearest } from './nearest.ts'
import { MIRRORED_KAFKA_VERSION } from './script-command.ts'

declare const KT_VERSION: string

/** Version of the package; the build writes it in. */
export const VERSION = typeof KT_VERSION === 'undefined' ? 'development' : KT_VERSION

/** Every command by name; apart from the table are those that know the others. */
export const COMMANDS: CommandTable = {
  ...SINGLE_COMMANDS,
  ...GONE_COMMANDS,
  'run-class': {
    summary: 'Run the command that does what a Java class did',
    script: 'kafka-run-class.sh',
    hidden: true,
    load: async () => (await import('../commands/run-class.ts')).runClassCommand(COMMANDS),
  },
  quickstart: {
    summary: 'The whole tour in seconds: a cluster, a topic, real records in and out, verified',
    load: async () => (await import('../commands/quickstart.ts')).quickstart,
  },
  explain: {
    summary: 'What a command line, option, setting, error, file or word of an output means',
    load: async () => (await import('../commands/explain/index.ts')).explainCommand(COMMANDS),
  },
  completion: {
    summary: 'Completion of commands, options and live names for bash, zsh and fish',
    load: async () => (await import('../commands/completion.ts')).completionCommand(COMMANDS),
  },
  shell: {
    summary: "A prompt for kt's commands and Kafka's scripts: completion, history, no new start for each",
    load: async () => (await import('../commands/shell/index.ts')).shellCommand(COMMANDS),
  },
  __complete: {
    summary: 'Candidates for the completion of shells',
    hidden: true,
    load: async () => (await import('../commands/complete/index.ts')).completeCommand(COMMANDS),
  },
  learn: {
    summary: 'Lessons that are checked on the real cluster; kt learn opens where you left off',
    load: async () => (await import('../commands/learn/index.ts')).learnCommand(COMMANDS),
  },
  init: {
    summary: "A workspace with Kafka's bin/ and config/, where commands from notes run as they are printed",
    load: async () => (await import('../commands/init.ts')).initCommand(COMMANDS),
  },
}

/** What a run of the program needs from outside; the context's parts without what the program itself knows. */
export type ProgramParts = Omit<ContextParts, 'programName' | 'args' | 'asScript' | 'run'>

/** Is there while a lesson of `kt learn` is open (`learn/store.ts`); its store is not loaded to find out. */
const OPEN_LESSON = 'learn/open.json'

/** After Ctrl-C a command has this long to end by itself, a commit or a last line included. */
const INTERRUPT_GRACE_MS = 2_000

/** Runs one command line (without `node kt`) to its exit code. Nothing is thrown; what went wrong is on stderr. */
export async function runProgram(
  args: readonly string[],
  parts: ProgramParts,
  commands: CommandTable = COMMANDS,
): Promise<number> {
  const noted = await notedAttempt(args, parts)
  const exitCode = await dispatch(args, noted === null ? parts : { ...parts, ...noted.streams }, commands)
  noted?.end(exitCode)
  await Promise.all([parts.stdout.drain(), parts.stderr.drain()])
  return exitCode
}

/** Null but for those who are in the middle of a lesson: one look whether a file is there. */
async function notedAttempt(args: readonly string[], { env, stdout, stderr, clock }: ProgramParts) {
  const home = ktHome(env)
  if (!existsSync(path.join(home, OPEN_LESSON))) return null
  const { noteAttempt } = await import('./note-attempt.ts')
  return noteAttempt({ args, stdout, stderr, now: () => clock.now() }, home)
}

async function dispatch(args: readonly string[], parts: ProgramParts, commands: CommandTable): Promise<number> {
  const [word, ...rest] = args
  if (word === undefined || word === '--help' || word === '-h' || (word === 'help' && rest.length === 0)) {
    return showProgramHelp(parts, commands, word === undefined)
  }
  if (word === '--version' || word === '-V') {
    parts.stdout.write(`kt ${VERSION} (Apache Kafka ${MIRRORED_KAFKA_VERSION})\n`)
    return OK
  }
  if (word === 'help') return dispatch([...rest, '--help'], parts, commands)
  const name = commandNameOf(word, commands)
  if (name === undefined) return unknownCommand(word, parts, commands)
  // Under a script's own name everything is as the script has it.
  const asScript = name !== word && word.endsWith('.sh')
  const programName = asScript ? word : `kt ${name}`
  const trace = asScript ? parts.env.KT_TRACE : takeTrace(rest, parts.env)
  const words = { env: parts.env, stderr: parts.stderr, words: rest }
  const endTrace = trace === undefined ? null : (await import('./wire-log.ts')).logWire(trace, words)
  const run: ContextParts['run'] = (others, surroundings) => runProgram(others, { ...parts, ...surroundings }, commands)
  const listening = listenTo(name, parts)
  const owned = createContext({ ...parts, ...streamsOf(listening), programName, args: rest, asScript, run })
  if (listening !== null) owned.context.atEnd?.(() => listening.ending())
  try {
    const exitCode = await runCommand(commands[name]!, rest, owned)
    const heard = listening?.heard(exitCode) ?? null
    if (heard !== null && !parts.signal.aborted) {
      const release = (): void => listening!.release()
      const failure = { ...heard, command: name, args: rest, release }
      // An explanation that cannot be loaded takes nothing from the failure that was told.
      const explaining = import('../commands/beginner-errors/index.ts').catch(() => null)
      await (await explaining)?.explainHeard(failure, { ...parts, connection: owned.connected() })
    }
    return exitCode
  } finally {
    listening?.release()
    await endTrace?.()
  }
}

function streamsOf(listening: Listening | null): Partial<Pick<Listening, 'stdout' | 'stderr'>> {
  return listening === null ? {} : { stdout: listening.stdout, stderr: listening.stderr }
}

/**
 * `--explain` of any command is KT_TRACE=1, with `-vv` right behind it KT_TRACE=full (also `--explain=full`). Both are taken
 * away from the command's own words, of which `-v` may be one elsewhere.
 */
function takeTrace(words: string[], env: ProgramParts['env']): string | undefined {
  const at = words.findIndex((word) => word === '--explain' || word.startsWith('--explain='))
  if (at < 0) return env.KT_TRACE || undefined
  const [, given] = words[at]!.split('=')
  const next = given === undefined && /^-vv?$/.test(words[at + 1] ?? '') ? words[at + 1] : undefined
  words.splice(at, next === undefined ? 1 : 2)
  if (next === '-vv') return 'full'
  return given?.replace(/^-/, '') || env.KT_TRACE || '1'
}

/** `topics`, and for people with old habits and for the shims `kafka-topics` and `kafka-topics.sh`. */
function commandNameOf(word: string, commands: CommandTable): string | undefined {
  if (Object.hasOwn(commands, word)) return word
  const script = word.endsWith('.sh') ? word : `${word}.sh`
  return Object.keys(commands).find((name) => commands[name]!.script === script || commands[name]!.verbsOf === script)
}

async function runCommand(entry: CommandEntry, args: readonly string[], owned: OwnedContext): Promise<number> {
  const { context } = owned
  const mirrorsScript = entry.script !== undefined
  const work = (async () => {
    try {
      const command = await entry.load()
      return await command.run(args, context)
    } finally {
      await owned.close()
    }
  })()
  try {
    return await orInterrupted(work, owned)
  } catch (error) {
    // What fails because we were told to end is not worth a message.
    if (context.signal.aborted) return exitCodeForReason(context.signal.reason)
    const failure = toKtError(error)
    if (failure.kind !== 'interrupted') reportError(failure, context)
    return exitCodeFor(failure.kind, mirrorsScript)
  }
}

/** The command's own end; when it was interrupted and does not end in time, the interruption's. */
function orInterrupted(work: Promise<number>, { context }: OwnedContext): Promise<number> {
  const { signal, clock } = context
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      const interrupted = new KtError('interrupted', 'interrupted')
      clock.setTimer(INTERRUPT_GRACE_MS, () => reject(interrupted), { background: true })
    }
    if (signal.aborted) giveUp()
    else signal.addEventListener('abort', giveUp, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp))
  })
}

function unknownCommand(word: string, parts: ProgramParts, commands: CommandTable): number {
  const near = nearest(word.replace(/^kafka-|\.sh$/g, ''), Object.keys(commands))
  const facts = near.length === 0 ? [] : [`Did you mean ${near.map((name) => `kt ${name}`).join(' or ')}?`]
  reportError(new KtError('usage', `kt: '${word}' is not a command`, { facts, next: 'kt --help' }), parts)
  return exitCodeFor('usage', false)
}

/** Help on stdout; asked for nothing, the same on stderr and a usage failure. */
async function showProgramHelp(parts: ProgramParts, commands: CommandTable, unasked: boolean): Promise<number> {
  const { Command } = await import('commander')
  const program = new Command('kt').usage('<command> [options]').helpOption('-h, --help', 'show help')
  program.option('-V, --version', 'show the version').helpCommand(false)
  program.description("Kafka's bin/*.sh as one command, with a bundled Kafka cluster that needs no Java.")
  for (const [name, { summary, script, hidden }] of Object.entries(commands)) {
    if (hidden === true) continue
    const group = script === undefined ? 'Commands of kt:' : 'Commands that mirror a Kafka script:'
    program.addCommand(new Command(name).description(summary).helpGroup(group))
  }
  const { context } = createContext({ ...parts, programName: 'kt', asScript: false, run: async () => OK })
  await styleHelp(program, context, { subcommandTerm: (command) => command.name() })
  const more =
    "\n'kt <command> --help' shows a command's options. Without --bootstrap-server (or KT_BOOTSTRAP_SERVER)\ncommands use the local cluster and start it when it is not running.\n'--explain' behind any command tells what goes over the wire, '--explain -vv' with all fields (KT_TRACE=1, KT_TRACE=full).\n"
  const target = unasked ? parts.stderr : parts.stdout
  target.write(`${program.helpInformation()}${more}`)
  return unasked ? exitCodeFor('usage', false) : OK
}
