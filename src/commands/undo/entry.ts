/** What the journal keeps of a change: the values before and after it. Plain data, written as JSON. */
import type { ConfigResource, ConfigSource } from '../../client/admin-types.ts'

/** Bumped when a reader of today could not make sense of what is written; other files are left alone. */
export const JOURNAL_VERSION = 1

/** One setting of a resource; null: not set on the resource itself. */
export interface SettingEdit {
  readonly name: string
  readonly before: string | null
  readonly after: string | null
}

/** Settings of one topic, broker (name '': every broker's default), group, logger or subscription. */
export interface ConfigEdit {
  readonly kind: 'config'
  readonly resource: ConfigResource
  /** Of the topic whose settings they are; null where it is not known. */
  readonly topicId: string | null
  readonly settings: readonly SettingEdit[]
}

export interface KeptOffset {
  readonly offset: number
  readonly leaderEpoch: number
  readonly metadata: string
}

/** One partition; null: nothing committed. */
export interface PartitionEdit {
  readonly topic: string
  readonly topicId: string | null
  readonly partition: number
  readonly before: KeptOffset | null
  readonly after: KeptOffset | null
}

/** Committed offsets of a group; of a share group, where its partitions begin. */
export interface OffsetEdit {
  readonly kind: 'offsets'
  readonly groupId: string
  readonly isShare: boolean
  readonly partitions: readonly PartitionEdit[]
}

/** Quotas of one entity: `user`, `client-id`, `ip` -> name, null for the default. */
export interface QuotaEdit {
  readonly kind: 'quota'
  readonly entity: Readonly<Record<string, string | null>>
  readonly values: readonly { readonly key: string; readonly before: number | null; readonly after: number | null }[]
}

/** A part of the change that cannot be taken back, and why. */
export interface LostEdit {
  readonly kind: 'lost'
  readonly what: string
  readonly why: string
}

export type Edit = ConfigEdit | OffsetEdit | QuotaEdit | LostEdit

/** One command that changed something. */
export interface JournalEntry {
  readonly version: typeof JOURNAL_VERSION
  readonly number: number
  readonly clusterId: string
  /** Milliseconds since 1970. */
  readonly timeMs: number
  /** The command line, secrets hidden. */
  readonly command: string
  /** The entry that this one took back; null for any other change. */
  readonly undoes: number | null
  readonly edits: readonly Edit[]
}

/** Where the settings of a resource itself come from; anything else is inherited. */
export function ownSource({ type, name }: ConfigResource): ConfigSource {
  if (type === 'TOPIC') return 'DYNAMIC_TOPIC_CONFIG'
  if (type === 'BROKER') return name === '' ? 'DYNAMIC_DEFAULT_BROKER_CONFIG' : 'DYNAMIC_BROKER_CONFIG'
  if (type === 'BROKER_LOGGER') return 'DYNAMIC_BROKER_LOGGER_CONFIG'
  return type === 'GROUP' ? 'DYNAMIC_GROUP_CONFIG' : 'DYNAMIC_CLIENT_METRICS_CONFIG'
}

/** `topic orders`, `every broker's default`, `client-metrics basics` */
export function resourceTitle({ type, name }: ConfigResource): string {
  if (type === 'BROKER' && name === '') return "the brokers' default"
  return `${type.toLowerCase().replace('_', '-')} ${name}`
}

/** `user ann, client-id app`; a null name is the default one. */
export function quotaTitle(entity: Readonly<Record<string, string | null>>): string {
  return Object.entries(entity)
    .map(([type, name]) => (name === null ? `the default ${type}` : `${type} ${name}`))
    .join(', ')
}

/** True for two texts of one value: brokers write numbers and lists in a way of their own. */
export function sameValue(left: string | null, right: string | null): boolean {
  if (left === null || right === null) return left === right
  return canonical(left) === canonical(right)
}

function canonical(text: string): string {
  const trimmed = text.trim()
  if (/^[-+]?\d+$/.test(trimmed)) return BigInt(trimmed.replace('+', '')).toString()
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(trimmed)) return String(Number(trimmed))
  if (/^(true|false)$/i.test(trimmed)) return trimmed.toLowerCase()
  return trimmed
    .split(',')
    .map((part) => part.trim())
    .join(',')
}
