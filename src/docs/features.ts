/**
 * The feature list on which Kafka's command-line tools are compared: what at least one of them does. Each row either shows
 * the command line that does it, or says why not. A test holds every command line against the options that exist.
 */

export interface Feature {
  readonly row: number
  readonly group: string
  readonly name: string
  /** The command line that does it. Absent: `why` says why not. */
  readonly shown?: string
  /** Why there is none, or what is worth knowing about it. */
  readonly why?: string
}

type Row = readonly [row: number, name: string, shown: string | null, why?: string]

const TOPICS: readonly Row[] = [
  [1, 'List with regex filter', "kt topics --list --topic 'orders-.*'"],
  [2, 'Describe leader, replicas, ISR', 'kt topics --describe --topic orders'],
  [3, 'Describe shows start and end offsets', 'kt topics --describe --topic orders --offsets'],
  [4, 'Create with configs', 'kt topics --create --topic orders --config retention.ms=60000'],
  [5, 'Manual replica placement', 'kt topics --create --topic orders --replica-assignment 1:2:3,2:3:1'],
  [6, 'If-(not-)exists; validate only', 'kt topics --create --topic orders --if-not-exists --dry-run'],
  [7, 'Delete by regex', "kt topics --delete --topic 'test-.*'"],
  [
    8,
    'Add partitions; change replication factor in one step',
    'kt topics --alter --topic orders --partitions 12 --replicas 2 --dry-run',
  ],
  [9, 'Alter configs (set, delete, append)', 'kt configs --alter --topic orders --add-config retention.ms=60000'],
  [
    10,
    'Clone topic settings',
    'kt topics --create --topic orders-2 --clone-from orders --dry-run',
    'with its records as well: `--with-records`',
  ],
  [
    11,
    'Delete records by offset, by time',
    'kt delete-records --topic orders --before -7d --dry-run',
    '`--before-offset`, or `--offset-json-file` as the script has it',
  ],
  [12, 'Health filters (URP, min ISR, offline)', 'kt topics --describe --under-replicated-partitions'],
  [13, 'Size on disk per topic', 'kt topics --describe --offsets'],
  [
    14,
    'Declarative plan and apply from files',
    'kt plan --export | kt apply - --yes',
    'topics, settings, access rules, quotas, SCRAM users; `kt plan` shows the difference, `kt undo` takes settings back',
  ],
]

const PRODUCE: readonly Row[] = [
  [
    15,
    'Key from the input line',
    'kt console-producer --topic orders --reader-property parse.key=true --reader-property key.separator=:',
  ],
  [16, 'Headers per message from input', 'kt console-producer --topic orders --reader-property parse.headers=true'],
  [
    17,
    'What is consumed can be produced, without loss',
    'kt console-consumer --topic orders --exit-at-end --format json | kt console-producer --topic payments --format json --repartition',
    'headers, timestamps, nulls and bytes as they are',
  ],
  [18, 'Tombstones', 'echo customer-7 | kt console-producer --topic orders --tombstone'],
  [19, 'Explicit partition', 'echo hello | kt console-producer --topic orders --partition 2'],
  [
    20,
    'Java-compatible or chosen partitioner',
    'echo hello | kt console-producer --topic orders --partitioner crc32',
    'murmur2 as Java when left out',
  ],
  [21, 'Set record timestamp', 'echo hello | kt console-producer --topic orders --timestamp -1h'],
  [
    22,
    'Rate limit; repeat, templates, made-up data',
    "kt console-producer --topic orders --template '{{name}} {{int 1 9}}' --count 5 --rate 2 --report",
  ],
  [23, 'Delivery report (partition, offset)', 'echo hello | kt console-producer --topic orders --report json'],
  [
    24,
    'Transactional produce',
    'echo hello | kt console-producer --topic orders --transactional-id import-1',
    '`--abort` shows what readers make of it; the bundled cluster does not serve transactions yet',
  ],
]

