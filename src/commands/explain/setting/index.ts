/** Settings: of topics, brokers, groups, clients, the console, quotas, client metrics, Connect, Streams and MirrorMaker. */
import type { Structure } from '../../../cli/format.ts'
import { nearest } from '../../../cli/nearest.ts'
import { type ConfigDefinition, parseDefinedValue } from '../../../metadata/config/definition.ts'
import type { Meaning, Question, Section } from '../meaning.ts'
import { meaningOf, type SettingKind, settingTable } from '../settings.ts'
import { valueInUnits } from '../units.ts'
import { type Change, changeOf } from './change.ts'
import { GONE_NAMES, type GoneSetting, goneSetting } from './gone.ts'
import { liveSections } from './live-text.ts'
import { type LiveSetting, liveValues } from './live-values.ts'
import { prefixed } from './prefix.ts'
import { readersOf } from './readers.ts'
import { relatedTo } from './related.ts'
import { type Since, sinceWhen } from './since.ts'

const OWNERS: readonly SettingKind[] = [
  'topic',
  'broker',
  'group',
  'client',
  'console',
  'quota',
  'client metrics',
  'Connect worker',
  'connector',
  'Streams',
  'MirrorMaker',
]
/** Whose values a cluster keeps. */
const ON_CLUSTER = new Set<SettingKind>(['topic', 'broker', 'group', 'quota'])

const MAX_FAMILIES = 2

/** A setting by its name, `name=value` included; of everything that has one of this name. */
export async function meanings(subject: string, question: Question): Promise<Meaning[]> {
  const equals = subject.indexOf('=')
  const key = (equals < 0 ? subject : subject.slice(0, equals)).trim()
  const value = equals < 0 ? null : subject.slice(equals + 1).trim()
  const found: Meaning[] = []
  for (const of of ownersFor(question)) {
    const definition = await definitionOf(of, key)
    if (definition === undefined) continue
    const cluster = ON_CLUSTER.has(of) ? await question.live() : null
    const live = cluster === null ? null : await liveValues(of, definition.name, question.scope, cluster)
    const related = found.some(({ term }) => term === subject) ? [] : relatedTo(definition.name).slice(0, MAX_FAMILIES)
    found.push(describe({ subject, of, definition, value, live, related, whose: null }, question))
  }
  if (found.length > 0) return found
  const gone = goneSetting(key)
  return gone === null ? withPrefix(subject, key, value, question) : [describeGone(subject, gone)]
}

function describeGone(subject: string, { release, why }: GoneSetting): Meaning {
  return {
    ...{ term: subject, kind: 'setting', of: null, title: `setting that Kafka has no more since ${release}` },
    meaning: why,
    sections: [],
    details: { name: subject.replace(/=.*/s, ''), goneSince: release },
  }
}

/** `consumer.max.poll.records`: the setting behind the prefix, and whose it is. Clusters do not know these. */
async function withPrefix(subject: string, key: string, value: string | null, question: Question): Promise<Meaning[]> {
  const found: Meaning[] = []
  for (const { of, name, whose } of prefixed(key)) {
    const definition = (await settingTable(of)).get(name)
    if (definition === undefined) continue
    const related = relatedTo(name).slice(0, MAX_FAMILIES)
    found.push(describe({ subject, of, definition, value, live: null, related, whose }, question))
  }
  return found
}

/** With `--topic`, topics' settings are meant, and so on; a name that only others have is still found. */
function ownersFor({ scope }: Question): readonly SettingKind[] {
  const wanted = (['topic', 'broker', 'group'] as const).filter((each) => scope[each] !== undefined)
  return wanted.length === 0 ? OWNERS : [...wanted, ...OWNERS.filter((each) => !wanted.some((one) => one === each))]
}

/** A listener's own setting is the setting for one listener. */
async function definitionOf(of: SettingKind, key: string): Promise<ConfigDefinition | undefined> {
  const table = await settingTable(of)
  const base = of === 'broker' ? /^listener\.name\.[^.]*\.(?:[^.]*\.)?(.+)$/.exec(key) : null
  const plain = key.replace(/^listener\.name\.[^.]*\./, '')
  return table.get(key) ?? (base === null ? undefined : (table.get(plain) ?? table.get(base[1]!)))
}

interface Known {
  readonly subject: string
  readonly of: SettingKind
  readonly definition: ConfigDefinition
  readonly value: string | null
  readonly live: LiveSetting | null
  /** Told once, with the first of several meanings. */
  readonly related: ReturnType<typeof relatedTo>
  /** Of one with a prefix, in words. */
  readonly whose: string | null
}

