/**
 * Every example that help and documentation print is run as it is printed. Here is what an example needs besides the
 * cluster that all share: what must have happened before, what must be undone, what it exits with, whether it ends.
 */

export interface ExampleNeeds {
  /** Shell lines that run first; with `[]` it merely runs alone. */
  readonly before?: readonly string[]
  /** Shell lines that undo it. */
  readonly after?: readonly string[]
  /** Runs until Ctrl-C: that comes soon. */
  readonly endless?: boolean
  /** What it ends with, when that is not success. */
  readonly exitCode?: number
  /** Has a home, and so a local cluster, of its own. */
  readonly ownHome?: boolean
  /** Why it is not run. */
  readonly notRun?: string
}

/** The shared cluster: three brokers, two topics, a group, and files with the names that examples use. */
export const SETUP: readonly string[] = [
  'kt cluster start --port 0',
  'kt topics --create --topic orders --partitions 3 --replication-factor 3',
  'kt topics --create --topic payments --partitions 2 --replication-factor 3',
  'cp $ORDERS orders.log',
  'kt console-producer --topic orders --reader-property parse.key=true --reader-property key.separator=: < orders.log',
  'head -20 orders.log | kt console-producer --topic payments',
  'kt console-consumer --topic orders --group billing --from-beginning --max-messages 100 > /dev/null 2>&1',
  'kt console-consumer --topic orders --from-beginning --max-messages 5 --format json > orders.jsonl 2> /dev/null',
  'ln -s $KT_HOME/clusters/local/node-1/data/orders-0 orders-0',
  'ln -s $KT_HOME/clusters/local/node-100/data/__cluster_metadata-0 __cluster_metadata-0',
  'ln -s __cluster_metadata-0/00000000000000000000.log 00000000000000000000.log',
  `echo '{"partitions": [{"topic": "payments", "partition": 0, "offset": 3}], "version": 1}' > offsets.json`,
  `echo '{"topics": [{"topic": "orders"}], "version": 1}' > topics.json`,
  `echo '{"partitions": [{"topic": "payments", "partition": 0, "replicas": [2, 3, 1]}], "version": 1}' > plan.json`,
  'echo "request.timeout.ms=20000" > client.properties',
  'kt consumer-groups --reset-offsets --group billing --topic orders --to-current --export --dry-run > billing.csv',
]

const SERVER_FILE =
  `printf '%s\\n' process.roles=broker,controller node.id=1 listeners=PLAINTEXT://127.0.0.1:$PORT,CONTROLLER://127.0.0.1:$PORT2 ` +
  `controller.listener.names=CONTROLLER controller.quorum.bootstrap.servers=127.0.0.1:$PORT2 log.dirs=$PWD/by-hand > server.properties`
const FORMAT = 'kt storage format -t $(kt storage random-uuid) -c server.properties --standalone'
const BY_HAND = [SERVER_FILE, 'rm -rf by-hand']
const STARTED_BY_HAND = [...BY_HAND, FORMAT, 'kt server-start -daemon server.properties']
const STOP_BY_HAND = ['kt server-stop', 'until ! kt server-stop > /dev/null 2>&1; do sleep 0.1; done']
const AGAIN = ['kt topics --delete --topic orders', 'until ! kt topics --list | grep -qx orders; do sleep 0.1; done']
const FILL =
  'kt console-producer --topic orders --reader-property parse.key=true --reader-property key.separator=: < orders.log'
const RESTORE = [...AGAIN, 'kt topics --create --topic orders --partitions 3 --replication-factor 3', FILL]
/** A cluster that has its ports already: the usual ones may be taken where tests run. */
const STOPPED_CLUSTER = ['kt cluster start --brokers 1 --port 0', 'kt cluster stop']
const RESET = ['kt cluster reset --yes']
const PERF = [
  'kt topics --create --if-not-exists --topic perf',
  'kt producer-perf-test --topic perf --num-records 100000 --record-size 100 --throughput -1',
]

/** A saved connection to the shared cluster. */
const PROFILE = (name: string): string =>
  `kt profile add ${name} --bootstrap-server $(kt cluster status --format json | sed -n 's/.*"bootstrapServers": "\\(.*\\)".*/\\1/p')`

const NUMBERS = ['kt verifiable-producer --topic numbers --max-messages 100']

/** Files that say what the shared cluster has. */
const DECLARED = { before: ['rm -rf declared', 'kt plan --export declared'], after: ['rm -rf declared'] }
/** A change that can be taken back, and then is. */
const CHANGED = {
  before: ['kt configs --alter --topic payments --add-config retention.ms=60000'],
  after: ['kt configs --alter --topic payments --delete-config retention.ms'],
}

