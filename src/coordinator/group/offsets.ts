import { type Uuid, ZERO_UUID } from '../../base/uuid.ts'

/** A committed position as stored. The offset itself is passed through, never computed with: it stays a bigint. */
export interface CommittedOffset {
  readonly committedOffset: bigint
  /** -1: unknown. */
  readonly leaderEpoch: number
  readonly metadata: string
  readonly commitTimestampMs: number
  /** Set by clients of OffsetCommit v2-4 only: this offset's own end, whatever the retention says. */
  readonly expireTimestampMs: number | null
  /** `ZERO_UUID` in records older than version 4. */
  readonly topicId: Uuid
}

export type TopicOffsets = ReadonlyMap<number, CommittedOffset>

/** Committed offsets of one shard by group, topic and partition. Written by replay only. Empty levels do not stay. */
export class Offsets {
  private readonly groups = new Map<string, Map<string, Map<number, CommittedOffset>>>()

  get(groupId: string, topic: string, partition: number): CommittedOffset | undefined {
    return this.groups.get(groupId)?.get(topic)?.get(partition)
  }

  ofGroup(groupId: string): ReadonlyMap<string, TopicOffsets> {
    return this.groups.get(groupId) ?? new Map()
  }

  groupIds(): IterableIterator<string> {
    return this.groups.keys()
  }

  set(groupId: string, topic: string, partition: number, offset: CommittedOffset): void {
    const topics = this.groups.get(groupId) ?? new Map<string, Map<number, CommittedOffset>>()
    const partitions = topics.get(topic) ?? new Map<number, CommittedOffset>()
    this.groups.set(groupId, topics)
    topics.set(topic, partitions)
    partitions.set(partition, offset)
  }

  remove(groupId: string, topic: string, partition: number): void {
    const topics = this.groups.get(groupId)
    const partitions = topics?.get(topic)
    if (topics === undefined || partitions === undefined) return
    partitions.delete(partition)
    if (partitions.size === 0) topics.delete(topic)
    if (topics.size === 0) this.groups.delete(groupId)
  }
}

/** Two ids of one name differ only when the topic was deleted and created again; an unknown id says nothing. */
export function isSameTopic(stored: Uuid, asked: Uuid): boolean {
  return stored === ZERO_UUID || asked === ZERO_UUID || stored === asked
}
