import { describeGroup, membersText } from '../../checks/groups.ts'
import { clockTime } from '../../checks/happened.ts'
import type { Check, Lesson, Look } from '../../lesson.ts'
import { names } from '../../names.ts'
import { seen } from '../../verdict.ts'

const { name } = names(28)
const orders = name('orders')
const eager = name('eager')
const modern = name('modern')
const PARTITIONS = 6

const EAGER = `verifiable-consumer --topic ${orders} --group-id ${eager}`
const MODERN = `verifiable-consumer --topic ${orders} --group-id ${modern} --group-protocol consumer`
/** Key of ConsumerGroupHeartbeat (KIP-848). */
const CONSUMER_GROUP_HEARTBEAT = 68

/** Two members share the partitions, after one of them had all. */
function shared(group: string, type: string): Check {
  const expected = `a ${type} group of 2 members, one of which had all ${PARTITIONS} partitions before`
  return async ({ facts, journal }) => {
    const found = await facts.group(group)
    const show = describeGroup(group)
    if (found === null) return seen(false, { expected, observed: `no group ${group}`, show })
    const kind = (await facts.groups()).find(({ groupId }) => groupId === group)?.type ?? 'unknown'
    const hadAll = journal.find('assignment', (event) => event.group === group && event.to.length === PARTITIONS)
    const busy = found.members.filter(({ assignment }) => assignment.length === PARTITIONS / 2)
    const isOfType = kind.toLowerCase() === type
    // The terminals are needed for the next group: what was once shared has been seen.
    const was = sharedAt(journal, group)
    if (isOfType && was !== undefined) return seen(true, { expected, observed: `so it was at ${clockTime(was)}`, show })
    const done = isOfType && busy.length === 2 && hadAll.length > 0
    const before = hadAll.length > 0 ? '' : ', and nobody had all before'
    const observed = `a ${kind.toLowerCase()} group, ${membersText(found.members.length)}, ${busy.length} with ${PARTITIONS / 2} partitions${before}`
    return seen(done, { expected, observed, show })
  }
}

/** When two members were given half of the partitions each, after one of them had all. */
function sharedAt(journal: Look['journal'], group: string): number | undefined {
  const events = journal.find('assignment', (event) => event.group === group)
  const all = events.findIndex(({ to }) => to.length === PARTITIONS)
  if (all === -1) return undefined
  return events.slice(all + 1).filter(({ to }) => to.length === PARTITIONS / 2)[1]?.at
}

/** What the first member had, and has. */
function change({ journal }: Pick<Look, 'journal'>, group: string): string {
  const events = journal.find('assignment', (event) => event.group === group)
  const shrunk = events.find(({ from, to }) => from.length === PARTITIONS && to.length < PARTITIONS)
  return shrunk === undefined ? 'had all partitions' : `had ${shrunk.from.length} partitions, then ${shrunk.to.length}`
}

export const lesson: Lesson = {
  number: 28,
  name: 'rebalance',
  title: 'Who stops when a consumer joins',
  inShort:
    'An eager rebalance takes all partitions from all members; cooperative ones and KIP-848 take only those that move.',
  where: 'anywhere',
  needs: [{ kind: 'api', key: CONSUMER_GROUP_HEARTBEAT, what: 'consumer groups of KIP-848' }],
  answers: ['000:41', '003:73', '004:70'],
  beliefs: [
    {
      older: 'a coordinator sees who comes and goes, and a group leader among the consumers deals out the partitions',
      today:
        'true until 3.x, and for classic groups in 4.x too. With group.protocol=consumer (KIP-848, ready since 4.0) the broker deals them out.',
    },
    {
      older: 'look at partition assignment strategies',
      today:
        'Java consumers of 4.x have range, then cooperative-sticky in partition.assignment.strategy. With KIP-848 brokers have group.consumer.assignors: uniform, and range.',
    },
  ],
  text: `A second consumer joins a group: three of the six partitions move to it. What about the other three?

In a classic group with an eager assignor every member gives up everything first, and all wait until all have joined
again. Kafka's cooperative assignor, and the new protocol of KIP-848, take away only what moves.

\`kt verifiable-consumer\` prints a line for everything that happens to it. Start one, and a second one beside it, in a
classic group. Then do the same with \`--group-protocol consumer\`. Look at \`partitions_revoked\` of the first one.`,
  type: [`kt ${EAGER}     (in two terminals)`, `kt ${MODERN}     (in two more)`, describeGroup(modern)],
  watch: { groups: [eager, modern] },
  async setUp(stage) {
    await stage.topic(orders, { partitions: PARTITIONS })
  },
  questions: [
    {
      name: 'eager',
      ask: 'A classic consumer has all six partitions, and a second one joins. How many does the first one give up?',
      choices: ['3', '6'],
      answer: async () => '6',
      because:
        'Eager: all six are revoked, then both join, then each is given three. In between nobody reads anything. With KIP-848 three are revoked, and the other three are read on.',
    },
  ],
  goals: [
    {
      name: 'a classic group: one had all, now two share',
      check: shared(eager, 'classic'),
      hints: [
        'One consumer first; when it has all six, a second one.',
        'Both must name the same group. The classic protocol is what comes without a word.',
        `kt ${EAGER}`,
      ],
    },
    {
      name: 'a group of KIP-848: one had all, now two share',
      check: shared(modern, 'consumer'),
      hints: [
        'The same again, in another group.',
        'The protocol of a group is what its first member speaks.',
        `kt ${MODERN}`,
      ],
    },
  ],
  solution: [
    { line: EAGER, beside: true },
    { line: MODERN, beside: true },
    { line: describeGroup(eager).slice(3) },
    { line: describeGroup(modern).slice(3) },
    { line: EAGER, beside: true },
    { line: MODERN, beside: true },
  ],
  async after(look) {
    return `In the classic group the first consumer ${change(look, eager)}: its line says that six were revoked, and then that three were assigned. In the group of KIP-848 the first consumer ${change(look, modern)}: three were revoked, and the three others it never stopped reading. In a group of fifty consumers that is the difference between everybody stopping and hardly anybody noticing. Kafka's Java consumer can do the latter in classic groups too, with the CooperativeStickyAssignor; kt's classic consumers have range and roundrobin, which are eager.`
  },
  play: [
    `kt consumer-groups --describe --group ${modern} --members --verbose`,
    'end one with Ctrl-C: what is assigned to the other, and is anything revoked?',
    `kt consumer-groups --describe --group ${modern} --state`,
  ],
}
