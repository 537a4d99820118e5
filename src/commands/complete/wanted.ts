/** What could stand where the cursor is, by the grammar of the command: pure, nothing is asked. */
import type { CommandGrammar } from '../../cli/command.ts'
import type { OptionDeclaration, OptionTable } from '../../cli/options.ts'

/** Names that only the cluster knows. */
export type LiveKind = 'topics' | 'groups' | 'brokers'

export interface Candidate {
  readonly text: string
  readonly description: string
}

export type Wanted =
  | { readonly kind: 'fixed'; readonly candidates: readonly Candidate[] }
  | { readonly kind: 'files' }
  | { readonly kind: 'topic-configs' }
  | { readonly kind: 'servers' }
  | { readonly kind: 'profiles' }
  | { readonly kind: 'line' }
  | { readonly kind: LiveKind }

export interface CursorPlace {
  readonly command: string
  readonly grammar: CommandGrammar
  /** Words between the command and the cursor. */
  readonly before: readonly string[]
  /** What is typed of the word at the cursor, '' for nothing. */
  readonly current: string
}

const NOTHING: Wanted = { kind: 'fixed', candidates: [] }

/** What to offer. */
export function wantedAt(place: CursorPlace): Wanted {
  const { before, current, grammar } = place
  if (place.command === 'explain' && before.length > 0) return { kind: 'line' }
  const verbs = grammar.subcommands ?? {}
  const verb = before.find((word) => Object.hasOwn(verbs, word))
  const table: OptionTable = { ...grammar.options, ...(verb === undefined ? {} : verbs[verb]!.options) }
  const attached = /^--?([^=]+)=/.exec(current)
  if (attached !== null) return optionValue(place.command, attached[1]!, table, before)
  const open = openOption(before, table)
  if (open !== undefined && !current.startsWith('-')) return optionValue(place.command, open, table, before)
  if (current.startsWith('-')) return { kind: 'fixed', candidates: optionNames(table, before) }
  if (verb === undefined && Object.keys(verbs).length > 0) {
    return {
      kind: 'fixed',
      candidates: Object.entries(verbs).map(([text, { summary }]) => ({ text, description: summary })),
    }
  }
  return plainWord(place, verb, table)
}

/** The option whose value is to come, if the word before the cursor is one that takes any. */
function openOption(before: readonly string[], table: OptionTable): string | undefined {
  const at = before.findLastIndex((word) => /^--?[A-Za-z]/.test(word))
  const name = nameOf(before[at] ?? '', table)
  const declaration = name === undefined ? undefined : table[name]
  if (declaration === undefined || declaration.kind === 'flag') return undefined
  const taken = before.length - 1 - at
  return taken === 0 || declaration.manyArguments === true ? name : undefined
}

function nameOf(word: string, table: OptionTable): string | undefined {
  const name = /^--?([A-Za-z][\w.-]*)$/.exec(word)?.[1]
  if (name === undefined || Object.hasOwn(table, name)) return name
  return Object.keys(table).find((each) => table[each]!.short === name)
}

/** Options not given yet; old names only to those who know them. */
function optionNames(table: OptionTable, before: readonly string[]): Candidate[] {
  return Object.entries(table)
    .filter(([name, { repeatable }]) => repeatable === true || !before.includes(`--${name}`))
    .filter(([, { deprecated }]) => deprecated !== true)
    .map(([name, { description }]) => ({ text: `--${name}`, description: firstSentence(description) }))
}

function firstSentence(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replace(/(?<=\w)[.;:] .*$/, '')
}

const TOPICS = /^(topic|topics|topic-list|input-topics|intermediate-topics|internal-topics)$/
const GROUPS = /^(group|group-id|share-group)$/
const BROKERS = /^(broker|broker-id|broker-logger|id|node-id|broker-ids)$/
const SERVERS = /^(bootstrap-server|bootstrap-controller)$/
const FILES = /(^|-)(file|files|directory)$|^(config|command-config|formatter-config)$|\.config$|^snapshot$/

function optionValue(command: string, option: string, table: OptionTable, before: readonly string[]): Wanted {
  const declaration: OptionDeclaration | undefined = Object.hasOwn(table, option) ? table[option] : undefined
  if (declaration === undefined) return NOTHING
  if (declaration.choices !== undefined) {
    return { kind: 'fixed', candidates: declaration.choices.map((text) => ({ text, description: '' })) }
  }
  if (SERVERS.test(option)) return { kind: 'servers' }
  if (option === 'profile') return { kind: 'profiles' }
  if (isTopicConfig(command, option, before)) return { kind: 'topic-configs' }
  if (option === 'entity-name') return entityName(before)
  if (command === 'log-dirs' && option === 'broker-list') return { kind: 'brokers' }
  // A new topic has a name that nobody can know.
  if (TOPICS.test(option)) return command === 'topics' && before.includes('--create') ? NOTHING : { kind: 'topics' }
  if (GROUPS.test(option)) return { kind: 'groups' }
  if (BROKERS.test(option)) return { kind: 'brokers' }
  return FILES.test(option) || /file|path|directory/.test(declaration.argument ?? '') ? { kind: 'files' } : NOTHING
}

function isTopicConfig(command: string, option: string, before: readonly string[]): boolean {
  if (command === 'topics') return option === 'config' || option === 'delete-config'
  return (
    command === 'configs' &&
    /^(add|delete)-config$/.test(option) &&
    (before.includes('--topic') || before.includes('topics'))
  )
}

const ENTITIES: Readonly<Record<string, Wanted>> = {
  topics: { kind: 'topics' },
  brokers: { kind: 'brokers' },
  'broker-loggers': { kind: 'brokers' },
  groups: { kind: 'groups' },
}

function entityName(before: readonly string[]): Wanted {
  const type = before[before.lastIndexOf('--entity-type') + 1] ?? ''
  return Object.hasOwn(ENTITIES, type) ? ENTITIES[type]! : NOTHING
}

const SUBJECTS: Readonly<Record<string, Wanted>> = {
  topic: { kind: 'topics' },
  group: { kind: 'groups' },
  broker: { kind: 'brokers' },
}

/** Words of our own commands, and files elsewhere. */
function plainWord({ command, before, grammar }: CursorPlace, verb: string | undefined, table: OptionTable): Wanted {
  if (command === 'explain') return { kind: 'line' }
  if (command === 'completion') {
    return { kind: 'fixed', candidates: ['bash', 'zsh', 'fish'].map((text) => ({ text, description: '' })) }
  }
  if (command === 'describe') {
    const subject = before.find((word) => Object.hasOwn(SUBJECTS, word))
    if (subject !== undefined) return SUBJECTS[subject]!
    const candidates = ['cluster', ...Object.keys(SUBJECTS)].map((text) => ({ text, description: '' }))
    return { kind: 'fixed', candidates: before.length === 0 ? candidates : [] }
  }
  if (command === 'profile') return verb === 'add' ? NOTHING : { kind: 'profiles' }
  if (verb !== undefined && /<?\[?ids/.test(grammar.subcommands?.[verb]?.words ?? '')) return { kind: 'brokers' }
  if (grammar.words !== undefined) return { kind: 'files' }
  return { kind: 'fixed', candidates: optionNames(table, before) }
}
