import type { PartitionDescription } from '../../../client/admin-types.ts'
import { describe } from '../../checks/topics.ts'
import type { Check, Lesson, Look } from '../../lesson.ts'
import { names } from '../../names.ts'
import { seen } from '../../verdict.ts'

const { name } = names(13)
const orders = name('orders')
const payments = name('payments')
const CUSTOMERS = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank']
const ORDERS = Array.from({ length: 12 }, (_, at) => ({
  key: CUSTOMERS[at % CUSTOMERS.length]!,
  value: `order ${at + 1}`,
}))

async function partition0(topic: string, { facts }: Look): Promise<PartitionDescription | undefined> {
  return (await facts.topic(topic))?.partitions[0]
}

/** Replicas of partition 0 of the orders that do not lead it. */
async function followers(look: Look): Promise<number[]> {
  const first = await partition0(orders, look)
  return (first?.replicas ?? []).filter((id) => id !== first?.leader)
}

const onFollowers: Check = async (look) => {
  const wanted = await followers(look)
  const expected = `payments on the followers of partition 0 of ${orders}, and nowhere else`
  const made = await partition0(payments, look)
  if (made === undefined) return seen(false, { expected, observed: `no topic ${payments}`, show: 'kt topics --list' })
  const leader = (await partition0(orders, look))?.leader
  const observed = `its replicas are on ${made.replicas.join(', ')}; broker ${leader} leads partition 0 of ${orders}`
  const done = made.replicas.length === wanted.length && made.replicas.every((id) => wanted.includes(id))
  return seen(done, { expected, observed, show: describe(payments) })
}

const ledByFirst: Check = async (look) => {
  const expected = 'the first replica of payments leads it, and all replicas are in sync'
  const made = await partition0(payments, look)
  if (made === undefined) return seen(false, { expected, observed: `no topic ${payments}`, show: 'kt topics --list' })
  const { leader, replicas, isr } = made
  const done = leader === replicas[0] && isr.length === replicas.length && replicas.length > 1
  const observed = `replicas ${replicas.join(', ')}, in sync ${isr.join(', ')}, leader ${leader === -1 ? 'none' : leader}`
  return seen(done, { expected, observed, show: describe(payments) })
}

export const lesson: Lesson = {
  number: 13,
  name: 'replicas',
  title: 'Who has a copy, and who leads',
  inShort: 'Replicas are the copies of a partition; one of them leads, and those that are in sync with it are the ISR.',
  where: 'anywhere',
  needs: [{ kind: 'brokers', atLeast: 3 }],
  answers: ['001:169', '003:21', '004:49', '004:54'],
  beliefs: [
    {
      older: 'a replica is a copy of the cluster leader node',
      today:
        'there never was a leader of the whole cluster for records. A replica is a copy of one partition, and each partition has a leader.',
    },
    {
      older: 'the replication factor is shared by all partitions of a topic',
      today: 'when it is made, yes; later each partition can be given other replicas. This was always so.',
    },
  ],
  text: `Each partition of ${orders} is kept on three brokers: one leader and two followers. The column Replicas of the
description lists them, Leader says who leads, Isr who has everything. kt log-dirs asks the brokers themselves what lies
on their disks.

Payments shall not wait when the broker that leads partition 0 of ${orders} is busy. So make a topic ${payments} with
one partition that lies on the two followers of that partition, and not on its leader.

Where replicas go is Kafka's choice, unless you name the brokers: \`--replica-assignment 7:8\` is one partition on
brokers 7 and 8.`,
  type: [
    describe(orders),
    `kt log-dirs --describe --topic-list ${orders}`,
    `kt topics --create --topic ${payments} --replica-assignment FIRST:SECOND`,
  ],
  watch: { topics: [orders, payments] },
  async setUp(stage) {
    await stage.topicWith(orders, { partitions: 3, replicationFactor: 3 }, ORDERS)
  },
  questions: [
    {
      name: 'leaders',
      ask: `${orders} has three partitions. How many brokers lead one of them?`,
      choices: ['one: it is the leader of the topic', 'three'],
      answer: async ({ facts }) => {
        const leaders = new Set((await facts.topic(orders))?.partitions.map(({ leader }) => leader))
        return leaders.size > 1 ? 'three' : null
      },
      because:
        'Each partition has a leader of its own. Writes and reads go to leaders, so Kafka spreads them over the brokers.',
    },
  ],
  goals: [
    {
      name: `payments lies on the two followers of partition 0 of ${orders}`,
      check: onFollowers,
      hints: [
        'The leader of partition 0 is in the column Leader; the other two of Replicas are its followers.',
        '--replica-assignment takes broker ids with a colon between them: the replicas of one partition.',
        `kt topics --create --topic ${payments} --replica-assignment FIRST:SECOND, with the two followers (\`kt topics --delete --topic ${payments}\` when it went wrong)`,
      ],
    },
    {
      name: 'its first replica leads it, both are in sync',
      check: ledByFirst,
      hints: [
        'It comes by itself when the topic is made with two replicas.',
        'The first replica of the list is the preferred one: it leads as long as it lives.',
        describe(payments),
      ],
    },
  ],
  solution: [
    { line: `topics --describe --topic ${orders}` },
    { line: `log-dirs --describe --topic-list ${orders}` },
    {
      line: `topics --create --topic ${payments} --replica-assignment FIRST:SECOND`,
      lineOf: async (look) =>
        `topics --create --topic ${payments} --replica-assignment ${(await followers(look)).join(':')}`,
    },
  ],
  async after(look) {
    const all = (await look.facts.topic(orders))?.partitions ?? []
    const led = all.map(({ partition, leader }) => `partition ${partition} by broker ${leader}`).join(', ')
    const made = await partition0(payments, look)
    const without = (await look.facts.cluster()).brokers
      .map(({ id }) => id)
      .filter((id) => !made?.replicas.includes(id))
    return `${orders} is led in parts: ${led}. payments lies on brokers ${made?.replicas.join(' and ')}, and broker ${made?.leader} leads it; nothing of it is on broker ${without.join(', ')}. Leader and follower are roles for one partition: a broker leads some and follows others at the same time. Followers fetch from the leader in the same way as consumers do.`
  },
  play: [
    'kt describe     (how many partitions does each broker lead?)',
    `kt log-dirs --describe --topic-list ${orders},${payments}`,
    `kt topics --create --topic ${name('twice')} --replica-assignment 1:1     (may a broker have two copies?)`,
  ],
}
