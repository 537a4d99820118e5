/** Broker configuration: the node, its defaults for topics, requests and replication. Columns: see `definition.ts`. */
import { parseDefinitions } from '../definition.ts'

export const NODE_CONFIGS = parseDefinitions(`
node.id | INT | required | HIGH | read-only | [0,...]
    Number that identifies this node in the cluster, shared by its broker and controller roles.
process.roles | LIST | required | HIGH | read-only | list of broker, controller; non-empty
    Roles this process plays: broker, controller or both.
broker.id | INT | -1 | HIGH | read-only
    Number that identifies the broker; node.id takes precedence and must agree with it.
broker.rack | STRING | null | MEDIUM | read-only
    Rack the broker stands in; replicas of a partition are spread over racks.
initial.broker.registration.timeout.ms | INT | 60000 | MEDIUM | read-only
    Time in milliseconds a starting broker tries to register before it gives up.
broker.heartbeat.interval.ms | INT | 2000 | MEDIUM | read-only
    Interval in milliseconds between a broker's heartbeats to the active controller.
broker.session.timeout.ms | INT | 9000 | MEDIUM | read-only
    Time in milliseconds without a heartbeat after which a broker is fenced and its leaderships move.
controlled.shutdown.enable | BOOLEAN | true | MEDIUM | read-only
    Whether a stopping broker first hands its leaderships to other replicas.
server.max.startup.time.ms | LONG | 9223372036854775807 | MEDIUM | read-only | internal | [0,...]
    Time in milliseconds within which the server must have started, or it exits.
delete.topic.enable | BOOLEAN | true | HIGH | read-only
    Whether topics may be deleted.
auto.create.topics.enable | BOOLEAN | true | HIGH | read-only
    Whether asking for the metadata of an unknown topic creates it.
num.partitions | INT | 1 | MEDIUM | read-only | [1,...]
    Number of partitions of a topic created without a count.
default.replication.factor | INT | 1 | MEDIUM | read-only
    Replication factor of a topic created without one.
num.io.threads | INT | 8 | HIGH | cluster-wide | [1,...]
    Number of threads that serve requests.
background.threads | INT | 10 | HIGH | cluster-wide | [1,...]
    Number of threads for scheduled background tasks.
num.recovery.threads.per.data.dir | INT | 2 | HIGH | cluster-wide | [1,...]
    Threads per log directory that recover logs at startup and flush them at shutdown.
num.replica.alter.log.dirs.threads | INT | null | HIGH | read-only
    Threads that move replicas between log directories.
request.timeout.ms | INT | 30000 | HIGH | read-only
    Time in milliseconds this node waits for an answer to a request it sent.
socket.connection.setup.timeout.ms | LONG | 10000 | MEDIUM | read-only
    Time in milliseconds this node waits for a connection it opens.
socket.connection.setup.timeout.max.ms | LONG | 30000 | MEDIUM | read-only
    Upper bound in milliseconds of the connection wait, which doubles with each failure.
config.providers | LIST | empty | LOW | cluster-wide | list
    Aliases of the providers that resolve indirect configuration values.
authorizer.class.name | STRING | empty | LOW | read-only | non-null
    Authorizer that decides who may do what; empty allows everything.
early.start.listeners | LIST | null | HIGH | read-only | list; nullable
    Listeners that open before the authorizer has finished loading.
create.topic.policy.class.name | CLASS | null | LOW | read-only
    Policy class that may refuse a CreateTopics request.
alter.config.policy.class.name | CLASS | null | LOW | read-only
    Policy class that may refuse a configuration change.
unstable.api.versions.enable | BOOLEAN | false | HIGH | read-only | internal
    Whether request versions still under development are served.
unstable.feature.versions.enable | BOOLEAN | false | HIGH | read-only | internal
    Whether feature versions still under development may be enabled.
message.max.bytes | INT | 1048588 | HIGH | cluster-wide | [0,...]
    Largest record batch, after compression, that topics accept unless they say otherwise.
compression.type | STRING | producer | HIGH | cluster-wide | one of uncompressed, zstd, lz4, snappy, gzip, producer
    Default codec of stored batches; producer keeps whatever the producer used.
compression.gzip.level | INT | -1 | MEDIUM | cluster-wide | [1,...,9] or -1
    Default level used when the broker compresses with gzip.
compression.lz4.level | INT | 9 | MEDIUM | cluster-wide | [1,...,17]
    Default level used when the broker compresses with lz4.
compression.zstd.level | INT | 3 | MEDIUM | cluster-wide | [-131072,...,22]
    Default level used when the broker compresses with zstd.
max.incremental.fetch.session.cache.slots | INT | 1000 | MEDIUM | read-only | [0,...]
    Number of incremental fetch sessions the broker remembers.
fetch.max.bytes | INT | 57671680 | MEDIUM | read-only | [1024,...]
    Most bytes one fetch response may carry.
max.request.partition.size.limit | INT | 2000 | MEDIUM | read-only | [1,...]
    Most partitions one DescribeTopicPartitions answer may hold.
fetch.purgatory.purge.interval.requests | INT | 1000 | MEDIUM | read-only
    Finished delayed fetches that may pile up before they are purged.
producer.purgatory.purge.interval.requests | INT | 1000 | MEDIUM | read-only
    Finished delayed produces that may pile up before they are purged.
delete.records.purgatory.purge.interval.requests | INT | 1 | MEDIUM | read-only
    Finished delayed DeleteRecords that may pile up before they are purged.
share.fetch.purgatory.purge.interval.requests | INT | 1000 | MEDIUM | read-only
    Finished delayed share fetches that may pile up before they are purged.
min.insync.replicas | INT | 1 | HIGH | cluster-wide | [1,...]
    Default number of in-sync replicas that must hold a record before acks=all is acknowledged.
auto.leader.rebalance.enable | BOOLEAN | true | HIGH | read-only
    Whether the controller moves leadership back to preferred replicas from time to time.
leader.imbalance.check.interval.seconds | LONG | 300 | HIGH | read-only | [1,...]
    Interval in seconds between the controller's checks for leaders that are not preferred.
unclean.leader.election.enable | BOOLEAN | false | HIGH | cluster-wide
    Default for whether a replica outside the ISR may become leader as a last resort.
unclean.leader.election.interval.ms | LONG | 300000 | MEDIUM | read-only | internal | [1,...]
    Interval in milliseconds between the controller's searches for partitions that need an unclean election.
replica.lag.time.max.ms | LONG | 30000 | HIGH | read-only
    Time in milliseconds a follower may lag before the leader drops it from the ISR.
replica.socket.timeout.ms | INT | 30000 | HIGH | read-only
    Time in milliseconds a follower waits for the leader's answer.
replica.socket.receive.buffer.bytes | INT | 65536 | HIGH | read-only
    Receive buffer in bytes of a follower's connections.
replica.fetch.max.bytes | INT | 1048576 | MEDIUM | read-only | [0,...]
    Bytes per partition a follower asks for.
replica.fetch.wait.max.ms | INT | 500 | HIGH | read-only
    Time in milliseconds a leader may hold a follower's fetch.
replica.fetch.backoff.ms | INT | 1000 | MEDIUM | read-only | [0,...]
    Pause in milliseconds of a follower after a failed fetch.
replica.fetch.min.bytes | INT | 1 | HIGH | read-only
    Bytes a follower's fetch waits for before it is answered.
replica.fetch.response.max.bytes | INT | 10485760 | MEDIUM | read-only | [0,...]
    Bytes a whole fetch response to a follower may carry.
num.replica.fetchers | INT | 1 | HIGH | cluster-wide | [1,...]
    Threads that fetch from each other broker.
replica.high.watermark.checkpoint.interval.ms | LONG | 5000 | HIGH | read-only
    Interval in milliseconds at which high watermarks are written to disk.
security.inter.broker.protocol | STRING | PLAINTEXT | MEDIUM | read-only | one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL
    Security protocol between brokers when inter.broker.listener.name is not set.
inter.broker.listener.name | STRING | null | MEDIUM | read-only
    Listener the brokers use among themselves.
replica.selector.class | STRING | null | MEDIUM | read-only
    Class that chooses the replica a consumer should read from.
follower.fetch.last.tiered.offset.enable | BOOLEAN | false | MEDIUM | cluster-wide
    Whether a new follower starts at the last tiered offset rather than copying what is tiered.
`)
