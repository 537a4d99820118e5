/** Broker configuration: log directories, segments, retention and compaction. Columns: see `definition.ts`. */
import { parseDefinitions } from '../definition.ts'

export const LOG_CONFIGS = parseDefinitions(`
log.dir | LIST | /tmp/kafka-logs | HIGH | read-only | list; non-empty
    Directory for partition logs, used when log.dirs is not set.
log.dirs | LIST | null | HIGH | read-only | list; non-empty nullable
    Directories for partition logs, separated by commas.
cordoned.log.dirs | LIST | empty | MEDIUM | per-broker | list; nullable
    Log directories that take no new partitions, * for all.
log.segment.bytes | INT | 1073741824 | HIGH | cluster-wide | [1048576,...]
    Default size in bytes of a segment file.
log.roll.ms | LONG | null | HIGH | cluster-wide
    Default age in milliseconds at which a segment is rolled; overrides log.roll.hours.
log.roll.hours | INT | 168 | HIGH | read-only | [1,...]
    Default age in hours at which a segment is rolled.
log.roll.jitter.ms | LONG | null | HIGH | cluster-wide
    Largest random amount in milliseconds taken off the roll time; overrides log.roll.jitter.hours.
log.roll.jitter.hours | INT | 0 | HIGH | read-only | [0,...]
    Largest random amount in hours taken off the roll time.
log.retention.ms | LONG | null | HIGH | cluster-wide
    Default age in milliseconds at which segments are deleted; overrides the minutes and hours.
log.retention.minutes | INT | null | HIGH | read-only
    Default age in minutes at which segments are deleted; overrides the hours.
log.retention.hours | INT | 168 | HIGH | read-only
    Default age in hours at which segments are deleted.
log.retention.bytes | LONG | -1 | HIGH | cluster-wide
    Default size in bytes a partition may reach before old segments are deleted.
log.retention.check.interval.ms | LONG | 300000 | MEDIUM | read-only | [1,...]
    Interval in milliseconds between searches for segments to delete.
log.cleanup.policy | LIST | delete | MEDIUM | cluster-wide | list of compact, delete
    Default cleanup policy of topics: delete, compact or both.
log.index.size.max.bytes | INT | 10485760 | MEDIUM | cluster-wide | [4,...]
    Default size in bytes an offset index may grow to.
log.index.interval.bytes | INT | 4096 | MEDIUM | cluster-wide | [0,...]
    Default bytes between two entries of the offset index.
log.flush.interval.messages | LONG | 9223372036854775807 | HIGH | cluster-wide | [1,...]
    Default number of records after which a log is forced to disk.
log.segment.delete.delay.ms | LONG | 60000 | HIGH | cluster-wide | [0,...]
    Default time in milliseconds between renaming a file to .deleted and removing it.
log.flush.scheduler.interval.ms | LONG | 9223372036854775807 | HIGH | read-only
    Interval in milliseconds at which logs are checked for being due to flush.
log.flush.interval.ms | LONG | null | HIGH | cluster-wide
    Default longest time in milliseconds that records stay unflushed.
log.flush.offset.checkpoint.interval.ms | INT | 60000 | HIGH | read-only | [0,...]
    Interval in milliseconds at which recovery points are written to disk.
log.flush.start.offset.checkpoint.interval.ms | INT | 60000 | HIGH | read-only | [0,...]
    Interval in milliseconds at which log start offsets are written to disk.
log.preallocate | BOOLEAN | false | MEDIUM | cluster-wide
    Default for whether a new segment file is created at its full size.
log.message.timestamp.type | STRING | CreateTime | MEDIUM | cluster-wide | one of CreateTime, LogAppendTime
    Default for whose time a record carries, CreateTime or LogAppendTime.
log.message.timestamp.before.max.ms | LONG | 9223372036854775807 | MEDIUM | cluster-wide | [0,...]
    Default for how far a timestamp may lie before the broker's clock.
log.message.timestamp.after.max.ms | LONG | 3600000 | MEDIUM | cluster-wide | [0,...]
    Default for how far a timestamp may lie after the broker's clock.
log.dir.failure.timeout.ms | LONG | 30000 | LOW | read-only | [1,...]
    Time in milliseconds to tell the controller of a failed log directory before the broker stops.
log.initial.task.delay.ms | LONG | 30000 | LOW | read-only | internal | [0,...]
    Time in milliseconds after startup before the log's background tasks first run.
log.local.retention.ms | LONG | -2 | MEDIUM | cluster-wide | [-2,...]
    Default age in milliseconds at which tiered segments leave the local disk.
log.local.retention.bytes | LONG | -2 | MEDIUM | cluster-wide | [-2,...]
    Default bytes kept locally of a tiered partition.
log.cleaner.threads | INT | 1 | MEDIUM | cluster-wide | [0,...]
    Threads that compact logs.
log.cleaner.io.max.bytes.per.second | DOUBLE | 1.7976931348623157E308 | MEDIUM | cluster-wide
    Bytes per second the cleaner may read and write in all.
log.cleaner.dedupe.buffer.size | LONG | 134217728 | MEDIUM | cluster-wide
    Memory in bytes for the cleaner's key maps, over all threads.
log.cleaner.io.buffer.size | INT | 524288 | MEDIUM | cluster-wide | [0,...]
    Memory in bytes for the cleaner's copying, over all threads.
log.cleaner.io.buffer.load.factor | DOUBLE | 0.9 | MEDIUM | cluster-wide
    How full a key map may get; fuller means fewer passes and more collisions.
log.cleaner.backoff.ms | LONG | 15000 | MEDIUM | cluster-wide | [0,...]
    Pause in milliseconds of a cleaner that found nothing to do.
log.cleaner.min.cleanable.ratio | DOUBLE | 0.5 | MEDIUM | cluster-wide | [0,...,1]
    Default share of a log that must be uncleaned before it is compacted.
log.cleaner.enable | BOOLEAN | true | MEDIUM | read-only
    Whether the cleaner runs; without it compacted topics grow for ever.
log.cleaner.delete.retention.ms | LONG | 86400000 | MEDIUM | cluster-wide | [0,...]
    Default time in milliseconds that tombstones survive.
log.cleaner.min.compaction.lag.ms | LONG | 0 | MEDIUM | cluster-wide | [0,...]
    Default youngest age in milliseconds at which a record may be compacted away.
log.cleaner.max.compaction.lag.ms | LONG | 9223372036854775807 | MEDIUM | cluster-wide | [1,...]
    Default longest time in milliseconds that a record may stay out of compaction.
`)
