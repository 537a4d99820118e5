import type { CommandTable } from './command.ts'

/** Every command by name that does one thing: one line until it is run. */
export const SINGLE_COMMANDS: CommandTable = {
  topics: {
    summary: 'List, create, describe, alter and delete topics',
    script: 'kafka-topics.sh',
    load: async () => (await import('../commands/topics.ts')).topics,
  },
  configs: {
    summary: 'Show and change configurations, quotas and SCRAM users',
    script: 'kafka-configs.sh',
    load: async () => (await import('../commands/configs.ts')).configs,
  },
  'console-producer': {
    summary: 'Send lines of standard input to a topic',
    script: 'kafka-console-producer.sh',
    load: async () => (await import('../commands/console-producer/index.ts')).consoleProducer,
  },
  'console-consumer': {
    summary: 'Print the records of topics',
    script: 'kafka-console-consumer.sh',
    load: async () => (await import('../commands/console-consumer/index.ts')).consoleConsumer,
  },
  'consumer-groups': {
    summary: 'List, describe, reset and delete consumer groups and their offsets',
    script: 'kafka-consumer-groups.sh',
    load: async () => (await import('../commands/consumer-groups/index.ts')).consumerGroups,
  },
  groups: {
    summary: 'List groups of every kind: consumer, share, streams',
    script: 'kafka-groups.sh',
    load: async () => (await import('../commands/groups.ts')).groups,
  },
  acls: {
    summary: 'List, add and remove access control rules',
    script: 'kafka-acls.sh',
    load: async () => (await import('../commands/acls.ts')).acls,
  },
  'delete-records': {
    summary: 'Remove the records of partitions below an offset',
    script: 'kafka-delete-records.sh',
    load: async () => (await import('../commands/delete-records.ts')).deleteRecords,
  },
  'broker-api-versions': {
    summary: 'Show which requests brokers serve, and which versions of them',
    script: 'kafka-broker-api-versions.sh',
    load: async () => (await import('../commands/broker-api-versions.ts')).brokerApiVersions,
  },
  transactions: {
    summary: 'Show transactions and their producers, find and end those that hang',
    script: 'kafka-transactions.sh',
    load: async () => (await import('../commands/transactions.ts')).transactions,
  },
  transact: {
    summary: 'Transactions step by step, with what uncommitted and committed readers see side by side',
    load: async () => (await import('../commands/transact/index.ts')).transact,
  },
  'client-metrics': {
    summary: 'Show and change which metrics clients push to the brokers',
    script: 'kafka-client-metrics.sh',
    load: async () => (await import('../commands/client-metrics.ts')).clientMetrics,
  },
  'delegation-tokens': {
    summary: 'Create, renew, expire and describe delegation tokens',
    script: 'kafka-delegation-tokens.sh',
    load: async () => (await import('../commands/delegation-tokens.ts')).delegationTokens,
  },
  'share-groups': {
    summary: 'List, describe, reset and delete share groups',
    script: 'kafka-share-groups.sh',
    load: async () => (await import('../commands/share-groups/index.ts')).shareGroups,
  },
  'streams-groups': {
    summary: 'List, describe, reset and delete groups of Kafka Streams applications',
    script: 'kafka-streams-groups.sh',
    load: async () => (await import('../commands/streams-groups/index.ts')).streamsGroups,
  },
  'streams-application-reset': {
    summary: 'Let a Kafka Streams application begin anew: offsets and internal topics',
    script: 'kafka-streams-application-reset.sh',
    load: async () => (await import('../commands/streams-application-reset.ts')).streamsApplicationReset,
  },
  'dump-log': {
    summary: 'Print the files of a log directory: segments, indexes, snapshots',
    script: 'kafka-dump-log.sh',
    load: async () => (await import('../commands/dump-log/index.ts')).dumpLog,
  },
  'metadata-shell': {
    summary: 'Look around in a snapshot or a segment of the metadata log',
    script: 'kafka-metadata-shell.sh',
    load: async () => (await import('../commands/metadata-shell/index.ts')).metadataShell,
  },
  storage: {
    summary: "Format a node's directories, and see whose they are",
    script: 'kafka-storage.sh',
    load: async () => (await import('../commands/storage.ts')).storage,
  },
  'server-start': {
    summary: 'One node in the foreground, from a properties file',
    script: 'kafka-server-start.sh',
    load: async () => (await import('../commands/server-start.ts')).serverStart,
  },
  'server-stop': {
    summary: 'Stop nodes that were started by hand',
    script: 'kafka-server-stop.sh',
    load: async () => (await import('../commands/server-stop.ts')).serverStop,
  },
  'get-offsets': {
    summary: 'Show the offsets of partitions: earliest, latest, at a time',
    script: 'kafka-get-offsets.sh',
    load: async () => (await import('../commands/get-offsets.ts')).getOffsets,
  },
  'leader-election': {
    summary: 'Elect leaders of partitions: preferred or unclean',
    script: 'kafka-leader-election.sh',
    load: async () => (await import('../commands/leader-election.ts')).leaderElection,
  },
  'reassign-partitions': {
    summary: 'Move partitions to other brokers: propose, start, verify, cancel, list',
    script: 'kafka-reassign-partitions.sh',
    load: async () => (await import('../commands/reassign-partitions/index.ts')).reassignPartitions,
  },
  'metadata-quorum': {
    summary: 'Show the quorum of controllers, add and remove voters',
    script: 'kafka-metadata-quorum.sh',
    load: async () => (await import('../commands/metadata-quorum.ts')).metadataQuorum,
  },
  'log-dirs': {
    summary: 'Show the log directories of brokers: partitions, sizes, lags',
    script: 'kafka-log-dirs.sh',
    load: async () => (await import('../commands/log-dirs.ts')).logDirs,
  },
  features: {
    summary: 'Show and change the feature levels of a cluster',
    script: 'kafka-features.sh',
    load: async () => (await import('../commands/features.ts')).features,
  },
  'replica-verification': {
    summary: 'Compare the replicas of partitions with each other',
    script: 'kafka-replica-verification.sh',
    load: async () => (await import('../commands/replica-verification.ts')).replicaVerification,
  },
  'producer-perf-test': {
    summary: 'Send records as fast as possible, and see how fast that is',
    script: 'kafka-producer-perf-test.sh',
    load: async () => (await import('../commands/producer-perf-test/index.ts')).producerPerfTest,
  },
  'consumer-perf-test': {
    summary: 'Read records as fast as possible, and see how fast that is',
    script: 'kafka-consumer-perf-test.sh',
    load: async () => (await import('../commands/consumer-perf-test/index.ts')).consumerPerfTest,
  },
  'verifiable-producer': {
    summary: 'Send increasing numbers and tell of each whether it was acknowledged',
    script: 'kafka-verifiable-producer.sh',
    load: async () => (await import('../commands/verifiable-producer.ts')).verifiableProducer,
  },
  'verifiable-consumer': {
    summary: 'Read as a member of a group and tell what happens to it',
    script: 'kafka-verifiable-consumer.sh',
    load: async () => (await import('../commands/verifiable-consumer.ts')).verifiableConsumer,
  },
  'console-share-consumer': {
    summary: 'Print records as a member of a share group',
    script: 'kafka-console-share-consumer.sh',
    load: async () => (await import('../commands/console-share-consumer/index.ts')).consoleShareConsumer,
  },
  'share-consumer-perf-test': {
    summary: 'Read as members of a share group, and see how fast that is',
    script: 'kafka-share-consumer-perf-test.sh',
    load: async () => (await import('../commands/share-consumer-perf-test/index.ts')).shareConsumerPerfTest,
  },
  'verifiable-share-consumer': {
    summary: 'Read as a member of a share group and tell what happens to it',
    script: 'kafka-verifiable-share-consumer.sh',
    load: async () => (await import('../commands/verifiable-share-consumer.ts')).verifiableShareConsumer,
  },
  'e2e-latency': {
    summary: 'Send records one by one, and see how long each takes to come back',
    script: 'kafka-e2e-latency.sh',
    load: async () => (await import('../commands/e2e-latency/index.ts')).e2eLatency,
  },
  error: {
    summary: 'What an error of Kafka means: by its code, its name or a part of it',
    load: async () => (await import('../commands/error.ts')).error,
  },
  request: {
    summary: 'Send any request of the Kafka protocol, with its fields as JSON, and show the answer',
    load: async () => (await import('../commands/request/index.ts')).request,
  },
  trace: {
    summary: 'A proxy between any Kafka client and a cluster that tells what they say to each other',
    load: async () => (await import('../commands/trace/index.ts')).trace,
  },
  plan: {
    summary: 'What would change so that the cluster is as files say; --export writes such files',
    load: async () => (await import('../commands/plan/index.ts')).plan,
  },
  apply: {
    summary: 'Make the cluster as files say: topics, settings, access rules, quotas',
    load: async () => (await import('../commands/plan/apply.ts')).apply,
  },
  undo: {
    summary: 'Take back a change of settings, quotas or committed offsets that kt made',
    load: async () => (await import('../commands/undo/index.ts')).undo,
  },
  profile: {
    summary: 'Connections saved under a name: servers, TLS and login; which value comes from where',
    load: async () => (await import('../commands/profile.ts')).profile,
  },
  doctor: {
    summary: 'What kt needs and what it finds: this machine, the local cluster, where commands connect',
    load: async () => (await import('../commands/doctor/index.ts')).doctor,
  },
  lab: {
    summary: 'Experiments on processes that are really killed: acknowledgements, commits',
    load: async () => (await import('../commands/lab/index.ts')).lab,
  },
  '__lab-worker': {
    summary: 'The consumer that kt lab commit kills',
    hidden: true,
    load: async () => (await import('../commands/lab/worker.ts')).labWorker,
  },
  describe: {
    summary: 'A picture of the cluster, a topic, a group or a broker; --watch keeps it up to date',
    load: async () => (await import('../commands/describe.ts')).describe,
  },
  cluster: {
    summary: 'The bundled Kafka cluster on this machine: start, break, mend, status, logs',
    verbsOf: 'kafka-cluster.sh',
    load: async () => (await import('../commands/cluster.ts')).cluster,
  },
}
