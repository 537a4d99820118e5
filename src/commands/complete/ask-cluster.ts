/** The process that asks a cluster for its names, and never starts one. */
import type { CommandContext, ConnectionTarget } from '../../cli/context.ts'
import { connectionOfRunning } from '../find-running.ts'
import { type LiveNames, writeNames } from './live-names.ts'

/** A process that nobody waits for must end by itself. */
const TIMEOUT_MS = 3_000

/** Asks and writes the file; whatever fails, fails silently: there is nobody to tell. */
export async function askCluster(
  file: string,
  target: ConnectionTarget,
  { env, clock }: CommandContext,
): Promise<void> {
  const options = await connectionOfRunning(target, env)
  const { createAdmin } = await import('../../client/admin.ts')
  const limits = { connectTimeoutMs: TIMEOUT_MS, requestTimeoutMs: TIMEOUT_MS, apiTimeoutMs: TIMEOUT_MS }
  const admin = await createAdmin({ ...options, ...limits })
  try {
    const [topics, groups, brokers] = await Promise.allSettled([
      admin.listTopics(),
      admin.listGroups(),
      admin.describeCluster(),
    ])
    const names: LiveNames = {
      topics: topics.status === 'fulfilled' ? topics.value.map(({ name }) => name).sort() : [],
      groups: groups.status === 'fulfilled' ? groups.value.map(({ groupId }) => groupId).sort() : [],
      brokers: brokers.status === 'fulfilled' ? brokers.value.brokers.map(({ id }) => String(id)) : [],
    }
    if (topics.status === 'fulfilled' || brokers.status === 'fulfilled') writeNames(file, names, clock)
  } finally {
    await admin.close()
  }
}
