import { readToTheEnd } from '../../checks/groups.ts'
import { holdsRecords, partitionCount } from '../../checks/topics.ts'
import type { Lesson } from '../../lesson.ts'
import { names } from '../../names.ts'

const { name } = names(11)
const orders = name('orders')
const reader = name('reader')

/** As in notes of 2018. */
const OLD = {
  create: `bin/kafka-topics.sh --create --zookeeper localhost:2181 --replication-factor 1 --partitions 1 --topic ${orders}`,
  produce: `bin/kafka-console-producer.sh --broker-list localhost:9092 --topic ${orders}`,
  consume: `bin/kafka-console-consumer.sh --zookeeper localhost:2181 --topic ${orders} --group ${reader} --from-beginning`,
}
const TODAY = {
  create: `topics --create --topic ${orders} --partitions 1 --replication-factor 1`,
  produce: `console-producer --topic ${orders}`,
  consume: `console-consumer --topic ${orders} --group ${reader} --from-beginning`,
}
const ENDS = '--exit-at-end'

export const lesson: Lesson = {
  number: 11,
  name: 'old-commands',
  title: 'Commands from old notes',
  inShort: 'ZooKeeper is gone: --bootstrap-server takes the place of --zookeeper and of --broker-list.',
  where: 'anywhere',
  answers: ['000:59', '001:39', '001:50', '001:51'],
  beliefs: [
    {
      older: 'localhost:2181 is the host and port of a broker',
      today:
        'it never was: ZooKeeper listened there. kafka-topics.sh can speak to brokers since 2.2, and nothing else since 3.0.',
    },
    {
      older: 'console-producer takes --broker-list, console-consumer --zookeeper',
      today:
        '--broker-list was true until 3.9, --zookeeper of the consumer until 1.1. All tools take --bootstrap-server today.',
    },
  ],
  text: `A colleague left notes of how the shop's first topic was made, years ago:

\`${OLD.create}\`

\`${OLD.produce}\`

\`${OLD.consume}\`

Kafka's own scripts refuse each of them today. kt explain takes such a line apart, says what each part was for, and how
it is written now. Ask it about the three lines, then do in today's words what they did.`,
  type: [`kt explain "${OLD.create}"`, 'the same for the other two, and then what it says under Today'],
  watch: { topics: [orders], groups: [reader] },
  questions: [
    {
      name: 'port',
      ask: 'What listened on port 2181?',
      choices: ['a broker', 'ZooKeeper', 'the controller'],
      answer: async () => 'ZooKeeper',
      because:
        'Brokers listen on 9092 by custom. ZooKeeper kept the list of topics, and old tools went behind the back of the brokers to write into it.',
    },
  ],
  goals: [
    {
      name: 'the topic of the notes is there, with one partition',
      check: partitionCount(orders, 1),
      hints: [
        `kt explain shows the line of today at its end.`,
        '--zookeeper becomes --bootstrap-server, and kt can do without: it finds the local cluster.',
        `kt ${TODAY.create}`,
      ],
    },
    {
      name: 'an order is in it',
      check: holdsRecords(orders, 1),
      hints: [
        'The second line of the notes, in words of today; then type an order.',
        '--broker-list is the old name of --bootstrap-server.',
        `\`echo 'two mugs' | kt ${TODAY.produce}\``,
      ],
    },
    {
      name: `group ${reader} has read it`,
      check: readToTheEnd(reader, orders),
      hints: [
        'The third line. It goes on until Ctrl-C.',
        'Where groups have got to was kept in ZooKeeper too, long ago; today it is a topic of the brokers.',
        `kt ${TODAY.consume} ${ENDS}`,
      ],
    },
  ],
  solution: [
    { line: `explain "${OLD.create}"` },
    { line: TODAY.create },
    { line: TODAY.produce, input: ['two mugs'] },
    { line: `${TODAY.consume} ${ENDS}` },
  ],
  async after({ facts }) {
    const leader = (await facts.topic(orders))?.partitions[0]?.leader
    const listening = (await facts.cluster()).brokers.map(({ id, host, port }) => `broker ${id} at ${host}:${port}`)
    return `What you spoke to were brokers: ${listening.join(', ')}. Any of them will do to begin with. The order is at broker ${leader}, which leads the one partition. Nothing here listens on behalf of ZooKeeper. Topics are made by the controller, which a broker asks for you, and the position of ${reader} is a record in the topic __consumer_offsets.`
  },
  play: [
    'type an old line with kt in front, such as kt topics and then --zookeeper localhost:2181 --list',
    'kt explain "kafka-topics.sh --zookeeper localhost:2181 --describe --topic test"',
    'kt explain "kafka-console-producer.sh --broker-list localhost:9092 --topic test --request-required-acks 1"',
  ],
}
