import { describeGroup, readToTheEnd, sharedByMembers } from '../../checks/groups.ts'
import type { Check, Lesson } from '../../lesson.ts'
import { names } from '../../names.ts'
import { seen } from '../../verdict.ts'

const { name } = names(23)
const orders = name('orders')
const packing = name('packing')
const PARTITIONS = 3
const WITH_KEYS = '--reader-property parse.key=true --reader-property key.separator=:'
/** murmur2 of three: dave and frank in 1, alice and bob in 0, carol and erin in 2. */
const LINES = ['alice:two mugs', 'bob:a lamp', 'carol:a book', 'dave:a teapot', 'erin:a vase', 'frank:tea']
const consume = `console-consumer --topic ${orders} --group ${packing}`
const produce = `console-producer --topic ${orders} ${WITH_KEYS}`

const eachHasSome: Check = async ({ facts }) => {
  const expected = `orders in all ${PARTITIONS} partitions`
  const ranges = await facts.offsets(orders)
  const filled = ranges.filter(({ end }) => end !== null && end > 0)
  return seen(filled.length === PARTITIONS, {
    expected,
    observed: ranges.map(({ partition, end }) => `partition ${partition}: ${end ?? 'no answer'}`).join(', '),
    show: `kt get-offsets --topic ${orders}`,
  })
}

export const lesson: Lesson = {
  number: 23,
  name: 'groups-share-work',
  title: 'A group shares the work',
  inShort: 'The members of a group share the partitions: each partition is read by exactly one member.',
  where: 'anywhere',
  answers: ['000:29', '002:49', '003:64', '004:61', '004:85'],
  beliefs: [
    {
      older: 'each partition is read by one consumer group at a time',
      today: 'never: by one consumer within each group. As many groups as you like read the same partition.',
    },
    {
      older: 'the current offset is where the consumer has taken, the committed one where it has processed',
      today:
        'the consumer alone knows where it is. The column CURRENT-OFFSET always was the committed one: where the group goes on.',
    },
  ],
  text: `One packer is too slow for all orders of the shop. Three packers shall share them, and no order may be packed
twice.

They say that they belong together by one name: the group ${packing}. The group gives each partition to one of its
members, so each order comes to one packer.

Open three terminals and start one packer in each. Then send orders of all six customers and see who gets which.`,
  type: [
    `kt ${consume}     (the same in three terminals)`,
    `kt ${produce}`,
    'alice:two mugs',
    'dave:a teapot     (and bob, carol, erin, frank; Ctrl-D ends)',
    describeGroup(packing),
  ],
  watch: { topics: [orders], groups: [packing] },
  async setUp(stage) {
    await stage.topic(orders, { partitions: PARTITIONS })
  },
  questions: [
    {
      name: 'who-gets-alice',
      ask: 'alice sends a second order while the same three packers work. Who gets it?',
      choices: ['the packer who had her first one', 'the next packer in turn', 'whoever has nothing to do'],
      answer: async () => 'the packer who had her first one',
      because:
        'Partitions are shared out, not records. The key puts her orders into one partition, and that partition has one reader in the group until somebody joins or leaves.',
    },
    {
      name: 'current-offset',
      ask: 'A packer has just printed an order. What does CURRENT-OFFSET of the description show at that moment?',
      choices: ['where the packer is', 'what the group last committed'],
      answer: async () => 'what the group last committed',
      because:
        'Members commit by themselves every five seconds (auto.commit.interval.ms), and when they end. Between two commits the column lags behind what was read.',
    },
  ],
  goals: [
    {
      name: 'three members, each with a partition',
      check: sharedByMembers(packing, PARTITIONS),
      hints: [
        'Start the same consumer three times, each in a terminal of its own.',
        'Members that give the same name with --group share the partitions among them.',
        `\`kt ${consume}\` in three terminals, and leave them running`,
      ],
    },
    {
      name: 'orders in all three partitions',
      check: eachHasSome,
      hints: [
        'Orders of all six customers reach all three partitions.',
        'The key decides: alice and bob are in partition 0, dave and frank in 1, carol and erin in 2.',
        `\`kt ${produce}\`, then lines such as ${LINES[0]}`,
      ],
    },
    {
      name: 'the group has committed that it read all of them',
      check: readToTheEnd(packing, orders),
      hints: [
        'Wait for five seconds.',
        'Members commit every five seconds where they have come to.',
        describeGroup(packing),
      ],
    },
  ],
  solution: [
    { line: consume, beside: true },
    { line: consume, beside: true },
    { line: consume, beside: true, until: 'three members, each with a partition' },
    { line: produce, input: LINES, until: 'the group has committed that it read all of them' },
  ],
  async after({ facts }) {
    const group = await facts.group(packing)
    const shares = (group?.members ?? [])
      .flatMap(({ memberId, assignment }) => assignment.map(({ partition }) => ({ partition, memberId })))
      .sort((a, b) => a.partition - b.partition)
      .map(({ partition, memberId }) => `Partition ${partition} went to the member ...${memberId.slice(-6)}`)
    const committed = (await facts.committed(packing)).map(
      ({ partition, offset }) => `${offset} in partition ${partition}`,
    )
    return `${shares.join('. ')}. Nobody handed out orders one by one: a partition has one reader in a group, and that is all it takes to pack nothing twice while all goes well. What the group has committed: ${committed.sort().join(', ')}. That is the number CURRENT-OFFSET, and it is the next order to read, not the last one that was read.`
  },
  play: [
    `kt consumer-groups --describe --group ${packing} --members --verbose`,
    `kt describe group ${packing} --watch     (then stop one packer with Ctrl-C)`,
    `kt consumer-groups --what-if --group ${packing} --member-count +1`,
  ],
}