/** By the example, word for word; those that are not here need nothing. */
export const NEEDS: Readonly<Record<string, ExampleNeeds>> = {
  'kt profile add here --bootstrap-server localhost:9092': { after: ['kt profile remove here --yes'] },
  'kt topics --list --profile here': { before: [PROFILE('here')], after: ['kt profile remove here --yes'] },
  'kt profile use here': { before: [PROFILE('here')], after: ['kt profile remove here --yes'] },
  'kt profile add prod --bootstrap-server kafka:9093 --security-protocol SASL_SSL --mechanism SCRAM-SHA-512 --user alice':
    {
      after: ['kt profile remove prod --yes'],
    },
  'kt profile remove here --yes': { before: [PROFILE('here')] },
  'kt topics --create --topic orders --partitions 3': { before: AGAIN, after: RESTORE },
  'kt topics --create --topic orders --partitions 3 --replication-factor 3': { before: AGAIN, after: [FILL] },
  'kt topics --create --topic orders --config retention.ms=60000': {
    before: AGAIN,
    after: RESTORE,
  },
  'kt topics --create --topic orders --replica-assignment 1:2:3,2:3:1': {
    before: AGAIN,
    after: RESTORE,
  },
  'kt configs --alter --topic orders --delete-config retention.ms': {
    before: ['kt configs --alter --topic orders --add-config retention.ms=60000'],
  },
  'kt configs --alter --topic orders --add-config retention.ms=60000': {
    after: ['kt configs --alter --topic orders --delete-config retention.ms'],
  },
  "kt topics --delete --topic 'test-.*'": { before: ['kt topics --create --topic test-1'] },
  'kt topics --list --profile prod': { before: ['kt profile add prod --bootstrap-server $SERVERS'] },
  "kt console-consumer --include 'orders-.*' --from-beginning": { endless: true },
  'kt console-consumer --topic orders --isolation-level read_committed': { endless: true },
  'kt console-consumer --topic __consumer_offsets --from-beginning --formatter org.apache.kafka.tools.consumer.OffsetsMessageFormatter':
    { endless: true },
  'kt console-consumer --topic orders --from-beginning': { endless: true },
  'kt console-consumer --topic orders --from-beginning --formatter-property print.key=true': { endless: true },
  'kt console-consumer --topic orders --group billing': { before: [], endless: true },
  'kt console-consumer --topic orders --from-beginning --format json': { endless: true },
  'kt metadata-quorum --command-config controller.properties add-controller': {
    notRun: 'needs a controller that is started by hand: test/interop/commands/metadata-quorum.test.ts',
  },
  // Each kills brokers, or uses the topics of the other.
  'kt lab acks': { before: [] },
  'kt lab acks --acks 1 --records 200': { before: [] },
  'kt lab acks --acks all --format json': { before: [] },
  'kt lab commit': { before: [] },
  'kt lab commit --commit after --records 50': { before: [] },
  'kt storage format -t $(kt storage random-uuid) -c server.properties --standalone': { before: BY_HAND },
  'kt storage info -c server.properties': { before: [...BY_HAND, FORMAT] },
  'kt server-start server.properties': { before: [...BY_HAND, FORMAT], endless: true, ownHome: true },
  'kt server-start -daemon server.properties': { before: [...BY_HAND, FORMAT], after: STOP_BY_HAND, ownHome: true },
  'kt server-stop': { before: STARTED_BY_HAND, ownHome: true },
  'kt server-stop --node-id 1': { before: STARTED_BY_HAND, ownHome: true },
  'kt server-stop --process-role broker,controller': { before: STARTED_BY_HAND, ownHome: true },
  "kt replica-verification --topics-include 'orders|payments' --time -2 --format json": { endless: true },
  'kt quickstart --port 0': { before: [] },
  'kt replica-verification --topics-include orders --time -2': { endless: true },
  'kt replica-verification --report-interval-ms 1000': { endless: true },
  'kt consumer-perf-test --topic perf --num-records 100000': { before: PERF },
  'kt consumer-perf-test --topic perf --num-records 100000 --show-detailed-stats --reporting-interval 100': {
    before: [],
  },
  'kt consumer-perf-test --topic perf --num-records 100000 --timeout 2000 --format json': { before: [] },
  'kt verifiable-consumer --topic numbers --group-id watchers --max-messages 10': { before: NUMBERS },
  'kt verifiable-consumer --topic numbers --group-id watchers --max-messages 10 --verbose': { before: NUMBERS },
  'kt e2e-latency --topic latency --num-records 1000 --producer-acks all --record-size 100': { before: [] },
  'kt e2e-latency --topic latency --num-records 1000 --producer-acks 1 --record-size 10240': { before: [] },
  'kt e2e-latency --topic latency --num-records 100 --producer-acks all --record-size 100 --format json': {
    before: [],
  },
  'kt reassign-partitions --execute --reassignment-json-file plan.json --throttle 10000000': { before: [] },
  'kt reassign-partitions --verify --reassignment-json-file plan.json': { before: [] },
  'kt consumer-groups --describe --group billing --steps': { endless: true },
  'kt describe --watch': { endless: true },
  'kt trace': { endless: true },
  'kt describe topic orders --watch': { endless: true },
  'kt cluster start': { before: STOPPED_CLUSTER, after: RESET, ownHome: true },
  'kt cluster start --brokers 1': { before: STOPPED_CLUSTER, after: RESET, ownHome: true },
  'kt cluster start --brokers 3': {
    before: ['kt cluster start --brokers 3 --port 0', 'kt cluster stop'],
    after: RESET,
    ownHome: true,
  },
  'kt cluster kill 2': { after: ['kt cluster restart 2'] },
  'kt cluster isolate 3 --from nodes': { after: ['kt cluster heal'] },
  'kt cluster isolate 2': { after: ['kt cluster heal'] },
  'kt cluster logs -f': { endless: true },
  'kt cluster stop': { after: ['kt cluster start'] },
  'kt cluster reset': { before: ['kt cluster start --brokers 1 --port 0'], exitCode: 2, ownHome: true },
  'zookeeper-server-start.sh config/zookeeper.properties': {
    before: ['kt init .', 'sed -i s/9092/$PORT/g config/server.properties'],
    after: ['rm -r bin config data'],
  },
  'kt shell -e lines.kt': { before: ["echo 'topics --list' > lines.kt"] },
  // A producer that is fenced is what it shows.
  "printf 'as A pay\\nbegin\\nwrite orders a:1\\nas B pay\\nbegin\\nA> commit\\n' | kt transact --format json": {
    exitCode: 7,
  },
  'kt init .': { after: ['rm -r bin config'] },
  'kt quickstart': { after: [] },
  'kt learn': { before: [] },
  'kt learn list': { before: [] },
  'kt learn goto 1': { before: [] },
  'kt learn check': { before: ['kt learn goto 1'], exitCode: 1 },
  'kt learn hint': { before: ['kt learn goto 1'] },
  'kt learn reset 1': { before: ['kt learn goto 1'] },
  'kt learn notes': { before: ['kt learn goto 1'], after: ['kt learn reset --all --yes'] },
  "kt plan --export --topic 'orders.*' declared/orders.yaml": {
    before: ['rm -rf declared'],
    after: ['rm -rf declared'],
  },
  'kt plan declared': DECLARED,
  'kt plan declared --format json --exit-code': DECLARED,
  'kt plan declared --prune configs': DECLARED,
  'kt apply declared': DECLARED,
  'kt apply declared --yes': DECLARED,
  "kt apply declared --yes --prune topics --topic 'test-.*'": DECLARED,
  'kt plan --export | kt apply - --yes': { before: [] },
  'kt undo': CHANGED,
  'kt undo --yes': { before: CHANGED.before },
  'kt undo list': CHANGED,
  'kt undo show 1': CHANGED,
  'kt undo 1 --dry-run': CHANGED,
}

/**
 * Requests that the bundled cluster does not serve yet: a command that needs one ends with one clear line, which counts as
 * the result. To be taken out of here as they are served.
 */
export const NOT_SERVED: readonly string[] = [
  'AlterClientQuotas',
  'AlterUserScramCredentials',
  'CreateAcls',
  'CreateDelegationToken',
  'DeleteAcls',
  'DescribeAcls',
  'DescribeClientQuotas',
  'DescribeDelegationToken',
  'DescribeProducers',
  'DescribeTransactions',
  'DescribeUserScramCredentials',
  'EndTxn',
  'ExpireDelegationToken',
  'ListTransactions',
  'RenewDelegationToken',
  'ShareGroupDescribe',
  'ShareGroupHeartbeat',
  'ShareFetch',
  'ShareAcknowledge',
  'DescribeShareGroupOffsets',
  'AlterShareGroupOffsets',
  'DeleteShareGroupOffsets',
  'StreamsGroupDescribe',
  'StreamsGroupHeartbeat',
  'WriteTxnMarkers',
]
