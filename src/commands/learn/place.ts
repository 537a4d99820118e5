/**
 * Where lessons take place: the local cluster, whose nodes may be killed, or any other cluster. Gives facts and stage the
 * admin client, anew when the local cluster's addresses have changed.
 */
import { KtError } from '../../base/errors.ts'
import { chosenProfile } from '../../cli/chosen-profile.ts'
import type { CommandContext, ConnectionTarget } from '../../cli/context.ts'
import { withShellTarget } from '../../cli/shell-target.ts'
import type { Admin, ClientOptions } from '../../client/admin-types.ts'
import { findHandStarted } from '../../cluster/hand-started.ts'
import { checkNamedCluster, findLocalCluster } from '../../cluster/local-cluster.ts'
import type { ClusterAccess, LocalNodes } from '../../learn/facts/facts.ts'
import type { StageNodes } from '../../learn/stage.ts'
import type { LearnTarget } from '../../learn/store.ts'

/** Where a lesson is done. */
export interface Place extends ClusterAccess {
  /** How flags say it, for the next time; null for the local cluster. */
  readonly target: LearnTarget
  /** Its nodes as processes of this machine; null elsewhere. */
  readonly localNodes: LocalNodes | null
  readonly stageNodes: StageNodes | null
  /** Flags that a command needs to go there as well, with a blank in front: ` --bootstrap-server host:9092`. */
  readonly flags: string
  /** Starts the local cluster when nothing of it runs, and says so. */
  ensureRunning(): Promise<void>
  close(): Promise<void>
}

/** What a person chose. */
export interface PlaceChoice {
  readonly local: boolean
  readonly target: ConnectionTarget
  /** Where the open lesson was begun. */
  readonly remembered: LearnTarget
}

type PlaceContext = Pick<CommandContext, 'env' | 'stderr' | 'clock' | 'connection' | 'admin'>

/** A look that hangs would keep every goal waiting: requests are given up soon. */
const LOOK_TIMEOUTS = { requestTimeoutMs: 3_000, apiTimeoutMs: 8_000 } as const
/** Clusters far away take their time. */
const FAR_TIMEOUTS = new Map([
  ['request.timeout.ms', '10000'],
  ['default.api.timeout.ms', '20000'],
])
/** Whatever is still being asked has got its answer by then. */
const RETIRED_MS = 30_000

/** `--local`, else flags or KT_BOOTSTRAP_SERVER, else where the open lesson was begun, else as for every command. */
export async function choosePlace(choice: PlaceChoice, context: PlaceContext): Promise<Place> {
  const { env } = context
  if (choice.local) return localPlace(context)
  const asEveryCommand = withShellTarget(choice.target, env)
  const isTold = isNamed(asEveryCommand) || Boolean(env.KT_BOOTSTRAP_SERVER)
  const named = isTold ? asEveryCommand : (choice.remembered ?? {})
  const local = findLocalCluster({ env })
  const isSaid = isNamed(named) || Boolean(env.KT_BOOTSTRAP_SERVER) || chosenProfile(named, env) !== null
  if (!isSaid && (local !== null || findHandStarted(env) === null)) return localPlace(context)
  const { bootstrapServers } = await context.connection(named)
  // The local cluster by its address is the local cluster.
  if (local !== null && areAmong(bootstrapServers, local.split(','))) return localPlace(context)
  return otherPlace(named, bootstrapServers, context)
}

function isNamed({ bootstrapServer, commandConfig, profile }: ConnectionTarget): boolean {
  return (bootstrapServer ?? commandConfig ?? profile) !== undefined
}

function areAmong(servers: readonly string[], known: readonly string[]): boolean {
  const plain = (server: string): string => server.replace(/^(localhost|\[::1\]):/, '127.0.0.1:')
  return servers.length > 0 && servers.every((server) => known.map(plain).includes(plain(server)))
}

function otherPlace(target: ConnectionTarget, servers: readonly string[], context: PlaceContext): Place {
  const { bootstrapServer, commandConfig, profile } = target
  const kept = {
    ...(bootstrapServer === undefined ? {} : { bootstrapServer }),
    ...(commandConfig === undefined ? {} : { commandConfig }),
    ...(profile === undefined ? {} : { profile }),
  }
  // A properties file says itself how patient it is.
  const asked = commandConfig === undefined ? { ...target, properties: FAR_TIMEOUTS } : target
  let admin: Promise<Admin> | undefined
  return {
    target: isNamed(target) ? kept : { bootstrapServer: servers.join(',') },
    localNodes: null,
    stageNodes: null,
    flags: flagsOf(kept),
    admin() {
      admin ??= context.admin(asked)
      return admin
    },
    connection: () => context.connection(asked),
    ensureRunning: async () => undefined,
    // The context closes what it has opened.
    close: async () => undefined,
  }
}

function flagsOf({ bootstrapServer, commandConfig, profile }: NonNullable<LearnTarget>): string {
  const flag = (name: string, value: string | undefined): string => (value === undefined ? '' : ` --${name} ${value}`)
  return flag('bootstrap-server', bootstrapServer) + flag('command-config', commandConfig) + flag('profile', profile)
}

async function localPlace(context: PlaceContext): Promise<Place> {
  const { env, stderr } = context
  const { localClusterStatus } = await import('../../cluster/local-status.ts')
  const { LocalAdmins } = await import('./local-admins.ts')
  const { stageNodesOf } = await import('./local-stage.ts')
  const { nodePaths } = await import('../../cluster/cluster-directory.ts')
  const admins = new LocalAdmins(() => connectionOf(env), context.clock, RETIRED_MS)
  const localNodes: LocalNodes = () => {
    const { nodes, directory } = localClusterStatus({ env })
    return nodes.map(({ nodeId, roles, state, pid }) => ({
      nodeId,
      isBroker: roles !== 'controller',
      isController: roles !== 'broker',
      state: state === 'running' || state === 'paused' ? state : 'stopped',
      pid,
      directory: nodePaths(directory, nodeId).directory,
    }))
  }
  return {
    target: null,
    localNodes,
    stageNodes: stageNodesOf(context),
    flags: '',
    admin: () => admins.current(),
    connection: async () => connectionOf(env),
    async ensureRunning() {
      if (localClusterStatus({ env }).running) return
      checkNamedCluster(env)
      stderr.write('kt: no local cluster running; starting one (kt cluster stop ends it)\n')
      const { startLocalCluster } = await import('../../cluster/local-cluster.ts')
      await startLocalCluster({ env })
    },
    close: () => admins.close(),
  }
}

function connectionOf(env: PlaceContext['env']): ClientOptions {
  const servers = findLocalCluster({ env })
  if (servers !== null) return { bootstrapServers: servers.split(','), ...LOOK_TIMEOUTS }
  throw new KtError('unreachable', 'No broker of the local cluster is running', { next: 'kt cluster start' })
}
