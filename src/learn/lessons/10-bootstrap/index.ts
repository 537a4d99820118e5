import { readToTheEnd } from '../../checks/groups.ts'
import { ofRecords, partitionsOfKeys } from '../../checks/records.ts'
import type { Check, Lesson, Look } from '../../lesson.ts'
import { names } from '../../names.ts'
import { seen } from '../../verdict.ts'

const { name } = names(10)
const orders = name('orders')
const addresses = name('addresses')
const billing = name('billing')
const WITH_KEYS = '--reader-property parse.key=true --reader-property key.separator=:'
/** One customer of each partition. */
const LINES = ['alice:two mugs', 'dave:a teapot', 'carol:a book']
const CUSTOMERS = ['alice', 'carol', 'dave']

/** Where clients are told to find the leader of partition 0: `127.0.0.1:9092`. */
async function leaderAddress({ facts }: Look): Promise<string | null> {
  const leader = (await facts.topic(orders))?.partitions[0]?.leader
  const broker = (await facts.cluster()).brokers.find(({ id }) => id === leader)
  return broker === undefined ? null : `${broker.host}:${broker.port}`
}

/** A broker that does not lead partition 0: who begins there is sent on. */
async function otherAddress({ facts }: Look): Promise<string> {
  const leader = (await facts.topic(orders))?.partitions[0]?.leader
  const broker = (await facts.cluster()).brokers.find(({ id }) => id !== leader)
  return `${broker?.host}:${broker?.port}`
}

const leaderNamed: Check = async (look) => {
  const right = await leaderAddress(look)
  const expected = `the address of the leader of partition 0 as the newest record of ${addresses}`
  const given = (await look.facts.records(addresses)).at(-1)?.value?.trim()
  const observed = given === undefined ? `${addresses} is empty` : `'${given}'`
  // localhost is the same machine under another name.
  const plain = (address: string | null | undefined): string => address?.replace(/^localhost:/, '127.0.0.1:') ?? ''
  const done = right !== null && plain(given) === plain(right)
  return seen(done, { expected, observed, show: 'kt cluster list-endpoints' })
}

const HERE = '--bootstrap-server HOST:PORT'
const produce = `console-producer --topic ${orders} ${WITH_KEYS}`
const read = `console-consumer --topic ${orders} --group ${billing} --from-beginning --exit-at-end`

