/** The `config/` of a workspace: Kafka's file names and property names, our comments. */

export interface WorkspacePlan {
  /** Absolute path of the workspace: data lie below it, wherever a node is started from. */
  readonly directory: string
  /** Where clients connect; the controller listens one above. */
  readonly port: number
}

/** Path inside the workspace -> text. */
export function configFiles(plan: WorkspacePlan): Map<string, string> {
  return new Map([
    ['config/server.properties', combined(plan, 'server', dynamicQuorum(plan), FORMAT_DYNAMIC)],
    ['config/broker.properties', broker(plan)],
    ['config/controller.properties', controller(plan)],
    ['config/kraft/server.properties', combined(plan, 'kraft', staticQuorum(plan), FORMAT_STATIC)],
    ['config/producer.properties', PRODUCER(plan)],
    ['config/consumer.properties', CONSUMER(plan)],
    ['config/command.properties', COMMAND(plan)],
    ['config/zookeeper.properties', ZOOKEEPER],
  ])
}

const dynamicQuorum = ({
  port,
}: WorkspacePlan): string => `# Where the controllers are found. Who votes is kept in the metadata log itself (KIP-853).
controller.quorum.bootstrap.servers=localhost:${port + 1}`

const staticQuorum = ({
  port,
}: WorkspacePlan): string => `# The voters, fixed: id@host:port of every controller. How Kafka before 3.9 was set up.
controller.quorum.voters=1@localhost:${port + 1}`

const FORMAT_DYNAMIC = `#   KAFKA_CLUSTER_ID="$(bin/kafka-storage.sh random-uuid)"
#   bin/kafka-storage.sh format --standalone -t $KAFKA_CLUSTER_ID -c config/server.properties
#   bin/kafka-server-start.sh config/server.properties`

const FORMAT_STATIC = `#   KAFKA_CLUSTER_ID="$(bin/kafka-storage.sh random-uuid)"
#   bin/kafka-storage.sh format -t $KAFKA_CLUSTER_ID -c config/kraft/server.properties
#   bin/kafka-server-start.sh config/kraft/server.properties`

/** One replica is all that one broker can hold. */
const INTERNAL_TOPICS = `# Kafka's own topics: one copy each, because there is one broker. With three brokers: 3, 3 and 2.
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1`

const LOGS = `# Partitions of a topic that is made without a number of its own.
num.partitions=1

# Records are kept for a week, in files of at most 1 GiB; every five minutes the old ones are looked for.
log.retention.hours=168
log.segment.bytes=1073741824
log.retention.check.interval.ms=300000`

function combined(plan: WorkspacePlan, data: string, quorum: string, format: string): string {
  const { directory, port } = plan
  return `# One node that is broker and controller. Format its directory once, then start it:
${format}

# What this node is, and its number in the cluster (broker.id in Kafka's older files).
process.roles=broker,controller
node.id=1

# Where it listens: for clients, and for controllers. What clients are told is advertised.listeners.
listeners=PLAINTEXT://localhost:${port},CONTROLLER://localhost:${port + 1}
advertised.listeners=PLAINTEXT://localhost:${port},CONTROLLER://localhost:${port + 1}
inter.broker.listener.name=PLAINTEXT
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT

${quorum}

# Where its logs lie, a directory per partition. A copy of this file for another node needs another one, another
# node.id, other ports, and process.roles=broker.
log.dirs=${directory}/data/${data}

${LOGS}

${INTERNAL_TOPICS}
`
}

function broker({ directory, port }: WorkspacePlan): string {
  return `# A node that is a broker only; config/controller.properties is its controller.
#   bin/kafka-storage.sh format -t $KAFKA_CLUSTER_ID -c config/broker.properties
#   bin/kafka-server-start.sh config/broker.properties
process.roles=broker
node.id=2

listeners=PLAINTEXT://localhost:${port}
advertised.listeners=PLAINTEXT://localhost:${port}
inter.broker.listener.name=PLAINTEXT
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT

# The controllers it registers with.
controller.quorum.bootstrap.servers=localhost:${port + 1}

log.dirs=${directory}/data/broker

${LOGS}

${INTERNAL_TOPICS}
`
}

function controller({ directory, port }: WorkspacePlan): string {
  return `# A node that is a controller only: it keeps the cluster's metadata and holds no topic.
#   bin/kafka-storage.sh format --standalone -t $KAFKA_CLUSTER_ID -c config/controller.properties
#   bin/kafka-server-start.sh config/controller.properties
process.roles=controller
node.id=1

listeners=CONTROLLER://localhost:${port + 1}
advertised.listeners=CONTROLLER://localhost:${port + 1}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
controller.quorum.bootstrap.servers=localhost:${port + 1}

# Here the metadata log lies: __cluster_metadata-0.
log.dirs=${directory}/data/controller
`
}

const PRODUCER = ({
  port,
}: WorkspacePlan): string => `# For bin/kafka-console-producer.sh --command-config config/producer.properties (--producer.config in older notes).
bootstrap.servers=localhost:${port}

# none, gzip, snappy, lz4 or zstd.
compression.type=none

# Acknowledged when all replicas that are in sync have it.
acks=all
`

const CONSUMER = ({
  port,
}: WorkspacePlan): string => `# For bin/kafka-console-consumer.sh --command-config config/consumer.properties (--consumer.config in older notes).
bootstrap.servers=localhost:${port}
group.id=test-consumer-group

# Where a group without offsets begins: earliest or latest.
auto.offset.reset=latest
`

const COMMAND = ({
  port,
}: WorkspacePlan): string => `# For --command-config of any script: how a client connects. Secured clusters want more, for example
#   security.protocol=SASL_SSL
#   sasl.mechanism=SCRAM-SHA-512
#   sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="me" password="secret";
bootstrap.servers=localhost:${port}
`

const ZOOKEEPER = `# There is no ZooKeeper any more: since Kafka 4.0 the controllers keep the metadata themselves (KRaft).
# This file is here because notes from before name it; bin/zookeeper-server-start.sh says what to do instead.
clientPort=2181
`
