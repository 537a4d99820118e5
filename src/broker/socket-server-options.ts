import type { NodeConfig } from '../metadata/config/index.ts'
import type { SocketServerOptions } from '../network/socket-server.ts'

/** `max.connections.per.ip.overrides`: `host:limit,host:limit`. */
function overridesOf(text: string | null): ReadonlyMap<string, number> {
  const overrides = new Map<string, number>()
  for (const part of (text ?? '').split(',')) {
    const at = part.lastIndexOf(':')
    const limit = Number(part.slice(at + 1))
    if (at > 0 && Number.isInteger(limit)) overrides.set(part.slice(0, at).trim(), limit)
  }
  return overrides
}

/** The listener's settings as server.properties has them. */
export function socketServerOptions(node: NodeConfig): SocketServerOptions {
  return {
    socketRequestMaxBytes: node.getInt('socket.request.max.bytes'),
    maxConnections: node.getInt('max.connections'),
    maxConnectionsPerIp: node.getInt('max.connections.per.ip'),
    maxConnectionsPerIpOverrides: overridesOf(node.getString('max.connections.per.ip.overrides')),
    connectionsMaxIdleMs: node.getLong('connections.max.idle.ms'),
    queuedMaxRequestBytes: node.getLong('queued.max.request.bytes'),
    socketListenBacklogSize: node.getInt('socket.listen.backlog.size'),
  }
}
