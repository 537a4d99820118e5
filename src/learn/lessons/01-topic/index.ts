import { inSync, partitionCount, replicationFactor } from '../../checks/topics.ts'
import type { Lesson } from '../../lesson.ts'
import { names } from '../../names.ts'

const { name } = names(1)
const orders = name('orders')

export const lesson: Lesson = {
  number: 1,
  name: 'topic',
  title: 'A topic is partitions, and a partition is a directory',
  inShort:
    'A topic is a name for partitions; a partition is a log in a directory, kept on several brokers: one leads, the others copy.',
  where: 'anywhere',
  needs: [{ kind: 'brokers', atLeast: 3 }],
  answers: ['000:57', '001:89', '004:46'],
  beliefs: [
    {
      older: 'each partition is a new broker server',
      today: 'that was never so: a partition is a directory, and one broker holds many of them.',
    },
    {
      older: 'kafka-topics.sh --zookeeper localhost:2181',
      today:
        '--zookeeper left in 3.0. Today it is --bootstrap-server and a broker; kt finds the local cluster without it.',
    },
  ],
  text: `Orders go into a topic. A topic is a name for one or more partitions, and a partition is the real thing: a log,
kept in a directory on a broker. Several partitions let several programs write and read at once.

Each partition is kept on several brokers, its replicas, so that a broker may die. One of them leads; the others copy
it. Those that have copied everything are the ISR, the in-sync replicas.

Make a topic ${orders} with three partitions, three replicas each, and look at it.`,
  type: [
    `kt topics --create --topic ${orders} --partitions 3 --replication-factor 3`,
    `kt topics --describe --topic ${orders}`,
  ],
  watch: { topics: [orders] },
  goals: [
    {
      name: 'the topic has three partitions',
      check: partitionCount(orders, 3),
      hints: [
        `Is there a topic ${orders}, and how many partitions has it?`,
        'topics --create takes the name, --partitions and --replication-factor. One that has too few gets more: --alter --partitions 3; one that has too many is deleted and made anew.',
        `kt topics --create --topic ${orders} --partitions 3 --replication-factor 3`,
      ],
    },
    {
      name: 'each partition is kept on three brokers',
      check: replicationFactor(orders, 3),
      hints: [
        'How often a partition is kept is decided when the topic is made.',
        'The replication factor counts the leader too: 3 is a leader and two followers.',
        `\`kt topics --delete --topic ${orders}\`, then create it anew with \`--replication-factor 3\``,
      ],
    },
    {
      name: 'every replica is in sync',
      check: inSync(orders),
      hints: [
        'It takes a moment until the followers have copied what there is.',
        'A replica that has everything the leader has is in the ISR.',
        `kt topics --describe --topic ${orders}`,
      ],
    },
  ],
  solution: [{ line: `topics --create --topic ${orders} --partitions 3 --replication-factor 3` }],
  async after({ facts }) {
    const leaders = (await facts.topic(orders))?.partitions.map(
      ({ partition, leader }) => `partition ${partition} by broker ${leader}`,
    )
    const directory = (facts.nodes() ?? []).find(({ isBroker }) => isBroker)?.directory
    const where =
      directory === undefined ? '' : ` Look at them: \`ls ${directory}/data\` shows ${orders}-0 and the others.`
    return `There are leaders now: ${leaders?.join(', ')}. The controller spread the leaders so that no broker does all the work. On each broker the topic is three directories.${where}`
  },
  play: [
    `kt describe topic ${orders}`,
    `kt topics --create --topic ${orders} --partitions 5     (what does Kafka say to that?)`,
    `kt topics --create --topic ${name('more')} --replication-factor 4`,
  ],
}
