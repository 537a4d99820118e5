/** What a command line means, part by part, as data. */
import type { Command, CommandTable } from '../../cli/command.ts'
import { type FoundProgram, findProgram } from './find-program.ts'
import { variableMeaning } from './old-options.ts'
import { settingsOf } from './part-settings.ts'
import { type LineFacts, pitfallsOf } from './pitfalls.ts'
import { type Part, readArguments } from './read-arguments.ts'
import { readCommandLine, type SimpleCommand, typed } from './shell-words.ts'

/** One program of the line. */
export interface ExplainedCommand {
  /** As typed, without what the shell takes for itself. */
  readonly line: string
  /** The command of kt; null for programs that are not Kafka's. */
  readonly command: string | null
  /** What the program does; for others, what becomes of it here. */
  readonly meaning: string
  readonly variables: readonly { readonly text: string; readonly meaning: string }[]
  readonly parts: readonly Part[]
  readonly shell: readonly { readonly text: string; readonly meaning: string }[]
  readonly pitfalls: readonly string[]
  /** The same in today's words; null where there is nothing to run. */
  readonly modern: { readonly kt: string; readonly script: string | null } | null
}

export interface Explanation {
  readonly commands: readonly ExplainedCommand[]
  readonly mended: readonly string[]
}

/** Explains a command line of any generation; nothing is run. */
export async function explain(text: string, commands: CommandTable): Promise<Explanation> {
  const { commands: simple, mended } = readCommandLine(text)
  const explained: ExplainedCommand[] = []
  for (const each of simple) explained.push(await explainCommand(each, commands))
  return { commands: explained, mended }
}

async function explainCommand(simple: SimpleCommand, commands: CommandTable): Promise<ExplainedCommand> {
  const found = findProgram(simple.words, commands)
  const frame = {
    line: typed(simple.words),
    variables: variablesOf(simple, found),
    shell: shellParts(simple),
  }
  if (found === null) return { ...frame, ...notKafkas(simple.words) }
  const entry = found.command === undefined ? undefined : commands[found.command]
  if (found.command === undefined || entry === undefined) {
    const meaning = 'Not a program of Apache Kafka 4.3, and no command of kt does the same.'
    return { ...frame, command: null, meaning, parts: [], pitfalls: [], modern: null }
  }
  return { ...frame, ...(await explainKafkas(found, found.command, await entry.load(), entry.hidden === true)) }
}

/** In front of the program, or behind `sudo` and `env`. */
function variablesOf({ env }: SimpleCommand, found: FoundProgram | null): { text: string; meaning: string }[] {
  const behind = (found?.before ?? []).flatMap((word) => /^([A-Za-z_]\w*)=(.*)$/s.exec(word)?.slice(1, 3) ?? [])
  const pairs = env.map(({ name, value }) => [name, value] as const)
  for (let at = 0; at < behind.length; at += 2) pairs.push([behind[at]!, behind[at + 1]!])
  return pairs.map(([name, value]) => ({ text: `${name}=${value}`, meaning: variableMeaning(name) }))
}

function notKafkas(words: readonly string[]): Omit<ExplainedCommand, 'line' | 'variables' | 'shell'> {
  const [program = ''] = words
  const isService = /^(systemctl|service|brew|apt|apt-get|yum|dnf)$/.test(words.find((word) => word !== 'sudo') ?? '')
  const isOld = isService && words.some((word) => /zookeeper/i.test(word))
  const meaning =
    program === ''
      ? 'Sets variables of the shell.'
      : isOld
        ? 'Not needed: there is no ZooKeeper since Kafka 4.0.'
        : isService && words.some((word) => /kafka/i.test(word))
          ? "The machine's own way to install or run Kafka; kt cluster start runs one without it."
          : "Not one of Kafka's programs; it runs as it always does."
  return { command: null, meaning, parts: [], pitfalls: [], modern: null }
}

async function explainKafkas(
  found: FoundProgram,
  name: string,
  command: Command,
  isGone: boolean,
): Promise<Omit<ExplainedCommand, 'line' | 'variables' | 'shell'>> {
  const grammar = await command.grammar()
  const parts = await withSettings(name, readArguments(name, found.args, grammar))
  const facts = factsOf(parts)
  return {
    command: name,
    meaning: grammar.summary.replace(/\.?$/, '.'),
    parts,
    pitfalls: [...programNotes(found, command), ...pitfallsOf(name, facts), ...conflicts(parts)],
    modern: modernOf({ name, script: command.script, isGone }, parts),
  }
}

