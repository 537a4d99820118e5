import { byPartition, ofRecords, showOffsets, spreadText } from '../../checks/records.ts'
import type { Lesson } from '../../lesson.ts'
import { names } from '../../names.ts'

const { name } = names(7)
const clicks = name('clicks')
const dealt = name('dealt')
const COUNT = 30
const PARTITIONS = 3
/** Dealt out in turn each gets ten; a third of that is more than chance gives to a partition that was left out. */
const SOME = 3
const ROUND_ROBIN = 'partitioner.class=org.apache.kafka.clients.producer.RoundRobinPartitioner'
const LINES = Array.from({ length: COUNT }, (_, at) => String(at + 1))

export const lesson: Lesson = {
  number: 7,
  name: 'sticky',
  title: 'Records without a key stick together',
  inShort: 'Records without a key stay with one partition for a while, so that they travel in larger batches.',
  where: 'anywhere',
  answers: ['000:47', '002:24', '002:37', '003:53'],
  beliefs: [
    {
      older: 'without a key, records go round-robin',
      today:
        'true until 2.3. Since 2.4 a producer stays with one partition for a batch (KIP-480), since 3.3 for batch.size bytes (KIP-794).',
    },
    {
      older: 'partitions spread the messages evenly',
      today: 'never for certain. Over a long time they do; of a few small records one partition may get all.',
    },
  ],
  text: `Visitors click, and every click is a record. A record is a value, and a key where somebody gives it one (the next
lesson does). Clicks have none: any partition of ${clicks} will do.

The producer has to choose one. It sends records in batches, and a batch is for one partition, so it is cheaper to stay
with a partition for a while than to change with each record.

Send thirty clicks to ${clicks}, and see where they went. Then send thirty to ${dealt} with the old way of
choosing, each record to the next partition.`,
  type: [
    `seq ${COUNT} | kt console-producer --topic ${clicks}`,
    `kt get-offsets --topic ${clicks}`,
    `seq ${COUNT} | kt console-producer --topic ${dealt} --command-property ${ROUND_ROBIN}`,
    `kt get-offsets --topic ${dealt}`,
  ],
  watch: { topics: [clicks, dealt] },
  async setUp(stage) {
    await stage.topic(clicks, { partitions: PARTITIONS })
    await stage.topic(dealt, { partitions: PARTITIONS })
  },
  questions: [
    {
      name: 'spread',
      ask: `Thirty clicks without a key, three partitions: how will they be spread?`,
      choices: ['10, 10 and 10', '30, 0 and 0', 'by chance, each click for itself'],
      answer: async () => '30, 0 and 0',
      because:
        'The producer picks a partition by chance and stays there until it has sent batch.size bytes, by default 16384. Thirty clicks are far less.',
    },
  ],
  goals: [
    {
      name: `thirty clicks went to one partition`,
      check: ofRecords(
        clicks,
        { expected: `${COUNT} clicks without a key in one partition`, show: showOffsets(clicks) },
        (records) => ({
          done: [...byPartition(records.filter(({ key }) => key === null)).values()].some(
            ({ length }) => length >= COUNT,
          ),
          observed: spreadText(records),
        }),
      ),
      hints: [
        'Thirty lines, sent by one command.',
        'One producer has to send them all: the next one picks a partition anew.',
        `\`seq ${COUNT} | kt console-producer --topic ${clicks}\``,
      ],
    },
    {
      name: 'thirty clicks were dealt out to all three partitions',
      check: ofRecords(
        dealt,
        { expected: `${COUNT} clicks without a key, some in each partition`, show: showOffsets(dealt) },
        (records) => {
          const partitions = byPartition(records.filter(({ key }) => key === null))
          const each = [...partitions.values()].filter(({ length }) => length >= SOME)
          return { done: records.length >= COUNT && each.length === PARTITIONS, observed: spreadText(records) }
        },
      ),
      hints: [
        'The producer can be told how to choose.',
        'partitioner.class is a setting of the producer; RoundRobinPartitioner takes the partitions in turn.',
        `\`seq ${COUNT} | kt console-producer --topic ${dealt} --command-property ${ROUND_ROBIN}\``,
      ],
    },
  ],
  solution: [
    { line: `console-producer --topic ${clicks}`, input: LINES },
    { line: `console-producer --topic ${dealt} --command-property ${ROUND_ROBIN}`, input: LINES },
    { line: `get-offsets --topic ${dealt}` },
  ],
  async after({ facts }) {
    const [stuck, spread] = [spreadText(await facts.records(clicks)), spreadText(await facts.records(dealt))]
    return `${clicks}: ${stuck}. ${dealt}: ${spread}. Both are right; the first needs fewer batches. When much is written, the partitions fill evenly in either way. And records without a key have no order among each other that you could rely on: if two of them must stay in order, they need a key.`
  },
  play: [
    `seq ${COUNT} | kt console-producer --topic ${clicks}     (again: does it pick the same partition?)`,
    `seq 20000 | kt console-producer --topic ${clicks} --batch-size 16384     (then kt get-offsets: more than one batch)`,
    `seq ${COUNT} | kt console-producer --topic ${dealt} --partitioner round-robin     (short for the class)`,
  ],
}
