import { describe } from '../../checks/topics.ts'
import type { Check, Lesson, Look } from '../../lesson.ts'
import { names } from '../../names.ts'
import { seen } from '../../verdict.ts'

const { name } = names(42)
const orders = name('orders')
/** Of the three brokers, and the partition that it alone has. */
const BROKEN = 3
const PARTITION = 2
const BEFORE = 5
/** A slip of the pen; nobody listens on it. */
const WRONG_PORT = 1094
const ORDERS = [0, 1, 2].flatMap((partition) =>
  Array.from({ length: BEFORE }, (_, at) => ({ value: `order ${partition}-${at + 1}`, partition })),
)

/** Ends by partition; null for those that nobody answers for, and for all when a leader cannot be reached. */
async function endsOf({ facts }: Pick<Look, 'facts'>): Promise<readonly (number | null)[]> {
  const unknown = [0, 1, 2].map(() => null)
  return facts.offsetsSoon(orders).then(
    (ranges) => ranges.map(({ end }) => end),
    () => unknown,
  )
}

const answers: Check = async (look) => {
  const ends = await endsOf(look)
  const done = ends.length > 0 && ends.every((end) => end !== null)
  return seen(done, {
    expected: 'every partition says how many orders it has',
    observed: done ? `${ends.join(', ')} orders` : 'not every partition answers',
    show: `kt get-offsets --topic ${orders}`,
  })
}

const written: Check = async (look) => {
  const end = (await endsOf(look))[PARTITION] ?? null
  return seen(end !== null && end > BEFORE, {
    expected: `a new order in partition ${PARTITION}`,
    observed:
      end === null
        ? 'no answer for it'
        : `${end - BEFORE === 0 ? 'no' : end - BEFORE} new ${end - BEFORE === 1 ? 'order' : 'orders'} in it`,
    show: `kt get-offsets --topic ${orders}`,
  })
}

/** What the cluster tells clients. */
async function toldAddress({ facts }: Pick<Look, 'facts'>): Promise<string | null> {
  const broker = (await facts.cluster()).brokers.find(({ id }) => id === BROKEN)
  return broker === undefined ? null : `${broker.host}:${broker.port}`
}

/** Makes the file say what the broker listens on. */
async function mend({ facts }: Look): Promise<string> {
  const directory = facts.nodes()?.find(({ nodeId }) => nodeId === BROKEN)?.directory ?? 'DIRECTORY'
  const file = `'${directory}/server.properties'`
  return `cluster stop ${BROKEN}; sed "s#^advertised.listeners=.*#advertised.$(grep ^listeners= ${file})#" ${file} > fixed.properties && cp fixed.properties ${file} && rm fixed.properties && kt cluster start`
}

export const lesson: Lesson = {
  number: 42,
  name: 'wrong-address',
  title: 'Incident: one order in three does not arrive',
  inShort:
    'Clients connect to the advertised address of a leader: when it is wrong, only the partitions of this broker fail.',
  where: 'local',
  needs: [{ kind: 'brokers', atLeast: 3 }],
  text: `Somebody worked on a broker last night. Since this morning about one order in three is not accepted, and no
report over ${orders} comes to its end. All three brokers run, and the cluster says that every partition has a leader.

Have every partition answer, and write an order into partition ${PARTITION} to prove it. Do not make the topic anew: its
orders are still there.`,
  type: [],
  watch: { topics: [orders] },
  async setUp(stage) {
    const assignments = new Map([0, 1, 2].map((partition) => [partition, [partition + 1]]))
    // Filled when it is made: afterwards nobody can ask the broker whether it has records.
    if (await stage.topic(orders, { assignments })) await stage.write(orders, ORDERS)
    await stage.nodes?.advertise(BROKEN, WRONG_PORT)
    await stage.until(async (admin) => {
      const found = (await admin.describeTopics([orders])).get(orders)
      return found?.ok === true && found.value.partitions[PARTITION]?.leader === BROKEN
    })
  },
  async restore(stage) {
    await stage.nodes?.startAll()
    await stage.nodes?.advertise(BROKEN, 'own')
  },
  goals: [
    {
      name: 'every partition answers',
      check: answers,
      hints: [
        'Which partition does not answer, who leads it, and what address does the error show?',
        'A client asks any broker who leads, and then connects to the address that this leader advertises: advertised.listeners in its server.properties. Compare it with listeners.',
        `\`kt cluster list-endpoints\` and \`kt cluster status\` show both. Mend advertised.listeners in server.properties of node ${BROKEN}, then \`kt cluster restart ${BROKEN}\``,
      ],
    },
    {
      name: 'a new order is in the partition that was lost',
      check: written,
      hints: [
        'Write to that partition alone.',
        `Without a key the producer chooses a partition; here it is to be partition ${PARTITION}.`,
        `kt console-producer --topic ${orders} --partition ${PARTITION}`,
      ],
    },
  ],
  solution: [
    { line: describe(orders).replace(/^kt /, '') },
    { line: 'cluster list-endpoints' },
    { line: `cluster restart ${BROKEN}`, lineOf: mend, until: 'every partition answers' },
    { line: `console-producer --topic ${orders} --partition ${PARTITION}`, input: ['order 2-6'] },
  ],
  async after({ facts }) {
    const told = await toldAddress({ facts })
    return `Broker ${BROKEN} told clients port ${WRONG_PORT}, where nobody listens. Bootstrap and metadata worked, as any broker answers those; the description of the topic looked well, too, as it comes from the metadata. Only who had to talk to broker ${BROKEN} itself got nowhere, and that is whoever needs partition ${PARTITION}, which it leads. Now it tells ${told}. listeners is where a broker listens; advertised.listeners is what it tells others, and both producers, consumers and the other brokers go there. Behind Docker, NAT or a proxy it is the first thing to look at.`
  },
  play: ['kt cluster list-endpoints', `kt get-offsets --topic ${orders}`],
}
