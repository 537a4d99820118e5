/** Settings of older notes and files that Kafka has no more: since when, and what does their work now. */

/** A release and what is said, by the name. */
const GONE: Readonly<Record<string, readonly [release: string, why: string]>> = {
  'zookeeper.connect': [
    '4.0',
    'Where ZooKeeper was. Nodes find the quorum by controller.quorum.bootstrap.servers now.',
  ],
  'zookeeper.connection.timeout.ms': ['4.0', 'How long ZooKeeper had to take a connection. There is no ZooKeeper.'],
  'zookeeper.session.timeout.ms': [
    '4.0',
    'After this silence ZooKeeper took a broker for dead. Controllers have broker.session.timeout.ms.',
  ],
  'zookeeper.set.acl': ['4.0', 'Whether entries of ZooKeeper were protected. There is no ZooKeeper.'],
  'broker.id.generation.enable': ['4.0', 'ZooKeeper gave ids. Each node has its node.id in its properties file now.'],
  'reserved.broker.max.id': ['4.0', 'ids above it were given by ZooKeeper. Each node has its node.id now.'],
  'control.plane.listener.name': [
    '4.0',
    'The listener for orders of the controller. Controllers have controller.listener.names now.',
  ],
  'inter.broker.protocol.version': [
    '4.0',
    'Version that brokers spoke among themselves. It is metadata.version now: kt features describe shows it.',
  ],
  'log.message.format.version': ['4.0', 'Version of batches on disk. All are in the format of Kafka 0.11 now.'],
  'message.format.version': ['4.0', 'Version of batches on disk. All are in the format of Kafka 0.11 now.'],
  'message.timestamp.difference.max.ms': [
    '4.0',
    'How far timestamps could be off. It is message.timestamp.before.max.ms and message.timestamp.after.max.ms now (KIP-937).',
  ],
  'log.message.timestamp.difference.max.ms': [
    '4.0',
    'How far timestamps could be off. It is log.message.timestamp.before.max.ms and log.message.timestamp.after.max.ms now (KIP-937).',
  ],
  'offsets.commit.required.acks': ['4.0', 'Acknowledgements of a commit. They are those of all replicas in sync.'],
  'host.name': ['3.0', 'Where the broker listened. It is listeners now: PLAINTEXT://HOST:PORT.'],
  port: ['3.0', 'Where the broker listened. It is listeners now: PLAINTEXT://HOST:PORT.'],
  'advertised.host.name': ['3.0', 'Where clients were told to come. It is advertised.listeners now.'],
  'advertised.port': ['3.0', 'Where clients were told to come. It is advertised.listeners now.'],
  'metadata.broker.list': ['2.0', 'Of the old Scala producer. It is bootstrap.servers now.'],
  'request.required.acks': ['2.0', 'Of the old Scala producer. It is acks now.'],
  'producer.type': ['2.0', 'Of the old Scala producer: sync or async. Producers are asynchronous now.'],
  'serializer.class': ['2.0', 'Of the old Scala producer. It is key.serializer and value.serializer now.'],
  'queue.buffering.max.ms': ['2.0', 'Of the old Scala producer. It is linger.ms now.'],
  'batch.num.messages': ['2.0', 'Of the old Scala producer. It is batch.size, in bytes, now.'],
  'block.on.buffer.full': ['0.11.0.0', 'Whether a producer waited for memory. It is max.block.ms now.'],
  'auto.commit.enable': ['2.0', 'Of the old Scala consumer. It is enable.auto.commit now.'],
  'offsets.storage': ['2.0', 'Of the old Scala consumer: where offsets were kept. They are in __consumer_offsets now.'],
  'consumer.timeout.ms': ['2.0', 'Of the old Scala consumer. The console consumer has --timeout-ms.'],
}

export interface GoneSetting {
  /** Without it since this release; for those of the Scala clients, which went with them. */
  readonly release: string
  readonly why: string
}

export function goneSetting(name: string): GoneSetting | null {
  const found = Object.hasOwn(GONE, name) ? GONE[name] : undefined
  return found === undefined ? null : { release: found[0], why: found[1] }
}

/** All of them, for who looks for slips. */
export const GONE_NAMES: readonly string[] = Object.keys(GONE)