const CONSUME: readonly Row[] = [
  [25, 'Key, partition and offset shown', 'kt console-consumer --topic orders --tail 5 --meta'],
  [26, 'Output templates', "kt console-consumer --topic orders --tail 5 --template '%t/%p@%o %k=%v\\\\n'"],
  [27, 'JSON record envelope', 'kt console-consumer --topic orders --exit-at-end --format json'],
  [28, 'Start at offset n or n before the end', 'kt console-consumer --topic orders --start-offset -10 --exit-at-end'],
  [
    29,
    'Start at a timestamp; relative time (-1h)',
    "kt console-consumer --topic orders --since -1h --exit-at-end --filter 'key~^cust'",
  ],
  [30, 'End bound (offset, time)', 'kt console-consumer --topic orders --start-offset 0 --end-offset 10'],
  [31, 'Last N records', 'kt console-consumer --topic orders --tail 10'],
  [32, 'Exit at end', 'kt console-consumer --topic orders --exit-at-end'],
  [
    33,
    'Filter by key, value, header',
    "kt console-consumer --topic orders --exit-at-end --filter 'value~espresso'",
    '`--key` reads only the partition of a key',
  ],
  [34, 'Many topics, regex', "kt console-consumer --include 'orders-.*' --from-beginning"],
  [35, 'Join a group', 'kt console-consumer --topic orders --group billing'],
  [
    36,
    'Consume in a share group',
    'kt console-share-consumer --topic orders',
    'the bundled cluster does not serve share groups yet',
  ],
  [37, 'Isolation level', 'kt console-consumer --topic orders --isolation-level read_committed'],
  [38, 'Avro by registry (read and write)', null, 'comes with the schema registry client'],
  [39, 'Protobuf; JSON Schema', null, 'comes with the schema registry client'],
  [40, 'Hex, base64, unpack', 'kt console-consumer --topic orders --tail 5 --value-as hex'],
  [
    41,
    'Decode internal topics',
    'kt console-consumer --topic __consumer_offsets --from-beginning --formatter org.apache.kafka.tools.consumer.OffsetsMessageFormatter',
  ],
]

const GROUPS: readonly Row[] = [
  [42, 'Filter list by state, type', 'kt consumer-groups --list --state stable,empty --type classic'],
  [43, 'Lag per partition', 'kt consumer-groups --describe --group billing'],
  [44, 'Lag totals', 'kt consumer-groups --describe --group billing --totals'],
  [45, 'Lag as time', 'kt consumer-groups --describe --group billing --totals --lag-time'],
  [
    46,
    'Reset by time, duration, shift, file',
    'kt consumer-groups --reset-offsets --group billing --topic orders --by-duration PT1H --dry-run',
  ],
  [
    47,
    'Reset previews first',
    'kt consumer-groups --reset-offsets --group billing --topic orders --to-earliest --dry-run',
  ],
  [
    48,
    'Copy offsets between groups',
    'kt consumer-groups --reset-offsets --group billing-2 --from-group billing --dry-run',
  ],
  [49, 'Delete group, offsets', 'kt consumer-groups --delete-offsets --group billing --topic orders'],
  [50, 'Peek records at the committed offset', 'kt consumer-groups --describe --group billing --peek 3'],
]

const CONFIGS: readonly Row[] = [
  [51, 'Broker configs: read, alter', 'kt configs --describe --broker 1'],
  [52, 'Config docs and types inline', 'kt configs --describe --topic orders --all --docs'],
  [53, 'Group, client-metrics, logger configs', 'kt configs --describe --broker-logger 1'],
]

const SECURITY: readonly Row[] = [
  [54, 'ACL list, create, delete', 'kt acls --list', 'the bundled cluster does not serve ACLs yet'],
  [
    55,
    'Producer and consumer ACL presets',
    'kt acls --add --allow-principal User:alice --producer --topic orders',
    'the bundled cluster does not serve ACLs yet',
  ],
  [
    56,
    'SCRAM users',
    "kt configs --alter --user alice --add-config 'SCRAM-SHA-512=[password=alice-secret]'",
    'the bundled cluster does not serve them yet',
  ],
  [
    57,
    'Quotas; delegation tokens',
    'kt configs --alter --client-defaults --add-config producer_byte_rate=1048576',
    'the bundled cluster does not serve them yet; `kt delegation-tokens`',
  ],
  [
    58,
    'SASL: PLAIN, SCRAM, OAuth, GSSAPI',
    'kt topics --list --command-config client.properties',
    'GSSAPI needs a Kerberos library in C and is not there',
  ],
]

