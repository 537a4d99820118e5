import { describe, expect, it } from 'vitest'
import { hasRemark, REMARKS } from '../../src/cli/remarks.ts'
import { recognise } from '../../src/commands/beginner-errors/recognise.ts'

const said = (on: 'stdout' | 'stderr', text: string, atTerminal = false) => ({
  ...{ stdout: '', stderr: '', atTerminal },
  [on]: text,
})

/** Command, stream, what it says, the row that explains it. */
const TOLD: readonly (readonly [string, 'stdout' | 'stderr', string, string])[] = [
  [
    ...(['consumer-groups', 'stdout'] as const),
    "\nError: Assignments can only be reset if the group 'g' is inactive, but the current state is Stable.\n",
    'group-is-active',
  ],
  [
    ...(['consumer-groups', 'stdout'] as const),
    "\nError: Deletion of some consumer groups failed:\n* Group 'g' could not be deleted due to: org.apache.kafka.common.errors.GroupNotEmptyException: The group is not empty.\n",
    'group-is-active',
  ],
  [
    ...(['streams-groups', 'stdout'] as const),
    '\nGROUP TOPIC\ng t\n\nError: Group coordinator COORDINATOR_NOT_AVAILABLE\n',
    'coordinator-not-available',
  ],
  [
    ...(['delete-records', 'stdout'] as const),
    'Records delete operation completed:\npartition: t-0\terror: org.apache.kafka.common.errors.OffsetOutOfRangeException: no\n',
    'offset-out-of-range',
  ],
  [
    ...(['delete-records', 'stdout'] as const),
    'TOPIC  PARTITION  NOW BEGINS AT\nt              0              -  The requested offset is not within the range of offsets maintained by the server.\n',
    'offset-out-of-range',
  ],
  [
    ...(['topics', 'stdout'] as const),
    "WARNING: Due to limitations in metric names, topics with a period ('.') or underscore ('_') could collide. To avoid issues it is best to use either, but not both.\nCreated topic a.b.\n",
    'topic-name',
  ],
  [
    ...(['get-offsets', 'stderr'] as const),
    'Skip getting offsets for topic-partition t-0 due to error: There is no leader for this topic-partition as we are in the middle of a leadership election.\n',
    'leader-not-available',
  ],
  [
    ...(['console-producer', 'stderr'] as const),
    '[2026-01-02 03:04:05,678] ERROR Error when sending message to topic t with key: null, value: 1 bytes with error: Compacted topic cannot accept message without key in topic partition t-0. (kt)\n',
    'compacted-without-key',
  ],
]

const AT_TERMINAL: typeof TOLD = [
  ['consumer-groups', 'stderr', "\nConsumer group 'g' has no active members.\n", 'no-active-members'],
  ['share-groups', 'stderr', "\nShare group 'g' has no active members.\n", 'no-active-members'],
  [
    ...(['consumer-groups', 'stdout'] as const),
    'GROUP  CONSUMER-ID  GROUP-INSTANCE-ID  HOST  CLIENT-ID  PARTITIONS  ASSIGNMENT\ng      a-1          -                  /h    a                   1  t:0\ng      b-1          -                  /h    b                   0  -\n',
    'idle-member',
  ],
  [
    ...(['consumer-groups', 'stdout'] as const),
    '\nGROUP           CONSUMER-ID     HOST            CLIENT-ID       #PARTITIONS     \ng               a-1             /h              a               0               \n',
    'idle-member',
  ],
  ['console-consumer', 'stderr', 'Processed a total of 0 messages\n', 'silent-consumer'],
  [
    ...(['console-consumer', 'stderr'] as const),
    "These records of 2 partitions of 't' came in another order than they were written: order holds within a partition.\n",
    'out-of-order',
  ],
  ['leader-election', 'stdout', 'Valid replica already elected for partitions t-0\n', 'election-not-needed'],
  [
    ...(['leader-election', 'stdout'] as const),
    'TOPIC  PARTITION  LEADER  ELECTION\nt              0       1  not needed\n',
    'election-not-needed',
  ],
]

/** What commands print that go well, with the words of failures in it. */
const DATA: readonly (readonly [string, 'stdout' | 'stderr', string])[] = [
  ['topics', 'stdout', 'error\nwarnings\nTopic-exception\npartitions\nWARNING\n'],
  [
    ...(['topics', 'stdout'] as const),
    'NAME   PARTITIONS  REPLICAS\nerror           0         0\n1 topic, 3 partitions\n',
  ],
  ['configs', 'stdout', 'Dynamic configs for topic t are:\n  num.partitions=1 sensitive=false\n  log.level=ERROR\n'],
  ['consumer-groups', 'stdout', 'Error:\nError: a\nwarn\n'],
  ['consumer-groups', 'stdout', 'GROUP  TOPIC  PARTITION  LAG\ng      t              0    0\ntotal lag: 0\n'],
  ['consumer-groups', 'stdout', 'GROUP  STATE   TOPIC  PARTITIONS  LAG\ng      Stable  t      3           0\n'],
  [
    ...(['consumer-groups', 'stdout'] as const),
    'GROUP  CONSUMER-ID  GROUP-INSTANCE-ID  HOST  CLIENT-ID  PARTITIONS  ASSIGNMENT\ng      a-1          -                  /h    a                   2  t:0,1\n',
  ],
  ['consumer-groups', 'stderr', "\nWarning: Consumer group 'g' is rebalancing.\n"],
  ['delete-records', 'stdout', 'partition: error-0\tlow_watermark: 3\n'],
  ['delete-records', 'stdout', 'TOPIC  PARTITION  NOW BEGINS AT\nerror          0              3\n'],
  ['leader-election', 'stdout', 'TOPIC  PARTITION  LEADER  ELECTION\nt              0       1  elected\n'],
  ['leader-election', 'stdout', 'Successfully completed leader election (PREFERRED) for partitions t-0\n'],
  ['console-consumer', 'stderr', 'Processed a total of 10 messages\n'],
  ['console-producer', 'stderr', 'Warning: --property is deprecated and will be removed in a future version.\n'],
  ['topics', 'stderr', 'Keys go to other partitions from now on: no error\n'],
]

describe('remarks of commands that end well', () => {
  it.each(TOLD)('%s on %s: %j', (command, on, text, id) => {
    expect(hasRemark(command, said(on, text))).toBe(true)
    expect(hasRemark('describe', said(on, text))).toBe(false)
    expect(recognise({ text, command })?.row.id).toBe(id)
    expect(recognise({ text, command })?.row.shown ?? 'always').toBe('always')
  })

  it.each(AT_TERMINAL)('at a terminal %s on %s: %j', (command, on, text, id) => {
    expect([true, false].map((atTerminal) => hasRemark(command, said(on, text, atTerminal)))).toEqual([true, false])
    expect(recognise({ text, command })?.row).toMatchObject({ id, shown: 'at a terminal' })
  })

  it('are each of them met in these tests', () => {
    const all = [...TOLD, ...AT_TERMINAL]
    const unmet = REMARKS.filter(({ words, on }) => !all.some(([, at, text]) => at === on && words.test(text)))
    expect(unmet).toEqual([])
  })

  it.each(DATA)('are not taken from data: %s on %s: %j', (command, on, text) => {
    expect(hasRemark(command, said(on, text, true))).toBe(false)
  })

  it('a table of lag is not taken for members without partitions when it is pasted either', () => {
    expect(
      recognise({ text: 'GROUP  STATE   TOPIC  PARTITIONS  LAG\ng      Stable  t      3           0\n' }),
    ).toBeNull()
  })
})
