/** State of the groups on one partition of `__consumer_offsets`, and the replay that is its only writer. */
import type { Clock } from '../../base/clock.ts'
import type { Logger } from '../../base/logger.ts'
import type { Random } from '../../base/random.ts'
import type { Timeline } from '../../base/timeline.ts'
import type { CoordinatorTimer } from '../timer.ts'
import type { CoordinatorRecord, StateMachine } from '../types.ts'
import { ClassicGroup } from './classic/group.ts'
import { prepareRebalance, rescheduleHeartbeat } from './classic/rebalance.ts'
import type { GroupCoordinatorConfig } from './config.ts'
import { Groups } from './groups.ts'
import { expireOffsetsAndGroups } from './offset-delete.ts'
import { Offsets } from './offsets.ts'
import { type GroupRecord, parseRecord } from './records.ts'
import type { GroupServices } from './services.ts'

const EXPIRATION_KEY = 'expire-group-metadata'

export interface GroupShardOptions {
  readonly config: GroupCoordinatorConfig
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly timeline?: Timeline | undefined
}

export class GroupShard implements StateMachine {
  /** What the operations work with: they read through it, and write soft state of groups only. */
  readonly services: GroupServices
  private readonly groups = new Groups()
  private readonly offsets = new Offsets()

  constructor(options: GroupShardOptions, timer: CoordinatorTimer) {
    this.services = { ...options, timer, groups: this.groups, offsets: this.offsets }
  }

  replay(record: CoordinatorRecord): void {
    const parsed = parseRecord(record)
    switch (parsed.kind) {
      case 'offset':
        this.replayOffset(parsed)
        return
      case 'group':
        if (parsed.value === null) this.groups.remove(parsed.groupId)
        else this.groups.put(ClassicGroup.fromRecord(parsed.groupId, parsed.value))
        return
      case 'unknown':
        // Of a newer Kafka, or of a kind of group that is not kept here: not ours to understand, nor to delete.
        this.services.logger.debug(`Skipped a record of type ${parsed.type} of __consumer_offsets.`)
    }
  }

  private replayOffset({ key, value }: Extract<GroupRecord, { kind: 'offset' }>): void {
    const { group, topic, partition } = key
    if (value === null) {
      this.offsets.remove(group, topic, partition)
      return
    }
    // Offsets without a group are those of a consumer that manages itself: a group without a protocol type.
    if (this.groups.get(group) === undefined) {
      this.groups.put(new ClassicGroup(group, this.services.clock.now()))
    }
    this.offsets.set(group, topic, partition, value)
  }

  onLoaded(): void {
    for (const group of this.groups.all()) {
      if (group instanceof ClassicGroup) this.resume(group)
    }
    this.scheduleExpiration()
  }

  /** Members of a loaded group have a whole session to find us. */
  private resume(group: ClassicGroup): void {
    for (const member of group.members) rescheduleHeartbeat(this.services, group, member)
    const { groupMaxSize } = this.services.config
    if (group.size <= groupMaxSize) return
    const reason = `Freshly-loaded group ${group.groupId} (size ${group.size}) is over capacity ${groupMaxSize}. Rebalancing in order to give a chance for consumers to commit offsets`
    prepareRebalance(this.services, group, reason)
  }

  private scheduleExpiration(): void {
    const { timer, config } = this.services
    timer.schedule(EXPIRATION_KEY, config.offsetsRetentionCheckIntervalMs, () => {
      this.scheduleExpiration()
      return expireOffsetsAndGroups(this.services)
    })
  }

  onUnloaded(): void {
    const nowMs = this.services.clock.now()
    for (const group of this.groups.all()) {
      if (group instanceof ClassicGroup) group.unload(nowMs)
    }
  }
}