const CLUSTER: readonly Row[] = [
  [59, 'Brokers, controller, cluster id', 'kt describe cluster'],
  [60, 'KRaft quorum, voters, feature flags', 'kt metadata-quorum describe --status'],
  [61, 'Leader election', 'kt leader-election --election-type preferred --all-topic-partitions'],
  [
    62,
    'Reassign: plan, throttle, verify, cancel',
    'kt reassign-partitions --verify --reassignment-json-file plan.json',
  ],
  [
    63,
    'API versions, raw request',
    'kt request Metadata \'{"topics":[{"name":"orders"}]}\'',
    '`kt broker-api-versions` for the versions',
  ],
]

const TOOLS: readonly Row[] = [
  [
    64,
    'Transactions: list, describe; find and abort hanging',
    'kt transactions list',
    'the bundled cluster does not serve them yet',
  ],
  [
    65,
    'Dump segment and index files, metadata shell',
    'kt dump-log --files 00000000000000000000.log --bytes',
    'every byte by name, of each kind of file; `--print-data-log` as the script has it; `kt metadata-shell`',
  ],
  [
    66,
    'Producer and consumer perf, end-to-end latency',
    'kt producer-perf-test --topic perf --num-records 100000 --record-size 100 --throughput -1',
    '`kt consumer-perf-test`, `kt e2e-latency`',
  ],
  [
    67,
    'Connect runner, plugin path; Streams reset and groups',
    null,
    'Streams are (`kt streams-application-reset`, `kt streams-groups`); Kafka Connect runs on the JVM: `kt connect-*` start that of KAFKA_HOME',
  ],
]

const OUTPUT: readonly Row[] = [
  [68, 'JSON, YAML on admin commands', 'kt topics --list --format yaml'],
  [
    69,
    'Profiles, contexts',
    'kt topics --list --profile prod',
    'saved by `kt profile add`, chosen by `kt profile use`',
  ],
  [
    70,
    'Completion: options and live names',
    'kt completion bash > ~/.kt-completion.bash',
    'never blocks the shell: 300 ms at most, then what was known',
  ],
  [
    71,
    'REPL',
    'kt shell',
    "every command and script's name, Tab with live names, history, `use PROFILE`; pipes and redirections run in sh; scripts of such lines",
  ],
  [
    72,
    'Watch, live refresh',
    'kt describe topic orders --watch',
    'groups with each step of a rebalance: `kt consumer-groups --describe --group billing --steps`',
  ],
  [
    73,
    'Stable exit codes, versioned JSON',
    'kt describe cluster --format json',
    'exit codes in src/cli/README.md, shapes in src/commands/README.md',
  ],
  [
    74,
    'Takes official bin/*.sh flags',
    'kafka-topics.sh --list --bootstrap-server localhost:9092',
    'every one of them: [scripts](scripts.md); `kt explain` for old ones',
  ],
]

const LEARNING: readonly Row[] = [
  [75, 'Error-code lookup', 'kt error 3'],
  [
    76,
    'Client wire and debug log',
    'kt topics --list --explain',
    'which request went to which broker and why there, at what version, what each answer was (`-vv`: every field), and on the local cluster what the brokers did inside meanwhile; `kt cluster timeline` follows it live, `kt trace` hears any other client',
  ],
  [
    77,
    'Guided lessons with checks',
    'kt learn',
    'goals are checked on the cluster itself; Connect, Streams and mirroring have no lesson yet',
  ],
  [78, 'Local multi-broker, no JVM, no Docker', 'kt cluster start --brokers 3'],
  [79, 'Local data kept across restarts', 'kt cluster restart 2'],
  [80, 'Inject faults into the local cluster', 'kt cluster isolate 2'],
]

