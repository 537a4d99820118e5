/**
 * How fast throttled replicas may be copied (KAFKA `ReplicationQuotaManager`): `leader.replication.throttled.rate` and
 * `follower.replication.throttled.rate` of this broker, for the replicas its topics name. Bytes are counted after they
 * were sent, so that the rate holds on average and a batch larger than it still passes.
 */
import type { Clock } from '../base/clock.ts'

export interface ReplicationQuotaOptions {
  /** Bytes per second as it is now. */
  readonly rate: () => number
  /** `replication.quota.window.num` */
  readonly samples: number
  readonly sampleMs: number
  readonly clock: Clock
}

interface Sample {
  readonly startMs: number
  bytes: number
}

export class ReplicationQuota {
  private readonly options: ReplicationQuotaOptions
  /** Oldest first, at most one more than `samples`. */
  private readonly window: Sample[] = []

  constructor(options: ReplicationQuotaOptions) {
    this.options = options
  }

  /** What was copied lately is more than the rate allows. */
  get isExceeded(): boolean {
    const { rate, sampleMs } = this.options
    const nowMs = this.forgetOld()
    const [oldest] = this.window
    if (oldest === undefined) return false
    // A first sample that has just begun would make any number of bytes a flood.
    const elapsedMs = Math.max(nowMs - oldest.startMs, sampleMs)
    const bytes = this.window.reduce((sum, sample) => sum + sample.bytes, 0)
    return (bytes / elapsedMs) * 1000 > rate()
  }

  /** `bytes` of throttled replicas were copied. */
  record(bytes: number): void {
    if (bytes === 0) return
    const nowMs = this.forgetOld()
    let sample = this.window.at(-1)
    if (sample === undefined || nowMs - sample.startMs >= this.options.sampleMs) {
      sample = { startMs: nowMs, bytes: 0 }
      this.window.push(sample)
    }
    sample.bytes += bytes
  }

  private forgetOld(): number {
    const { clock, samples, sampleMs } = this.options
    const nowMs = clock.monotonic()
    while (this.window.length > 0 && nowMs - this.window[0]!.startMs >= samples * sampleMs) this.window.shift()
    return nowMs
  }
}

/** Both sides of a broker. */
export interface ReplicationQuotas {
  readonly leader: ReplicationQuota
  readonly follower: ReplicationQuota
}

/** Which replicas of a topic on one broker are throttled. */
export type ThrottledReplicas = 'all' | ReadonlySet<number>

/** On which sides. */
export interface TopicThrottles {
  readonly leader: ThrottledReplicas
  readonly follower: ThrottledReplicas
}

const NONE: ThrottledReplicas = new Set()

export const NOT_THROTTLED: TopicThrottles = { leader: NONE, follower: NONE }

/** `leader.` or `follower.replication.throttled.replicas` as one broker reads it: `partition:broker,...` or `*`. */
export function throttledReplicas(value: string, nodeId: number): ThrottledReplicas {
  const text = value.trim()
  if (text === '') return NONE
  if (text === '*') return 'all'
  const pairs = text.split(',').map((pair) => pair.trim().split(':').map(Number))
  return new Set(pairs.filter(([, broker]) => broker === nodeId).map(([partition]) => partition!))
}

export function isThrottled(replicas: ThrottledReplicas, partition: number): boolean {
  return replicas === 'all' || replicas.has(partition)
}
