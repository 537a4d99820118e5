import { readToTheEnd } from '../../checks/groups.ts'
import { byPartition, ofRecords } from '../../checks/records.ts'
import { partitionCount } from '../../checks/topics.ts'
import type { RecordFact } from '../../facts/records.ts'
import type { Lesson } from '../../lesson.ts'
import { names } from '../../names.ts'

const { name } = names(6)
const orders = name('orders')
const line = name('line')
const billing = name('billing')
const COUNT = 10
const PARTITIONS = 3
const ORDERS = Array.from({ length: COUNT }, (_, at) => ({ value: `order ${at + 1}`, partition: at % PARTITIONS }))
const IN_ORDER = ORDERS.map(({ value }) => value)

const read = `console-consumer --topic ${orders} --group ${billing} --from-beginning --exit-at-end`

/** Whether the ten orders stand in the log as they were numbered; others may stand between. */
export function isInOrder(values: readonly (string | null)[]): boolean {
  let next = 0
  for (const value of values) if (value?.trim() === IN_ORDER[next]) next++
  return next === IN_ORDER.length
}

const told = (records: readonly RecordFact[]): string =>
  records
    .map(({ value }) => value?.replace('order ', ''))
    .slice(0, 2 * COUNT)
    .join(' ') || 'no records'

export const lesson: Lesson = {
  number: 6,
  name: 'order',
  title: 'Order holds inside a partition',
  inShort: 'Records keep their order within a partition; between partitions there is none.',
  where: 'anywhere',
  answers: ['001:14', '002:21', '003:36'],
  beliefs: [
    {
      older: 'Kafka is a queue: what went in first comes out first',
      today: 'always within a partition, never between partitions: each run may show another order.',
    },
  ],
  text: `Ten orders came in, one after the other: order 1 to order 10. They were dealt out to the three partitions of
${orders}: 1 to partition 0, 2 to partition 1, 3 to partition 2, 4 to partition 0 again.

Read them as billing. In which order will they come?

Then make a topic ${line} with one partition, write order 1 to order 10 into it, and read that.`,
  type: [
    `kt ${read}`,
    `kt topics --create --topic ${line} --partitions 1`,
    `seq -f 'order %g' ${COUNT} | kt console-producer --topic ${line}`,
    `kt console-consumer --topic ${line} --exit-at-end`,
  ],
  watch: { topics: [orders, line], groups: [billing] },
  async setUp(stage) {
    await stage.topicWith(orders, { partitions: PARTITIONS }, ORDERS)
  },
  questions: [
    {
      name: 'order',
      ask: `In which order does a consumer show the ten orders of ${orders}?`,
      choices: ['order 1 to order 10', 'the orders of a partition together, partition after partition'],
      answer: async () => 'the orders of a partition together, partition after partition',
      because:
        'A consumer fetches from each partition what is there, many records at once. Which partition answers first is chance: read it again, and it may be another.',
    },
  ],
  goals: [
    {
      name: 'billing has read the ten orders',
      check: readToTheEnd(billing, orders),
      hints: [
        `Read ${orders} as a member of the group ${billing}, and watch the numbers.`,
        '--from-beginning, because this group has no position yet; --exit-at-end, to stop.',
        `kt ${read}`,
      ],
    },
    {
      name: `${line} has one partition`,
      check: partitionCount(line, 1),
      hints: [
        'The number of partitions is chosen when a topic is made.',
        'One partition is one log: there is one order only. A topic that has more cannot give them back; it is deleted and made anew.',
        `kt topics --create --topic ${line} --partitions 1`,
      ],
    },
    {
      name: `order 1 to order ${COUNT} stand in ${line} in their order`,
      check: ofRecords(line, { expected: IN_ORDER.join(', ') }, (records) => ({
        done: byPartition(records).size === 1 && isInOrder(records.map(({ value }) => value)),
        observed: told(records),
      })),
      hints: [
        'Write ten lines: order 1, order 2, and so on.',
        'A partition keeps the order in which its leader took the records.',
        `\`seq -f 'order %g' ${COUNT} | kt console-producer --topic ${line}\``,
      ],
    },
  ],
  solution: [
    { line: read },
    { line: `topics --create --topic ${line} --partitions 1` },
    { line: `console-producer --topic ${line}`, input: IN_ORDER },
    { line: `console-consumer --topic ${line} --exit-at-end` },
  ],
  async after({ facts }) {
    const dealt = [...byPartition(await facts.records(orders))].map(
      ([partition, records]) => `partition ${partition} has ${told(records)}`,
    )
    return `Of ${orders}, ${dealt.join('; ')}: inside each the numbers go up, and that is all that Kafka promises. ${line} holds ${told(await facts.records(line))}. One partition keeps everything in order, but then only one consumer of a group can work on it. So nearly every topic has several partitions, and what must stay in order is put into the same one. How, is lesson 8.`
  },
  play: [
    `kt console-consumer --topic ${orders} --exit-at-end     (a few times: does the order change?)`,
    `kt console-consumer --topic ${orders} --exit-at-end --meta`,
    `kt console-consumer --topic ${orders} --partition 1 --offset earliest --exit-at-end`,
  ],
}