const GROUPED: readonly (readonly [group: string, rows: readonly Row[]])[] = [
  ['Topics', TOPICS],
  ['Produce', PRODUCE],
  ['Consume', CONSUME],
  ['Groups', GROUPS],
  ['Configs', CONFIGS],
  ['ACLs, users, quotas', SECURITY],
  ['Cluster, brokers, operations', CLUSTER],
  ['Transactions, logs, perf, Connect, Streams', TOOLS],
  ['Output and habits', OUTPUT],
  ['Learning aids, local cluster', LEARNING],
]

/** All rows, in order. */
export const FEATURES: readonly Feature[] = GROUPED.flatMap(([group, rows]) =>
  rows.map(([row, name, shown, why]) => ({
    ...{ row, group, name },
    ...(shown === null ? {} : { shown }),
    ...(why === undefined ? {} : { why }),
  })),
)

/** What none of the tools compared does. */
export interface Lead {
  readonly name: string
  readonly shown: string
  readonly why?: string
}

export const LEADS: readonly Lead[] = [
  {
    name: 'Official flags of both generations, without a JVM',
    shown: "kt explain 'kafka-topics.sh --zookeeper localhost:2181 --list'",
    why: 'such lines run as they are, too: old options are translated, and told',
  },
  {
    name: 'Both sides explained: the wire, and what the brokers did inside meanwhile',
    shown: 'kt topics --describe --topic orders --explain',
    why: 'appends, fetches of followers, ISR, high watermark, waiting requests, leader epochs, groups, metadata: of the local cluster; on others the wire alone',
  },
  {
    name: "Any client's conversation with a cluster in plain words, through a proxy that knows the protocol",
    shown: 'kt trace --for 2s --only produce,fetch -v',
    why: 'addresses of brokers are replaced in every answer that names them, so a client stays behind it; records are counted, never shown',
  },
  {
    name: "A cluster's inner life, live: what happens when a leader is killed",
    shown: 'kt cluster timeline --topic orders --for 2s',
    why: 'all nodes of the local cluster, merged by time',
  },
  {
    name: 'Lossless save and replay of a topic',
    shown:
      'kt console-consumer --topic orders --exit-at-end --format json | kt console-producer --topic payments --format json --repartition',
  },
  {
    name: 'A group live, with each step of a rebalance',
    shown: 'kt consumer-groups --describe --group billing --steps',
    why: 'classic groups and those of KIP-848, from their own records: no step is missed',
  },
  {
    name: 'What-if of assignors before joining',
    shown: 'kt consumer-groups --what-if --group billing --member-count +2',
    why: 'range, roundrobin, sticky, cooperative-sticky, and the two of KIP-848, exactly as Kafka works them out',
  },
  {
    name: 'Key locator: the partition of a key, and only that one read',
    shown: 'kt console-consumer --topic orders --key customer-7 --exit-at-end',
  },
  {
    name: 'Load tests with percentiles as a document',
    shown: 'kt e2e-latency --topic latency --num-records 100 --producer-acks all --record-size 100 --format json',
  },
  {
    name: 'Log files with every byte named, without a broker',
    shown: 'kt dump-log --files 00000000000000000000.log --bytes',
    why: 'batches, records, indexes, snapshots, checkpoints; damage is told by field; as documents too',
  },
  { name: 'Lag as time', shown: 'kt consumer-groups --describe --group billing --totals --lag-time' },
  {
    name: 'Undo of offset and configuration changes',
    shown: 'kt undo',
    why: 'of every command of kt, `apply` included; refused with the facts where somebody changed the value since',
  },
  {
    name: 'Transactions by hand, both kinds of readers side by side',
    shown: 'kt transact --topic orders',
    why: 'several producers at once, fencing included; the bundled cluster does not serve transactions yet',
  },
  { name: 'Completion of live names that cannot stall the shell', shown: 'kt completion bash' },
]
