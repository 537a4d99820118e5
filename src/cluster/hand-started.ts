import type { Environment } from './cluster-directory.ts'
import { formatHostPort } from './cluster-directory.ts'
import { processState } from './node-process.ts'
import { registeredServers } from './server-registry.ts'

/** `host:port,...` of the brokers that a person started by hand on this machine and that are in service; null without any. */
export function findHandStarted(env: Environment): string | null {
  const brokers = registeredServers(env).filter(
    ({ node }) => node.ready && node.port !== null && processState(node) === 'running',
  )
  const addresses = brokers.map(({ node }) => formatHostPort(node.host, node.port!))
  return addresses.length === 0 ? null : addresses.join(',')
}
