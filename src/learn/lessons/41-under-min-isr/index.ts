import { ofTopic, topicSetting } from '../../checks/topics.ts'
import type { Check, Lesson } from '../../lesson.ts'
import { names } from '../../names.ts'
import { seen } from '../../verdict.ts'

const { name } = names(41)
const orders = name('orders')
const BEFORE = 20
/** Two of the three replicas; the first one leads. */
const LEADER = 1
const HANGING = [2, 3]
const MINIMUM = '2'
const ORDERS = Array.from({ length: BEFORE }, (_, at) => ({ value: `order ${at + 1}` }))

const accepted: Check = async ({ facts }) => {
  // What lies above the high watermark is not there for readers: an end that is reported is one that holds.
  const [range] = await facts.offsetsSoon(orders)
  const end = range?.end ?? null
  return seen(end !== null && end > BEFORE, {
    expected: `more than the ${BEFORE} orders of before`,
    observed: end === null ? 'no answer for the partition' : `${end} orders`,
    show: `kt get-offsets --topic ${orders}`,
  })
}

const enough: Check = ofTopic(orders, 'all three replicas in the ISR', ({ partitions: [first] }) => {
  const isr = first?.isr ?? []
  return {
    done: isr.length === 3,
    expected: 'all three replicas in the ISR',
    observed: `ISR ${[...isr].sort().join(',')}`,
  }
})

export const lesson: Lesson = {
  number: 41,
  name: 'under-min-isr',
  title: 'Incident: the till takes no orders',
  inShort:
    'A broker that hangs falls out of the ISR: with fewer than min.insync.replicas left, acks=all is refused until one is back.',
  where: 'local',
  needs: [{ kind: 'brokers', atLeast: 3 }],
  text: `For some minutes the till has shown NOT_ENOUGH_REPLICAS for every order that it writes to ${orders}. Reading
still works, and nobody has changed a setting.

Have the till write orders again, acknowledged by all, as it always was. The shop has promised that an acknowledged
order is on two brokers at least: that promise stays.`,
  type: [],
  watch: { topics: [orders] },
  async setUp(stage) {
    await stage.topicWith(
      orders,
      {
        assignments: new Map([[0, [LEADER, ...HANGING]]]),
        configs: { 'min.insync.replicas': MINIMUM },
      },
      ORDERS,
    )
    await stage.inSync(orders)
    await stage.nodes?.pause(HANGING)
    await stage.until(async (admin) => {
      const found = (await admin.describeTopics([orders])).get(orders)
      return found?.ok === true && found.value.partitions[0]?.isr.length === 1
    })
  },
  async restore(stage) {
    await stage.nodes?.heal()
    await stage.nodes?.startAll()
    await stage.inSync(orders)
  },
  goals: [
    {
      name: 'all replicas are in sync',
      check: enough,
      hints: [
        'The error speaks of replicas. How many should there be, how many are in sync, and which are missing?',
        'A broker that hangs keeps its connections open, but it neither copies nor sends heartbeats: the controller fences it. Its process is still there.',
        '`kt cluster status`, then `kt cluster resume 2 3`',
      ],
    },
    {
      name: 'a new order was accepted',
      check: accepted,
      hints: [
        'Write one, as the till does.',
        'With acks=all an order is accepted when min.insync.replicas brokers, or more, are in the ISR and all of these have it.',
        `kt console-producer --topic ${orders}`,
      ],
    },
    {
      name: 'an acknowledged order is on two brokers',
      check: topicSetting(orders, 'min.insync.replicas', MINIMUM),
      fromStart: true,
      hints: [
        'That setting is the promise, not the fault.',
        'Lower, it would let orders in that one broker alone has: they are lost with it.',
        `kt configs --alter --entity-type topics --entity-name ${orders} --add-config min.insync.replicas=2`,
      ],
    },
  ],
  solution: [
    { line: 'cluster status' },
    { line: `cluster resume ${HANGING.join(' ')}`, until: 'all replicas are in sync' },
    { line: `console-producer --topic ${orders}`, input: ['order 21'] },
  ],
  async after({ facts, journal }) {
    const back = journal.find('isr', ({ to }) => to.length > 1).at(-1)
    const end = (await facts.offsets(orders))[0]?.end
    return `The processes of brokers ${HANGING.join(' and ')} were there, and did nothing: they were stopped by a signal (SIGSTOP), as a frozen virtual machine or a dying disk would do it. Without heartbeats the controller fenced them, and the ISR was broker ${LEADER} alone. One copy is less than min.insync.replicas=${MINIMUM}, so broker ${LEADER} refused every write with acks=all rather than promise what it could not keep; reading went on. Once they ran again they caught up by themselves${back === undefined ? '' : `, and the ISR is ${back.to.join(',')}`}. There are ${end} orders now.`
  },
  play: [
    'kt cluster pause 3     (one may be missing: orders are still accepted)',
    `kt topics --describe --topic ${orders} --under-min-isr-partitions`,
    'kt cluster resume 3',
  ],
}
