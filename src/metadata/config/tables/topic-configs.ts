/** Configuration of a topic (`kafka-configs --entity-type topics`). Columns: see `definition.ts`. */
import { parseDefinitions } from '../definition.ts'

export const TOPIC_CONFIGS = parseDefinitions(`
segment.bytes | INT | 1073741824 | MEDIUM | dynamic | [1048576,...]
    Size in bytes at which the active segment file is closed and a new one started.
segment.ms | LONG | 604800000 | MEDIUM | dynamic | [1,...]
    Age in milliseconds after which a segment is rolled even if it is not full.
segment.jitter.ms | LONG | 0 | MEDIUM | dynamic | [0,...]
    Largest random amount taken off segment.ms, so that many partitions do not roll at once.
segment.index.bytes | INT | 10485760 | MEDIUM | dynamic | [4,...]
    Size in bytes an offset index may grow to; it is preallocated and trimmed when its segment rolls.
flush.messages | LONG | 9223372036854775807 | MEDIUM | dynamic | [1,...]
    Number of records after which the log is forced to disk; the default leaves flushing to the operating system.
flush.ms | LONG | 9223372036854775807 | MEDIUM | dynamic | [0,...]
    Longest time in milliseconds records may stay unflushed; the default leaves flushing to the operating system.
retention.bytes | LONG | -1 | MEDIUM | dynamic
    Size in bytes a partition may reach before its oldest segments are deleted, -1 for no limit.
retention.ms | LONG | 604800000 | MEDIUM | dynamic | [-1,...]
    Age in milliseconds after which segments are deleted under the delete policy, -1 for no limit.
max.message.bytes | INT | 1048588 | MEDIUM | dynamic | [0,...]
    Largest record batch, after compression, that this topic accepts.
index.interval.bytes | INT | 4096 | MEDIUM | dynamic | [0,...]
    Bytes appended between two entries of the offset index.
delete.retention.ms | LONG | 86400000 | MEDIUM | dynamic | [0,...]
    Time in milliseconds tombstones and transaction markers survive in a compacted topic.
min.compaction.lag.ms | LONG | 0 | MEDIUM | dynamic | [0,...]
    Youngest age in milliseconds at which a record may be compacted away.
max.compaction.lag.ms | LONG | 9223372036854775807 | MEDIUM | dynamic | [1,...]
    Longest time in milliseconds a record may stay out of compaction.
file.delete.delay.ms | LONG | 60000 | MEDIUM | dynamic | [0,...]
    Time in milliseconds between renaming a file to .deleted and removing it.
min.cleanable.dirty.ratio | DOUBLE | 0.5 | MEDIUM | dynamic | [0,...,1]
    Share of a compacted log that must be uncleaned before the cleaner takes it up.
cleanup.policy | LIST | delete | MEDIUM | dynamic | list of compact, delete
    What happens to old segments: delete removes them, compact keeps the newest record of each key; both may be named.
unclean.leader.election.enable | BOOLEAN | false | MEDIUM | dynamic
    Whether a replica outside the ISR may become leader as a last resort, losing acknowledged records.
min.insync.replicas | INT | 1 | MEDIUM | dynamic | [1,...]
    In-sync replicas that must hold a record before a produce with acks=all is acknowledged.
compression.type | STRING | producer | MEDIUM | dynamic | one of uncompressed, zstd, lz4, snappy, gzip, producer
    Codec of the topic's stored batches; producer keeps whatever the producer used.
compression.gzip.level | INT | -1 | MEDIUM | dynamic | [1,...,9] or -1
    Level used when the broker compresses with gzip.
compression.lz4.level | INT | 9 | MEDIUM | dynamic | [1,...,17]
    Level used when the broker compresses with lz4.
compression.zstd.level | INT | 3 | MEDIUM | dynamic | [-131072,...,22]
    Level used when the broker compresses with zstd.
preallocate | BOOLEAN | false | MEDIUM | dynamic
    Whether a new segment file is created at its full size.
message.timestamp.type | STRING | CreateTime | MEDIUM | dynamic | one of CreateTime, LogAppendTime
    Whose time a record carries: the producer's (CreateTime) or the broker's (LogAppendTime).
message.timestamp.before.max.ms | LONG | 9223372036854775807 | MEDIUM | dynamic | [0,...]
    How far a record's timestamp may lie before the broker's clock; ignored with LogAppendTime.
message.timestamp.after.max.ms | LONG | 3600000 | MEDIUM | dynamic | [0,...]
    How far a record's timestamp may lie after the broker's clock; ignored with LogAppendTime.
leader.replication.throttled.replicas | LIST | empty | MEDIUM | dynamic | throttled replicas
    Replicas throttled on the leader's side, as partition:broker pairs or * for all.
follower.replication.throttled.replicas | LIST | empty | MEDIUM | dynamic | throttled replicas
    Replicas throttled on the follower's side, as partition:broker pairs or * for all.
remote.storage.enable | BOOLEAN | false | MEDIUM | dynamic
    Whether segments of this topic are copied to tiered storage.
local.retention.ms | LONG | -2 | MEDIUM | dynamic | [-2,...]
    Age in milliseconds after which copied segments leave the local disk; -2 follows retention.ms.
local.retention.bytes | LONG | -2 | MEDIUM | dynamic | [-2,...]
    Bytes a partition keeps locally once its segments are copied; -2 follows retention.bytes.
remote.log.copy.disable | BOOLEAN | false | MEDIUM | dynamic
    Whether copying to tiered storage is stopped, leaving what is there readable.
remote.log.delete.on.disable | BOOLEAN | false | MEDIUM | dynamic
    Whether turning tiered storage off deletes what had been copied.
internal.segment.bytes | INT | null | MEDIUM | dynamic | internal
    Overrides segment.bytes without its lower bound; meant for tests.
`)
