/** Options that Kafka's scripts had once, what became of them, and how the same is said now. */

export interface OldOption {
  /** False for a flag. */
  readonly takesValue: boolean
  readonly why: string
  /** The words of today; none when the option is left out. */
  modern(value: string): readonly string[]
}

const LEFT_OUT = (): readonly string[] => []

function renamed(to: string, why: string): OldOption {
  return { takesValue: true, why, modern: (value) => [`--${to}`, value] }
}
function gone(why: string, takesValue = true): OldOption {
  return { takesValue, why, modern: LEFT_OUT }
}

const ZOOKEEPER: OldOption = {
  takesValue: true,
  why: 'Where ZooKeeper listened. Tools talk to brokers since Kafka 3.0, and since 4.0 there is no ZooKeeper.',
  modern: (value) => ['--bootstrap-server', brokersOf(value)],
}

/** Brokers on the hosts where ZooKeeper was: their usual port. */
function brokersOf(zookeeper: string): string {
  const hosts = zookeeper.replace(/\/.*$/, '').split(',')
  return hosts.map((host) => `${host.trim().replace(/:\d+$/, '')}:9092`).join(',')
}

/** Of every script. */
const ANYWHERE: Readonly<Record<string, OldOption>> = {
  zookeeper: ZOOKEEPER,
  'broker-list': renamed('bootstrap-server', 'Old name of --bootstrap-server, gone since Kafka 4.0 (KIP-499).'),
  'bootstrap-servers': renamed('bootstrap-server', 'Never an option of the scripts: it has no s at the end.'),
  'new-consumer': gone('Chose the consumer that talks to brokers. There is no other one since Kafka 2.0.', false),
  'old-consumer': gone('Chose the consumer that talked to ZooKeeper, gone since Kafka 2.0.', false),
  'security-protocol': {
    takesValue: true,
    why: 'Now a line of the properties file: security.protocol=...',
    modern: () => ['--command-config', 'client.properties'],
  },
}

const BY_COMMAND: Readonly<Record<string, Readonly<Record<string, OldOption>>>> = {
  topics: {
    force: gone('There is nothing it could force since Kafka 2.2.', false),
    'disable-rack-aware': gone('Placed replicas without looking at racks, gone since Kafka 3.0.', false),
  },
  'console-consumer': {
    whitelist: renamed('include', 'Old name of --include, gone since Kafka 4.0 (KIP-629).'),
    blacklist: gone('Topics to leave out; --include with an expression says which to read.'),
    'delete-consumer-offsets': gone('Offsets are in the cluster now: kt consumer-groups --delete-offsets.', false),
    'csv-reporter-enabled': gone('Metrics of the consumer in files, gone since Kafka 2.0.', false),
    'metrics-dir': gone('Metrics of the consumer in files, gone since Kafka 2.0.'),
  },
  'console-producer': {
    'queue-size': gone('Of the old Scala producer, gone since Kafka 2.0.'),
    'queue-enqueuetimeout-ms': gone('Of the old Scala producer, gone since Kafka 2.0.'),
    'key-serializer': gone('Keys and values are bytes of text.'),
    'value-serializer': gone('Keys and values are bytes of text.'),
  },
  'consumer-groups': {
    'check-broker': gone('An option of ConsumerOffsetChecker; brokers are always asked.', false),
  },
  'mirror-maker': { whitelist: renamed('include', 'Old name of --include.') },
  'consumer-perf-test': {
    threads: gone('One consumer reads; start more of them for more.'),
    'num-fetch-threads': gone('The consumer fetches as it needs to.'),
    messages: renamed('num-records', 'Old name of --num-records.'),
  },
  'get-offsets': {
    'max-wait-ms': gone('How long an old request waited.'),
    offsets: gone('How many offsets of segments to list; there is one answer for each partition now.'),
  },
  'replica-verification': {},
  acls: {
    authorizer: gone('ACLs are changed through the brokers; the authorizer is theirs.'),
    'authorizer-properties': {
      takesValue: true,
      why: 'Where ZooKeeper kept the ACLs. They are changed through the brokers.',
      modern: (value) => ['--bootstrap-server', brokersOf(value.replace(/^zookeeper\.connect=/, ''))],
    },
  },
}

/** What is known of an option that a command has no longer; undefined for one that never was. */
export function oldOption(command: string, name: string): OldOption | undefined {
  const own = BY_COMMAND[command]
  if (own !== undefined && Object.hasOwn(own, name)) return own[name]
  return Object.hasOwn(ANYWHERE, name) ? ANYWHERE[name] : undefined
}

/** Where an option was once; the command is null for one of every script. */
export function oldUses(name: string): { readonly command: string | null; readonly option: OldOption }[] {
  const own = Object.entries(BY_COMMAND).flatMap(([command, options]) =>
    Object.hasOwn(options, name) ? [{ command, option: options[name]! }] : [],
  )
  return Object.hasOwn(ANYWHERE, name) ? [{ command: null, option: ANYWHERE[name]! }, ...own] : own
}

/** Their names, for words that are nearly one. */
export function oldOptionNames(command: string): string[] {
  return [...Object.keys(BY_COMMAND[command] ?? {}), ...Object.keys(ANYWHERE)]
}

/** Environment variables of Kafka's scripts and of `kt`. */
const VARIABLES: Readonly<Record<string, string>> = {
  KAFKA_HEAP_OPTS: 'Memory of the JVM; kt has none and reads over it.',
  KAFKA_OPTS: 'Flags of the JVM, often a JAAS file; kt takes sasl.jaas.config from --command-config instead.',
  KAFKA_JVM_PERFORMANCE_OPTS: 'Flags of the JVM; kt has none.',
  KAFKA_JMX_OPTS: 'Flags of JMX; kt has none.',
  JMX_PORT: 'Port of JMX. Set for a broker, it makes each of its Java tools fail to start; kt reads over it.',
  KAFKA_LOG4J_OPTS: "Where the JVM's logging is set up; kt reads over it.",
  LOG_DIR: 'Where a node started with -daemon writes its log.',
  EXTRA_ARGS: 'Flags of the script that starts the JVM; kt reads over them.',
  CLASSPATH: 'Where the JVM looks for classes; kt loads none.',
  JAVA_HOME: 'Which Java; kt needs none.',
  KAFKA_CLUSTER_ID: 'A variable of the shell, for the commands that follow: the id of a new cluster.',
  KT_BOOTSTRAP_SERVER: 'Which cluster kt talks to when --bootstrap-server is left out.',
  KT_HOME: 'Where kt keeps its local cluster, ~/.kt when it is not set.',
}

/** What a variable in front of a command does. */
export function variableMeaning(name: string): string {
  return Object.hasOwn(VARIABLES, name) ? VARIABLES[name]! : 'A variable for this command alone.'
}