async function withSettings(command: string, parts: readonly Part[]): Promise<Part[]> {
  const explained: Part[] = []
  for (const part of parts) {
    const settings = await settingsOf(command, part, parts)
    explained.push(settings.length === 0 ? part : { ...part, settings })
  }
  return explained
}

function programNotes({ program, className, before }: FoundProgram, { script }: Command): string[] {
  const notes: string[] = []
  if (className !== undefined && script !== undefined) notes.push(`What the class ${className} did, ${script} does.`)
  if (before.some((word) => /sudo$/.test(word))) {
    notes.push('sudo is not needed where the files are your own; started as root, log directories belong to root.')
  }
  if (/\.bat$/.test(program)) notes.push('On Windows the scripts end in .bat; options are the same.')
  return notes
}

function factsOf(parts: readonly Part[]): LineFacts {
  const values = new Map<string, string[]>()
  for (const { modern, option, status, values: given } of parts) {
    // By the name of today, so that one rule does for both.
    const name = (status === 'old' ? modern[0]?.replace(/^--/, '') : undefined) ?? option
    if (name !== undefined)
      values.set(name, [...(values.get(name) ?? []), ...(status === 'old' ? modern.slice(1) : given)])
  }
  return {
    has: (name) => values.has(name),
    value: (name) => (values.get(name) ?? []).join(' '),
    word: parts.find(({ option }) => option === undefined)?.values[0] ?? '',
    words: parts.flatMap(({ option, values: given }) => (option === undefined ? given : [])).join(' '),
  }
}

/** The same option under its old and its new name: the scripts refuse that. */
function conflicts(parts: readonly Part[]): string[] {
  const old = parts.filter(({ status, modern }) => status === 'old' && modern.length > 0)
  const both = old.filter(({ modern }) =>
    parts.some((each) => each.status === 'known' && `--${each.option}` === modern[0]),
  )
  return both.map(({ words, modern }) => `${words[0]} and ${modern[0]} say the same; one of them is enough.`)
}

interface Program {
  readonly name: string
  readonly script: string | undefined
  readonly isGone: boolean
}

/** What took the place of a program that is gone, and says nearly the same. */
const SUCCESSORS: Readonly<Record<string, { readonly program: Program; readonly words: readonly string[] }>> = {
  'preferred-replica-election': {
    program: { name: 'leader-election', script: 'kafka-leader-election.sh', isGone: false },
    words: ['--election-type', 'preferred', '--all-topic-partitions'],
  },
}

function modernOf(program: Program, parts: readonly Part[]): ExplainedCommand['modern'] {
  const successor = SUCCESSORS[program.name]
  if (successor === undefined && program.isGone) return null
  const { name, script } = successor?.program ?? program
  const servers = parts.filter(({ modern }) => modern[0] === '--bootstrap-server')
  // Two ways to say where to connect become one.
  const words = parts.flatMap((part) => (servers.indexOf(part) > 0 ? [] : part.modern))
  const given = successor?.words ?? []
  const chosen = words.includes('--path-to-json-file')
    ? given.filter((word) => word !== '--all-topic-partitions')
    : given
  const line = [...chosen, ...words]
  return {
    kt: typed(['kt', name, ...line]),
    script: script === undefined ? null : typed([`bin/${script}`, ...line]),
  }
}

function shellParts({ redirects, end }: SimpleCommand): { text: string; meaning: string }[] {
  return [
    ...redirects.map((text) => ({ text, meaning: redirectMeaning(text) })),
    ...(Object.hasOwn(ENDS, end) ? [{ text: end, meaning: ENDS[end]! }] : []),
  ]
}

const ENDS: Readonly<Record<string, string>> = {
  '|': 'What it prints is the input of the next program.',
  '&': 'It runs in the background, and goes on when this line is done.',
  '&&': 'The next one runs if this one succeeds.',
  '||': 'The next one runs if this one fails.',
}

function redirectMeaning(text: string): string {
  if (text.startsWith('<<<')) return 'This text is its input.'
  if (text.startsWith('<')) return 'Its input comes from there.'
  if (/^\d*>&\d$/.test(text)) return 'Errors and messages go where its output goes.'
  if (text.startsWith('2>')) return 'Errors and messages go there.'
  return text.includes('>>') ? 'Its output is added there.' : 'Its output goes there.'
}