export const lesson: Lesson = {
  number: 10,
  name: 'bootstrap',
  title: 'One address is enough to begin with',
  inShort:
    'The bootstrap server is only asked for the metadata; then a client connects to the leaders at their advertised addresses.',
  where: 'anywhere',
  needs: [{ kind: 'brokers', atLeast: 3 }],
  answers: ['000:31', '000:62', '002:34', '004:37'],
  beliefs: [
    {
      older: 'ZooKeeper tells producers and consumers which brokers there are',
      today:
        'true of the first clients, which left in 2.0. Clients ask the brokers: any one of them knows all, and who leads what.',
    },
    {
      older:
        'to run a program that uses Kafka, such as barito-flow, first set up ZooKeeper, a broker, a virtual machine',
      today: 'true until 3.x. `kt cluster start`, and give the program one address as its brokers: 127.0.0.1:9092.',
    },
  ],
  text: `A client is given one address, the bootstrap server. It asks there for the metadata: all brokers with their
addresses, and which of them leads which partition. From then on it speaks to the leaders, under the addresses that it
was told. Those are the advertised addresses.

Choose one broker of the list. Through it alone write an order each of alice, dave and carol, whose partitions are led by
three brokers. Through another one read them all as billing.

Then find the address of the broker that leads partition 0, and write it into ${addresses}.`,
  type: [
    'kt cluster list-endpoints',
    `kt ${produce} ${HERE}`,
    ...LINES,
    `kt ${read} ${HERE}`,
    `kt topics --describe --topic ${orders}`,
    `echo HOST:PORT | kt console-producer --topic ${addresses}`,
  ],
  watch: { topics: [orders, addresses], groups: [billing] },
  async setUp(stage) {
    await stage.topic(orders, { partitions: 3, replicationFactor: 3 })
    await stage.topic(addresses, { partitions: 1 })
  },
  questions: [
    {
      name: 'who',
      ask: 'You name one broker. A record is for a partition that another broker leads. How does it get there?',
      choices: ['the broker you named passes it on', 'the client goes to the leader itself'],
      answer: async () => 'the client goes to the leader itself',
      because:
        'Brokers pass on no records. So a client must be able to reach every broker under its advertised address: where only the bootstrap server answers, it begins well and then hangs.',
    },
  ],
  goals: [
    {
      name: 'an order each of alice, carol and dave, in three partitions',
      check: ofRecords(orders, { expected: 'alice in partition 0, carol in 2, dave in 1' }, (records) => {
        const homes = [...partitionsOfKeys(records)].filter(([key]) => CUSTOMERS.includes(key))
        const torn = homes.find(([, where]) => where.length > 1)?.[0]
        return {
          spoilt: torn === undefined ? undefined : `orders of ${torn} are in several partitions for good`,
          done: homes.length === CUSTOMERS.length && new Set(homes.flatMap(([, where]) => where)).size === homes.length,
          observed: homes.map(([key, where]) => `${key} in ${where.join(' and ')}`).join(', ') || 'no order of them',
        }
      }),
      hints: [
        'Three lines, with the names as keys.',
        'One address is enough: the client learns the others by itself. --explain shows whom it asks and whom it writes to.',
        `kt ${produce} ${HERE}; then type ${LINES.join(', ')}, each on a line of its own`,
      ],
    },
    {
      name: 'billing has read them',
      check: readToTheEnd(billing, orders),
      hints: [
        'Name another broker than before; the same orders are there.',
        'A topic belongs to the cluster, not to the broker that you name.',
        `kt ${read}`,
      ],
    },
    {
      name: 'the address of the leader of partition 0 is written down',
      check: leaderNamed,
      hints: [
        'The description of the topic has the leader as a number. Which address has that number?',
        '`kt cluster list-endpoints` asks for the metadata and shows id, host and port of each broker.',
        `\`kt topics --describe --topic ${orders}\`, then \`kt cluster list-endpoints\`, then echo HOST:PORT | kt console-producer --topic ${addresses}`,
      ],
    },
  ],
  solution: [
    {
      line: `${produce} ${HERE}`,
      lineOf: async (look) => `${produce} --bootstrap-server ${await otherAddress(look)}`,
      input: LINES,
    },
    {
      line: `${read} ${HERE}`,
      lineOf: async (look) => `${read} --bootstrap-server ${await leaderAddress(look)}`,
    },
    {
      line: `console-producer --topic ${addresses} --template HOST:PORT --count 1`,
      lineOf: async (look) => `console-producer --topic ${addresses} --template ${await leaderAddress(look)} --count 1`,
    },
  ],
  async after({ facts }) {
    const { brokers } = await facts.cluster()
    const told = brokers.map(({ id, host, port }) => `broker ${id} at ${host}:${port}`).join(', ')
    const leaders = (await facts.topic(orders))?.partitions.map(
      ({ partition, leader }) => `partition ${partition} to broker ${leader}`,
    )
    return `What every broker answers: ${told}. You named one of them, and the orders went where they belong: ${leaders?.join(', ')}. Name two or three as bootstrap servers all the same: the one that you name may be down just then. And when a client connects and then hangs, look at the addresses that the brokers advertise.`
  },
  play: [
    'write an order with --explain at the end of the line: whom does it ask, and whom does it write to?',
    'kt broker-api-versions     (which requests does each broker serve?)',
    'kt topics --list --bootstrap-server localhost:1     (where nobody listens)',
  ],
}
