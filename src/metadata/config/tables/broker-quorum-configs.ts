/** Broker configuration: the metadata quorum, metrics and quotas. Columns: see `definition.ts`. */
import { parseDefinitions } from '../definition.ts'

export const QUORUM_CONFIGS = parseDefinitions(`
controller.quorum.voters | LIST | empty | HIGH | read-only | voters
    Static set of voters, as id@host:port entries.
controller.quorum.bootstrap.servers | LIST | empty | HIGH | read-only | bootstrap servers
    Addresses at which the quorum can be found, as host:port entries.
controller.quorum.election.timeout.ms | INT | 1000 | HIGH | read-only | [0,...]
    Time in milliseconds a candidate waits for votes before a new election.
controller.quorum.fetch.timeout.ms | INT | 2000 | HIGH | read-only | [0,...]
    Time in milliseconds without a successful fetch after which a voter stands for election, or a leader resigns.
controller.quorum.election.backoff.max.ms | INT | 1000 | HIGH | read-only | [0,...]
    Longest pause in milliseconds before another election.
controller.quorum.append.linger.ms | INT | 25 | MEDIUM | read-only | [0,...]
    Time in milliseconds the leader gathers records before it flushes them.
controller.quorum.request.timeout.ms | INT | 2000 | MEDIUM | read-only | [0,...]
    Time in milliseconds a quorum request waits for its answer.
controller.quorum.retry.backoff.ms | INT | 20 | LOW | read-only | [0,...]
    Pause in milliseconds before a failed quorum request is sent again.
controller.quorum.auto.join.enable | BOOLEAN | false | LOW | read-only
    Whether a controller adds itself to the voters.
controller.quorum.fetch.snapshot.max.bytes | INT | 1048576 | LOW | read-only | [1,...]
    Bytes asked for in one FetchSnapshot request.
controller.quorum.fetch.max.bytes | INT | 1048576 | LOW | read-only | [1,...]
    Bytes asked for in one fetch of the metadata log.
metadata.log.max.record.bytes.between.snapshots | LONG | 20971520 | HIGH | read-only | [1,...]
    Bytes of new metadata records after which a snapshot is written.
metadata.log.max.snapshot.interval.ms | LONG | 3600000 | HIGH | read-only | [0,...]
    Time in milliseconds after which a snapshot is written if there are new records; 0 for never.
metadata.log.dir | STRING | null | HIGH | read-only
    Directory of the metadata log; the first of log.dirs when not set.
metadata.log.segment.bytes | INT | 1073741824 | HIGH | read-only | [8388608,...]
    Segment size in bytes of the metadata log.
metadata.log.segment.ms | LONG | 604800000 | HIGH | read-only
    Age in milliseconds at which a segment of the metadata log is rolled.
metadata.max.retention.bytes | LONG | 104857600 | HIGH | read-only
    Bytes of metadata log and snapshots that are kept.
metadata.max.retention.ms | LONG | 604800000 | HIGH | read-only
    Age in milliseconds at which old metadata log and snapshots are deleted.
metadata.max.idle.interval.ms | INT | 500 | LOW | read-only | [0,...]
    Interval in milliseconds at which an idle active controller writes a no-op record; 0 for never.
internal.metadata.log.segment.bytes | INT | null | LOW | read-only | internal
    Overrides metadata.log.segment.bytes without its lower bound; meant for tests.
internal.metadata.max.batch.size.in.bytes | INT | 8388608 | LOW | read-only | internal
    Largest batch in bytes of the metadata log.
internal.metadata.delete.delay.millis | LONG | 60000 | LOW | read-only | internal
    Time in milliseconds before files of the metadata log are removed.
controller.performance.sample.period.ms | LONG | 60000 | MEDIUM | read-only | internal | [100,...]
    Interval in milliseconds at which the slowest controller events are logged.
controller.performance.always.log.threshold.ms | LONG | 2000 | MEDIUM | read-only | internal | [0,...]
    Duration in milliseconds from which a controller event is always logged.
metrics.num.samples | INT | 2 | LOW | read-only | [1,...]
    Samples kept to compute a metric.
metrics.sample.window.ms | LONG | 30000 | LOW | read-only | [1,...]
    Time in milliseconds one metric sample spans.
metric.reporters | LIST | org.apache.kafka.common.metrics.JmxReporter | LOW | cluster-wide | list
    Classes that report metrics.
metrics.recording.level | STRING | INFO | LOW | read-only
    Finest level of metric that is recorded.
kafka.metrics.reporters | LIST | empty | LOW | read-only | list
    Classes that report the older server metrics.
kafka.metrics.polling.interval.secs | INT | 10 | LOW | read-only | [1,...]
    Interval in seconds at which the older metrics reporters poll (kafka.metrics.reporters).
telemetry.max.bytes | INT | 1048576 | LOW | read-only | [1,...]
    Largest telemetry push in bytes, after compression, taken from a client.
quota.window.num | INT | 11 | LOW | read-only | [1,...]
    Samples kept for client quotas.
replication.quota.window.num | INT | 11 | LOW | read-only | [1,...]
    Samples kept for replication quotas.
alter.log.dirs.replication.quota.window.num | INT | 11 | LOW | read-only | [1,...]
    Samples kept for the quota on moves between log directories.
controller.quota.window.num | INT | 11 | LOW | read-only | [1,...]
    Samples kept for controller mutation quotas.
quota.window.size.seconds | INT | 1 | LOW | read-only | [1,...]
    Seconds one sample of a client quota spans.
replication.quota.window.size.seconds | INT | 1 | LOW | read-only | [1,...]
    Seconds one sample of a replication quota spans.
alter.log.dirs.replication.quota.window.size.seconds | INT | 1 | LOW | read-only | [1,...]
    Seconds one sample of the quota on moves between log directories spans.
controller.quota.window.size.seconds | INT | 1 | LOW | read-only | [1,...]
    Seconds one sample of a controller mutation quota spans.
client.quota.callback.class | CLASS | null | LOW | read-only
    Class that decides which quota applies to a request.
`)
