/** Configuration of a group (KIP-848, KIP-932, KIP-1071). Columns: see `definition.ts`. */
import { parseDefinitions } from '../definition.ts'

export const GROUP_CONFIGS = parseDefinitions(`
consumer.session.timeout.ms | INT | 45000 | MEDIUM | dynamic | [1,...]
    Time in milliseconds without a heartbeat after which a member of the consumer group is removed.
consumer.heartbeat.interval.ms | INT | 5000 | MEDIUM | dynamic | [1,...]
    Interval in milliseconds at which members of the consumer group are told to heartbeat.
consumer.assignment.interval.ms | INT | 1000 | MEDIUM | dynamic | [0,...]
    Shortest time in milliseconds between two assignments of the consumer group.
share.session.timeout.ms | INT | 45000 | MEDIUM | dynamic | [1,...]
    Time in milliseconds without a heartbeat after which a member of the share group is removed.
share.heartbeat.interval.ms | INT | 5000 | MEDIUM | dynamic | [1,...]
    Interval in milliseconds at which members of the share group are told to heartbeat.
share.record.lock.duration.ms | INT | 30000 | MEDIUM | dynamic | [1000,...]
    Time in milliseconds an acquired record stays locked to one member of the share group.
share.delivery.count.limit | INT | 5 | MEDIUM | dynamic | [2,...]
    Number of times a record is delivered to the share group before it is given up.
share.partition.max.record.locks | INT | 2000 | MEDIUM | dynamic | [100,...]
    Number of records of one partition that the share group may hold in flight.
share.auto.offset.reset | STRING | latest | MEDIUM | dynamic | share offset reset
    Where a share group starts in a partition: latest, earliest or by_duration: with an ISO-8601 duration.
share.isolation.level | STRING | read_uncommitted | MEDIUM | dynamic | one of read_committed, read_uncommitted
    Whether a share group sees only committed transactional records.
share.renew.acknowledge.enable | BOOLEAN | true | MEDIUM | dynamic
    Whether members may extend the lock on a record with a renew acknowledgement.
share.assignment.interval.ms | INT | 1000 | MEDIUM | dynamic | [0,...]
    Shortest time in milliseconds between two assignments of the share group.
streams.session.timeout.ms | INT | 45000 | MEDIUM | dynamic | [1,...]
    Time in milliseconds without a heartbeat after which a member of the streams group is removed.
streams.heartbeat.interval.ms | INT | 5000 | MEDIUM | dynamic | [1,...]
    Interval in milliseconds at which members of the streams group are told to heartbeat.
streams.num.standby.replicas | INT | 0 | MEDIUM | dynamic | [0,...]
    Number of standby copies kept of each stateful task.
streams.initial.rebalance.delay.ms | INT | 3000 | MEDIUM | dynamic | [0,...]
    Time in milliseconds an empty streams group waits for more members before its first assignment.
streams.assignment.interval.ms | INT | 1000 | MEDIUM | dynamic | [0,...]
    Shortest time in milliseconds between two assignments of the streams group.
`)
