import type { Clock } from '../../base/clock.ts'
import type { Logger } from '../../base/logger.ts'
import type { Random } from '../../base/random.ts'
import type { Timeline } from '../../base/timeline.ts'
import type { CoordinatorTimer } from '../timer.ts'
import type { CoordinatorResult } from '../types.ts'
import type { GroupCoordinatorConfig } from './config.ts'
import type { Groups } from './groups.ts'
import type { Offsets } from './offsets.ts'

/** What the operations of one shard work with. Built once per load and handed to every operation. */
export interface GroupServices {
  readonly config: GroupCoordinatorConfig
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Left out: nobody is told. */
  readonly timeline?: Timeline | undefined
  readonly timer: CoordinatorTimer
  readonly groups: Groups
  readonly offsets: Offsets
}

/** Who asks, as far as groups are concerned. */
export interface GroupRequestContext {
  readonly apiVersion: number
  readonly clientId: string | null
  /** The client's address. */
  readonly clientHost: string
}

/** Tells a step of a group to who watches; `step` is in the words of the log. */
export function tellGroup(
  { timeline }: GroupServices,
  { groupId, state, generationId }: { groupId: string; state: string; generationId: number },
  step: string,
): void {
  if (timeline?.isWatched) timeline.tell({ type: 'group', groupId, state, generation: generationId, step })
}

/** Nothing to write; the answer, if any, goes another way. */
export const NOTHING: CoordinatorResult<undefined> = { records: [], response: undefined }
