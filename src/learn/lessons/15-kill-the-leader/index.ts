import { isrShrank, leaderChanged } from '../../checks/happened.ts'
import { describe } from '../../checks/topics.ts'
import type { Check, Lesson } from '../../lesson.ts'
import { names } from '../../names.ts'
import { seen } from '../../verdict.ts'

const { name } = names(15)
const orders = name('orders')
const CUSTOMERS = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank']
const ORDERS = Array.from({ length: 30 }, (_, at) => ({
  key: CUSTOMERS[at % CUSTOMERS.length]!,
  value: `order ${at + 1}`,
}))

const allReadable: Check = async ({ facts, journal }) => {
  const killed = journal.find('leader').length > 0
  const records = await facts.records(orders)
  const found = new Set(records.map(({ value }) => value))
  const missing = ORDERS.filter(({ value }) => !found.has(value))
  const observed =
    missing.length === 0 ? `${records.length} records` : `${missing.length} of ${ORDERS.length} are missing`
  return seen(killed && missing.length === 0, {
    expected: `all ${ORDERS.length} orders, after the leader died`,
    observed: killed ? observed : `${observed}, and the leader lives`,
    show: `kt console-consumer --topic ${orders} --from-beginning --exit-at-end`,
  })
}

export const lesson: Lesson = {
  number: 15,
  name: 'kill-the-leader',
  title: 'Kill the leader',
  inShort:
    'When a leader dies, the controller makes a replica of the ISR the leader, with a higher leader epoch: nothing that all of the ISR had is lost.',
  where: 'local',
  needs: [{ kind: 'brokers', atLeast: 3 }],
  answers: ['001:83', '001:104', '000:57'],
  beliefs: [
    {
      older: 'when the leader dies, the next follower becomes leader',
      today:
        'there never was a next one: the controller takes the first replica of the list that is alive and in the ISR.',
    },
  ],
  text: `Thirty orders are in ${orders}: one partition, three replicas. Its leader takes every write and
serves the reads. Now the worst happens: the leader's process is killed, without a word, as a power cut would do it.

Find out which broker leads the partition. Then kill it and watch.`,
  type: [describe(orders), 'kt cluster kill LEADER', `${describe(orders)}`],
  watch: { topics: [orders] },
  async setUp(stage) {
    await stage.nodes?.startAll()
    await stage.topicWith(orders, { partitions: 1, replicationFactor: 3 }, ORDERS)
  },
  async restore(stage) {
    await stage.nodes?.startAll()
  },
  questions: [
    {
      name: 'how-long',
      ask: 'How long will nobody be able to write to the partition?',
      choices: ['not at all', 'a second or two', 'until the broker is started again'],
      answer: async () => 'a second or two',
      because:
        'The controller waits for heartbeats: when none has come for broker.session.timeout.ms (2 s here, 9 s in Kafka), the broker is fenced and another replica leads.',
    },
  ],
  goals: [
    {
      name: 'another broker leads the partition',
      check: leaderChanged(orders),
      hints: [
        'The Leader column of the description is a broker id: that is the one to kill.',
        '`kt cluster kill` sends SIGKILL: the process is gone at once and cannot hand over anything.',
        `\`kt cluster kill\` and the id that \`${describe(orders)}\` shows as Leader`,
      ],
    },
    {
      name: 'the ISR has lost the dead broker',
      check: isrShrank(orders),
      hints: [
        'It happens at the same moment as the change of the leader.',
        'A broker that is fenced is taken out of every ISR: whoever waits for acks=all does not wait for the dead.',
        describe(orders),
      ],
    },
    {
      name: 'all thirty orders are still there',
      check: allReadable,
      hints: [
        'Read the topic from the beginning.',
        'Every in-sync replica had every acknowledged record, so the new leader has them all.',
        `kt console-consumer --topic ${orders} --from-beginning --exit-at-end`,
      ],
    },
  ],
  solution: [
    {
      line: 'cluster kill LEADER',
      lineOf: async ({ facts }) => `cluster kill ${(await facts.topic(orders))?.partitions[0]?.leader}`,
      until: 'the ISR has lost the dead broker',
    },
    { line: `console-consumer --topic ${orders} --from-beginning --exit-at-end` },
  ],
  async after({ journal }) {
    const change = journal.find('leader', ({ from, to }) => from !== to).at(-1)
    const isr = journal.find('isr', ({ from, to }) => to.length < from.length).at(-1)
    const seconds = change === undefined ? '?' : ((change.at - change.after) / 1000).toFixed(1)
    return `Broker ${change?.from} led and died; broker ${change?.to} leads now, under leader epoch ${change?.epoch}. It was the first replica of the list that was alive and in sync. The ISR went from ${isr?.from.join(',')} to ${isr?.to.join(',')}. The two looks between which it happened were ${seconds} s apart. No order is missing: what was acknowledged was on all in-sync replicas.`
  },
  play: [
    'kt cluster logs',
    `kt describe topic ${orders} --watch`,
    'start the dead broker again: that is the next lesson',
  ],
}
