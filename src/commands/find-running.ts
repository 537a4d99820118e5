/** Where a cluster can be asked that runs already: for what must never start one. */
import { KtError } from '../base/errors.ts'
import { resolveConnection } from '../cli/connection.ts'
import type { CommandContext, ConnectionTarget, Output } from '../cli/context.ts'
import type { ClientOptions } from '../client/admin-types.ts'

/** How to connect, as `context.connection` has it; throws a `KtError` where that would start the local cluster. */
export async function connectionOfRunning(
  target: ConnectionTarget,
  env: CommandContext['env'],
): Promise<ClientOptions> {
  const localCluster = {
    find: async () => {
      const local = (await import('../cluster/local-cluster.ts')).findLocalCluster({ env })
      return local ?? (await import('../cluster/hand-started.ts')).findHandStarted(env)
    },
    start: async () => {
      throw new KtError('unreachable', 'no local cluster runs, and no --bootstrap-server is given')
    },
  }
  return resolveConnection(target, { env, stderr: SILENCE, localCluster })
}

const SILENCE: Output = {
  isTerminal: false,
  columns: 80,
  write: () => true,
  drain: async () => undefined,
}
