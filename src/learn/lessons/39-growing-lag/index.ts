import { describeGroup } from '../../checks/groups.ts'
import type { Check, Lesson, Look } from '../../lesson.ts'
import { names } from '../../names.ts'
import { seen } from '../../verdict.ts'

const { name } = names(39)
const orders = name('orders')
const packing = name('packing')
const till = name('till')
const PARTITIONS = 3
/** Five seconds of orders: console-consumer commits no sooner. */
const SMALL_LAG = 150
/** What has gathered when the learner comes. */
const BACKLOG = 600
/** For each order: 25 a second can be packed, and some 30 come in. */
const PACKING_MS = 40
const TILL_MS = 30

async function lagOf({ facts }: Pick<Look, 'facts'>): Promise<number> {
  const [ranges, committed] = await Promise.all([facts.offsets(orders), facts.committed(packing)])
  return ranges.reduce((sum, { partition, start, end }) => {
    const at = committed.find((each) => each.topic === orders && each.partition === partition)?.offset ?? start ?? 0
    return sum + Math.max(0, (end ?? at) - at)
  }, 0)
}

const keepsUp: Check = async (look) => {
  const lag = await lagOf(look)
  const members = (await look.facts.group(packing))?.members ?? []
  const busy = members.filter(({ assignment }) => assignment.length > 0).length
  const waiting = busy > 1 && lag > SMALL_LAG ? { waitingFor: `the rest, ${lag} orders` } : {}
  return seen(busy > 1 && lag <= SMALL_LAG, {
    expected: `a lag of at most ${SMALL_LAG}, with the work shared`,
    observed: `lag ${lag}, ${busy} ${busy === 1 ? 'member' : 'members'} with partitions`,
    show: `${describeGroup(packing)} --totals`,
    ...waiting,
  })
}

/** Orders go on coming in: a lag that falls because the shop is closed is no victory. */
const comesIn: Check = async ({ journal, facts }) => {
  const latest = journal.find('end', ({ partition }) => partition.startsWith(orders)).at(-1)
  // Two seconds without an order are long; before the first look nothing is known.
  const isStill = latest === undefined ? journal.last === null : facts.at - latest.at > 10_000
  return seen(!isStill, {
    expected: 'orders come in',
    observed: isStill ? 'no order for ten seconds' : 'orders come in',
    show: `kt get-offsets --topic ${orders}`,
  })
}

const startMembers = ['console-consumer', `--topic ${orders}`, `--group ${packing}`].join(' ')

export const lesson: Lesson = {
  number: 39,
  name: 'growing-lag',
  title: 'Incident: orders wait longer and longer',
  inShort:
    'A group keeps up only when it reads as fast as others write: more members help as far as there are partitions.',
  where: 'anywhere',
  text: `Customers complain: the later they order, the longer they wait for their parcel. The program ${packing} reads
${orders} with the group ${packing}. It works without a pause, it reports no error, and it was fast enough last
month.

Orders must go on coming in. Bring the lag down, and keep it down.`,
  type: [],
  watch: { topics: [orders], groups: [packing] },
  goesOn: true,
  async setUp(stage) {
    const backlog = Array.from({ length: BACKLOG }, (_, at) => ({ value: `order ${at}`, partition: at % PARTITIONS }))
    await stage.topicWith(orders, { partitions: PARTITIONS, configs: { 'retention.ms': '3600000' } }, backlog)
    await stage.program(packing, { topic: orders, group: packing, 'delay-ms': String(PACKING_MS) })
    await stage.program(till, { topic: orders, 'delay-ms': String(TILL_MS) })
    await stage.until(async (admin) => {
      const found = (await admin.listGroupOffsets([packing])).get(packing)
      return found?.ok === true && found.value.length > 0
    })
  },
  goals: [
    {
      name: 'the group keeps up with what comes in',
      check: keepsUp,
      hints: [
        'How many partitions has the topic, how many members has the group, and who reads what?',
        'One member reads all three partitions and is at its limit. Members of the same group share partitions: up to three of them can work at once.',
        `\`kt ${startMembers}\` in another terminal, or in two of them`,
      ],
    },
    {
      name: 'orders go on coming in',
      check: comesIn,
      fromStart: true,
      hints: [
        'The till must not be stopped.',
        'A lag is the distance between what is written and what is read. Stopping the writer is no cure.',
        `kt learn programs start ${till}`,
      ],
    },
  ],
  solution: [
    { line: `consumer-groups --describe --group ${packing} --members --verbose` },
    { line: startMembers, beside: true },
    { line: startMembers, beside: true, until: 'the group keeps up with what comes in' },
  ],
  async after(look) {
    const { facts } = look
    const members = ((await facts.group(packing))?.members ?? []).map(
      ({ clientId, assignment }) => `${clientId}: ${assignment.map(({ partition }) => partition).join(', ') || 'none'}`,
    )
    return `One member had all ${PARTITIONS} partitions and needed ${PACKING_MS} ms for an order: at most ${1000 / PACKING_MS} a second. About ${Math.floor(1000 / TILL_MS)} a second came in, so the lag grew, without any error. Now the partitions are shared (${members.join('; ')}), and the lag is ${await lagOf(look)}. That works as long as there are partitions enough, one for each member: a fourth member would have nothing to do.`
  },
  play: [
    `${describeGroup(packing)} --totals --lag-time`,
    `${describeGroup(packing)} --watch 1     (then end your members, one after the other)`,
  ],
}
