import type { ClientOptions } from '../client/admin-types.ts'
import { hasSettings } from './chosen-profile.ts'
import type { ConnectionTarget, Output } from './context.ts'
import { withShellTarget } from './shell-target.ts'

/** The local cluster as commands need it: is it there, and start it. `cluster/local-cluster.ts` is behind it. */
export interface LocalClusterAccess {
  /** `host:port` of a running local cluster, or null; a few file reads. */
  find(env: Environment): Promise<string | null>
  /** Starts it and resolves when it answers; what is not as usual is told. */
  start(env: Environment, tell: (line: string) => void): Promise<string>
}

type Environment = Readonly<Record<string, string | undefined>>

export interface ConnectionServices {
  readonly env: Environment
  readonly stderr: Output
  readonly localCluster: LocalClusterAccess
}

/**
 * How to connect, from flags, environment, profile and properties file (`settings.ts` says which wins); without servers in
 * any of them the local cluster, which is started when it is not running, and only then.
 */
export async function resolveConnection(given: ConnectionTarget, services: ConnectionServices): Promise<ClientOptions> {
  const target = withShellTarget(given, services.env)
  const properties = await propertiesOf(target, services)
  const toControllers = target.bootstrapController === undefined ? {} : { toControllers: true }
  const flag = target.bootstrapController ?? target.bootstrapServer
  const named = properties.get('bootstrap.servers') ?? flag ?? services.env.KT_BOOTSTRAP_SERVER
  const servers = named || (await localServers(services))
  if (properties.size === 0) {
    return { bootstrapServers: splitServers(servers), ...toControllers, clientId: target.clientId }
  }
  const { clientOptionsFromProperties } = await import('../client/properties.ts')
  const options = clientOptionsFromProperties(properties, { bootstrapServers: splitServers(servers) })
  return { ...options, ...toControllers, clientId: options.clientId ?? target.clientId }
}

async function propertiesOf(
  target: ConnectionTarget,
  { env, stderr }: ConnectionServices,
): Promise<ReadonlyMap<string, string>> {
  if (!hasSettings(target, env)) return new Map()
  const { gatherSettings } = await import('./settings.ts')
  const { effective, notices } = gatherSettings(target, env)
  for (const notice of notices) stderr.write(`kt: ${notice}\n`)
  return new Map([...effective].map(([key, { value }]) => [key, value]))
}

async function localServers({ env, stderr, localCluster }: ConnectionServices): Promise<string> {
  const running = await localCluster.find(env)
  if (running !== null) return running
  stderr.write('kt: no --bootstrap-server given and no local cluster running; starting one (kt cluster stop ends it)\n')
  return localCluster.start(env, (line) => stderr.write(`kt: ${line}\n`))
}

function splitServers(servers: string): string[] {
  return servers
    .split(',')
    .map((server) => server.trim())
    .filter((server) => server !== '')
}
