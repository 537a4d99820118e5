/** Changes of committed offsets, and of where share groups begin, that are kept in the journal. */
import type { Admin, CommittedOffset, Outcome, TopicPartition } from '../../client/admin-types.ts'
import type { KeptOffset, OffsetEdit, PartitionEdit } from './entry.ts'
import { changeAndKeep, lookBefore, type Recorder } from './recorder.ts'

type OffsetCalls = Pick<
  Admin,
  'alterGroupOffsets' | 'deleteGroupOffsets' | 'deleteGroups' | 'alterShareGroupOffsets' | 'deleteShareGroupOffsets'
>

const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}:${partition}`
const topicsOf = (partitions: readonly TopicPartition[]): string[] => [...new Set(partitions.map(({ topic }) => topic))]

/** The five calls over an admin. */
export function offsetCalls(admin: Admin, recorder: Recorder): OffsetCalls {
  const calls = new OffsetJournal(admin, recorder)
  return {
    alterGroupOffsets: (groupId, offsets) => calls.alter(groupId, offsets),
    deleteGroupOffsets: (groupId, partitions) => calls.delete(groupId, partitions),
    deleteGroups: (groupIds) => calls.deleteGroups(groupIds),
    alterShareGroupOffsets: (groupId, offsets) => calls.alterShare(groupId, offsets),
    deleteShareGroupOffsets: (groupId, topics) => calls.deleteShare(groupId, topics),
  }
}

type NewOffset = Parameters<Admin['alterGroupOffsets']>[1][number]
type Committed = ReadonlyMap<string, TopicPartition & CommittedOffset>

class OffsetJournal {
  readonly #admin: Admin
  readonly #recorder: Recorder

  constructor(admin: Admin, recorder: Recorder) {
    this.#admin = admin
    this.#recorder = recorder
  }

  async alter(groupId: string, offsets: readonly NewOffset[]): Promise<Outcome<void>[]> {
    const before = await lookBefore(this.#admin, topicsOf(offsets), () => this.#committed(groupId))
    const change = () => this.#admin.alterGroupOffsets(groupId, offsets)
    return changeAndKeep(this.#recorder, before, change, ({ found, topicIds }, outcomes) => {
      const changed = offsets.filter((_, at) => outcomes === null || outcomes[at]!.ok)
      const partitions = changed.map((each) => partitionEdit(each, topicIds, found, keptOf(each)))
      return offsetEdits(groupId, false, partitions)
    })
  }

  async delete(groupId: string, list: readonly TopicPartition[]): Promise<Outcome<Outcome<void>[]>> {
    const before = await lookBefore(this.#admin, topicsOf(list), () => this.#committed(groupId))
    const change = () => this.#admin.deleteGroupOffsets(groupId, list)
    return changeAndKeep(this.#recorder, before, change, ({ found, topicIds }, outcome) => {
      const gone = list.filter((_, at) => hasChanged(outcome, at))
      const partitions = gone.map((each) => partitionEdit(each, topicIds, found, null))
      return offsetEdits(groupId, false, partitions)
    })
  }

  /** With a group go its offsets; committed again, they make the group again. */
  async deleteGroups(groupIds: readonly string[]): Promise<Map<string, Outcome<void>>> {
    const before = await lookBefore(this.#admin, [], async () => {
      const found = groupIds.length === 0 ? new Map() : await this.#admin.listGroupOffsets(groupIds)
      const groups = [...found].flatMap(([groupId, outcome]) => (outcome.ok ? [[groupId, outcome.value] as const] : []))
      const { topicIds } = await this.#admin.identify(topicsOf(groups.flatMap(([, offsets]) => offsets)))
      return { groups, topicIds }
    })
    const change = () => this.#admin.deleteGroups(groupIds)
    return changeAndKeep(this.#recorder, before, change, ({ found: { groups, topicIds } }, outcomes) =>
      groups.flatMap(([groupId, offsets]) => {
        if (outcomes?.get(groupId)?.ok === false) return []
        const known = byName(offsets)
        const partitions = offsets.map((each: TopicPartition) => partitionEdit(each, topicIds, known, null))
        return offsetEdits(groupId, false, partitions)
      }),
    )
  }

  async alterShare(groupId: string, offsets: readonly (TopicPartition & { offset: number })[]) {
    const before = await lookBefore(this.#admin, topicsOf(offsets), () => this.#shareStarts(groupId))
    const change = () => this.#admin.alterShareGroupOffsets(groupId, offsets)
    return changeAndKeep(this.#recorder, before, change, ({ found, topicIds }, outcome) => {
      const changed = offsets.filter((_, at) => hasChanged(outcome, at))
      const partitions = changed.map((each) => partitionEdit(each, topicIds, found, keptOf(each)))
      return offsetEdits(groupId, true, partitions)
    })
  }

  async deleteShare(groupId: string, topics: readonly string[]) {
    const before = await lookBefore(this.#admin, topics, () => this.#shareStarts(groupId))
    const change = () => this.#admin.deleteShareGroupOffsets(groupId, topics)
    return changeAndKeep(this.#recorder, before, change, ({ found, topicIds }, outcome) => {
      const gone = new Set(topics.filter((_, at) => hasChanged(outcome, at)))
      const partitions = [...found.values()]
        .filter(({ topic }) => gone.has(topic))
        .map((each) => partitionEdit(each, topicIds, found, null))
      return offsetEdits(groupId, true, partitions)
    })
  }

  /** A group that is not there has committed nothing. */
  async #committed(groupId: string): Promise<Committed> {
    const outcome = (await this.#admin.listGroupOffsets([groupId])).get(groupId)!
    if (outcome.ok) return byName(outcome.value)
    if (outcome.error.name === 'GROUP_ID_NOT_FOUND') return new Map()
    throw new Error(outcome.error.message)
  }

  async #shareStarts(groupId: string): Promise<Committed> {
    const outcome = (await this.#admin.listShareGroupOffsets([groupId])).get(groupId)!
    if (!outcome.ok && outcome.error.name === 'GROUP_ID_NOT_FOUND') return new Map()
    if (!outcome.ok) throw new Error(outcome.error.message)
    return byName(
      outcome.value.flatMap(({ topic, partition, startOffset }) =>
        startOffset === null || startOffset < 0 ? [] : [{ topic, partition, ...keptOf({ offset: startOffset }) }],
      ),
    )
  }
}

/** Without an answer it may have. */
function hasChanged(outcome: Outcome<Outcome<void>[]> | null, at: number): boolean {
  return outcome === null || (outcome.ok && outcome.value[at]!.ok)
}

/** What is as before is no change. */
function offsetEdits(groupId: string, isShare: boolean, all: readonly PartitionEdit[]): OffsetEdit[] {
  const partitions = all.filter(({ before, after }) => before?.offset !== after?.offset)
  return partitions.length === 0 ? [] : [{ kind: 'offsets', groupId, isShare, partitions }]
}

function byName(offsets: readonly (TopicPartition & CommittedOffset)[]): Committed {
  return new Map(offsets.map((each) => [nameOf(each), each]))
}

function keptOf({
  offset,
  leaderEpoch = -1,
  metadata = '',
}: Partial<CommittedOffset> & { offset: number }): KeptOffset {
  return { offset, leaderEpoch, metadata }
}

function partitionEdit(
  { topic, partition }: TopicPartition,
  topicIds: ReadonlyMap<string, string>,
  known: Committed,
  after: KeptOffset | null,
): PartitionEdit {
  const found = known.get(nameOf({ topic, partition }))
  const before = found === undefined ? null : keptOf(found)
  return { topic, topicId: topicIds.get(topic) ?? null, partition, before, after }
}
