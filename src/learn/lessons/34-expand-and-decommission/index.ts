import { clockTime } from '../../checks/happened.ts'
import { describe, holdsRecords } from '../../checks/topics.ts'
import type { Facts } from '../../facts/facts.ts'
import type { Journal } from '../../journal.ts'
import type { Check, Lesson, Look } from '../../lesson.ts'
import { names } from '../../names.ts'
import { seen } from '../../verdict.ts'

const { name } = names(34)
const orders = name('orders')
const PARTITIONS = 4
const ORDERS = Array.from({ length: 24 }, (_, at) => ({ value: `order ${at + 1}`, partition: at % PARTITIONS }))
const STATUS = 'kt cluster status'
const TOPICS = `{"version":1,"topics":[{"topic":"${orders}"}]}`

/** The broker that came new: one that comes back was gone before. */
export function newcomer(journal: Journal): { readonly id: number; readonly at: number } | undefined {
  const brokers = journal.find('broker')
  return brokers.find(
    ({ id, change }, at) => change === 'registered' && !brokers.slice(0, at).some((earlier) => earlier.id === id),
  )
}

/** Two replicas for each partition, dealt out over these brokers. */
function planText(brokers: readonly number[]): string {
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => ({
    topic: orders,
    partition,
    replicas: [0, 1].map((at) => brokers[(partition + at) % brokers.length]),
  }))
  return JSON.stringify({ version: 1, partitions })
}

const execute = (brokers: readonly number[]): string =>
  `reassign-partitions --execute --reassignment-json-file /dev/stdin <<'PLAN'\n${planText(brokers)}\nPLAN`

/** Waits until nothing is being moved any more. */
const UNTIL_MOVED =
  "reassign-partitions --list; until kt reassign-partitions --list | grep -q 'No partition reassignments found'; do sleep 0.2; done"

async function brokerIds(facts: Facts): Promise<number[]> {
  return (await facts.cluster()).brokers.map(({ id }) => id).sort((a, b) => a - b)
}

async function withoutNewcomer({ facts, journal }: Look): Promise<number[]> {
  return (await brokerIds(facts)).filter((id) => id !== newcomer(journal)?.id)
}

const joined: Check = async ({ journal }) => {
  const found = newcomer(journal)
  const observed = found === undefined ? 'no new broker' : `broker ${found.id} at ${clockTime(found.at)}`
  return seen(found !== undefined, { expected: 'one broker more than at the start', observed, show: STATUS })
}

const wasUsed: Check = async ({ journal }) => {
  const id = newcomer(journal)?.id
  const expected = `partitions of ${orders} with an in-sync replica on the new broker`
  const took = journal.find('isr', ({ to }) => id !== undefined && to.includes(id)).at(-1)
  const observed =
    took === undefined ? 'it has none' : `${took.partition} at ${clockTime(took.at)}: ISR ${took.to.join(',')}`
  return seen(took !== undefined, { expected, observed, show: describe(orders) })
}

const leftEmpty: Check = async ({ facts, journal }) => {
  const expected = 'the new broker out of the cluster, and every partition with two replicas in sync elsewhere'
  const id = newcomer(journal)?.id
  const used = journal.find('isr', ({ to }) => id !== undefined && to.includes(id)).length > 0
  if (id === undefined || !used)
    return seen(false, { expected, observed: 'it has not held a replica yet', show: STATUS })
  const isThere = (facts.nodes() ?? []).some(({ nodeId }) => nodeId === id)
  const partitions = (await facts.topic(orders))?.partitions ?? []
  const held = partitions.filter(({ replicas }) => replicas.includes(id)).length
  const whole = partitions.filter(({ isr }) => isr.length >= 2).length
  return seen(!isThere && held === 0 && whole === PARTITIONS, {
    expected,
    observed: `broker ${id} ${isThere ? 'is there' : 'is gone'} and holds ${held} partitions; ${whole} of ${PARTITIONS} are in sync`,
    show: STATUS,
  })
}

