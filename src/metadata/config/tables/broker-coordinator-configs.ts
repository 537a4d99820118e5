/** Broker configuration: group, share and transaction coordinators. Columns: see `definition.ts`. */
import { parseDefinitions } from '../definition.ts'

export const COORDINATOR_CONFIGS = parseDefinitions(`
group.coordinator.rebalance.protocols | LIST | classic,consumer,streams | MEDIUM | read-only | list of consumer, classic, share, streams; non-empty
    Rebalance protocols the group coordinator serves.
group.coordinator.threads | INT | 4 | HIGH | read-only | [1,...]
    Threads of the group coordinator.
group.coordinator.background.threads | INT | 2 | HIGH | read-only | [1,...]
    Threads of the group coordinator for work off the request path.
group.coordinator.append.linger.ms | INT | -1 | MEDIUM | read-only | [-1,...]
    Time in milliseconds the coordinator gathers records before it appends them; -1 adapts by itself.
group.coordinator.cached.buffer.max.bytes | INT | 1048588 | MEDIUM | cluster-wide | [524288,...]
    Largest buffer in bytes the coordinator keeps for its next append.
offsets.commit.timeout.ms | INT | 5000 | HIGH | read-only | [1,...]
    Time in milliseconds an offset commit waits for its replicas.
offsets.load.buffer.size | INT | 5242880 | HIGH | read-only | [1,...]
    Bytes read at once when committed offsets are loaded.
offsets.topic.replication.factor | SHORT | 3 | HIGH | read-only | [1,...]
    Replication factor of __consumer_offsets.
offsets.topic.num.partitions | INT | 50 | HIGH | read-only | [1,...]
    Number of partitions of __consumer_offsets; do not change it once in use.
offsets.topic.segment.bytes | INT | 104857600 | HIGH | read-only | [1,...]
    Segment size in bytes of __consumer_offsets, small so that compaction and loading stay fast.
offsets.topic.compression.codec | INT | 0 | HIGH | read-only
    Compression of __consumer_offsets by number: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd.
offset.metadata.max.bytes | INT | 4096 | HIGH | read-only
    Largest text in bytes that may go with a committed offset.
offsets.retention.minutes | INT | 10080 | HIGH | read-only | [1,...]
    Time in minutes that committed offsets outlive their empty group.
offsets.retention.check.interval.ms | LONG | 600000 | HIGH | read-only | [1,...]
    Interval in milliseconds between searches for expired offsets.
group.min.session.timeout.ms | INT | 6000 | MEDIUM | read-only
    Shortest session timeout in milliseconds a classic member may ask for.
group.max.session.timeout.ms | INT | 1800000 | MEDIUM | read-only
    Longest session timeout in milliseconds a classic member may ask for.
group.initial.rebalance.delay.ms | INT | 3000 | MEDIUM | read-only
    Time in milliseconds an empty classic group waits for more members before its first rebalance.
group.max.size | INT | 2147483647 | MEDIUM | read-only | [1,...]
    Most members of a classic group.
group.consumer.session.timeout.ms | INT | 45000 | MEDIUM | read-only | [1,...]
    Default session timeout in milliseconds of consumer groups.
group.consumer.min.session.timeout.ms | INT | 45000 | MEDIUM | read-only | [1,...]
    Smallest session timeout in milliseconds a consumer group may set.
group.consumer.max.session.timeout.ms | INT | 60000 | MEDIUM | read-only | [1,...]
    Largest session timeout in milliseconds a consumer group may set.
group.consumer.heartbeat.interval.ms | INT | 5000 | MEDIUM | read-only | [1,...]
    Default heartbeat interval in milliseconds of consumer groups.
group.consumer.min.heartbeat.interval.ms | INT | 5000 | MEDIUM | read-only | [1,...]
    Smallest heartbeat interval in milliseconds a consumer group may set.
group.consumer.max.heartbeat.interval.ms | INT | 15000 | MEDIUM | read-only | [1,...]
    Largest heartbeat interval in milliseconds a consumer group may set.
group.consumer.max.size | INT | 2147483647 | MEDIUM | read-only | [1,...]
    Most members of a consumer group.
group.consumer.assignors | LIST | uniform,range | MEDIUM | read-only | list; non-empty
    Assignors of consumer groups, the first being the default.
group.consumer.migration.policy | STRING | bidirectional | MEDIUM | read-only | one of (any case) DISABLED, DOWNGRADE, UPGRADE, BIDIRECTIONAL
    Whether groups may move between the classic and the consumer protocol, and in which direction.
group.consumer.assignment.interval.ms | INT | 1000 | MEDIUM | cluster-wide | [0,...]
    Default shortest time in milliseconds between two assignments of a consumer group.
group.consumer.min.assignment.interval.ms | INT | 0 | MEDIUM | read-only | [0,...]
    Smallest assignment interval in milliseconds a consumer group may set.
group.consumer.max.assignment.interval.ms | INT | 15000 | MEDIUM | read-only | [0,...]
    Largest assignment interval in milliseconds a consumer group may set.
group.consumer.regex.refresh.interval.ms | INT | 600000 | MEDIUM | read-only | internal | [10000,...]
    Interval in milliseconds at which subscribed patterns are matched against the topics again.
group.share.session.timeout.ms | INT | 45000 | MEDIUM | read-only | [1,...]
    Default session timeout in milliseconds of share groups.
group.share.min.session.timeout.ms | INT | 45000 | MEDIUM | read-only | [1,...]
    Smallest session timeout in milliseconds a share group may set.
group.share.max.session.timeout.ms | INT | 60000 | MEDIUM | read-only | [1,...]
    Largest session timeout in milliseconds a share group may set.
group.share.heartbeat.interval.ms | INT | 5000 | MEDIUM | read-only | [1,...]
    Default heartbeat interval in milliseconds of share groups.
group.share.min.heartbeat.interval.ms | INT | 5000 | MEDIUM | read-only | [1,...]
    Smallest heartbeat interval in milliseconds a share group may set.
group.share.max.heartbeat.interval.ms | INT | 15000 | MEDIUM | read-only | [1,...]
    Largest heartbeat interval in milliseconds a share group may set.
group.share.max.size | INT | 200 | MEDIUM | read-only | [1,...,1000]
    Most members of a share group.
group.share.assignors | LIST | simple | MEDIUM | read-only | list; non-empty
    Assignors of share groups.
group.share.assignment.interval.ms | INT | 1000 | MEDIUM | cluster-wide | [0,...]
    Default shortest time in milliseconds between two assignments of a share group.
group.share.min.assignment.interval.ms | INT | 0 | MEDIUM | read-only | [0,...]
    Smallest assignment interval in milliseconds a share group may set.
group.share.max.assignment.interval.ms | INT | 15000 | MEDIUM | read-only | [0,...]
    Largest assignment interval in milliseconds a share group may set.
group.share.initialize.retry.interval.ms | INT | 30000 | LOW | read-only | internal | [1,...]
    Time in milliseconds before a share partition's unfinished initialization is tried again.
group.share.delivery.count.limit | INT | 5 | MEDIUM | read-only | [2,...,10]
    Default number of deliveries of a record to a share group.
group.share.max.delivery.count.limit | INT | 10 | MEDIUM | read-only | [5,...,25]
    Largest delivery count a share group may set.
group.share.min.delivery.count.limit | INT | 2 | MEDIUM | read-only | [2,...,5]
    Smallest delivery count a share group may set.
group.share.record.lock.duration.ms | INT | 30000 | MEDIUM | read-only | [1000,...,3600000]
    Default time in milliseconds a record stays locked to a member of a share group.
group.share.min.record.lock.duration.ms | INT | 15000 | MEDIUM | read-only | [1000,...,30000]
    Smallest lock duration in milliseconds a share group may set.
group.share.max.record.lock.duration.ms | INT | 60000 | MEDIUM | read-only | [30000,...,3600000]
    Largest lock duration in milliseconds a share group may set.
group.share.partition.max.record.locks | INT | 2000 | MEDIUM | read-only | [100,...,10000]
    Default number of records of one partition a share group may hold in flight.
group.share.max.partition.max.record.locks | INT | 4000 | MEDIUM | read-only | [2000,...,10000]
    Largest in-flight limit a share group may set.
group.share.min.partition.max.record.locks | INT | 100 | MEDIUM | read-only | [100,...,2000]
    Smallest in-flight limit a share group may set.
group.share.max.share.sessions | INT | 2000 | MEDIUM | read-only | [1,...]
    Share sessions a broker remembers.
group.share.persister.class.name | STRING | org.apache.kafka.server.share.persister.DefaultStatePersister | MEDIUM | read-only | internal
    Class that stores the state of share groups.
group.streams.session.timeout.ms | INT | 45000 | MEDIUM | read-only | [1,...]
    Default session timeout in milliseconds of streams groups.
group.streams.min.session.timeout.ms | INT | 45000 | MEDIUM | read-only | [1,...]
    Smallest session timeout in milliseconds a streams group may set.
group.streams.max.session.timeout.ms | INT | 60000 | MEDIUM | read-only | [1,...]
    Largest session timeout in milliseconds a streams group may set.
group.streams.heartbeat.interval.ms | INT | 5000 | MEDIUM | read-only | [1,...]
    Default heartbeat interval in milliseconds of streams groups.
group.streams.min.heartbeat.interval.ms | INT | 5000 | MEDIUM | read-only | [1,...]
    Smallest heartbeat interval in milliseconds a streams group may set.
group.streams.max.heartbeat.interval.ms | INT | 15000 | MEDIUM | read-only | [1,...]
    Largest heartbeat interval in milliseconds a streams group may set.
group.streams.max.size | INT | 2147483647 | MEDIUM | read-only | [1,...]
    Most members of a streams group.
group.streams.num.standby.replicas | INT | 0 | MEDIUM | read-only | [0,...]
    Default number of standby copies of each stateful task.
group.streams.max.standby.replicas | INT | 2 | MEDIUM | read-only | [0,...]
    Largest number of standby copies a streams group may set.
group.streams.initial.rebalance.delay.ms | INT | 3000 | MEDIUM | read-only | [0,...]
    Default time in milliseconds an empty streams group waits for more members.
group.streams.assignment.interval.ms | INT | 1000 | MEDIUM | cluster-wide | [0,...]
    Default shortest time in milliseconds between two assignments of a streams group.
group.streams.min.assignment.interval.ms | INT | 0 | MEDIUM | read-only | [0,...]
    Smallest assignment interval in milliseconds a streams group may set.
group.streams.max.assignment.interval.ms | INT | 15000 | MEDIUM | read-only | [0,...]
    Largest assignment interval in milliseconds a streams group may set.
share.coordinator.state.topic.num.partitions | INT | 50 | HIGH | read-only | [1,...]
    Number of partitions of __share_group_state; do not change it once in use.
share.coordinator.state.topic.replication.factor | SHORT | 3 | HIGH | read-only | [1,...]
    Replication factor of __share_group_state.
share.coordinator.state.topic.min.isr | SHORT | 2 | HIGH | read-only | [1,...]
    In-sync replicas that a write to __share_group_state needs.
share.coordinator.state.topic.segment.bytes | INT | 104857600 | HIGH | read-only | [1,...]
    Segment size in bytes of __share_group_state.
share.coordinator.threads | INT | 1 | MEDIUM | read-only | [1,...]
    Threads of the share coordinator.
share.coordinator.snapshot.update.records.per.snapshot | INT | 500 | MEDIUM | read-only | [0,...,500]
    Updates of a share partition between two of its snapshots.
share.coordinator.load.buffer.size | INT | 5242880 | HIGH | read-only | [1,...]
    Bytes read at once when share state is loaded.
share.coordinator.state.topic.compression.codec | INT | 0 | HIGH | read-only
    Compression of __share_group_state by number, as offsets.topic.compression.codec.
share.coordinator.append.linger.ms | INT | -1 | MEDIUM | read-only | [-1,...]
    Time in milliseconds the share coordinator gathers records before it appends them; -1 adapts by itself.
share.coordinator.write.timeout.ms | INT | 5000 | HIGH | read-only | [1,...]
    Time in milliseconds a write of share state waits for its replicas.
share.coordinator.state.topic.prune.interval.ms | INT | 300000 | LOW | read-only | internal | [1,...]
    Interval in milliseconds at which records no longer needed are pruned from __share_group_state.
share.coordinator.cold.partition.snapshot.interval.ms | INT | 300000 | LOW | read-only | internal | [1,...]
    Interval in milliseconds at which idle share partitions are written as snapshots.
share.coordinator.cached.buffer.max.bytes | INT | 1048588 | MEDIUM | cluster-wide | [524288,...]
    Largest buffer in bytes the share coordinator keeps for its next append.
transaction.state.log.min.isr | INT | 2 | HIGH | read-only | [1,...]
    In-sync replicas that a write to __transaction_state needs.
transaction.state.log.load.buffer.size | INT | 5242880 | HIGH | read-only | [1,...]
    Bytes read at once when transactional state is loaded.
transaction.state.log.replication.factor | SHORT | 3 | HIGH | read-only | [1,...]
    Replication factor of __transaction_state.
transaction.state.log.num.partitions | INT | 50 | HIGH | read-only | [1,...]
    Number of partitions of __transaction_state; do not change it once in use.
transaction.state.log.segment.bytes | INT | 104857600 | HIGH | read-only | [1,...]
    Segment size in bytes of __transaction_state.
transaction.partition.verification.enable | BOOLEAN | true | LOW | cluster-wide
    Whether a partition checks with the coordinator that it belongs to the transaction (KIP-890).
producer.id.expiration.ms | INT | 86400000 | LOW | cluster-wide | [1,...]
    Time in milliseconds a partition remembers a producer id that went silent.
producer.id.expiration.check.interval.ms | INT | 600000 | LOW | read-only | internal | [1,...]
    Interval in milliseconds between searches for expired producer ids.
transactional.id.expiration.ms | INT | 604800000 | HIGH | read-only | [1,...]
    Time in milliseconds the coordinator remembers a transactional id without a transaction.
transaction.max.timeout.ms | INT | 900000 | HIGH | read-only | [1,...]
    Longest transaction timeout in milliseconds a producer may ask for.
transaction.abort.timed.out.transaction.cleanup.interval.ms | INT | 10000 | LOW | read-only | [1,...]
    Interval in milliseconds between searches for transactions that timed out.
transaction.remove.expired.transaction.cleanup.interval.ms | INT | 3600000 | LOW | read-only | [1,...]
    Interval in milliseconds between searches for expired transactional ids.
transaction.two.phase.commit.enable | BOOLEAN | false | LOW | read-only
    Whether producers may take part in an outer two-phase commit (KIP-939).
add.partitions.to.txn.retry.backoff.max.ms | INT | 100 | HIGH | read-only | [0,...]
    Longest time in milliseconds a broker retries verifying a transaction's partition.
add.partitions.to.txn.retry.backoff.ms | INT | 20 | HIGH | read-only | [1,...]
    Pause in milliseconds between two tries of verifying a transaction's partition.
`)
