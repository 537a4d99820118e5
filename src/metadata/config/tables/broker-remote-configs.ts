/** Broker configuration: tiered storage (KIP-405). Accepted, described, not honoured. Columns: see `definition.ts`. */
import { parseDefinitions } from '../definition.ts'

export const REMOTE_CONFIGS = parseDefinitions(`
remote.log.storage.system.enable | BOOLEAN | false | MEDIUM | read-only
    Whether tiered storage is available on this broker (KIP-405).
remote.log.storage.manager.impl.prefix | STRING | rsm.config. | MEDIUM | read-only | non-empty
    Prefix of the properties handed to the remote storage manager.
remote.log.metadata.manager.impl.prefix | STRING | rlmm.config. | MEDIUM | read-only | non-empty
    Prefix of the properties handed to the remote log metadata manager.
remote.log.storage.manager.class.name | STRING | null | MEDIUM | read-only | non-empty
    Class of the remote storage manager.
remote.log.storage.manager.class.path | STRING | null | MEDIUM | read-only
    Class path of the remote storage manager.
remote.log.metadata.manager.class.name | STRING | org.apache.kafka.server.log.remote.metadata.storage.TopicBasedRemoteLogMetadataManager | MEDIUM | read-only | non-empty
    Class of the remote log metadata manager.
remote.log.metadata.manager.class.path | STRING | null | MEDIUM | read-only
    Class path of the remote log metadata manager.
remote.log.metadata.manager.listener.name | STRING | null | MEDIUM | read-only | non-empty
    Listener the remote log metadata manager connects to.
remote.log.metadata.custom.metadata.max.bytes | INT | 128 | LOW | read-only | [0,...]
    Largest custom metadata in bytes of a remote segment.
remote.log.index.file.cache.total.size.bytes | LONG | 1073741824 | LOW | cluster-wide | [1,...]
    Disk space in bytes for cached indexes of remote segments.
remote.log.index.file.cache.ttl.ms | LONG | 900000 | LOW | read-only | internal | [-1,...]
    Time in milliseconds an unused index of a remote segment stays cached; -1 for no limit.
remote.log.manager.thread.pool.size | INT | 2 | MEDIUM | read-only | [1,...]
    Threads of the remote log manager.
remote.log.manager.copier.thread.pool.size | INT | 10 | MEDIUM | cluster-wide | [1,...]
    Threads that copy segments to tiered storage.
remote.log.manager.expiration.thread.pool.size | INT | 10 | MEDIUM | cluster-wide | [1,...]
    Threads that delete expired segments from tiered storage.
remote.log.manager.follower.thread.pool.size | INT | 2 | MEDIUM | cluster-wide | [1,...]
    Threads for followers of tiered partitions.
remote.log.manager.task.interval.ms | LONG | 30000 | LOW | read-only | [1,...]
    Interval in milliseconds between runs of a partition's tiering task.
remote.log.manager.task.retry.backoff.ms | LONG | 500 | LOW | read-only | internal | [1,...]
    First pause in milliseconds before a failed tiering task is tried again.
remote.log.manager.task.retry.backoff.max.ms | LONG | 30000 | LOW | read-only | internal | [1,...]
    Longest pause in milliseconds before a failed tiering task is tried again.
remote.log.manager.task.retry.jitter | DOUBLE | 0.2 | LOW | read-only | internal | [0,...,0.5]
    Random share added to the pause between retries of a task of tiered storage.
remote.log.reader.threads | INT | 10 | MEDIUM | cluster-wide | [1,...]
    Threads that read from tiered storage.
remote.log.reader.max.pending.tasks | INT | 100 | MEDIUM | read-only | [1,...]
    Reads from tiered storage that may wait; more are refused.
remote.log.manager.copy.max.bytes.per.second | LONG | 9223372036854775807 | MEDIUM | cluster-wide | [1,...]
    Bytes per second copied to tiered storage.
remote.log.manager.copy.quota.window.num | INT | 11 | MEDIUM | read-only | [1,...]
    Samples kept for the copy quota.
remote.log.manager.copy.quota.window.size.seconds | INT | 1 | MEDIUM | read-only | [1,...]
    Seconds one sample of the copy quota spans.
remote.log.manager.fetch.max.bytes.per.second | LONG | 9223372036854775807 | MEDIUM | cluster-wide | [1,...]
    Bytes per second read from tiered storage.
remote.log.manager.fetch.quota.window.num | INT | 11 | MEDIUM | read-only | [1,...]
    Samples kept for the fetch quota.
remote.log.manager.fetch.quota.window.size.seconds | INT | 1 | MEDIUM | read-only | [1,...]
    Seconds one sample of the fetch quota spans.
remote.fetch.max.wait.ms | INT | 500 | MEDIUM | cluster-wide | [1,...]
    Time in milliseconds a fetch waits for tiered storage.
remote.list.offsets.request.timeout.ms | LONG | 30000 | MEDIUM | cluster-wide | [1,...]
    Time in milliseconds a ListOffsets request waits for tiered storage.
`)
