/** Rules of topic names (Kafka's `Topic`). */

export const GROUP_METADATA_TOPIC = '__consumer_offsets'
export const TRANSACTION_STATE_TOPIC = '__transaction_state'
export const SHARE_GROUP_STATE_TOPIC = '__share_group_state'

const INTERNAL = new Set([GROUP_METADATA_TOPIC, TRANSACTION_STATE_TOPIC, SHARE_GROUP_STATE_TOPIC])
/** The room a file name leaves for `-<partition>.<uuid>-delete`. */
const MAX_LENGTH = 249
const LEGAL = /^[a-zA-Z0-9._-]+$/

export function isInternalTopic(name: string): boolean {
  return INTERNAL.has(name)
}

/** What Topic.validate accepts. */
export function isValidTopicName(name: string): boolean {
  return name !== '.' && name !== '..' && name.length <= MAX_LENGTH && LEGAL.test(name)
}
