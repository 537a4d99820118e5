import { describe, holdsRecords, ofTopic, replicationFactor } from '../../checks/topics.ts'
import type { Facts } from '../../facts/facts.ts'
import type { Check, Lesson } from '../../lesson.ts'
import { names } from '../../names.ts'
import { seen } from '../../verdict.ts'

const { name } = names(33)
const orders = name('orders')
const PARTITIONS = 3
const REPLICAS = 3
const ORDERS = Array.from({ length: 30 }, (_, at) => ({ value: `order ${at + 1}`, partition: at % PARTITIONS }))
const TOPICS = `{"version":1,"topics":[{"topic":"${orders}"}]}`

/** Each partition begins with another broker; all of them have all replicas. */
function planText(brokers: readonly number[]): string {
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => ({
    topic: orders,
    partition,
    replicas: Array.from({ length: REPLICAS }, (__, at) => brokers[(partition + at) % brokers.length]),
  }))
  return JSON.stringify({ version: 1, partitions })
}

const withPlan = (verb: string, plan: string): string =>
  `reassign-partitions --${verb} --reassignment-json-file /dev/stdin <<'PLAN'\n${plan}\nPLAN`

async function brokerIds(facts: Facts): Promise<number[]> {
  return (await facts.cluster()).brokers.map(({ id }) => id).sort((a, b) => a - b)
}

const arrived: Check = async ({ facts }) => {
  const expected = `${REPLICAS} replicas of each partition in sync, and no move under way`
  const topic = await facts.topic(orders)
  const partitions = topic?.partitions ?? []
  const behind = partitions.filter(({ isr }) => isr.length < REPLICAS)
  const moving = (await facts.reassignments()).filter((each) => each.topic === orders)
  const observed = partitions.map(({ partition, isr }) => `partition ${partition}: ISR ${isr.join(',') || 'empty'}`)
  const waiting = moving.length > 0 ? { waitingFor: `the move of ${moving.length} partitions` } : {}
  return seen(partitions.length > 0 && behind.length === 0 && moving.length === 0, {
    expected,
    observed: observed.join('; ') || `no topic ${orders}`,
    show: describe(orders),
    ...waiting,
  })
}

const spread: Check = ofTopic(orders, 'another broker as first replica of each partition', ({ partitions }) => {
  const firsts = partitions.map(({ replicas }) => replicas[0])
  return {
    done: new Set(firsts).size === partitions.length,
    expected: 'another broker as first replica of each partition',
    observed: partitions.map(({ partition, replicas }) => `partition ${partition}: ${replicas.join(',')}`).join('; '),
  }
})

export const lesson: Lesson = {
  number: 33,
  name: 'move-and-grow',
  title: 'Move partitions, and give them more replicas',
  inShort:
    'A reassignment changes the list of replicas of a partition while everything runs: which brokers, and how many.',
  where: 'anywhere',
  needs: [{ kind: 'brokers', atLeast: REPLICAS }],
  answers: ['001:135', '000:57', '004:49'],
  beliefs: [
    {
      older: 'the replication factor is chosen when a topic is created, for all of its partitions',
      today: 'that is only the beginning: since 0.8 each partition can be given another list of replicas at any time.',
    },
  ],
  text: `Somebody was in a hurry: all partitions of ${orders} lie on one broker, with one replica each. When that broker
is gone, so are the orders.

A partition has a list of replicas. A plan says which list it shall have; Kafka copies what is missing, and takes
away what is not in the list any more. All of that happens while people write and read.

Let kt propose a plan. It keeps one replica each, so write a plan of your own: three brokers in each list, and another
one first in each.`,
  type: [
    `echo '${TOPICS}' > topics.json`,
    'kt reassign-partitions --generate --topics-to-move-json-file topics.json --broker-list 1,2,3',
    `{"version":1,"partitions":[{"topic":"${orders}","partition":0,"replicas":[1,2,3]}, ...]}     (so begins your plan.json)`,
    'kt reassign-partitions --execute --reassignment-json-file plan.json',
    'kt reassign-partitions --verify --reassignment-json-file plan.json',
    describe(orders),
  ],
  watch: { topics: [orders] },
  async setUp(stage) {
    const admin = await stage.admin()
    const first = Math.min(...(await admin.describeCluster()).brokers.map(({ id }) => id))
    const assignments = new Map(Array.from({ length: PARTITIONS }, (_, partition) => [partition, [first]]))
    await stage.topicWith(orders, { assignments }, ORDERS)
  },
  questions: [
    {
      name: 'leaders',
      ask: 'A plan makes another broker the first replica of partition 1. The old leader stays in the list. Who leads when the plan is done?',
      choices: ['the new first replica, at once', 'the old leader, for now'],
      answer: async () => 'the old leader, for now',
      because:
        'A leader that is in the new list goes on. The first replica is the preferred leader: it leads after an election of preferred leaders, by command or by itself within five minutes.',
    },
  ],
  goals: [
    {
      name: 'each partition has three replicas',
      check: replicationFactor(orders, REPLICAS),
      hints: [
        'The list of replicas in the plan says how many there are.',
        'In plan.json, "replicas":[1,2,3] gives a partition three. All partitions may stand in one plan.',
        '`kt reassign-partitions --execute --reassignment-json-file plan.json`; in the file a part such as {"topic":"' +
          orders +
          '","partition":1,"replicas":[2,3,1]} for each partition',
      ],
    },
    {
      name: 'another broker is first in each list',
      check: spread,
      hints: [
        'The first of the list is the preferred leader: three partitions, three brokers.',
        '[1,2,3] for partition 0, [2,3,1] for partition 1, [3,1,2] for partition 2.',
        `${describe(orders)}     (the column Replicas)`,
      ],
    },
    {
      name: 'all replicas are in sync and nothing moves',
      check: arrived,
      hints: [
        'It comes by itself when the plan is running.',
        'New replicas copy the log from its beginning, then join the ISR.',
        'kt reassign-partitions --list',
      ],
    },
    {
      name: 'all thirty orders are still there',
      fromStart: true,
      check: holdsRecords(orders, ORDERS.length),
      hints: [
        'It was so from the beginning, and must stay.',
        'A replica is taken away only when the new ones are in sync.',
        '`kt learn reset 33` and `kt learn 33` begin anew',
      ],
    },
  ],
  solution: [
    {
      line: withPlan('execute', planText([1, 2, 3])),
      lineOf: async ({ facts }) => withPlan('execute', planText(await brokerIds(facts))),
      until: 'all replicas are in sync and nothing moves',
    },
    {
      line: withPlan('verify', planText([1, 2, 3])),
      lineOf: async ({ facts }) => withPlan('verify', planText(await brokerIds(facts))),
    },
  ],
  async after({ facts, journal }) {
    const lists = (await facts.topic(orders))?.partitions.map(
      ({ partition, replicas, leader }) => `partition ${partition} is on ${replicas.join(', ')} and led by ${leader}`,
    )
    const most = Math.max(0, ...journal.find('replicas').map(({ to }) => to.length))
    return `Now ${lists?.join('; ')}. While a plan runs, a partition has its old and its new replicas together, up to ${most} here; the description shows the ones on their way as AddingReplicas and RemovingReplicas, if you are quick. The leaders are who they were: the first of each list leads only after an election (lesson 17). With much data a plan takes hours and eats the network, which is what --throttle is for; --verify takes the throttle away again.`
  },
  play: [
    `kt leader-election --election-type preferred --topic ${orders} --partition 1`,
    'kt reassign-partitions --execute --reassignment-json-file plan.json --throttle 1000000',
    `kt log-dirs --describe --topic-list ${orders}`,
  ],
}
