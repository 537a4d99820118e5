import { happened } from '../../checks/happened.ts'
import { describe, topicSetting } from '../../checks/topics.ts'
import type { RecordFact } from '../../facts/records.ts'
import type { Event } from '../../journal.ts'
import type { Check, Lesson, Look } from '../../lesson.ts'
import { names } from '../../names.ts'
import { seen } from '../../verdict.ts'

const { name } = names(20)
const payments = name('payments')
const PARTITION = `${payments}-0`
const PAID = [
  { key: 'alice', value: 'alice pays 20' },
  { key: 'bob', value: 'bob pays 35' },
  { key: 'carol', value: 'carol pays 12' },
]

const SET = `configs --alter --topic ${payments} --add-config min.insync.replicas=2`
const PRODUCE = `console-producer --topic ${payments}`
const WITH_ONE = `${PRODUCE} --request-required-acks 1`
const READ = `console-consumer --topic ${payments} --from-beginning --exit-at-end`

type IsrEvent = Extract<Event, { kind: 'isr' }>

/** When one replica alone was left, and when there were more again. */
function alone({ journal }: Pick<Look, 'journal'>): { shrunk: IsrEvent | undefined; grown: IsrEvent | undefined } {
  const shrunk = journal.find('isr', ({ partition, to }) => partition === PARTITION && to.length === 1).at(-1)
  const grown = journal.find(
    'isr',
    ({ partition, to, at }) => partition === PARTITION && to.length > 1 && shrunk !== undefined && at > shrunk.at,
  )[0]
  return { shrunk, grown }
}

/** Payments that were written while one replica was left, and that nobody could read before there were two again. */
async function hiddenPayments({ facts, journal }: Look): Promise<RecordFact[]> {
  const { shrunk, grown } = alone({ journal })
  if (shrunk === undefined || grown === undefined) return []
  // A look reads the ISR first: what it saw of the end may be from after the second replica's return.
  const ends = journal.find('end', ({ partition, at }) => partition === PARTITION && at < grown.after)
  const shown = Math.max(PAID.length, ...ends.map(({ to }) => to))
  return (await facts.records(payments)).filter(
    ({ offset, timestamp }) => offset >= shown && timestamp >= shrunk.after && timestamp <= grown.at,
  )
}

const wasHidden: Check = async (look) => {
  const expected = 'a payment that was taken from one replica, and could be read when there were two again'
  const show = `kt ${READ}`
  const { shrunk, grown } = alone(look)
  if (shrunk === undefined) return seen(false, { expected, observed: 'more than one replica was always there', show })
  if (grown === undefined) {
    const { facts } = look
    const leader = (await facts.topic(payments))?.partitions[0]?.leader ?? -1
    const end = (await facts.offsets(payments))[0]?.end ?? 0
    const hidden = ((await facts.replicaEnds(payments, leader)).get(`${leader}/0`) ?? end) - end
    const observed = `${hidden} in the log of broker ${leader} beyond what consumers are shown`
    return seen(false, { expected, observed: hidden > 0 ? `${observed}: start the dead brokers` : observed, show })
  }
  const found = await hiddenPayments(look)
  const observed = found.map(({ value }) => `'${value}'`).join(', ') || 'no payment was written while one was left'
  return seen(found.length > 0, { expected, observed, show })
}

