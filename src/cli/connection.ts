import type { ClientOptions } from '../client/admin-types.ts'
import type { ConnectionTarget, Output } from './context.ts'

/** The local cluster as commands need it: is it there, and start it. `cluster/local-cluster.ts` is behind it. */
export interface LocalClusterAccess {
  /** `host:port` of a running local cluster, or null; a few file reads. */
  find(env: Environment): Promise<string | null>
  /** Starts it and resolves when it answers. */
  start(env: Environment): Promise<string>
}

type Environment = Readonly<Record<string, string | undefined>>

export interface ConnectionServices {
  readonly env: Environment
  readonly stderr: Output
  readonly localCluster: LocalClusterAccess
}

/**
 * Where to connect: `--bootstrap-controller`, `--bootstrap-server`, the properties file's `bootstrap.servers`,
 * `KT_BOOTSTRAP_SERVER`, the local cluster; the last is started when it is not running, and only then.
 */
export async function resolveConnection(
  target: ConnectionTarget,
  services: ConnectionServices,
): Promise<ClientOptions> {
  const properties = await propertiesOf(target)
  const toControllers = target.bootstrapController === undefined ? {} : { toControllers: true }
  const servers = target.bootstrapController ?? (await bootstrapServers(target, properties, services))
  if (properties.size === 0) {
    return { bootstrapServers: splitServers(servers), ...toControllers, clientId: target.clientId }
  }
  const { clientOptionsFromProperties } = await import('../client/properties.ts')
  const options = clientOptionsFromProperties(properties, { bootstrapServers: splitServers(servers) })
  return { ...options, ...toControllers, clientId: options.clientId ?? target.clientId }
}

async function propertiesOf(target: ConnectionTarget): Promise<ReadonlyMap<string, string>> {
  if (target.commandConfig === undefined) return target.properties ?? new Map()
  const { loadProperties } = await import('../client/properties.ts')
  return new Map([...loadProperties(target.commandConfig), ...(target.properties ?? [])])
}

async function bootstrapServers(
  target: ConnectionTarget,
  properties: ReadonlyMap<string, string>,
  { env, stderr, localCluster }: ConnectionServices,
): Promise<string> {
  const named = target.bootstrapServer ?? properties.get('bootstrap.servers') ?? env.KT_BOOTSTRAP_SERVER
  if (named !== undefined && named !== '') return named
  const running = await localCluster.find(env)
  if (running !== null) return running
  stderr.write('kt: no --bootstrap-server given and no local cluster running; starting one (kt cluster stop ends it)\n')
  return localCluster.start(env)
}

function splitServers(servers: string): string[] {
  return servers
    .split(',')
    .map((server) => server.trim())
    .filter((server) => server !== '')
}
