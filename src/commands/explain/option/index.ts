/** An option of Kafka's scripts and of `kt`: what it does in every command that has it, and what became of older ones. */
import { nearest } from '../../../cli/nearest.ts'
import type { Meaning, Question, Section } from '../meaning.ts'
import { oldUses } from '../old-options.ts'
import { typed } from '../shell-words.ts'
import { optionSince } from './since.ts'
import { type OptionUse, usesOf } from './uses.ts'

export async function meanings(subject: string, { commands }: Question): Promise<Meaning[]> {
  const { name, value } = partsOf(subject)
  const all = await usesOf(commands)
  const uses = all.filter((use) => use.option === name || `-${use.short}` === subject)
  const old = oldUses(name)
  if (uses.length === 0 && old.length === 0) return []
  const current = uses.filter(({ successor }) => successor === null)
  const deprecated = uses.filter(({ successor }) => successor !== null)
  const first = current[0] ?? deprecated[0]
  const meaning = first === undefined ? old[0]!.option.why : common(current.length > 0 ? current : deprecated)
  return [
    {
      ...{ term: subject, kind: 'option', of: null, title: 'option', meaning },
      sections: [
        ...bySameWords(current),
        ...sinceSections(uses),
        ...deprecatedSections(deprecated),
        ...oldNames(uses, all),
        ...oldSection(name, value, old),
      ],
      details: {
        name,
        uses: uses.map((use) => ({ ...use, since: use.isOurs ? null : optionSince(use.command, use.option) })),
        old: old.map(({ command, option }) => ({ command, why: option.why, modern: option.modern(value ?? 'VALUE') })),
      },
    },
  ]
}

/** `--topic=orders` and `--topic`; of `-t` the letter. */
function partsOf(subject: string): { name: string; value: string | null } {
  const [, name = '', value = null] = /^--?([\w.-]+?)(?:=(.*))?$/s.exec(subject) ?? []
  return { name, value }
}

/** What most commands say of it. */
function common(uses: readonly OptionUse[]): string {
  const counts = new Map<string, number>()
  for (const { meaning } of uses) counts.set(meaning, (counts.get(meaning) ?? 0) + 1)
  const [most] = [...counts].sort((a, b) => b[1] - a[1])
  const where = uses.length === 1 ? `In ${uses[0]!.command}.` : `In ${uses.length} commands.`
  return counts.size === 1 ? `${most![0]} ${where}` : `It says different things in different commands (${uses.length}).`
}

/** More commands are counted instead of named. */
const MAX_NAMED = 8

function bySameWords(uses: readonly OptionUse[]): Section[] {
  const groups = new Map<string, OptionUse[]>()
  for (const use of uses) {
    const key = `${use.usage}\n${use.meaning}`
    groups.set(key, [...(groups.get(key) ?? []), use])
  }
  return [...groups.values()].map((group) => {
    const { usage, meaning, isOurs } = group[0]!
    const own = isOurs ? ' kt has it; the script does not.' : ''
    // With one meaning it has been told already.
    return { title: namesOf(group), texts: [groups.size === 1 ? `${usage}${own}` : `${usage}: ${meaning}${own}`] }
  })
}

function namesOf(group: readonly OptionUse[]): string {
  return namesIn([...new Set(group.map(({ command }) => `kt ${command}`))])
}

function namesIn(names: readonly string[]): string {
  if (names.length <= MAX_NAMED) return names.join(', ')
  return `${names.slice(0, MAX_NAMED).join(', ')} and ${names.length - MAX_NAMED} more`
}

/** By release, the oldest first: options of scripts came one script after the other. */
function sinceSections(uses: readonly OptionUse[]): Section[] {
  const releases = new Map<string, Set<string>>()
  for (const { command, option, isOurs } of uses) {
    const release = isOurs ? null : optionSince(command, option)
    if (release === null) continue
    const scripts = releases.get(release) ?? new Set()
    releases.set(release, scripts.add(command.split(' ')[0]!))
  }
  const rows = [...releases]
    .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    .map(([release, scripts]): [string, string] => [`Kafka ${release}`, namesIn([...scripts])])
  if (rows.length === 0) return []
  const isOne = rows.length === 1 && uses.length === 1
  return isOne ? [{ title: '', rows: [['since', rows[0]![0]]] }] : [{ title: 'Since, in the scripts', rows }]
}

function deprecatedSections(uses: readonly OptionUse[]): Section[] {
  if (uses.length === 0) return []
  const rows = uses.map(({ command, successor, kip }): [string, string] => {
    const why = kip === null ? '' : `, since Kafka 4.2 (KIP-${kip}); it works until 5.0`
    return [`kt ${command}`, `now --${successor}${why}`]
  })
  return [{ title: 'Deprecated', rows }]
}

/** What the option was called before. */
function oldNames(uses: readonly OptionUse[], all: readonly OptionUse[]): Section[] {
  const kips = new Map(
    all.filter(({ kip }) => kip !== null).map(({ command, option, kip }) => [`${command} ${option}`, kip]),
  )
  const rows = uses.flatMap(({ command, before }): [string, string][] => {
    const names = before.map((name) => {
      const kip = kips.get(`${command} ${name}`)
      return `--${name}${kip === undefined ? '' : ` (deprecated since Kafka 4.2, KIP-${kip})`}`
    })
    return names.length === 0 ? [] : [[`kt ${command}`, names.join(', ')]]
  })
  return rows.length === 0 ? [] : [{ title: 'Older names, which still work', rows }]
}

function oldSection(name: string, value: string | null, old: ReturnType<typeof oldUses>): Section[] {
  const rows = old.map(({ command, option }): [string, string] => {
    const modern = option.modern(value ?? (name === 'zookeeper' ? 'HOST' : option.takesValue ? 'VALUE' : ''))
    const today = modern.length === 0 ? 'It is left out today.' : `Today: ${typed(modern)}`
    return [command === null ? 'every script' : `kt ${command}`, `${option.why} ${today}`]
  })
  return rows.length === 0 ? [] : [{ title: `--${name} in older notes`, rows }]
}

export async function near(subject: string, { commands }: Pick<Question, 'commands'>): Promise<string[]> {
  const names = new Set((await usesOf(commands)).map(({ option }) => option))
  return nearest(partsOf(subject).name, names).map((name) => `--${name}`)
}
