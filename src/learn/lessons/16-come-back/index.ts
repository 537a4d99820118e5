import { clockTime } from '../../checks/happened.ts'
import { describe, inSync, recordsText } from '../../checks/topics.ts'
import { begunAnew } from '../../checks/ways-out.ts'
import type { Facts } from '../../facts/facts.ts'
import type { Check, Lesson, Look } from '../../lesson.ts'
import { names } from '../../names.ts'
import { seen } from '../../verdict.ts'

const { name } = names(16)
const orders = name('orders')
const FIRST = Array.from({ length: 12 }, (_, at) => ({ value: `order ${at + 1}` }))
const MISSED = 3
const NEW = Array.from({ length: 5 }, (_, at) => `order ${FIRST.length + at + 1}`)

/** The broker that was away: the first of the replicas. */
async function leaver(facts: Facts): Promise<number> {
  return (await facts.topic(orders))?.partitions[0]?.replicas[0] ?? -1
}

/** When it was seen to run again; null as long as it is away. */
async function cameBackAt({ facts, journal }: Look): Promise<number | null> {
  const id = await leaver(facts)
  return journal.find('node', (event) => event.id === id && event.to === 'running')[0]?.at ?? null
}

/** Orders that were written while it was away. */
async function missed(look: Look): Promise<number> {
  const back = (await cameBackAt(look)) ?? Number.POSITIVE_INFINITY
  const records = await look.facts.records(orders)
  return records.filter(({ offset, timestamp }) => offset >= FIRST.length && timestamp < back).length
}

const takenMeanwhile: Check = async (look) => {
  const count = await missed(look)
  const id = await leaver(look.facts)
  const expected = `${MISSED} orders or more while broker ${id} is away`
  const isBack = (await cameBackAt(look)) !== null
  const observed = isBack ? `${recordsText(count)} before it came back` : recordsText(count)
  const way = isBack && count < MISSED ? { wayOut: begunAnew(orders, `broker ${id} is back already`) } : {}
  return seen(count >= MISSED, {
    ...{ expected, observed, ...way },
    show: `kt console-consumer --topic ${orders} --exit-at-end --meta`,
  })
}

const sameLeader: Check = async ({ facts, journal }) => {
  const partition = (await facts.topic(orders))?.partitions[0]
  const id = await leaver(facts)
  const expected = `broker ${id} back in the ISR, and another broker leads`
  const grown = journal.find('isr', ({ from, to }) => to.length > from.length && to.includes(id))[0]
  const show = describe(orders)
  if (grown === undefined) return seen(false, { expected, observed: `broker ${id} is not in the ISR`, show })
  // Kafka may move it later, every five minutes: what counts is who led when it came back.
  const moved = journal.find('leader', ({ to, at }) => to === id && at <= grown.at)
  const now =
    partition?.leader === id ? `; meanwhile Kafka has moved it to broker ${id}` : `: broker ${partition?.leader}`
  return seen(moved.length === 0, { expected, observed: `another broker led at ${clockTime(grown.at)}${now}`, show })
}

export const lesson: Lesson = {
  number: 16,
  name: 'come-back',
  title: 'A broker comes back',
  inShort:
    'A broker that comes back first copies what it missed, then it is in the ISR again; it does not lead at once.',
  where: 'local',
  needs: [{ kind: 'brokers', atLeast: 3 }],
  answers: ['000:57', '001:83', '004:55'],
  beliefs: [
    {
      older: 'a broker that comes back takes its place again, as leader of what it led',
      today:
        'never at once: it comes back as a follower, copies what it missed, and is in sync. Leading again is a step of its own.',
    },
  ],
  text: `Last night a broker got a new power supply. It was the first replica of ${orders} and led it; now it is off, and
another broker leads. The description tells which one is missing in the Isr.

The shop stays open: let a few orders come in while it is away. Then start the broker and watch what it does first.`,
  type: [
    describe(orders),
    `kt console-producer --topic ${orders}     (a few orders; Ctrl-D ends)`,
    'kt cluster start',
    describe(orders),
  ],
  watch: { topics: [orders] },
  async setUp(stage) {
    await stage.topicWith(orders, { partitions: 1, replicationFactor: 3 }, FIRST)
    const described = (await (await stage.admin()).describeTopics([orders])).get(orders)
    const first = described?.ok === true ? described.value.partitions[0]?.replicas[0] : undefined
    // A controlled shutdown hands over at once, so the lesson begins when it has begun.
    if (first !== undefined) await stage.nodes?.stop([first])
  },
  async restore(stage) {
    await stage.nodes?.startAll()
  },
  questions: [
    {
      name: 'lead',
      ask: 'The broker led the partition before. When will it lead again by itself?',
      choices: ['as soon as it runs', 'as soon as it is in sync', 'at the next check, within five minutes'],
      answer: async () => 'at the next check, within five minutes',
      because:
        'The controller looks every leader.imbalance.check.interval.seconds, 300 by default, for partitions that are not led by their first replica. Lesson 17 does not wait for it.',
    },
  ],
  goals: [
    {
      name: 'orders were taken while the broker was away',
      check: takenMeanwhile,
      hints: [
        'The topic has a leader: it can be written to.',
        'With acks=all the leader waits for the replicas in the ISR only. The missing one is not among them.',
        `kt console-producer --topic ${orders}; then type ${MISSED} lines (too late when the broker runs already: \`kt learn reset 16\`)`,
      ],
    },
    {
      name: 'the broker is in the ISR again',
      check: inSync(orders),
      hints: [
        'The broker has to run first.',
        'It fetches from the leader what it missed; when it has everything, the leader asks the controller to take it into the ISR.',
        'kt cluster start',
      ],
    },
    {
      name: 'another broker leads, as before',
      check: sameLeader,
      hints: [
        'Look at Leader when the ISR is whole again.',
        'Coming back is no reason to change the leader: each change costs clients a moment.',
        describe(orders),
      ],
    },
  ],
  solution: [
    { line: `console-producer --topic ${orders}`, input: NEW, until: 'orders were taken while the broker was away' },
    { line: 'cluster start', until: 'the broker is in the ISR again' },
    { line: `topics --describe --topic ${orders}` },
  ],
  async after(look) {
    const { facts, journal } = look
    const id = await leaver(facts)
    const grown = journal.find('isr', ({ from, to }) => to.length > from.length && to.includes(id))[0]
    const back = await cameBackAt(look)
    const delay =
      grown === undefined || back === null
        ? ''
        : grown.at - back < 100
          ? ', in the same look that saw it running'
          : `, ${((grown.at - back) / 1000).toFixed(1)} s after it was seen running`
    const leader = (await facts.topic(orders))?.partitions[0]?.leader
    return `Broker ${id} had missed ${recordsText(await missed(look))}. It fetched them from the leader, and the ISR went from ${grown?.from.join(', ')} to ${grown?.to.join(', ')}${delay}. Broker ${leader} leads now. Nothing of the old leadership is remembered but the order of the list: broker ${id} stands first in Replicas, which makes it the preferred leader.`
  },
  play: [
    'kt cluster timeline --for 5s',
    'kt cluster logs',
    `kt describe topic ${orders} --watch     (within five minutes the leader moves by itself)`,
  ],
}
