/** Which options of a command line hold settings, and whose. */
import type { Part } from './read-arguments.ts'
import { type Setting, type SettingKind, settingsIn } from './settings.ts'

/** Options whose values are settings wherever they stand. */
const BY_OPTION: Readonly<Record<string, SettingKind>> = {
  'command-property': 'client',
  'producer-property': 'client',
  'producer-props': 'client',
  'consumer-property': 'client',
  'reader-property': 'console',
  'formatter-property': 'console',
  override: 'broker',
}

/** `--entity-type` and the short forms of it. */
const BY_ENTITY: Readonly<Record<string, SettingKind>> = {
  topics: 'topic',
  topic: 'topic',
  brokers: 'broker',
  broker: 'broker',
  'broker-defaults': 'broker',
  groups: 'group',
  group: 'group',
  clients: 'quota',
  client: 'quota',
  'client-defaults': 'quota',
  users: 'quota',
  user: 'quota',
  'user-defaults': 'quota',
  ips: 'quota',
  ip: 'quota',
  'ip-defaults': 'quota',
  'client-metrics': 'client metrics',
}

/** The settings that a part of a line of `command` holds; none for other parts. */
export async function settingsOf(command: string, part: Part, parts: readonly Part[]): Promise<Setting[]> {
  const kind = kindOf(command, part, parts)
  if (kind === undefined) return []
  const found: Setting[] = []
  for (const value of part.values) found.push(...(await settingsIn(value, kind)))
  return found
}

function kindOf(command: string, { option }: Part, parts: readonly Part[]): SettingKind | undefined {
  if (option === undefined) return undefined
  if (command === 'topics' && (option === 'config' || option === 'delete-config')) return 'topic'
  if (option === 'property' && command.startsWith('console-')) return 'console'
  if (command === 'configs' && (option === 'add-config' || option === 'delete-config')) return entityKind(parts)
  return Object.hasOwn(BY_OPTION, option) ? BY_OPTION[option] : undefined
}

function entityKind(parts: readonly Part[]): SettingKind | undefined {
  const type = parts.find(({ option }) => option === 'entity-type')?.values[0]
  const words = type === undefined ? parts.map(({ option }) => option ?? '') : [type]
  const word = words.find((each) => Object.hasOwn(BY_ENTITY, each))
  return word === undefined ? undefined : BY_ENTITY[word]
}
