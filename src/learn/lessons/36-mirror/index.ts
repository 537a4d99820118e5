import { describeGroup } from '../../checks/groups.ts'
import type { Facts } from '../../facts/facts.ts'
import type { Check, Lesson, Look } from '../../lesson.ts'
import { names } from '../../names.ts'
import type { Stage } from '../../stage.ts'
import { type Seen, seen } from '../../verdict.ts'
import { mirrorText } from './files.ts'

const { name } = names(36)
const orders = name('orders')
const packing = name('packing')
/** The second cluster, of this lesson alone. */
const other = name('b')
/** MirrorMaker 2 puts the name of the cluster that a topic comes from in front of it. */
const mirrored = `a.${orders}`
const COUNT = 12
/** What is older is gone on a, and never comes to b. */
const KEPT_FROM = 5
const ORDERS = Array.from({ length: COUNT }, (_, at) => ({ value: `order ${at + 1}` }))
const THERE = '--bootstrap-server B'
const STATUS = `kt cluster status --name ${other}`
const mirror = 'connect-mirror-maker mirror.properties'
const produce = `console-producer --topic ${orders}`
const read = `console-consumer --topic ${orders} --group ${packing} --from-beginning --exit-at-end`
const showThere = `kt console-consumer ${THERE} --topic ${mirrored} --from-beginning --exit-at-end --meta`

const valuesOf = async (facts: Facts, topic: string): Promise<(string | null)[]> =>
  (await facts.records(topic)).map(({ value }) => value)

/** Checks both clusters; the second one not running is what was observed. */
const ofBoth = (
  told: Pick<Seen, 'expected' | 'show'>,
  look: (here: Facts, there: Facts) => Promise<Pick<Seen, 'observed' | 'waitingFor'> & { readonly done: boolean }>,
): Check => {
  return async ({ facts }) => {
    const there = facts.beside(other)
    if (there === null) return seen(false, { ...told, observed: `cluster ${other} does not run`, show: STATUS })
    const { done, ...rest } = await look(facts, there)
    return seen(done, { ...told, ...rest })
  }
}

const copied = ofBoth(
  { expected: `a topic ${mirrored} on b with the records of ${orders}`, show: showThere },
  async (here, there) => {
    if ((await there.topic(mirrored)) === null) return { done: false, observed: `b has no topic ${mirrored}` }
    const [wanted, found] = await Promise.all([valuesOf(here, orders), valuesOf(there, mirrored)])
    const done = wanted.length > 0 && JSON.stringify(wanted) === JSON.stringify(found)
    const behind = wanted.length - found.length
    const waiting = done || behind <= 0 ? {} : { waitingFor: `${behind} records that are on their way` }
    return { done, observed: `${found.length} of ${wanted.length} records are on b`, ...waiting }
  },
)

const followed = ofBoth(
  { expected: 'an order written to a from now on, on b as well', show: showThere },
  async (here, there) => {
    const [end] = await here.offsets(orders)
    const [wanted, found] = await Promise.all([valuesOf(here, orders), valuesOf(there, mirrored)])
    const isNew = (end?.end ?? 0) > COUNT
    const done = isNew && wanted.at(-1) === found.at(-1) && wanted.length === found.length
    return {
      done,
      observed: isNew ? `the newest order on b is '${found.at(-1) ?? 'none'}'` : `no new order in ${orders}`,
    }
  },
)

async function committedOn(facts: Facts, topic: string): Promise<number | null> {
  return (await facts.committed(packing)).find((each) => each.topic === topic)?.offset ?? null
}

const translated = ofBoth(
  {
    expected: `${packing} at the end of ${orders} on a, and at the end of ${mirrored} on b`,
    show: `${describeGroup(packing)} ${THERE}`,
  },
  async (here, there) => {
    const [onA, onB] = await Promise.all([committedOn(here, orders), committedOn(there, mirrored)])
    const [[endA], [endB]] = await Promise.all([here.offsets(orders), there.offsets(mirrored)])
    const isReadOnA = onA !== null && onA === endA?.end
    const done = isReadOnA && onB !== null && onB === endB?.end
    const observed = `offset ${onA ?? 'none'} of ${endA?.end ?? 0} on a, ${onB ?? 'none'} of ${endB?.end ?? 0} on b`
    return { done, observed, ...(isReadOnA && !done ? { waitingFor: 'MirrorMaker to translate it' } : {}) }
  },
)

async function prepare(stage: Stage): Promise<void> {
  const b = await stage.cluster(other, 1)
  await stage.topicWith(orders, { partitions: 1 }, ORDERS)
  const admin = await stage.admin()
  await admin.deleteRecords([{ topic: orders, partition: 0, offset: KEPT_FROM }])
  stage.file('mirror.properties', mirrorText({ a: await stage.servers(), b, topic: orders, group: packing }))
}

/** Where the second cluster listens. */
async function there({ facts }: Look): Promise<string> {
  const [broker] = (await facts.beside(other)?.cluster())?.brokers ?? []
  return broker === undefined ? 'HOST:PORT' : `${broker.host}:${broker.port}`
}

