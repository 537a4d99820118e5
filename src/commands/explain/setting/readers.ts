/** Who reads a setting: which role of a node, which client. The first rule that fits a name counts. */

type Rule = readonly [pattern: RegExp, readers: string]

const COORDINATOR = 'the broker that coordinates the group'
const BOTH = 'brokers and controllers'

const BROKER_RULES: readonly Rule[] = [
  [/^(group\.|offsets?\.)/, `${COORDINATOR} (a partition of __consumer_offsets leads there)`],
  [
    /^(transaction|add\.partitions\.to\.txn)/,
    'the broker that coordinates the transaction (a partition of __transaction_state leads there)',
  ],
  [/^share\.coordinator/, 'the broker that keeps the state of a share group (__share_group_state)'],
  [/^share\./, 'the leader of the partition'],
  [
    /^(num\.partitions|default\.replication\.factor|create\.topic\.policy|alter\.config\.policy|broker\.session\.timeout|unclean\.leader\.election\.interval|leader\.imbalance|auto\.leader\.rebalance|controller\.(performance|quota)|delegation\.token\.(max|expiry))/,
    'the active controller',
  ],
  [
    /^(min\.insync\.replicas|unclean\.leader\.election\.enable)$/,
    'the leader of a partition, for topics that do not set it; controllers for elections',
  ],
  [/^(metadata\.|internal\.metadata|controller\.quorum)/, `${BOTH}: the metadata log and its quorum`],
  [/^(broker\.heartbeat|initial\.broker\.registration|broker\.rack)/, 'the broker, which tells the active controller'],
  [
    /^(node\.id|process\.roles|listeners|listener\.|controller\.|advertised|ssl\.|sasl\.|security\.|authorizer|principal|early\.start|inter\.broker|super\.users)/,
    BOTH,
  ],
  [/^(replica\.|num\.replica)/, 'the broker where it is a follower: its fetchers'],
  [/^remote\./, 'the broker: tiered storage'],
  [/^log\.cleaner/, 'the broker: the threads that compact'],
  [/^log\./, 'the broker: its logs, for topics that do not set it themselves'],
  [/^(num\.network|socket\.|max\.connection|connection|queued\.)/, `${BOTH}: the network threads`],
  [/^num\.io\.threads$/, `${BOTH}: the threads that handle requests`],
  [/^(metric|kafka\.metrics)/, BOTH],
]

const PRODUCER =
  /^(acks|linger|batch\.|buffer|max\.(block|request|in\.flight)|compression|enable\.idem|transaction|delivery|partitioner|metadata\.max\.idle|key\.serial|value\.serial)/
const CONSUMER =
  /^(group\.|share\.|auto\.|enable\.auto|session|heartbeat|max\.(poll|partition)|fetch|isolation|partition\.assign|exclude|allow|check|key\.deserial|value\.deserial)/

/** In words; null where it cannot be said in general. */
export function readersOf(of: string, name: string): string | null {
  switch (of) {
    case 'broker':
      return BROKER_RULES.find(([pattern]) => pattern.test(name))?.[1] ?? 'the broker'
    case 'topic':
      return topicReaders(name)
    case 'group':
      return COORDINATOR
    case 'client':
      return clientReaders(name)
    case 'console':
      return "the console commands' readers and formatters"
    case 'quota':
      return name.startsWith('SCRAM') ? 'every broker, when a user logs in' : 'every broker, for itself'
    case 'client metrics':
      return 'brokers, which tell clients what to push'
    case 'Connect worker':
      return 'workers of Connect'
    case 'Streams':
      return 'applications of Kafka Streams'
    case 'MirrorMaker':
      return mirrorReaders(name)
    default:
      return of === 'connector' ? 'the connector, and the worker that runs it' : null
  }
}

function topicReaders(name: string): string {
  if (/throttled/.test(name)) return 'brokers that lead or copy these replicas'
  if (/compaction|cleanable|delete\.retention/.test(name)) return "every broker with a replica: the cleaner's threads"
  if (/^(min\.insync|message\.timestamp|max\.message|compression)/.test(name)) return 'the leader of a partition'
  return name === 'unclean.leader.election.enable' ? 'controllers' : 'every broker with a replica'
}

function clientReaders(name: string): string {
  if (name === 'bootstrap.controllers') return 'admin clients'
  if (PRODUCER.test(name)) return 'producers'
  return CONSUMER.test(name) ? 'consumers' : 'producers, consumers and admin clients'
}

function mirrorReaders(name: string): string {
  if (/^(clusters|dedicated)/.test(name)) return 'the process of MirrorMaker 2'
  if (/heartbeats/.test(name) && name !== 'heartbeats.replication.enabled') return 'MirrorHeartbeatConnector'
  if (/group|checkpoints/.test(name)) return 'MirrorCheckpointConnector'
  return /^(topics|config\.prop|refresh\.topics|sync\.topic|replication\.factor|offset|emit\.offset|heartbeats\.repl)/.test(
    name,
  )
    ? 'MirrorSourceConnector'
    : 'the connectors of MirrorMaker 2'
}
