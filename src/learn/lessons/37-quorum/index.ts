import { clockTime } from '../../checks/happened.ts'
import { describe } from '../../checks/topics.ts'
import type { Check, Lesson, Look } from '../../lesson.ts'
import { names } from '../../names.ts'
import { seen } from '../../verdict.ts'
import { controllersOf, runningAt } from './checks.ts'

const { name } = names(37)
const orders = name('orders')
const payments = name('payments')
const clicks = name('clicks')
const CONTROLLERS = 3
const MAJORITY = 2
const STATUS = 'kt cluster status'
const produce = `console-producer --topic ${orders} --template 'order {{seq}}' --count 600 --rate 2`

/** The topic was made while so many controllers ran. */
function madeWith({ facts, journal }: Look, topic: string, fits: (running: number, at: number) => boolean) {
  const controllers = controllersOf(facts.nodes())
  return journal
    .find('partition', ({ partition, change }) => partition === `${topic}-0` && change === 'made')
    .findLast(({ at }) => fits(runningAt(journal.events, controllers, at), at))
}

/** When the first look saw fewer controllers than a majority. */
function lostAt({ facts, journal }: Look): number | undefined {
  const controllers = controllersOf(facts.nodes())
  return journal.find('node').find(({ at }) => runningAt(journal.events, controllers, at) < MAJORITY)?.at
}

/** A change of the end of the log, all of it without a majority. */
function writtenWithout({ facts, journal }: Look) {
  const controllers = controllersOf(facts.nodes())
  const without = (at: number): boolean => runningAt(journal.events, controllers, at) < MAJORITY
  return journal.find('end', ({ from, to, at, after }) => to > from && without(at) && without(after)).at(-1)
}

const runningText = ({ facts, journal }: Look): string => {
  const controllers = controllersOf(facts.nodes())
  return `${runningAt(journal.events, controllers, facts.at)} of ${controllers.length} controllers run`
}

const madeByTwo: Check = async (look) => {
  const made = madeWith(look, payments, (running) => running === MAJORITY)
  const observed = made === undefined ? runningText(look) : `made at ${clockTime(made.at)}`
  const expected = `a topic ${payments} that was made while two of three controllers ran`
  return seen(made !== undefined, { expected, observed, show: STATUS })
}

const writtenByNone: Check = async (look) => {
  const written = writtenWithout(look)
  const observed =
    written === undefined
      ? runningText(look)
      : `${written.partition}: end ${written.from} -> ${written.to} at ${clockTime(written.at)}`
  const expected = `new orders in ${orders} while one of three controllers ran`
  return seen(written !== undefined, { expected, observed, show: `kt get-offsets --topic ${orders}` })
}

const madeAgain: Check = async (look) => {
  const lost = lostAt(look)
  const made = madeWith(look, clicks, (running, at) => lost !== undefined && at > lost && running >= MAJORITY)
  const observed = made === undefined ? runningText(look) : `made at ${clockTime(made.at)}`
  const expected = `a topic ${clicks} that was made when a majority was back`
  return seen(made !== undefined, { expected, observed, show: describe(clicks) })
}

