import { ofRecords, partitionsOfKeys } from '../../checks/records.ts'
import type { RecordFact } from '../../facts/records.ts'
import type { Lesson, Look } from '../../lesson.ts'
import { names } from '../../names.ts'

const { name } = names(8)
const orders = name('orders')
const PARTITIONS = 3
const CUSTOMERS = ['alice', 'bob', 'carol', 'dave']
const TIMES = 2
const WITH_KEYS = '--reader-property parse.key=true --reader-property key.separator=:'
const LINES = [
  ...['alice:two mugs', 'bob:a lamp', 'carol:a book', 'dave:a teapot'],
  ...['alice:a chair', 'carol:two pens', 'bob:a vase', 'dave:a clock'],
]

const timesOf = (records: readonly RecordFact[], customer: string): number =>
  records.filter(({ key }) => key === customer).length

/** Customers by the partition that has their orders: `partition 0: alice, bob`. */
export function residents(records: readonly RecordFact[]): string {
  const homes = new Map<number, string[]>()
  for (const [key, partitions] of partitionsOfKeys(records)) {
    for (const partition of partitions) homes.set(partition, [...(homes.get(partition) ?? []), key])
  }
  return [...homes]
    .sort(([a], [b]) => a - b)
    .map(([partition, keys]) => `partition ${partition}: ${keys.join(', ')}`)
    .join('; ')
}

async function homeOf(customer: string, { facts }: Look): Promise<number | null> {
  return partitionsOfKeys(await facts.records(orders)).get(customer)?.[0] ?? null
}

export const lesson: Lesson = {
  number: 8,
  name: 'keys',
  title: 'The same key, the same partition',
  inShort:
    'The hash of the key chooses the partition: the same key always goes to the same one, so its records stay in order.',
  where: 'anywhere',
  answers: ['000:45', '000:76', '002:36', '003:26', '003:54'],
  beliefs: [
    {
      older: 'the key is specified when the topic is created',
      today: 'it never was. Every record has a key of its own, or none; the topic knows nothing of keys.',
    },
  ],
  text: `The orders of one customer must stay in order: first the chair, then the note that the chair is not wanted. So
they have to go into the same partition.

That is what the key of a record is for. The producer makes a number from the key, and from the number a partition:
the same key always gives the same one.

Send two orders each for alice, bob, carol and dave. What stands before the colon is the key.`,
  type: [
    `kt console-producer --topic ${orders} ${WITH_KEYS}`,
    'alice:two mugs',
    'bob:a lamp     (and so on; Ctrl-D ends)',
  ],
  watch: { topics: [orders] },
  async setUp(stage) {
    await stage.topic(orders, { partitions: PARTITIONS })
  },
  questions: [
    {
      name: 'second',
      ask: "alice's first order went to some partition. Where does her second one go?",
      choices: ['to the same', 'to the next', 'to any'],
      answer: async () => 'to the same',
      because: 'The key decides, and it is the same. Nothing is remembered for it: it is computed each time.',
    },
    {
      name: 'alone',
      ask: 'If there were three customers only, would each have one of the three partitions to itself?',
      choices: ['yes', 'only by luck'],
      answer: async () => 'only by luck',
      because:
        'The number made from a key looks like chance. alice and bob share partition 0, carol is in 2: with these three alone, partition 1 would stay empty.',
    },
  ],
  goals: [
    {
      name: 'two orders each of alice, bob, carol and dave, with keys',
      check: ofRecords(
        orders,
        { expected: `${TIMES} orders with each of these keys: ${CUSTOMERS.join(', ')}` },
        (all) => ({
          done: CUSTOMERS.every((customer) => timesOf(all, customer) >= TIMES),
          observed: CUSTOMERS.map((customer) => `${customer} ${timesOf(all, customer)}`).join(', '),
        }),
      ),
      hints: [
        'The producer has to be told that lines have a key.',
        'parse.key=true makes it look for one, key.separator says what stands between key and value.',
        `\`kt console-producer --topic ${orders} ${WITH_KEYS}\`, then lines such as ${LINES[0]}`,
      ],
    },
    {
      name: 'every customer is in one partition',
      check: ofRecords(orders, { expected: `the orders of each customer in one partition` }, (all) => {
        const homes = partitionsOfKeys(all)
        const torn = [...homes].filter(([key, partitions]) => CUSTOMERS.includes(key) && partitions.length > 1)
        const [customer] = torn.map(([key]) => key)
        return {
          done: torn.length === 0 && CUSTOMERS.every((each) => timesOf(all, each) >= TIMES),
          spoilt: customer === undefined ? undefined : `orders of ${customer} are in several partitions for good`,
          observed:
            torn.map(([key, where]) => `${key} is in ${where.join(' and ')}`).join(', ') ||
            residents(all) ||
            'no record has a key',
        }
      }),
      hints: [
        'It comes by itself, when the records have keys.',
        'Another partitioner, or a partition that was asked for, would break it.',
        `\`kt learn reset 8\`, \`kt learn 8\`, and \`kt console-producer --topic ${orders} ${WITH_KEYS}\``,
      ],
    },
  ],
  solution: [{ line: `console-producer --topic ${orders} ${WITH_KEYS}`, input: LINES }],
  async after(look) {
    const records = await look.facts.records(orders)
    const [alice, bob] = [await homeOf('alice', look), await homeOf('bob', look)]
    const shared =
      alice === bob
        ? ` Two customers can share a partition, as alice and bob do in partition ${alice}; one customer is never in two.`
        : ''
    return `Where the keys went: ${residents(records)}.${shared} The rule: murmur2(key) modulo the number of partitions. Both parts of it matter. With another number of partitions a key may go elsewhere (lesson 12). And so it may with a client that takes another hash: librdkafka takes CRC32 unless it is told otherwise, and the Go library of older notes, Sarama (not Samara), FNV-1a.`
  },
  play: [
    `kt console-consumer --topic ${orders} --key alice --exit-at-end --meta`,
    `echo 'frank:a map' | kt console-producer --topic ${orders} ${WITH_KEYS} --report     (and again with --partitioner crc32, or fnv1a)`,
    `kt console-producer --topic ${orders} --key-template '{{pick alice erin frank}}' --template 'order {{seq}}' --count 9`,
  ],
}
