import { readToTheEnd } from '../../checks/groups.ts'
import { holdsRecords, recordsText } from '../../checks/topics.ts'
import type { Lesson } from '../../lesson.ts'
import { names } from '../../names.ts'

const { name } = names(3)
const orders = name('orders')
const billing = name('billing')
const shipping = name('shipping')
const GOODS = ['two mugs', 'a lamp', 'a chair', 'tea', 'a book', 'a teapot']
const ORDERS = Array.from({ length: 12 }, (_, at) => ({ value: `order ${at + 1}: ${GOODS[at % GOODS.length]}` }))

const read = (group: string): string =>
  `console-consumer --topic ${orders} --group ${group} --from-beginning --exit-at-end`

export const lesson: Lesson = {
  number: 3,
  name: 'read-twice',
  title: 'Reading deletes nothing',
  inShort: 'Reading takes nothing out of a topic: each group only remembers its own position.',
  where: 'anywhere',
  answers: ['000:8', '000:36', '001:58', '003:29', '003:60', '004:80'],
  beliefs: [
    {
      older: 'a topic is the name under which data is requested from the producer',
      today: 'consumers never speak to producers. They fetch from the brokers, also when no producer runs any more.',
    },
    {
      older: 'Kafka keeps track of each message: sent, consumed, to be sent again',
      today: 'it never did. It keeps one number for each partition and each group: where that group goes on.',
    },
    {
      older: 'advantages over other message queues: (left empty)',
      today:
        'a log that stays and can be read again, positions that belong to the readers, work shared by partitions. Where a queue is wanted: share groups, ready since 4.2.',
    },
  ],
  text: `Twelve orders are in ${orders}. Two programs want all of them: billing and shipping.

A program that reads is a consumer. It says which group it belongs to, and asks a broker for records from some
position on. What it gets stays where it is.

Read the topic as billing. Before you read it as shipping: how many orders will be left?`,
  type: [`kt ${read(billing)}`, `kt ${read(shipping)}`],
  watch: { topics: [orders], groups: [billing, shipping] },
  async setUp(stage) {
    await stage.topicWith(orders, { partitions: 1 }, ORDERS)
  },
  questions: [
    {
      name: 'left',
      ask: 'Billing has read all twelve. How many does shipping get?',
      choices: ['none', 'six', 'twelve'],
      answer: async () => 'twelve',
      because: 'Reading takes nothing away. Kafka notes only how far billing has come; shipping has a note of its own.',
    },
  ],
  goals: [
    {
      name: 'billing has read every order',
      check: readToTheEnd(billing, orders),
      hints: [
        `Read ${orders} as a member of the group ${billing}.`,
        '--group says who reads, --from-beginning where to begin, --exit-at-end when to stop.',
        `kt ${read(billing)}`,
      ],
    },
    {
      name: 'shipping has read every order',
      check: readToTheEnd(shipping, orders),
      hints: [
        'The same once more, under another name.',
        'Each group has positions of its own, so each gets every record.',
        `kt ${read(shipping)}`,
      ],
    },
    {
      name: 'all twelve orders are still there',
      fromStart: true,
      check: holdsRecords(orders, ORDERS.length),
      hints: [
        'It was so from the beginning: nothing that a consumer does changes it.',
        'Records go when they get old (retention), not when they are read.',
        '`kt learn reset 3` and `kt learn 3` begin anew',
      ],
    },
  ],
  solution: [{ line: read(billing) }, { line: read(shipping) }],
  async after({ facts }) {
    const count = await facts.recordCount(orders)
    const position = async (group: string): Promise<string> =>
      (await facts.committed(group)).map(({ partition, offset }) => `${offset} in partition ${partition}`).join(', ')
    return `${recordsText(count)} were read twice, and ${count} are there. What Kafka has noted is two numbers, the positions at which the groups go on: for billing ${await position(billing)}; for shipping ${await position(shipping)}. What a group has not read yet is its lag: here 0 for both. A third program, written next year, can read the same orders from the beginning.`
  },
  play: [
    `kt ${read(billing)}     (once more: what does billing get now?)`,
    `kt consumer-groups --describe --group ${billing}`,
    `kt console-consumer --topic ${orders} --from-beginning --exit-at-end     (without a group: noted nowhere)`,
  ],
}
