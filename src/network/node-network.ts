/** All of the network that a node sees: sockets in a process, messages of a simulated world in a simulation. */
import type { PeerNetwork } from '../protocol/peers.ts'
import type { ListenerOptions, SocketServerDependencies, SocketServerOptions } from './socket-server.ts'

/** What `SocketServer` is to a node. */
export interface NodeServer {
  /** Opens one listener and resolves with its port; requests go to the processor the server was made with. */
  listen(listener: ListenerOptions): Promise<number>
  stop(): Promise<void>
}

export interface NodeNetwork {
  readonly peers: PeerNetwork
  server(options: SocketServerOptions, dependencies: SocketServerDependencies): NodeServer
}