export const lesson: Lesson = {
  number: 37,
  name: 'quorum',
  title: 'A quorum is not an ISR',
  inShort:
    'Brokers need an ISR to keep records, controllers a majority to decide: without it data still flows, but nothing can be changed.',
  where: 'local',
  needs: [
    { kind: 'controllers', atLeast: CONTROLLERS },
    { kind: 'brokers', atLeast: 3 },
  ],
  answers: ['003:79', '002:26', '003:43'],
  beliefs: [
    {
      older: 'ZooKeeper keeps the metadata and elects the leaders',
      today:
        'true until 3.x; ZooKeeper left in 4.0. The controllers do it: they vote among themselves and keep the metadata in a log of their own (KRaft).',
    },
    {
      older: 'of three copies, two must always be alive',
      today:
        'never for data: a partition works with any in-sync replica. It holds for controllers: they decide by majority.',
    },
  ],
  text: `Two groups of three work in this cluster. Three brokers keep the orders; who is up to date is in the ISR, and one
of them is enough to go on. Three controllers decide: who leads, which topics there are. They need a majority, two of
three, for each decision.

(A local cluster has one controller unless it was made with --controllers 3. Where that is a second cluster of yours,
\`export KT_CLUSTER=NAME\` in each terminal has commands mean it; \`unset KT_CLUSTER\` ends that.)

Let orders be written in a second terminal all the time. Kill one controller and make ${payments}. Kill another one:
are orders still written? Can you make ${clicks}? Then start them again, and try once more.`,
  type: [
    `kt ${produce}     (in another terminal)`,
    'kt metadata-quorum describe --status     (LeaderId is the active controller)',
    'kt cluster kill CONTROLLER',
    `kt topics --create --topic ${payments}`,
    'kt cluster kill ANOTHER',
    `kt topics --create --topic ${clicks}     (Ctrl-C ends the waiting)`,
    'kt cluster start',
  ],
  watch: { topics: [orders, payments, clicks] },
  async setUp(stage) {
    await stage.topic(orders, { partitions: 1, replicationFactor: 3 })
  },
  async restore(stage) {
    await stage.nodes?.startAll()
  },
  questions: [
    {
      name: 'one-left',
      ask: 'One of three controllers is left, all three brokers live. What still works?',
      choices: ['nothing', 'reading and writing', 'reading and writing, and making topics'],
      answer: async () => 'reading and writing',
      because:
        'The leaders of the partitions are known, and go on leading. But nobody may decide anything new: no topic, no other leader when one dies, no change of an ISR.',
    },
    {
      name: 'two-of-three',
      ask: 'And with two of three controllers?',
      choices: ['everything works', 'only reading and writing', 'nothing'],
      answer: async () => 'everything works',
      because:
        'Two of three are a majority. If the dead one was the active controller, the others elect a new one first.',
    },
  ],
  goals: [
    {
      name: 'with two of three controllers, a topic was made',
      check: madeByTwo,
      hints: [
        `Kill one controller, then make ${payments}.`,
        'The ids of controllers are 100, 101 and 102; `kt cluster status` shows them.',
        `\`kt cluster kill 100\`, then \`kt topics --create --topic ${payments}\``,
      ],
    },
    {
      name: 'with one of three, orders were still written',
      check: writtenByNone,
      hints: [
        'A producer that was there before goes on, so start it before you kill the second one.',
        'Producers talk to the leaders of partitions, which are brokers. A new producer may have to wait: it needs an id, and ids come from the controller.',
        `\`kt ${produce}\` in another terminal, then kill a second controller`,
      ],
    },
    {
      name: 'when the majority was back, a topic could be made again',
      check: madeAgain,
      hints: [
        'Start the controllers again.',
        `The log of the metadata is on their disks, so they go on where they were. Then make ${clicks}.`,
        `\`kt cluster start\`, then \`kt topics --create --topic ${clicks}\``,
      ],
    },
  ],
  solution: [
    { line: produce, beside: true },
    {
      line: 'cluster kill 100',
      lineOf: async ({ facts }) => `cluster kill ${(await facts.quorum()).leaderId}`,
    },
    { line: `topics --create --topic ${payments}`, until: 'with two of three controllers, a topic was made' },
    {
      line: 'cluster kill 101',
      lineOf: async ({ facts }) => `cluster kill ${(await facts.quorum()).leaderId}`,
      until: 'with one of three, orders were still written',
    },
    { line: 'cluster start' },
    { line: `topics --create --topic ${clicks}` },
  ],
  async after(look) {
    const [lost, written, made] = [lostAt(look), writtenWithout(look), madeWith(look, clicks, () => true)]
    const { leaderId, leaderEpoch } = await look.facts.quorum()
    return `At ${clockTime(lost ?? 0)} one of three controllers was left. At ${clockTime(written?.at ?? 0)} ${written?.partition} had ${written?.to} orders, ${(written?.to ?? 0) - (written?.from ?? 0)} more than at the look before: brokers needed nobody for that. ${clicks} came at ${clockTime(made?.at ?? 0)}, when a majority was back, perhaps without being asked again: Ctrl-C ends a command, and not always the request that it has sent. Controller ${leaderId} is active now, in epoch ${leaderEpoch}. The ISR names the replicas that are up to date, one of them is enough. A quorum asks for more than half, whoever they are: that is why there are three controllers or five, and not two or four.`
  },
  play: [
    'kt metadata-quorum describe --replication',
    'kill two controllers, then a broker that leads a partition: who leads it now?',
    `kt describe topic ${orders} --watch     (while controllers die)`,
  ],
}
