/** Reading as a member of a consumer group: what was printed is committed. */
import { UsageError } from '../../cli/options.ts'
import type { ClientOptions } from '../../client/admin-types.ts'
import type { FetchedBatch, FetcherOptions } from '../../client/fetcher.ts'
import type { SetBack } from '../../client/group/membership-types.ts'
import { groupProtocolOptions } from '../../client/group/protocol-properties.ts'
import { GroupConsumer, type GroupConsumerOptions } from '../../client/group-consumer.ts'
import { integerProperty } from '../../client/property-values.ts'
import type { ConsumerSettings } from './options.ts'
import type { RecordSource } from './print-records.ts'

/** Is told what happens to the member. */
export interface GroupWatcher {
  /** How many partitions have come, or with a minus have gone. */
  readonly partitionsChanged: (more: number) => void
  readonly setBack: (setBack: SetBack) => void
}

/** Joins the group in the background. Rejects when the cluster cannot be reached. */
export async function openGroup(
  topics: readonly string[] | RegExp,
  settings: ConsumerSettings,
  fetcher: FetcherOptions,
  connection: ClientOptions,
  watcher: GroupWatcher | null = null,
): Promise<RecordSource> {
  const consumer = new GroupConsumer(connection, {
    ...fetcher,
    ...groupOptions(settings),
    topics,
    onAssigned: ({ length }) => watcher?.partitionsChanged(length),
    onRevoked({ length }) {
      if (length > 0) watcher?.partitionsChanged(-length)
    },
    onSetBack: (setBack) => watcher?.setBack(setBack),
  })
  const source = new GroupSource(consumer)
  try {
    await consumer.start()
  } catch (error) {
    await source.close()
    throw error
  }
  return source
}

class GroupSource implements RecordSource {
  readonly #consumer: GroupConsumer

  constructor(consumer: GroupConsumer) {
    this.#consumer = consumer
  }

  next(): Promise<FetchedBatch | null> {
    return this.#consumer.next()
  }

  printed(batch: FetchedBatch, nextOffset: number): void {
    this.#consumer.consumed(batch, nextOffset)
  }

  /** Commits what was printed and leaves, so that the others take over at once. */
  close(): Promise<void> {
    return this.#consumer.close()
  }
}

const NEVER_COMMIT = -1

function groupOptions(settings: ConsumerSettings): Omit<GroupConsumerOptions, 'topics'> {
  const { properties, groupId, autoOffsetReset } = settings
  refuseUnsupported(autoOffsetReset)
  const commits = properties.get('enable.auto.commit')?.trim().toLowerCase() !== 'false'
  return {
    groupId: groupId!,
    ...groupProtocolOptions(properties),
    sessionTimeoutMs: integerProperty(properties, 'session.timeout.ms'),
    rebalanceTimeoutMs: integerProperty(properties, 'max.poll.interval.ms'),
    heartbeatIntervalMs: integerProperty(properties, 'heartbeat.interval.ms'),
    autoCommitIntervalMs: commits ? integerProperty(properties, 'auto.commit.interval.ms') : NEVER_COMMIT,
  }
}

function refuseUnsupported(autoOffsetReset: string): void {
  if (autoOffsetReset.trim().toLowerCase().startsWith('by_duration:')) {
    throw new UsageError('auto.offset.reset=by_duration works without a group only', {
      next: 'set the offsets first: kt consumer-groups --reset-offsets --by-duration',
    })
  }
}
