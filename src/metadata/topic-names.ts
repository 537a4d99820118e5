/** Kafka's rules for topic names (`Topic.validate`), with its texts. */

/** Leaves room in a file name for `-<partition>.<uuid>-delete`. */
const MAX_NAME_LENGTH = 249

/** The topic the quorum keeps for itself; no client may create it. */
export const CLUSTER_METADATA_TOPIC = '__cluster_metadata'

/** Why the name is no topic name; null when it is one. */
export function invalidTopicName(name: string): string | null {
  if (name === '') return 'Topic name is invalid: the empty string is not allowed'
  if (name === '.' || name === '..') return `Topic name is invalid: '${name}' is not allowed`
  if (name.length > MAX_NAME_LENGTH) {
    return `Topic name is invalid: the length of '${name}' is longer than the max allowed length ${MAX_NAME_LENGTH}`
  }
  if (/^[a-zA-Z0-9._-]+$/.test(name)) return null
  return `Topic name is invalid: '${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`
}

/** Names that differ only in `.` and `_` would share metric names; null when the name has neither. */
export function collisionKey(name: string): string | null {
  return /[._]/.test(name) ? name.replaceAll('.', '_') : null
}
