/** Live values of a setting, as sections of its explanation. */
import type { Section } from '../meaning.ts'
import { valueInUnits } from '../units.ts'
import { type LiveSetting, type LiveValue, sourceText } from './live-values.ts'

/** Topics with a value of their own that are named. */
const MAX_OVERRIDES = 12

/** What has values, by the kind of setting. */
const OWNERS: Readonly<Record<string, string>> = { topic: 'topic', group: 'group', quota: 'user, client or address' }

export function liveSections(live: LiveSetting | null, of: string, name: string): Section[] {
  if (live === null) return []
  const { values, overrides, notes } = live
  const [first, ...others] = live.servers.split(',')
  const servers = others.length === 0 ? first! : `${first}, ...`
  const texts = [...notes]
  if (overrides !== null && overrides.length === 0) texts.push(`No ${OWNERS[of] ?? 'entity'} has a value of its own.`)
  if (overrides !== null && overrides.length > MAX_OVERRIDES)
    texts.push(`${overrides.length - MAX_OVERRIDES} more have one.`)
  const own = (overrides ?? []).slice(0, MAX_OVERRIDES)
  return [
    ...values.map((value) => ({
      title: `On the cluster at ${servers}: ${value.where}`,
      rows: valueRows(value, name),
      isLive: true,
    })),
    {
      title:
        values.length === 0 || own.length > 0
          ? `On the cluster at ${servers}${own.length > 0 ? ', with a value of their own' : ''}`
          : '',
      texts,
      isLive: true,
      rows: own.map(([who, value]): [string, string] => [who, inUnits(name, value)]),
    },
  ]
}

function valueRows({ value, isSecret, source, synonyms, where }: LiveValue, name: string): [string, string][] {
  const shown = isSecret ? '(hidden)' : value === null ? 'none' : inUnits(name, value)
  const rows: [string, string][] = [['value', `${shown}, from ${sourceText(source, where)}`]]
  // One place alone is the value itself.
  if (synonyms.length < 2) return rows
  for (const [at, synonym] of synonyms.entries()) {
    const title = at === 0 ? 'which wins over' : ''
    if (at > 0 || synonym.name !== name) {
      const value = isSecret ? '(hidden)' : (synonym.value ?? 'none')
      rows.push([
        rows.length === 1 ? 'wins over' : title,
        `${synonym.name}=${value}, from ${sourceText(synonym.source, where)}`,
      ])
    }
  }
  return rows
}

function inUnits(name: string, value: string): string {
  const units = valueInUnits(name, value)
  return units === undefined ? value || 'empty' : `${value} (${units})`
}
