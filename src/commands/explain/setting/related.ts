/** Settings that belong together: one is understood with the others. */

interface Family {
  readonly names: readonly string[]
  readonly why: string
}

const FAMILIES: readonly Family[] = [
  {
    names: ['min.insync.replicas', 'acks', 'default.replication.factor', 'unclean.leader.election.enable'],
    why: 'With acks=all the leader acknowledges when every replica in the ISR has the record, and refuses it when the ISR is smaller than min.insync.replicas. Replication factor 3 with min.insync.replicas 2 lets one broker fail without losing what was acknowledged.',
  },
  {
    names: ['retention.ms', 'retention.bytes', 'segment.ms', 'segment.bytes', 'cleanup.policy', 'file.delete.delay.ms'],
    why: 'Only whole segments are deleted, never the active one: records live until their segment is rolled (segment.ms, segment.bytes) and its newest record is older than retention.ms.',
  },
  {
    names: [
      'log.retention.ms',
      'log.retention.minutes',
      'log.retention.hours',
      'log.retention.bytes',
      'log.retention.check.interval.ms',
      'retention.ms',
    ],
    why: 'ms wins over minutes, minutes over hours; a topic with a retention.ms of its own takes none of them. Brokers look every log.retention.check.interval.ms.',
  },
  {
    names: [
      'cleanup.policy',
      'min.cleanable.dirty.ratio',
      'min.compaction.lag.ms',
      'max.compaction.lag.ms',
      'delete.retention.ms',
      'log.cleaner.enable',
    ],
    why: 'With cleanup.policy=compact the newest record of each key stays. The active segment is never compacted; tombstones stay for delete.retention.ms.',
  },
  {
    names: [
      'max.message.bytes',
      'message.max.bytes',
      'max.request.size',
      'replica.fetch.max.bytes',
      'fetch.max.bytes',
      'max.partition.fetch.bytes',
      'socket.request.max.bytes',
    ],
    why: 'A large record has to pass the producer (max.request.size), the topic (max.message.bytes, else message.max.bytes) and the request (socket.request.max.bytes). Fetches give the first batch even where it is larger than their limit.',
  },
  {
    names: [
      'session.timeout.ms',
      'heartbeat.interval.ms',
      'max.poll.interval.ms',
      'max.poll.records',
      'group.instance.id',
    ],
    why: "heartbeat.interval.ms is at most a third of session.timeout.ms. Heartbeats say that the process lives; max.poll.interval.ms, that it gets on with its records. With group.protocol=consumer the first two are the group's and the broker's (consumer.session.timeout.ms).",
  },
  {
    names: [
      'consumer.session.timeout.ms',
      'consumer.heartbeat.interval.ms',
      'group.consumer.session.timeout.ms',
      'group.consumer.heartbeat.interval.ms',
    ],
    why: "The group's value wins over the broker's group.*; brokers bound it with group.consumer.min.* and group.consumer.max.*.",
  },
  {
    names: ['linger.ms', 'batch.size', 'buffer.memory', 'compression.type', 'max.in.flight.requests.per.connection'],
    why: 'A batch is sent when it is full (batch.size) or linger.ms have passed; fuller batches compress better and cost fewer requests.',
  },
  {
    names: ['delivery.timeout.ms', 'request.timeout.ms', 'linger.ms', 'retries', 'retry.backoff.ms'],
    why: 'delivery.timeout.ms ends it all, repetitions included, and must be at least linger.ms + request.timeout.ms.',
  },
  {
    names: ['enable.idempotence', 'acks', 'max.in.flight.requests.per.connection', 'retries', 'transactional.id'],
    why: 'enable.idempotence needs acks=all, retries above 0 and at most 5 batches under way; a transactional.id needs enable.idempotence.',
  },
  {
    names: [
      'transactional.id',
      'transaction.timeout.ms',
      'transaction.max.timeout.ms',
      'transactional.id.expiration.ms',
      'isolation.level',
    ],
    why: "transaction.timeout.ms may not be larger than the broker's transaction.max.timeout.ms. Consumers see only committed records with isolation.level=read_committed alone.",
  },
  {
    names: [
      'auto.offset.reset',
      'group.id',
      'enable.auto.commit',
      'auto.commit.interval.ms',
      'offsets.retention.minutes',
    ],
    why: 'auto.offset.reset matters only where the group has committed nothing, or the committed offset is gone; a group that is empty for offsets.retention.minutes loses what it committed.',
  },
  {
    names: ['fetch.min.bytes', 'fetch.max.wait.ms', 'fetch.max.bytes', 'max.partition.fetch.bytes', 'max.poll.records'],
    why: 'A fetch is answered when there are fetch.min.bytes, or after fetch.max.wait.ms; max.poll.records only divides what has been fetched.',
  },
  {
    names: [
      'listeners',
      'advertised.listeners',
      'listener.security.protocol.map',
      'inter.broker.listener.name',
      'bootstrap.servers',
    ],
    why: 'A broker listens on listeners and tells clients to come to advertised.listeners: clients reach the first broker by bootstrap.servers, and all others by what is advertised.',
  },
  {
    names: ['replica.lag.time.max.ms', 'min.insync.replicas', 'num.replica.fetchers', 'replica.fetch.wait.max.ms'],
    why: 'A follower that has not caught up for replica.lag.time.max.ms falls out of the ISR; the leader waits no longer for it then.',
  },
  {
    names: ['num.partitions', 'default.replication.factor', 'auto.create.topics.enable', 'allow.auto.create.topics'],
    why: 'What a topic gets that is made without numbers, or made by itself because somebody asked for it.',
  },
  {
    names: [
      'offsets.topic.replication.factor',
      'transaction.state.log.replication.factor',
      'transaction.state.log.min.isr',
      'share.coordinator.state.topic.replication.factor',
    ],
    why: 'Internal topics are made at their first use with these; a cluster with fewer brokers than that cannot make them, and groups or transactions hang.',
  },
  {
    names: ['broker.heartbeat.interval.ms', 'broker.session.timeout.ms', 'controlled.shutdown.enable'],
    why: 'A broker that is silent for broker.session.timeout.ms is fenced: its partitions get other leaders. One that stops in order hands them over first.',
  },
  {
    names: [
      'controller.quorum.voters',
      'controller.quorum.bootstrap.servers',
      'controller.quorum.election.timeout.ms',
      'controller.quorum.fetch.timeout.ms',
      'process.roles',
    ],
    why: 'voters is the fixed set of old; with bootstrap.servers the set stands in the metadata log and can be changed (kt metadata-quorum add-controller).',
  },
  {
    names: [
      'message.timestamp.type',
      'message.timestamp.before.max.ms',
      'message.timestamp.after.max.ms',
      'retention.ms',
    ],
    why: 'Retention goes by the timestamps of records: one from far in the future keeps its segment for long.',
  },
  {
    names: ['num.network.threads', 'num.io.threads', 'queued.max.requests', 'num.replica.fetchers'],
    why: 'Network threads read and write requests, io threads handle them, up to queued.max.requests wait in between.',
  },
  {
    names: [
      'flush.messages',
      'flush.ms',
      'log.flush.interval.messages',
      'log.flush.interval.ms',
      'min.insync.replicas',
    ],
    why: 'Kafka trusts in replicas rather than in flushing: what is acknowledged by several brokers survives the crash of one.',
  },
  {
    names: ['parse.key', 'key.separator', 'parse.headers', 'headers.delimiter', 'null.marker'],
    why: 'A line is headers, key and value, each behind its separator.',
  },
  {
    names: ['producer_byte_rate', 'consumer_byte_rate', 'request_percentage'],
    why: 'The most special entity that has the quota counts: user and client together, then the user, then the client, then defaults.',
  },
  {
    names: [
      'config.storage.replication.factor',
      'offset.storage.replication.factor',
      'status.storage.replication.factor',
      'group.id',
    ],
    why: 'Workers of one group need the same three topics; on a cluster of one broker all three factors are 1.',
  },
  {
    names: ['errors.tolerance', 'errors.deadletterqueue.topic.name', 'errors.log.enable', 'errors.retry.timeout'],
    why: 'With errors.tolerance=none a bad record stops its task; with all it is passed over, and lost unless a dead letter queue takes it.',
  },
]

/** The families of a setting, each without itself. */
export function relatedTo(name: string): { readonly names: readonly string[]; readonly why: string }[] {
  return FAMILIES.filter(({ names }) => names.includes(name)).map(({ names, why }) => ({
    names: names.filter((each) => each !== name),
    why,
  }))
}
