import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../../src/cli/program.ts'
import { recognise } from '../../../src/commands/beginner-errors/recognise.ts'
import { BEGINNER_ERRORS } from '../../../src/commands/beginner-errors/table.ts'
import { explain } from '../../../src/commands/explain/explanation.ts'

/** What people paste, as clients of several generations word it, and the row that it belongs to. */
const PASTED: readonly (readonly [text: string, id: string])[] = [
  ['zookeeper is not a recognized option', 'zookeeper-option'],
  ['broker-list is not a recognized option', 'broker-list-option'],
  ['Warning: --property is deprecated and will be removed in a future version.', 'renamed-option'],
  ['Option --producer.config has been deprecated', 'renamed-option'],
  ['--consumer-property is deprecated', 'renamed-option'],
  [
    '[2024-10-01 10:00:00,000] WARN [AdminClient clientId=adminclient-1] Connection to node -1 (localhost/127.0.0.1:9092) could not be established. Node may not be available. (org.apache.kafka.clients.NetworkClient)',
    'nothing-listens',
  ],
  ['WARN Bootstrap broker localhost:9092 (id: -1 rack: null) disconnected', 'nothing-listens'],
  ['Connection to node 2 (kafka2/172.18.0.3:9092) could not be established.', 'advertised-listener'],
  ['No resolvable bootstrap urls given in bootstrap.servers', 'bootstrap-url'],
  ['WARN Error while fetching metadata with correlation id 3 : {t=LEADER_NOT_AVAILABLE}', 'leader-not-available'],
  [
    'The metadata response from the cluster reported a recoverable issue with correlation id 1 : {t=LEADER_NOT_AVAILABLE}',
    'leader-not-available',
  ],
  ['UNKNOWN_TOPIC_OR_PARTITION', 'unknown-topic'],
  ['Topic x not present in metadata after 60000 ms.', 'unknown-topic'],
  ['topic silently created by typo', 'created-by-typo'],
  ['consumer prints nothing', 'silent-consumer'],
  ['--from-beginning ignored', 'from-beginning-ignored'],
  [
    'Unable to replicate the partition 3 time(s): The target replication factor of 3 cannot be reached because only 1 broker(s) are registered.',
    'few-brokers',
  ],
  ['Replication factor: 3 larger than available brokers: 1.', 'few-brokers'],
  ['The topic t currently has 3 partition(s); 2 would not be an increase.', 'partitions-only-grow'],
  ['Topic with this name already exists', 'topic-exists'],
  [
    "WARNING: Due to limitations in metric names, topics with a period ('.') or underscore ('_') could collide.",
    'topic-name',
  ],
  ['NOT_ENOUGH_REPLICAS', 'not-enough-replicas'],
  [
    'The size of the current ISR Set(2) is insufficient to satisfy the min.isr requirement of 2 for partition t-0',
    'not-enough-replicas',
  ],
  ['NOT_LEADER_OR_FOLLOWER', 'not-leader'],
  ['org.apache.kafka.common.errors.NotLeaderOrFollowerException', 'not-leader'],
  ['Expiring 5 record(s) for t-0:120000 ms has passed since batch creation', 'delivery-timeout'],
  ['COORDINATOR_NOT_AVAILABLE', 'coordinator-not-available'],
  ["Assignments can only be reset if the group 'g' is inactive, but the current state is Stable.", 'group-is-active'],
  ["Consumer group 'g' has no active members.", 'no-active-members'],
  ['4 consumers, 1 with 0 partitions', 'idle-member'],
  ['Commit cannot be completed since the group has already rebalanced and assigned the partitions', 'poll-too-late'],
  ['consumer poll timeout has expired.', 'poll-too-late'],
  ['endless rebalances', 'endless-rebalances'],
  ['REBALANCE_IN_PROGRESS', 'rebalance-codes'],
  ['ILLEGAL_GENERATION', 'rebalance-codes'],
  ['UNKNOWN_MEMBER_ID', 'rebalance-codes'],
  ['Fetch position FetchPosition{offset=5} is out of range for partition t-0, resetting offset', 'offset-out-of-range'],
  ['OFFSET_OUT_OF_RANGE', 'offset-out-of-range'],
  ['records "out of order"', 'out-of-order'],
  ['same key in two partitions', 'same-key-two-partitions'],
  ['old data still there after retention.ms', 'old-data-stays'],
  ['Compacted topic cannot accept message without key', 'compacted-without-key'],
  ['RecordTooLargeException', 'too-large'],
  ['MESSAGE_TOO_LARGE', 'too-large'],
  ['read_committed consumer stuck', 'open-transaction'],
  ['PRODUCER_FENCED', 'producer-fenced'],
  ['INVALID_PRODUCER_EPOCH', 'producer-fenced'],
  ['ELECTION_NOT_NEEDED', 'election-not-needed'],
  ['PREFERRED_LEADER_NOT_AVAILABLE', 'preferred-leader-not-available'],
  [
    "No 'meta.properties' found in /tmp/kraft (have you run kafka-storage.sh to format the directory?)",
    'not-formatted',
  ],
  ['INCONSISTENT_CLUSTER_ID', 'not-formatted'],
  ['UNSUPPORTED_VERSION', 'unsupported-version'],
  ['port 9092 on 127.0.0.1 is taken', 'port-in-use'],
  ['java.net.BindException: Address already in use', 'port-in-use'],
]

