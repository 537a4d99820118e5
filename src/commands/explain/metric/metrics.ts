/** Metrics that people watch, by the names that JMX and clients show. */

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
