/** Names that no table of the protocol or of settings has: files of log directories, metrics that people watch. */

/** The first that matches a file's name, without its directory. */
export const FILES: readonly (readonly [pattern: RegExp, meaning: string])[] = [
  [
    /\.(deleted|cleaned|swap)$/,
    'A segment file on its way out, or in the middle of a compaction; it is gone or renamed soon.',
  ],
  [
    /^\d{20}\.log$/,
    'A segment: record batches from the offset in its name on. Read it: kt dump-log --print-data-log --files FILE.',
  ],
  [/^\d{20}\.index$/, 'Where in the segment of the same name some offsets stand. Read it: kt dump-log --files FILE.'],
  [/^\d{20}\.timeindex$/, 'From which offset on records of a time stand. Read it: kt dump-log --files FILE.'],
  [
    /^\d{20}\.txnindex$/,
    'Transactions that were aborted in the segment of the same name. Read it: kt dump-log --files FILE.',
  ],
  [
    /^\d{20}\.snapshot$/,
    'What the partition knew of producers at that offset: ids, epochs, sequence numbers. Read it: kt dump-log --files FILE.',
  ],
  [
    /^\d{20}-\d{10}\.checkpoint$/,
    'The whole metadata of the cluster at that offset and epoch. Look around in it: kt metadata-shell --snapshot FILE.',
  ],
  [
    /^bootstrap\.checkpoint$/,
    'The first metadata of a cluster, from kafka-storage.sh format: feature levels, SCRAM users.',
  ],
  [/^meta\.properties$/, 'Whose log directory it is: cluster id, node id, directory id. From kafka-storage.sh format.'],
  [/^quorum-state$/, 'Whom this node voted for last, and in which epoch; it must not vote twice.'],
  [
    /^recovery-point-offset-checkpoint$/,
    'Up to where each log was flushed to disk; what is above is checked after a crash.',
  ],
  [/^replication-offset-checkpoint$/, 'The high watermark of each partition, as far as the broker has noted it.'],
  [/^log-start-offset-checkpoint$/, 'Where logs begin after records were deleted by request.'],
  [/^cleaner-offset-checkpoint$/, 'Up to where each log was compacted.'],
  [/^leader-epoch-checkpoint$/, 'At which offset each leader began; replicas find by it where they differ.'],
  [/^partition\.metadata$/, "The topic's id, so that a deleted and newly made topic are told apart."],
  [/^\.kafka_cleanshutdown$/, 'The node was stopped in order: logs need no check at the next start.'],
  [/^\.lock$/, 'Held by the node that uses the directory, so that no second one does.'],
  [
    /^__cluster_metadata-0$/,
    'The log of the cluster: topics, brokers, settings, as records that controllers agree on (KRaft).',
  ],
  [
    /^__consumer_offsets(-\d+)?$/,
    'Where groups keep their committed offsets and members. Read it: kt dump-log --offsets-decoder --files FILE.',
  ],
  [/^__transaction_state(-\d+)?$/, 'Where transaction coordinators keep what is open and what was decided.'],
  [/^__share_group_state(-\d+)?$/, 'Where share groups keep which records are acknowledged.'],
  [
    /^.+-\d+\.[0-9a-f]{32}-(delete|future|stray)$/,
    'A partition that is being deleted, moved here from another directory, or belongs to no topic any more.',
  ],
  [/^server\.properties$/, 'The settings of a node. A node is started by it: kt server-start server.properties.'],
]

/** Names as JMX and clients show them. */
export const METRICS: Readonly<Record<string, string>> = {
  UnderReplicatedPartitions:
    'Partitions led by this broker with a replica that is not in sync; 0 is healthy. See them: kt topics --describe --under-replicated-partitions.',
  UnderMinIsrPartitionCount:
    'Partitions with fewer replicas in sync than min.insync.replicas: acks=all is refused. See them: kt topics --describe --under-min-isr-partitions.',
  AtMinIsrPartitionCount:
    'Partitions with exactly min.insync.replicas replicas in sync: one more failure stops acks=all.',
  OfflinePartitionsCount:
    'Partitions without a leader: nobody reads or writes them. See them: kt topics --describe --unavailable-partitions.',
  ActiveControllerCount: '1 on the controller that decides, 0 elsewhere; the sum over all controllers must be 1.',
  UncleanLeaderElectionsPerSec: 'A replica that was not in sync has become leader: records were lost. 0 is healthy.',
  LeaderElectionRateAndTimeMs: 'How often leaders are elected, and how long it takes.',
  IsrShrinksPerSec: 'How often a replica falls out of sync.',
  IsrExpandsPerSec: 'How often a replica is in sync again.',
  MessagesInPerSec: 'Records that arrive, of all topics or of one.',
  BytesInPerSec: 'Bytes that producers write.',
  BytesOutPerSec: 'Bytes that consumers read.',
  RequestHandlerAvgIdlePercent:
    'How idle the threads for requests are, 1 for all of the time; below 0.3 they are short.',
  NetworkProcessorAvgIdlePercent:
    'How idle the threads for connections are, 1 for all of the time; below 0.3 they are short.',
  TotalTimeMs: 'Time of requests from arrival to answer: queue, local work, waiting for replicas, sending.',
  PurgatorySize: 'Requests that wait for something: replicas (acks=all) or new records (fetch).',
  LogFlushRateAndTimeMs: 'How often and how long logs are written through to the disk.',
  FencedBrokerCount: 'Brokers that are registered and not in service.',
  ActiveBrokerCount: 'Brokers in service.',
  'records-lag-max':
    'How many records the consumer is behind, in its worst partition. By group: kt consumer-groups --describe --group GROUP.',
  'records-lag': 'How many records the consumer is behind in a partition.',
  'records-consumed-rate': 'Records per second that a consumer reads.',
  'bytes-consumed-rate': 'Bytes per second that a consumer reads.',
  'fetch-latency-avg': 'How long a fetch takes; fetch.max.wait.ms is part of it where there is nothing new.',
  'commit-latency-avg': 'How long a commit of offsets takes.',
  'rebalance-rate-per-hour': 'How often the group divides its partitions anew.',
  'poll-idle-ratio-avg':
    'Share of the time that an application spends in poll, not in its own work; near 1 it has time left.',
  'record-send-rate': 'Records per second that a producer sends.',
  'record-error-rate': 'Records per second that could not be sent.',
  'record-retry-rate': 'Records per second that are sent again.',
  'request-latency-avg': 'How long an answer takes.',
  'batch-size-avg': 'How full batches are, in bytes; far below batch.size, a longer linger.ms fills them better.',
  'compression-rate-avg': 'Size of batches on the wire, as a share of what they hold.',
  'buffer-available-bytes': 'Memory of buffer.memory that is still free.',
  'record-queue-time-avg': 'How long batches wait before they are sent.',
}
