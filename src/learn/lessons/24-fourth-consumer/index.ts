import { groupMoments, settledMoment } from '../../checks/group-history.ts'
import { describeGroup, membersText, readToTheEnd } from '../../checks/groups.ts'
import { clockTime } from '../../checks/happened.ts'
import type { Check, Lesson } from '../../lesson.ts'
import { names } from '../../names.ts'
import { seen } from '../../verdict.ts'

const { name } = names(24)
const orders = name('orders')
const packing = name('packing')
const billing = name('billing')
const PARTITIONS = 3
const CUSTOMERS = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank']
const ORDERS = Array.from({ length: 12 }, (_, at) => ({
  key: CUSTOMERS[at % CUSTOMERS.length]!,
  value: `order ${at + 1}`,
}))
/** Long enough for the others to be asked to share anew, which they hear at their next heartbeat (3 s). */
const STAYS_MS = 12_000
const show = `${describeGroup(packing)} --members`

const consumeAs = (who: number): string =>
  `console-consumer --topic ${orders} --group ${packing} --command-property client.id=packer-${who}`
const bill = `console-consumer --topic ${orders} --group ${billing} --from-beginning --exit-at-end`

const WITH_IDLE = { busy: PARTITIONS, idle: 1 }

const oneIdle: Check = async ({ facts, journal }) => {
  const expected = `four members, one of them without a partition`
  const was = settledMoment(groupMoments(journal.events, packing), WITH_IDLE)
  if (was !== undefined) return seen(true, { expected, observed: `so it was at ${clockTime(was.at)}`, show })
  const members = (await facts.group(packing))?.members ?? []
  const idle = members.filter(({ assignment }) => assignment.length === 0)
  return seen(false, { expected, observed: `${membersText(members.length)}, ${idle.length} without`, show })
}

const takenOver: Check = async ({ facts, journal }) => {
  const expected = 'three members again, each with a partition, after there were four'
  const moments = groupMoments(journal.events, packing)
  const was = settledMoment(moments, WITH_IDLE)
  const later = was === undefined ? [] : moments.filter(({ at }) => at > was.at)
  const then = settledMoment(later, { busy: PARTITIONS, idle: 0 })
  const members = (await facts.group(packing))?.members ?? []
  const observed = then === undefined ? membersText(members.length) : `so it was at ${clockTime(then.at)}`
  const waiting =
    was !== undefined && then === undefined
      ? { waitingFor: 'a packer to leave (one that was killed is missed after 45 s)' }
      : {}
  return seen(then !== undefined, { expected, observed, show, ...waiting })
}

export const lesson: Lesson = {
  number: 24,
  name: 'fourth-consumer',
  title: 'The fourth consumer has nothing to do',
  inShort: 'A group can use as many members as there are partitions; one more waits until another one leaves.',
  where: 'anywhere',
  answers: ['000:29', '003:29', '003:34', '004:65'],
  beliefs: [
    {
      older: 'a group cannot have more consumers than the topic has partitions',
      today: 'it always could. The ones too many wait, without a partition, and take over when another one is gone.',
    },
    {
      older: 'Kafka is either a queue or it broadcasts to all consumers',
      today:
        'always both: within a group each record goes to one member, and every group gets all of them. Since 4.2 a share group shares partitions, too (KIP-932).',
    },
  ],
  text: `Christmas: three packers are not enough, so a fourth one joins the group ${packing}. ${orders} has three
partitions.

Give each packer a name, as client.id, to tell them apart. Start three, then the fourth, and look who has which
partition. Then stop one that has a partition, with Ctrl-C.

And billing wants every order, too, whatever the packers have read. It is a group of its own: ${billing}.`,
  type: [
    `kt ${consumeAs(1)}     (and packer-2 to packer-4, each in its own terminal)`,
    show,
    'Ctrl-C in the terminal of packer-1, and look once more',
    `kt ${bill}`,
  ],
  watch: { topics: [orders], groups: [packing, billing] },
  async setUp(stage) {
    await stage.topicWith(orders, { partitions: PARTITIONS }, ORDERS)
  },
  questions: [
    {
      name: 'fourth',
      ask: 'Three packers have a partition each, and a fourth one joins. What happens to it?',
      choices: ['it is refused', 'it shares a partition with another one', 'it is a member and gets nothing'],
      answer: async () => 'it is a member and gets nothing',
      because:
        'A partition has one reader in a group, else two would pack the same order. So it waits, and costs little: it is the standby.',
    },
    {
      name: 'billing',
      ask: `The packers have the partitions. How many of the ${ORDERS.length} orders does billing get?`,
      choices: ['none', 'those that the packers have not read', 'all of them'],
      answer: async () => 'all of them',
      because:
        'Members of a group share; groups do not know of each other. Each group has its own place in each partition.',
    },
  ],
  goals: [
    {
      name: 'four packers, and one of them has nothing to do',
      check: oneIdle,
      hints: [
        'One terminal more than partitions.',
        'The fourth member joins the group as the others did. It takes up to three seconds until all know.',
        `\`kt ${consumeAs(4)}\` beside packer-1, packer-2 and packer-3`,
      ],
    },
    {
      name: 'one left, and the one that waited has taken over',
      check: takenOver,
      hints: [
        'End a packer that has a partition.',
        'With Ctrl-C a consumer says goodbye. One that is killed with -9 does not, and is missed after session.timeout.ms, 45 s.',
        `Ctrl-C in the terminal of packer-1, then \`${show}\``,
      ],
    },
    {
      name: 'billing has read every order',
      check: readToTheEnd(billing, orders),
      hints: [
        'Another group, another name.',
        '--group says who reads, --from-beginning where a new group begins.',
        `kt ${bill}`,
      ],
    },
  ],
  solution: [
    { line: consumeAs(2), beside: true },
    { line: consumeAs(3), beside: true },
    { line: consumeAs(4), beside: true },
    { line: `${consumeAs(1)} --timeout-ms ${STAYS_MS}`, until: 'one left, and the one that waited has taken over' },
    { line: bill },
  ],
  async after({ facts, journal }) {
    const moments = groupMoments(journal.events, packing)
    const was = settledMoment(moments, WITH_IDLE)
    const then = settledMoment(
      moments.filter(({ at }) => at > (was?.at ?? 0)),
      { busy: PARTITIONS, idle: 0 },
    )
    const gone = journal.find('member', ({ group, change }) => group === packing && change === 'left').at(-1)
    const count = await facts.recordCount(orders)
    return `At ${clockTime(was?.at ?? 0)} four members shared ${PARTITIONS} partitions, so one had none. ${gone?.clientId} left, and at ${clockTime(then?.at ?? 0)} the three others had one each: nobody had to start anything. So more members than partitions are a standby, and the number of partitions is the most that a group can do at once. Billing got all ${count} orders, as if there were no packers. Where several shall share one partition, each record to one of them, Kafka 4.2 and later have share groups.`
  },
  play: [
    `kt consumer-groups --describe --group ${packing} --steps     (in one terminal, while packers come and go in others)`,
    `kt consumer-groups --what-if --group ${packing} --member-count 5`,
    `kill -9 a packer, and count how long its partition has no reader (45 s: session.timeout.ms)`,
    `kt console-share-consumer --topic ${orders} --group ${name('sharing')}     (on Apache Kafka 4.2 and later; not served by the bundled cluster)`,
  ],
}
