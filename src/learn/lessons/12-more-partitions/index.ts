import { ofRecords, partitionsOfKeys } from '../../checks/records.ts'
import { partitionCount } from '../../checks/topics.ts'
import type { Lesson } from '../../lesson.ts'
import { names } from '../../names.ts'

const { name } = names(12)
const orders = name('orders')
const CUSTOMERS = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank']
const FIRST = CUSTOMERS.map((key, at) => ({ key, value: `order ${at + 1}` }))
const SECOND = CUSTOMERS.map((key, at) => `${key}:order ${at + 7}`)
const BEFORE = 3
const AFTER = 4
const keyed = `console-producer --topic ${orders} --reader-property parse.key=true --reader-property key.separator=:`

/** `alice in 0 and 1; bob in 0 and 2` */
function homes(partitions: ReadonlyMap<string, readonly number[]>): string {
  return [...partitions].map(([key, where]) => `${key} in ${where.join(' and ')}`).join('; ')
}

export const lesson: Lesson = {
  number: 12,
  name: 'more-partitions',
  title: 'More partitions, and keys move',
  inShort:
    'Partitions can be added, never taken away; with another number of partitions the same key may go to another one.',
  where: 'anywhere',
  answers: ['002:19', '002:37', '004:47'],
  beliefs: [
    {
      older: 'the number of partitions is set when the topic is created',
      today: 'it can be raised at any time, and always could. It can never be lowered.',
    },
  ],
  text: `The shop grows. ${orders} has three partitions, and six customers have ordered once each, with their names as
keys. A fourth partition would let one more program work on the orders.

Partitions can be added while everything runs. But the partition of a key is the hash of the key modulo the number of
partitions, and that number is about to change.

Add the partition. Then let each customer order once more, and look where the orders went.`,
  type: [
    `kt topics --alter --topic ${orders} --partitions ${AFTER}`,
    `kt ${keyed}`,
    'alice:order 7',
    'bob:order 8     (and so on, also carol, dave, erin and frank; Ctrl-D ends)',
    `kt console-consumer --topic ${orders} --from-beginning --exit-at-end --meta`,
  ],
  watch: { topics: [orders] },
  async setUp(stage) {
    await stage.topicWith(orders, { partitions: BEFORE }, FIRST)
  },
  questions: [
    {
      name: 'move',
      ask: "alice's first order is in partition 0. What happens to it when the fourth partition comes?",
      choices: ['it moves to where alice belongs now', 'it stays in partition 0', 'it is copied'],
      answer: async () => 'it stays in partition 0',
      because: 'A record never changes its partition. Only new records of the key go elsewhere.',
    },
  ],
  goals: [
    {
      name: `${orders} has four partitions`,
      check: partitionCount(orders, AFTER),
      hints: [
        'A topic that is there is altered.',
        '--partitions is the number that there shall be, not how many are added.',
        `kt topics --alter --topic ${orders} --partitions ${AFTER}`,
      ],
    },
    {
      name: "alice's orders are in two partitions",
      check: ofRecords(orders, { expected: 'alice in partitions 0 and 1' }, (records) => {
        const alice = partitionsOfKeys(records).get('alice') ?? []
        return { done: alice.length === 2, observed: `alice in ${alice.join(' and ')}` }
      }),
      hints: [
        'alice has to order again, after the fourth partition is there.',
        'A producer that has been running must hear of the new partition first: start it anew.',
        `kt ${keyed}; then type alice:order 7`,
      ],
    },
    {
      name: 'every customer has ordered once more',
      check: ofRecords(orders, { expected: 'two orders or more of each of the six' }, (records) => {
        const few = CUSTOMERS.filter((customer) => records.filter(({ key }) => key === customer).length < 2)
        return {
          done: few.length === 0,
          observed: few.length === 0 ? 'two or more of each' : `one order of ${few.join(', ')}`,
        }
      }),
      hints: [
        'Six lines, one for each customer.',
        'Do all of them move? The remainder of a hash divided by 3 and by 4 may be the same.',
        `kt ${keyed}; then type ${SECOND.join(', ')}, each on a line of its own`,
      ],
    },
  ],
  solution: [
    { line: `topics --alter --topic ${orders} --partitions ${AFTER}`, until: `${orders} has four partitions` },
    { line: keyed, input: SECOND },
    // Refused: there is no way back.
    { line: `topics --alter --topic ${orders} --partitions ${BEFORE}`, exitCode: 1 },
  ],
  async after({ facts }) {
    const partitions = partitionsOfKeys(await facts.records(orders))
    const torn = [...partitions].filter(([, where]) => where.length > 1).map(([key]) => key)
    return `Where their orders are: ${homes(partitions)}. ${torn.join(', ')} went elsewhere: for them nobody promises any more that the older order is read before the newer one. And there is no way back: fewer partitions would mean to throw records away, and Kafka refuses. So choose enough partitions at the beginning where the order of a key matters, or make a new topic and copy.`
  },
  play: [
    `kt topics --alter --topic ${orders} --partitions ${BEFORE}     (what does Kafka say?)`,
    `kt topics --describe --topic ${orders}     (who leads the new partition?)`,
    `kt console-consumer --topic ${orders} --key alice --exit-at-end --meta`,
  ],
}
