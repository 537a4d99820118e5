/** Settings: of topics, brokers, groups, clients, the console, quotas and client metrics. */
import { nearest } from '../../../cli/nearest.ts'
import type { Meaning } from '../meaning.ts'
import { meaningOf, type SettingKind, settingTable } from '../settings.ts'

const OWNERS: readonly SettingKind[] = ['topic', 'broker', 'group', 'client', 'console', 'quota', 'client metrics']

export async function meanings(subject: string): Promise<Meaning[]> {
  const equals = subject.indexOf('=')
  const key = (equals < 0 ? subject : subject.slice(0, equals)).trim()
  const value = equals < 0 ? null : subject.slice(equals + 1).trim()
  const found: Meaning[] = []
  for (const of of OWNERS) {
    const definition = (await settingTable(of)).get(key)
    if (definition === undefined) continue
    const title = of === 'console' ? 'setting of the reader or formatter' : `${of} setting`
    const meaning = meaningOf(definition, value)
    found.push({ term: subject, kind: 'setting', of, title, meaning, sections: [], details: {} })
  }
  return found
}

export async function near(subject: string): Promise<string[]> {
  const key = subject.replace(/=.*/s, '')
  if (!/^[\w-]+([._-][\w-]+)+$/.test(key)) return []
  const known = new Set<string>()
  for (const owner of OWNERS) for (const name of (await settingTable(owner)).keys()) known.add(name)
  return nearest(key, known)
}
