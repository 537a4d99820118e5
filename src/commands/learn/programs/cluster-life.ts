/** Whether the cluster of a program is still there: one that is gone for good takes its programs with it. */
import type { Clock, Timer } from '../../../base/clock.ts'
import type { CommandContext } from '../../../cli/context.ts'
import { type ConnectionFlags, targetOfFlags } from '../../../cli/own-command.ts'
import { clusterDirectory, readMarker } from '../../../cluster/cluster-directory.ts'
import { findLocalCluster } from '../../../cluster/local-cluster.ts'

/** `silent` may come back; `gone` never does: its directory is deleted, or another cluster answers in its place. */
export type Life = 'lives' | 'silent' | 'gone'
export type Probe = () => Promise<Life>

const PROBE_INTERVAL_MS = 2_000
/** A learner who stops everything to look at the files starts it again sooner. */
export const SILENT_LIMIT_MS = 120_000
/** A probe that hangs is an answer too. */
const PATIENCE = new Map([
  ['request.timeout.ms', '3000'],
  ['default.api.timeout.ms', '5000'],
])

export interface ClusterLife {
  /** Aborted when the cluster is gone for good. */
  readonly signal: AbortSignal
  stop(): void
}

/** Asks again and again, until it is stopped or the cluster is gone. */
export function watchLife(clock: Clock, probe: Probe, limitMs = SILENT_LIMIT_MS): ClusterLife {
  const ending = new AbortController()
  let lastSign = clock.monotonic()
  let timer: Timer | undefined
  const look = async (): Promise<void> => {
    // What cannot be asked says nothing.
    const life = await probe().catch((): Life => 'silent')
    if (timer === undefined) return
    if (life === 'lives') lastSign = clock.monotonic()
    if (life === 'gone' || clock.monotonic() - lastSign >= limitMs) ending.abort('gone')
    else again()
  }
  const again = (): void => {
    timer = clock.setTimer(PROBE_INTERVAL_MS, () => void look(), { background: true })
  }
  again()
  return {
    signal: ending.signal,
    stop() {
      timer?.cancel()
      timer = undefined
    },
  }
}

/** How the cluster that these flags mean is asked: the local one by its files, which cost nobody anything. */
export function probeOf(flags: ConnectionFlags, context: CommandContext): Probe {
  const target = targetOfFlags(flags)
  const isNamed = (target.bootstrapServer ?? target.commandConfig ?? target.profile) !== undefined
  const { env } = context
  if (!isNamed && !env.KT_BOOTSTRAP_SERVER && findLocalCluster({ env }) !== null) return localProbe(env)
  // A properties file says itself how patient it is.
  const asked = target.commandConfig === undefined ? { ...target, properties: PATIENCE } : target
  let first: string | undefined
  return async () => {
    const { clusterId } = await (await context.admin(asked)).describeCluster()
    first ??= clusterId
    return clusterId === first ? 'lives' : 'gone'
  }
}

/** Of the local cluster that is meant where none is named. */
export function localProbe(env: CommandContext['env']): Probe {
  const directory = clusterDirectory(env)
  const first = readMarker(directory)?.clusterId
  return async () => {
    if (readMarker(directory)?.clusterId !== first) return 'gone'
    return findLocalCluster({ env }) === null ? 'silent' : 'lives'
  }
}