export const lesson: Lesson = {
  number: 36,
  name: 'mirror',
  title: 'Two clusters, and a mirror between them',
  inShort:
    'MirrorMaker 2 copies topics to another cluster, and translates the offsets of groups, as theirs are others there.',
  where: 'anywhere',
  needs: [{ kind: 'kafka-home', script: 'connect-mirror-maker.sh', what: 'MirrorMaker 2' }],
  answers: ['001:150', '001:135', '003:16'],
  beliefs: [
    {
      older: 'a cluster can span datacenters',
      today:
        'true where the way between them is short, always below some ten milliseconds. Else each has a cluster of its own, and topics are mirrored.',
    },
    {
      older: 'MirrorMaker: a consumer and a producer that copy topics',
      today: 'true until 3.x; MirrorMaker 1 left in 4.0. MirrorMaker 2 (since 2.4, KIP-382) runs on Kafka Connect.',
    },
  ],
  text: `The shop opens in a second city, with a cluster of its own. Orders are to be there as well: for reports, and for
the day when the first datacenter is under water. This lesson has started that cluster on your machine, with one broker.
It is called ${other}; yours is a, the new one b.

MirrorMaker 2 reads topics of a, and writes them to b. It runs on Java: \`kt connect-mirror-maker\` starts that of Apache
Kafka in KAFKA_HOME. Its settings are in the file that \`kt learn files\` leads to; they know no TLS and no login, so a must
have a PLAINTEXT listener.

The first ${KEPT_FROM} of the ${COUNT} orders are deleted on a already. Start the mirror, look at b, write one more order, and let
${packing} read them all on a. Where would ${packing} go on, on b?`,
  type: [
    STATUS,
    'cd "$(kt learn files)"     (in another terminal)',
    `kt ${mirror}     (until Ctrl-C; be patient for some ten seconds)`,
    `kt topics --list ${THERE}     (HOST:PORT of its broker for B)`,
    showThere,
    `kt ${produce}`,
    `kt ${read}`,
    `${describeGroup(packing)} ${THERE}`,
  ],
  watch: { topics: [orders], groups: [packing] },
  setUp: prepare,
  questions: [
    {
      name: 'offset',
      ask: `Order 6 is the first that is left on a, at offset ${KEPT_FROM}. Which offset has it on b?`,
      answer: async () => '0',
      because:
        'b is a cluster of its own and counts for itself: the first record that comes is number 0. So a position on a says nothing on b. MirrorMaker keeps pairs of offsets, and translates with them.',
    },
  ],
  goals: [
    {
      name: 'the orders are on the other cluster',
      check: copied,
      hints: [
        'Start the mirror, and give it time: three connectors start one after the other.',
        `It reads ${orders} on a like any consumer, and makes ${mirrored} on b.`,
        `\`cd "$(kt learn files)"\`, then \`kt ${mirror}\``,
      ],
    },
    {
      name: 'what is written now comes there by itself',
      check: followed,
      hints: [
        'Write one more order to your own cluster.',
        'The mirror goes on reading until it is ended.',
        `kt ${produce}`,
      ],
    },
    {
      name: 'packing could go on there where it stopped here',
      check: translated,
      hints: [
        `Let ${packing} read all orders on a.`,
        'It commits an offset of a. MirrorMaker looks at it each second, and sets what belongs to it on b.',
        `kt ${read}`,
      ],
    },
  ],
  solution: [
    {
      line: mirror,
      lineOf: async ({ facts }) => `connect-mirror-maker ${facts.path('mirror.properties')}`,
      beside: true,
      until: 'the orders are on the other cluster',
    },
    { line: `topics --list ${THERE}`, lineOf: async (look) => `topics --list --bootstrap-server ${await there(look)}` },
    { line: produce, input: ['order 13'], until: 'what is written now comes there by itself' },
    { line: read, until: 'packing could go on there where it stopped here' },
  ],
  async after(look) {
    const b = look.facts.beside(other)
    const [onA] = await look.facts.offsets(orders)
    const onB = b === null ? [] : await b.offsets(mirrored)
    const at = b === null ? null : await committedOn(b, mirrored)
    return `On a the orders have offsets ${onA?.start} to ${(onA?.end ?? 0) - 1}, on b ${onB[0]?.start ?? 0} to ${(onB[0]?.end ?? 0) - 1}: the same records, other numbers. ${packing} stands at ${await committedOn(look.facts, orders)} on a, and MirrorMaker has set it to ${at} on b, so it can go on there and miss nothing; a few orders may come twice. The topic is called ${mirrored} there, after the cluster that it comes from: so b can have an ${orders} of its own, and nothing goes round in a circle when both mirror each other. The mirror is always some records behind, and what had not come when a is lost is lost: an acknowledgement with acks=all speaks of one cluster.`
  },
  play: [
    `${STATUS}     (and \`kt cluster kill 1 --name ${other}\`: what does the mirror do? start it again)`,
    `kt topics --list ${THERE}     (mm2-* is what MirrorMaker keeps)`,
    `kt configs --alter --topic ${orders} --add-config retention.ms=86400000     (does b follow?)`,
  ],
}