export const lesson: Lesson = {
  number: 34,
  name: 'expand-and-decommission',
  title: 'A broker comes, and a broker goes',
  inShort: 'A new broker gets nothing by itself, and one that shall go must be emptied first: both is a reassignment.',
  where: 'local',
  needs: [{ kind: 'brokers', atLeast: 3 }],
  answers: ['001:135', '004:46', '004:54'],
  beliefs: [
    {
      older: 'a new broker relieves the others',
      today:
        'never by itself: it gets partitions of topics made from then on. What exists stays until somebody moves it.',
    },
  ],
  text: `Before Christmas the shop rents one more machine. A broker is started on it, and everybody waits for the others
to have less to do. Nothing happens.

Add a broker. Look what it holds. Then move partitions of ${orders} to it, by a plan.

After Christmas the machine goes back. A broker that still holds replicas must not just be stopped: first move
everything away, then take it out of the cluster for good.`,
  type: [
    'kt cluster add',
    STATUS,
    `echo '${TOPICS}' > topics.json`,
    'kt reassign-partitions --generate --topics-to-move-json-file topics.json --broker-list 1,2,3,4 | tail -1 > plan.json',
    'cat plan.json     (the last line is the plan that kt proposes)',
    'kt reassign-partitions --execute --reassignment-json-file plan.json',
    'the same with --broker-list 1,2,3, and at last:',
    'kt cluster remove 4     (or whatever id it got)',
  ],
  watch: { topics: [orders] },
  async setUp(stage) {
    const admin = await stage.admin()
    const brokers = (await admin.describeCluster()).brokers.map(({ id }) => id).sort((a, b) => a - b)
    const assignments = new Map(
      Array.from({ length: PARTITIONS }, (_, partition) => [
        partition,
        [0, 1].map((at) => brokers[(partition + at) % brokers.length]!),
      ]),
    )
    await stage.topicWith(orders, { assignments }, ORDERS)
  },
  async restore(stage, journal) {
    const id = newcomer(journal)?.id
    if (id === undefined) return
    // Its topics first: a broker that holds replicas cannot go. One that holds others' stays, and says so.
    await stage.clear()
    await stage.nodes?.remove(id)
  },
  questions: [
    {
      name: 'at-first',
      ask: `The new broker has just joined. How many of the ${PARTITIONS} partitions of ${orders} does it hold? A number.`,
      answer: async () => '0',
      because: 'Kafka moves no data by itself: it would cost the network just when the cluster is busy.',
    },
  ],
  goals: [
    {
      name: 'a new broker has joined',
      check: joined,
      hints: [
        'One command starts one more broker.',
        'It finds the controller, registers, and waits for work.',
        'kt cluster add',
      ],
    },
    {
      name: 'it holds orders, and is in sync',
      check: wasUsed,
      hints: [
        'Somebody has to make a plan.',
        '--generate with the new broker in --broker-list proposes one; save what is proposed as plan.json, then --execute.',
        'kt reassign-partitions --execute --reassignment-json-file plan.json',
      ],
    },
    {
      name: 'it is gone again, and was empty before',
      check: leftEmpty,
      hints: [
        'The same way back: a plan without the new broker.',
        '`kt cluster remove` refuses while the broker holds replicas, and says which.',
        'kt cluster remove 4',
      ],
    },
    {
      name: 'all orders are still there',
      fromStart: true,
      check: holdsRecords(orders, ORDERS.length),
      hints: [
        'It was so from the beginning, and must stay.',
        'Moves copy first and delete afterwards.',
        '`kt learn reset 34` and `kt learn 34` begin anew',
      ],
    },
  ],
  solution: [
    { line: 'cluster add', until: 'a new broker has joined' },
    {
      line: execute([4, 1, 2, 3]),
      lineOf: async (look) => {
        const others = await withoutNewcomer(look)
        return execute([newcomer(look.journal)?.id ?? 4, ...others])
      },
      until: 'it holds orders, and is in sync',
    },
    { line: UNTIL_MOVED },
    { line: execute([1, 2, 3]), lineOf: async (look) => execute(await withoutNewcomer(look)) },
    { line: UNTIL_MOVED },
    { line: 'cluster remove 4', lineOf: async ({ journal }) => `cluster remove ${newcomer(journal)?.id ?? 4}` },
  ],
  async after({ facts, journal }) {
    const came = newcomer(journal)
    const lists = (await facts.topic(orders))?.partitions.map(
      ({ partition, replicas }) => `partition ${partition} on ${replicas.join(' and ')}`,
    )
    return `Broker ${came?.id} came at ${clockTime(came?.at ?? 0)} and held nothing until a plan said so. Then it took what the plan gave it, and gave it back: ${lists?.join(', ')}. Only then it could go without anybody noticing. Since Kafka 4.3 a broker can be cordoned first (cordoned.log.dirs, KIP-1066), so that no new topic is placed on it while it is being emptied.`
  },
  play: [
    'kt cluster add     (then make a topic with 8 partitions: does the new broker get some?)',
    'kt describe broker 1',
    'kt cluster remove 3     (while it holds replicas)',
  ],
}
