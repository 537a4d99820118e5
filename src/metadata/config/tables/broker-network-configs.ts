/** Broker configuration: listeners, sockets and connections. Columns: see `definition.ts`. */
import { parseDefinitions } from '../definition.ts'

export const NETWORK_CONFIGS = parseDefinitions(`
listeners | LIST | PLAINTEXT://:9092 | HIGH | per-broker | list; non-empty
    Addresses this node listens on, as NAME://host:port.
advertised.listeners | LIST | null | HIGH | read-only | list; non-empty nullable
    Addresses clients are told to connect to, when they differ from listeners.
listener.security.protocol.map | STRING | SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT | LOW | per-broker
    Security protocol of each listener name.
controller.listener.names | LIST | required | HIGH | read-only | list; non-empty
    Names of the listeners that controllers use.
sasl.mechanism.controller.protocol | STRING | GSSAPI | HIGH | read-only
    SASL mechanism towards controllers.
socket.send.buffer.bytes | INT | 102400 | HIGH | read-only
    Send buffer in bytes of accepted connections, -1 for the system's default.
socket.receive.buffer.bytes | INT | 102400 | HIGH | read-only
    Receive buffer in bytes of accepted connections, -1 for the system's default.
socket.request.max.bytes | INT | 104857600 | HIGH | read-only | [1,...]
    Largest request in bytes; a bigger one closes the connection.
socket.listen.backlog.size | INT | 50 | MEDIUM | read-only | [1,...]
    Connections that may wait to be accepted.
max.connections.per.ip | INT | 2147483647 | MEDIUM | cluster-wide | [0,...]
    Connections one address may hold open.
max.connections.per.ip.overrides | STRING | empty | MEDIUM | cluster-wide
    Exceptions to max.connections.per.ip, as host:count pairs.
max.connections | INT | 2147483647 | MEDIUM | cluster-wide | [0,...]
    Connections the broker holds open in all.
max.connection.creation.rate | INT | 2147483647 | MEDIUM | cluster-wide | [0,...]
    New connections accepted per second.
connections.max.idle.ms | LONG | 600000 | MEDIUM | read-only
    Time in milliseconds after which a silent connection is closed.
connection.failed.authentication.delay.ms | INT | 100 | LOW | read-only | [0,...]
    Time in milliseconds a connection is kept after it failed to authenticate.
queued.max.requests | INT | 500 | HIGH | read-only | [1,...]
    Requests that may wait for a request thread before reading stops.
queued.max.request.bytes | LONG | -1 | MEDIUM | read-only
    Bytes of waiting requests before reading stops, -1 for no limit.
num.network.threads | INT | 3 | HIGH | cluster-wide | [1,...]
    Threads that read and write the sockets of a listener.
controller.socket.timeout.ms | INT | 30000 | MEDIUM | read-only
    Time in milliseconds a connection to a controller may take to answer.
`)
