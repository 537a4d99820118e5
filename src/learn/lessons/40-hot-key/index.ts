import { byPartition, ofRecords, partitionsOfKeys, showOffsets, spreadText } from '../../checks/records.ts'
import { describe } from '../../checks/topics.ts'
import type { Check, Lesson } from '../../lesson.ts'
import { names } from '../../names.ts'

const { name } = names(40)
const orders = name('orders')
const even = name('orders-even')
const HOT = 'mill'
const SMALL = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank']
const COUNT = 300
/** Of ten orders two are not the mill's. */
const ORDERS = Array.from({ length: COUNT }, (_, at) => ({
  key: at % 5 === 0 ? SMALL[(at / 5) % SMALL.length]! : HOT,
  value: `order ${at + 1}`,
}))
const SHARE = 0.5
const TWICE = `${even} has more than the ${COUNT} orders, some of them twice`

const spread: Check = ofRecords(
  even,
  { expected: `no partition of ${even} has more than half of the records`, show: showOffsets(even) },
  (records) => {
    const largest = Math.max(0, ...[...byPartition(records).values()].map(({ length }) => length))
    const done = records.length >= COUNT && largest <= records.length * SHARE
    // Twice the hot key under its own name weighs more than all that can be put beside it.
    const spoilt = records.length > COUNT && !done ? TWICE : undefined
    return { done, observed: spreadText(records), spoilt }
  },
)

const complete: Check = ofRecords(even, { expected: `all ${COUNT} orders in ${even}` }, (records) => {
  const found = new Set(records.map(({ value }) => value))
  const missing = ORDERS.filter(({ value }) => !found.has(value)).length
  return { done: missing === 0, observed: missing === 0 ? `all ${COUNT}` : `${missing} are missing` }
})

const inOrder: Check = ofRecords(
  even,
  { expected: 'each of the small customers in one partition, orders one after the other' },
  (records) => {
    const where = partitionsOfKeys(records)
    const wrong = SMALL.filter((key) => {
      const numbers = records.filter((record) => record.key === key).map(({ value }) => Number(value?.split(' ')[1]))
      const sorted = numbers.every((number, at) => at === 0 || number > numbers[at - 1]!)
      return where.get(key)?.length !== 1 || !sorted
    })
    const spoilt = records.length > COUNT ? TWICE : undefined
    return {
      done: wrong.length === 0,
      observed: wrong.length === 0 ? 'all of them' : `not ${wrong.join(', ')}`,
      spoilt,
    }
  },
)

const copy = `console-consumer --topic ${orders} --exit-at-end --template '%k:%v\\n' | awk -F: '{ if ($1 == "${HOT}") $1 = $1 n++ % 40; print $1 ":" $2 }' | kt console-producer --topic ${even} --reader-property parse.key=true --reader-property key.separator=:`

export const lesson: Lesson = {
  number: 40,
  name: 'hot-key',
  title: 'Incident: one packer works, two wait',
  inShort: 'One key with most of the records makes one partition hot: more members cannot help, another key can.',
  where: 'anywhere',
  text: `Three packers share the three partitions of ${orders}. Every evening one of them still packs when the two
others have gone home, and more packers do not help. The orders have customers as keys.

Write the orders to a new topic ${even} with three partitions, so that no partition has more than half of them. The
orders of each small customer must stay together in one partition, in the order in which they came; of the one that
makes the trouble, it need not be so.`,
  type: [],
  watch: { topics: [orders, even] },
  async setUp(stage) {
    await stage.topicWith(orders, { partitions: 3 }, ORDERS)
  },
  goals: [
    {
      name: 'all orders are in the new topic',
      check: complete,
      hints: [
        'Read the old topic with its keys, change what must be changed, write to the new one.',
        'A consumer prints keys and values, a producer reads them: a pipe between the two copies a topic.',
        `\`kt topics --create --topic ${even} --partitions 3\`, then \`kt console-consumer --topic ${orders} --exit-at-end --template '%k:%v\\n'\` into a pipe`,
      ],
    },
    {
      name: 'no partition has more than half of them',
      check: spread,
      hints: [
        'How many orders does each partition of the old topic have? Whose are they?',
        'A key is in one partition, however often it comes. One key with most of the records needs several keys: a number behind it spreads it, when there are far more numbers than partitions.',
        `\`kt console-consumer --topic ${orders} --exit-at-end --template '%k\\n' | sort | uniq -c\`, then give the largest a number: ${HOT}1 to ${HOT}40`,
      ],
    },
    {
      name: 'each small customer is in one partition, in order',
      check: inOrder,
      hints: [
        'Leave their keys as they are.',
        'Order holds inside a partition, and the same key leads to the same partition: change the hot key alone. Copied twice is out of order: then delete the topic first.',
        `\`kt topics --delete --topic ${even}\`, and copy again with all other keys unchanged`,
      ],
    },
  ],
  solution: [
    { line: `get-offsets --topic ${orders}` },
    { line: `topics --create --topic ${even} --partitions 3` },
    { line: copy, until: 'no partition has more than half of them' },
  ],
  async after({ facts }) {
    const [before, after] = await Promise.all([facts.records(orders), facts.records(even)])
    const hot = before.filter(({ key }) => key === HOT).length
    return `${hot} of ${before.length} orders had one key, '${HOT}', and a key is always in one partition: ${spreadText(before)}. More packers or more partitions change nothing about that. In the new topic it is ${spreadText(after)}. Forty numbers for three partitions, as a dozen can still fall unevenly. The price: the orders of the hot customer are in order inside of each of the new keys only. A number at the end of a hot key is called salting.`
  },
  play: [describe(even), `kt get-offsets --topic ${even}`],
}
