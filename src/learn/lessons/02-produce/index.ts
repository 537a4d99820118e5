import { happened } from '../../checks/happened.ts'
import { holdsRecords } from '../../checks/topics.ts'
import type { Facts } from '../../facts/facts.ts'
import type { Check, Lesson } from '../../lesson.ts'
import { names } from '../../names.ts'
import { seen } from '../../verdict.ts'

const { name } = names(2)
const orders = name('orders')
/** As orders is misspelt. */
const ordres = name('ordres')

/** A cluster that makes no topics by itself cannot show it: there, having been told is enough. */
const madeByItself: Check = async (look) => {
  const expected = `a topic ${ordres} that nobody created`
  if (!(await makesTopics(look.facts))) {
    return seen(true, {
      expected,
      observed: 'this cluster makes no topics by itself: auto.create.topics.enable=false',
      show: 'kt configs --describe --all --broker 1',
    })
  }
  return there(look)
}

const there = happened('partition', ({ partition, change }) => partition === `${ordres}-0` && change === 'made', {
  expected: `a topic ${ordres} that nobody created`,
  notYet: `no topic ${ordres}`,
  show: `kt topics --describe --topic ${ordres}`,
  observed: () => `${ordres} was made`,
})

async function makesTopics(facts: Facts): Promise<boolean> {
  const [broker] = (await facts.cluster()).brokers
  return (await facts.brokerConfig(broker!.id)).get('auto.create.topics.enable')?.value !== 'false'
}

export const lesson: Lesson = {
  number: 2,
  name: 'produce',
  title: 'Writing records',
  inShort: 'A producer sends records, and the leader of a partition appends them at the end of its log.',
  where: 'anywhere',
  answers: ['000:14', '001:50', '002:39'],
  beliefs: [
    {
      older: 'kafka-console-producer.sh --broker-list localhost:9092',
      today: '--broker-list left in 4.0. It is --bootstrap-server today; kt finds the local cluster without it.',
    },
    {
      older: 'a producer waits for the leader alone, unless it is told otherwise',
      today: 'true until 2.8. Since 3.0 it waits by default until all in-sync replicas have the record (acks=all).',
    },
  ],
  text: `A program that writes is a producer. What it writes is a record: some bytes, for Kafka to keep as they are.
The producer sends it to the broker that leads a partition, and that broker appends it at the end of its log.

${orders} is made, with three partitions. Be the checkout of the web shop: type five orders, one a line.
Each line is a record. Ctrl-D ends.

Then write one order more, and misspell the topic: ${ordres}.`,
  type: [`kt console-producer --topic ${orders}`, `echo 'one mug' | kt console-producer --topic ${ordres}`],
  watch: { topics: [orders, ordres] },
  async setUp(stage) {
    await stage.topic(orders, { partitions: 3 })
  },
  questions: [
    {
      name: 'typo',
      ask: `Nobody has made a topic ${ordres}. What will happen to the order that is sent there?`,
      choices: ['an error, and it is not taken', 'it is taken', 'it goes to the topic with the nearest name'],
      answer: async ({ facts }) => ((await makesTopics(facts)) ? 'it is taken' : 'an error, and it is not taken'),
      because:
        'auto.create.topics.enable is true unless somebody turned it off: a broker that a producer asks for a topic makes it, and the producer goes on as if nothing had happened.',
    },
  ],
  goals: [
    {
      name: 'five orders are in the topic',
      check: holdsRecords(orders, 5),
      hints: [
        'A producer reads lines from you, and sends each of them.',
        'console-producer takes the name of the topic; every line is a record; Ctrl-D is the end of the input.',
        `\`kt console-producer --topic ${orders}\`, then five lines and Ctrl-D`,
      ],
    },
    {
      name: 'an order went to a topic that nobody made',
      check: madeByItself,
      hints: [
        'Spell the topic as somebody does who types too fast.',
        'A broker makes a topic when a producer asks for one that is not there.',
        `\`echo 'one mug' | kt console-producer --topic ${ordres}\``,
      ],
    },
  ],
  solution: [
    { line: `console-producer --topic ${orders}`, input: ['two mugs', 'a lamp', 'a chair', 'tea', 'a book'] },
    { line: `console-producer --topic ${ordres}`, input: ['one mug'] },
  ],
  async after({ facts }) {
    const held = (await facts.offsets(orders)).map(
      ({ partition, start, end }) => `partition ${partition} has ${(end ?? 0) - (start ?? 0)}`,
    )
    const typo = await facts.topic(ordres)
    const made =
      typo === null
        ? ''
        : ` And ${ordres} is a real topic now, with ${typo.partitions.length} partition and ${typo.partitions[0]?.replicas.length} replica: what the cluster takes when nobody says (num.partitions, default.replication.factor). Whoever reads ${orders} will never see that order. This is why many clusters set auto.create.topics.enable=false.`
    return `Of ${orders}, ${held.join(', ')}. Lesson 7 tells why they are where they are. The producer had asked any one broker for the leaders, and then sent each record to the leader of its partition.${made}`
  },
  play: [
    `echo 'a teapot' | kt console-producer --topic ${orders} --report     (where did it go?)`,
    `kt console-producer --topic ${orders} --template '{{name}}: {{int 1 9}} mugs' --count 5`,
    `kt topics --delete --topic ${ordres}`,
  ],
}