export const lesson: Lesson = {
  number: 20,
  name: 'min-insync',
  title: 'How many copies are enough: min.insync.replicas',
  inShort:
    'min.insync.replicas is how many replicas must be in the ISR for a write with acks=all; with fewer the write is refused.',
  where: 'local',
  needs: [{ kind: 'brokers', atLeast: 3 }],
  answers: ['001:156', '004:94'],
  beliefs: [
    {
      older: 'with acks=all every replica has the record',
      today:
        'never promised: every replica of the ISR has it, and the ISR may be one broker. min.insync.replicas says how small it may be; its default is 1, in 4.x too.',
    },
    {
      older: 'see a sample production configuration of a server',
      today:
        'what most of them change first, in 4.x too: default.replication.factor=3 and min.insync.replicas=2, both 1 by default. `kt describe broker 1` and `kt configs` show what holds.',
    },
  ],
  text: `Payments must not be lost. ${payments} has three replicas, and producers use acks=all: every replica of the ISR
has to have a payment before it counts. But dead brokers leave the ISR. With two of three dead, all is one.

Say that two is the least: set min.insync.replicas to 2. Then kill two brokers, and pay with acks=all. Pay once more with
acks=1, and read the topic. Something is missing.

Then start the brokers again and read once more.`,
  type: [
    `kt ${SET}`,
    'kt cluster kill ONE ANOTHER',
    `echo 'dave pays 50' | kt ${PRODUCE}`,
    `echo 'erin pays 7' | kt ${WITH_ONE}`,
    `kt ${READ}`,
    'kt cluster start',
  ],
  watch: { topics: [payments] },
  async setUp(stage) {
    await stage.nodes?.startAll()
    await stage.topicWith(payments, { partitions: 1, replicationFactor: 3 }, PAID)
  },
  async restore(stage) {
    await stage.nodes?.startAll()
  },
  questions: [
    {
      name: 'acks-1',
      ask: 'One replica is left, two are wanted. What does the leader do with a payment that comes with acks=1?',
      choices: ['it refuses it', 'it takes it and shows it to consumers', 'it takes it and hides it from consumers'],
      answer: async () => 'it takes it and hides it from consumers',
      because:
        'min.insync.replicas refuses acks=all alone. But consumers are shown what is below the high watermark, and that does not move while the ISR is smaller than min.insync.replicas.',
    },
  ],
  goals: [
    {
      name: 'payments need two in-sync replicas',
      check: topicSetting(payments, 'min.insync.replicas', '2'),
      hints: ['It is a setting of the topic.', 'kt configs changes settings while brokers run.', `kt ${SET}`],
    },
    {
      name: 'one replica was left in the ISR',
      check: happened('isr', ({ partition, to }) => partition === PARTITION && to.length === 1, {
        expected: 'an ISR of one replica',
        notYet: 'two or more were always there',
        show: describe(payments),
        observed: ({ from, to }) => `ISR ${from.join(',')} -> ${to.join(',')}`,
      }),
      hints: [
        'Kill two of the three brokers.',
        'Two seconds after its last heartbeat a broker is fenced, and leaves every ISR.',
        'kt cluster kill 2 3',
      ],
    },
    {
      name: 'a payment was taken, and hidden until a second replica was back',
      check: wasHidden,
      hints: [
        'While two brokers are dead: pay with acks=1, and read. Start the brokers after that.',
        'acks=1 asks for the leader alone. What only one replica has is not shown, for it might be lost yet.',
        `echo 'erin pays 7' | kt ${WITH_ONE}`,
      ],
    },
  ],
  solution: [
    { line: SET, until: 'payments need two in-sync replicas' },
    {
      line: 'cluster kill 2 3',
      async lineOf({ facts }) {
        const { leader, replicas } = (await facts.topic(payments))!.partitions[0]!
        return `cluster kill ${replicas.filter((id) => id !== leader).join(' ')}`
      },
      until: 'one replica was left in the ISR',
    },
    // Its exit code is 0, as Kafka's is: the failure is told on stderr.
    { line: PRODUCE, input: ['dave pays 50'] },
    { line: WITH_ONE, input: ['erin pays 7'] },
    { line: READ },
    { line: 'cluster start', until: 'a payment was taken, and hidden until a second replica was back' },
  ],
  async after(look) {
    const { shrunk, grown } = alone(look)
    const hidden = (await hiddenPayments(look)).map(({ value }) => `'${value}'`).join(', ')
    return `The ISR was ${shrunk?.to.join(',')} alone, and two were wanted. With acks=all the leader refused: NOT_ENOUGH_REPLICAS, and the producer knew. With acks=1 it took ${hidden}, and said so, but no consumer saw it before the ISR was ${grown?.to.join(',')}. What had been paid before could be read all the time. So min.insync.replicas=2 with acks=all and three replicas is the usual choice for what must not be lost: one broker may die and writing goes on; when two die it stops, and nothing is promised that one more death could break.`
  },
  play: [
    `kt configs --describe --topic ${payments} --all`,
    'kt configs --describe --entity-type brokers --entity-name 1 --all --docs     (every setting, where it is from, what it does)',
    'kt cluster kill 1     (one alone: acks=all goes on)',
    `kt configs --alter --topic ${payments} --delete-config min.insync.replicas     (kill two again: acks=all is one)`,
    'kt error NOT_ENOUGH_REPLICAS',
  ],
}