describe('the table of beginner errors', () => {
  it.each(PASTED)('%s', (text, id) => {
    expect(recognise({ text })?.row.id).toBe(id)
  })

  it.each(BEGINNER_ERRORS.flatMap(({ id, texts }) => texts.map((text) => [id, text] as const)))(
    '%s is known by its own words: %s',
    (id, text) => {
      expect(recognise({ text })?.row.id).toBe(id)
    },
  )

  it('has something of its own to say in each row', () => {
    const of = (part: (row: (typeof BEGINNER_ERRORS)[number]) => string): string[] => BEGINNER_ERRORS.map(part)
    expect(new Set(of(({ id }) => id)).size).toBe(BEGINNER_ERRORS.length)
    expect(new Set(of(({ why }) => why)).size).toBe(BEGINNER_ERRORS.length)
    expect(BEGINNER_ERRORS.filter(({ next }) => next.length === 0)).toEqual([])
  })

  const steps = BEGINNER_ERRORS.flatMap(({ id, next }) =>
    next.flatMap(({ run }) => (run === undefined ? [] : [[id, run] as const])),
  )
  it.each(steps)('%s: every option of %s is there', async (_id, run) => {
    const { commands } = await explain(run, COMMANDS)
    expect(commands.every(({ command }) => command !== null)).toBe(true)
    const old = commands.flatMap(({ parts, command }) => (command === 'explain' ? [] : parts))
    expect(old.filter(({ status }) => status !== 'known')).toEqual([])
  })

  it('leaves alone what it does not know', () => {
    expect(recognise({ text: 'orders\npayments\n' })).toBeNull()
    expect(recognise({ text: '' })).toBeNull()
    expect(recognise({ text: 'Created topic orders.' })).toBeNull()
    expect(recognise({ text: 'Processed a total of 9 messages' })).toBeNull()
  })

  it('is not lost in colours, quotes of web pages and long pastes', () => {
    expect(recognise({ text: '\u001b[31mzookeeper is not a recognized option\u001b[0m' })?.row.id).toBe(
      'zookeeper-option',
    )
    expect(recognise({ text: 'Consumer group ‘g’ has no active members.' })?.said.name('GROUP')).toBe('g')
    const started = performance.now()
    recognise({ text: 'x-1 topic group '.repeat(100_000) })
    expect(performance.now() - started).toBeLessThan(2_000)
  })

  it('takes a code for what silence is not', () => {
    const text = 'Processed a total of 0 messages\nThe coordinator is not available.'
    expect(recognise({ text })?.row.id).toBe('coordinator-not-available')
    expect(recognise({ text: 'Processed a total of 0 messages' })?.row.id).toBe('silent-consumer')
  })
})
