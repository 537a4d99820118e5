import { ofRecords } from '../../checks/records.ts'
import { begunAnew } from '../../checks/ways-out.ts'
import type { RecordFact } from '../../facts/records.ts'
import type { Check, Lesson } from '../../lesson.ts'
import { names } from '../../names.ts'
import { seen } from '../../verdict.ts'

const { name } = names(5)
const orders = name('orders')
const redo = name('redo')
const PARTITIONS = 3
const GOODS = [
  ...['alice: two mugs', 'bob: a lamp', 'alice: a chair', 'bob: three cups', 'alice: a vase'],
  ...['dave: a teapot', 'frank: green tea', 'dave: a red kettle', 'frank: a clock', 'dave: six plates'],
  ...['carol: a book', 'erin: two pens', 'carol: a blue globe', 'erin: a map', 'carol: a stool'],
]
/** Five orders in each partition, in the order of the list. */
const ORDERS = GOODS.map((value, at) => ({ value, partition: Math.floor(at / 5) }))
const OFFSET = 2

const wanted = (partition: number): string => ORDERS.filter((each) => each.partition === partition)[OFFSET]!.value

/** What was put into the topic of orders to be done again, among it the one at the place that was named. */
function picked(partition: number): Check {
  const expected = `the order from partition ${partition}, offset ${OFFSET}, in ${redo}`
  const show = `kt console-consumer --topic ${redo} --exit-at-end`
  return async (look) => {
    const there = await look.facts.records(orders)
    const order = there.find((each) => each.partition === partition && each.offset === OFFSET)
    if (order === undefined) {
      const observed = `${orders} has no offset ${OFFSET} in partition ${partition} any more`
      return seen(false, { expected, observed, show, wayOut: begunAnew(orders, observed) })
    }
    const check = ofRecords(redo, { expected, show }, (given) => ({
      done: given.some(({ value }) => same(value, order.value)),
      observed: given.length === 0 ? `${redo} is empty` : whereFrom(given, there),
    }))
    return check(look)
  }
}

/** `offset 2 of partition 1, nothing from the topic`: where the given ones stand. */
export function whereFrom(given: readonly RecordFact[], there: readonly RecordFact[]): string {
  const places = given.map(({ value }) => {
    const found = there.find((each) => same(each.value, value))
    return found === undefined
      ? `'${value}', which is no order`
      : `offset ${found.offset} of partition ${found.partition}`
  })
  return `${redo} has: ${[...new Set(places)].join('; ')}`
}

function same(one: string | null, other: string | null): boolean {
  return one?.trim() === other?.trim()
}

const pick = (partition: number): string =>
  `console-consumer --topic ${orders} --partition ${partition} --offset ${OFFSET} --max-messages 1`

export const lesson: Lesson = {
  number: 5,
  name: 'coordinates',
  title: 'Topic, partition, offset',
  inShort:
    "The offset is a record's number within its partition: topic, partition and offset together name one record.",
  where: 'anywhere',
  answers: ['000:39', '000:53', '003:51', '004:80'],
  beliefs: [
    {
      older: 'the offset identifies a message uniquely',
      today:
        'it never did, but for its partition. Every partition has an offset 2; it takes topic, partition and offset.',
    },
  ],
  text: `In each partition records are numbered: 0, 1, 2 and so on. The number is the record's offset. It never changes,
and no other record of that partition ever gets it.

The billing program failed, and its log says where: ${orders}, partition 1, offset ${OFFSET}; and then at
partition 2, offset ${OFFSET}. Nobody knows which orders these are.

Fetch each of the two, and write it into ${redo}, so that billing does it again.`,
  type: [
    `kt ${pick(1)}`,
    `echo 'what you have found' | kt console-producer --topic ${redo}`,
    'and the same for partition 2',
  ],
  watch: { topics: [redo] },
  async setUp(stage) {
    await stage.topicWith(orders, { partitions: PARTITIONS }, ORDERS)
    await stage.topic(redo, { partitions: 1 })
  },
  questions: [
    {
      name: 'how-many',
      ask: `${orders} has three partitions with five orders each. How many of its orders have offset ${OFFSET}?`,
      choices: ['one', 'three', 'five'],
      answer: async () => 'three',
      because: 'Each partition is a log of its own, and counts from 0.',
    },
  ],
  goals: [
    {
      name: `the order at partition 1, offset ${OFFSET} is to be done again`,
      check: picked(1),
      hints: [
        'A consumer can be told the partition and the offset to begin at.',
        '--partition and --offset say where to begin, --max-messages 1 that one is enough. Copy what it prints.',
        `\`kt ${pick(1)}\`, then \`echo '${wanted(1)}' | kt console-producer --topic ${redo}\``,
      ],
    },
    {
      name: `the order at partition 2, offset ${OFFSET} is to be done again`,
      check: picked(2),
      hints: [
        'The same offset, another partition: another order.',
        'An offset says nothing without its partition.',
        `\`kt ${pick(2)}\`, then \`echo '${wanted(2)}' | kt console-producer --topic ${redo}\``,
      ],
    },
  ],
  solution: [
    { line: pick(1) },
    { line: `console-producer --topic ${redo}`, input: [wanted(1)] },
    { line: pick(2) },
    { line: `console-producer --topic ${redo}`, input: [wanted(2)] },
  ],
  async after({ facts }) {
    const found = (await facts.records(orders)).filter(({ offset }) => offset === OFFSET)
    const listed = found.map(({ partition, value }) => `${orders}/${partition}/${OFFSET} is '${value}'`).join(', ')
    const again = (await facts.records(redo)).find(({ value }) => value === wanted(1))
    return `${listed}. Topic, partition and offset together name one record for as long as it is kept: this is what belongs into the log of a program that fails. In ${redo} the same order has another place: '${again?.value}' is at partition ${again?.partition}, offset ${again?.offset}. It is a new record, not the old one.`
  },
  play: [
    `kt console-consumer --topic ${orders} --exit-at-end --meta     (every order with its partition and offset)`,
    `kt console-consumer --topic ${orders} --partition 1 --offset 4 --max-messages 1`,
    `kt console-consumer --topic ${orders} --partition 1 --offset 99 --max-messages 1 --timeout-ms 3000`,
  ],
}