function describe(known: Known, { scope, connect }: Question): Meaning {
  const { subject, of, definition, value, live, related, whose } = known
  const since = sinceWhen(of, definition.name)
  const readBy = whose === null ? readersOf(of, definition.name) : null
  const change =
    whose === null
      ? changeOf(of, definition, isRefused(definition, value) ? null : value, { scope, connect })
      : {
          how: `Where the settings of what makes it stand, as ${subject.replace(/=.*/s, '')}; read when it starts.`,
          lines: [],
        }
  const sections: Section[] = [
    { title: '', rows: factRows(definition, since, readBy) },
    ...liveSections(live, of, definition.name),
    { title: 'To change it', texts: [change.how], lines: change.lines },
    { title: 'Goes with', texts: related.map(({ names, why }) => `${names.join(', ')}: ${why}`) },
  ]
  return {
    ...{ term: subject, kind: 'setting', of, title: whose === null ? titleOf(of) : `${titleOf(of)} ${whose}` },
    meaning: value === null ? definition.documentation : meaningOf(definition, value),
    sections,
    details: {
      ...factFields(definition, since, readBy),
      change: changeFields(change),
      related,
      live: liveFields(live),
    },
  }
}

/** A line that cannot work is none to be shown. */
function isRefused(definition: ConfigDefinition, value: string | null): boolean {
  if (value === null) return false
  try {
    parseDefinedValue(definition, value)
    return false
  } catch {
    return true
  }
}

const titleOf = (of: SettingKind): string =>
  of === 'console' ? 'setting of the reader or formatter' : of === 'quota' ? 'quota' : `${of} setting`

function factRows(definition: ConfigDefinition, since: Since | null, readBy: string | null): [string, string][] {
  const { type, limits, importance } = definition
  const rows: [string, string][] = [['type', `${type.toLowerCase()}, importance ${importance.toLowerCase()}`]]
  rows.push(['default', defaultWords(definition)])
  const valid = limits === null ? '' : limitsInWords(limits)
  if (valid !== '') rows.push(['valid', valid])
  if (since !== null) rows.push(['since', `Kafka ${since.version}${since.kip === null ? '' : ` (KIP-${since.kip})`}`])
  if (readBy !== null) rows.push(['read by', readBy])
  return rows
}

/** Limits that a table names. */
const NAMED_LIMITS: Readonly<Record<string, string>> = {
  'share offset reset': 'latest, earliest, by_duration:PT1H',
  'client offset reset': 'latest, earliest, none, by_duration:PT1H',
  'throttled replicas': 'PARTITION:BROKER,... or * for all',
  voters: 'ID@HOST:PORT,...',
  'bootstrap servers': 'HOST:PORT,...',
  'non-empty': 'not empty',
  'non-null': '',
}

/** `[1,...]` -> `1 and more`; nothing where it would say nothing. */
function limitsInWords(limits: string): string {
  const named = Object.hasOwn(NAMED_LIMITS, limits) ? NAMED_LIMITS[limits] : undefined
  if (named !== undefined) return named
  if (/^list(;|$)/.test(limits)) return limits.includes('non-empty') ? 'one or more' : ''
  const choices = /^(?:one of|list of) (\(any case\) )?(.*?)(?:; .*)?$/.exec(limits)
  if (choices !== null) return `${choices[2]}${choices[1] === undefined ? '' : ', in any case of letters'}`
  const [, least, most] = /^\[(-?[\d.]+),\.\.\.(?:,(-?[\d.]+))?\]$/.exec(limits) ?? []
  if (least === undefined) return limits
  return most === undefined ? `${least} and more` : `${least} to ${most}`
}

function defaultWords({ name, defaultText }: ConfigDefinition): string {
  if (defaultText === undefined) return 'none: it must be set'
  if (defaultText === null) return 'none'
  if (defaultText === '') return 'empty'
  const units = valueInUnits(name, defaultText)
  return units === undefined ? defaultText : `${defaultText}, ${units}`
}

function factFields(definition: ConfigDefinition, since: Since | null, readBy: string | null) {
  const { name, type, defaultText, limits, importance, updateMode } = definition
  return {
    ...{ name, type, default: defaultText ?? null, isRequired: defaultText === undefined, valid: limits },
    ...{ importance, updateMode, since: since?.version ?? null, kip: since?.kip ?? null, readBy },
  }
}

const changeFields = ({ how, lines }: Change): Structure => ({ how, lines })

function liveFields(live: LiveSetting | null): Structure {
  if (live === null) return null
  const { servers, values, overrides, notes } = live
  return {
    servers,
    values: values.map((each) => ({ ...each, synonyms: each.synonyms.map((synonym) => ({ ...synonym })) })),
    overrides: overrides === null ? null : overrides.map(([name, value]) => ({ name, value })),
    notes,
  }
}

export async function near(subject: string): Promise<string[]> {
  const key = subject.replace(/=.*/s, '')
  if (!/^[\w-]+([._-][\w-]+)+$/.test(key)) return []
  const known = new Set<string>(GONE_NAMES)
  for (const owner of OWNERS) for (const name of (await settingTable(owner)).keys()) known.add(name)
  return nearest(key, known)
}
