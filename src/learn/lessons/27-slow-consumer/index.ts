import { describeGroup, readToTheEnd } from '../../checks/groups.ts'
import type { Event } from '../../journal.ts'
import type { Check, Lesson, Look } from '../../lesson.ts'
import { names } from '../../names.ts'
import { seen } from '../../verdict.ts'

const { name } = names(27)
const orders = name('orders')
const group = name('invoicing')
const ORDERS = Array.from({ length: 12 }, (_, at) => ({ value: `order ${at + 1}` }))

const SLOW = 'lab slow'
const FEWER = `${SLOW} --max-poll-records 4`

type MemberEvent = Extract<Event, { kind: 'member' }>

/** Each time that the consumer was out of the group and came back. */
function returns({ journal }: Pick<Look, 'journal'>): { left: MemberEvent; joined: MemberEvent }[] {
  const events = journal.find('member', (event) => event.group === group)
  return events.flatMap((left, at) => {
    const joined = events.slice(at + 1).find(({ change }) => change === 'joined')
    return left.change === 'left' && joined !== undefined ? [{ left, joined }] : []
  })
}

const fromTheStart = {
  why: `${group} has committed every order, so nothing is left to be slow with`,
  next: `kt consumer-groups --reset-offsets --group ${group} --topic ${orders} --to-earliest --execute`,
}

const hasReadAll = async (look: Look): Promise<boolean> =>
  (await readToTheEnd(group, orders)(look)).state === 'done' && (await look.facts.group(group))?.members.length === 0

const wasOut: Check = async (look) => {
  const expected = 'the consumer left the group and joined again'
  const [found] = returns(look)
  const hasLeft = look.journal.find('member', (event) => event.group === group && event.change === 'left').length > 0
  const notYet = hasLeft ? 'it has left, and has not come back yet' : 'it has never left'
  const way = !hasLeft && (await hasReadAll(look)) ? { wayOut: fromTheStart } : {}
  const gap = found === undefined ? '' : `it was out for about ${seconds(found.joined.at - found.left.at)} s`
  return seen(found !== undefined, {
    expected,
    observed: found === undefined ? notYet : gap,
    show: describeGroup(group),
    ...way,
  })
}

const seconds = (ms: number): string => (ms / 1000).toFixed(1)

export const lesson: Lesson = {
  number: 27,
  name: 'slow-consumer',
  title: 'The consumer that works too long',
  inShort:
    'A consumer that has not polled for max.poll.interval.ms leaves its group: ask for fewer records at a time, or allow more time.',
  where: 'anywhere',
  answers: ['003:77'],
  beliefs: [
    {
      older: 'a partition that is slow is declared dead',
      today:
        'never: it is the consumer. Since 0.10.1 its heartbeats go on by themselves, and max.poll.interval.ms (5 min) says how long it may work between two polls.',
    },
  ],
  text: `A consumer writes invoices, and each takes its time. It is alive, its heartbeats go out. But a consumer must also ask
for more from time to time: who has not polled for max.poll.interval.ms is taken for stuck, and its partitions are given
to somebody else. Kafka's client does this to itself: it leaves the group.

\`kt lab slow\` is such a consumer. A poll gives it all 12 orders, each takes 400 ms, and it may be away for 2500 ms. Run
it and watch the group. Then help it: the same work, but fewer orders at a time.`,
  type: [`kt ${SLOW}`, describeGroup(group), `kt ${SLOW} --max-poll-records HOW_MANY`],
  watch: { groups: [group] },
  async setUp(stage) {
    await stage.topicWith(orders, { partitions: 1 }, ORDERS)
  },
  questions: [
    {
      name: 'progress',
      ask: 'When the slow consumer joins again, which orders is it given?',
      choices: ['those after the ones it has done', 'the same ones again', 'none'],
      answer: async () => 'the same ones again',
      because:
        'It was no member when its work was done, so it could not commit. The group still stands where it stood, and the same work begins anew.',
    },
  ],
  goals: [
    {
      name: 'the consumer was out of its group, and came back',
      check: wasOut,
      hints: [
        'Run it as it is, and let it run.',
        'Twelve orders of 400 ms are 4.8 s of work; it may be away for 2.5 s.',
        `kt ${SLOW}`,
      ],
    },
    {
      name: 'all orders are done and committed',
      check: readToTheEnd(group, orders),
      hints: [
        'How many orders of 400 ms fit into 2500 ms?',
        'max.poll.records says how many a poll gives: with fewer, the consumer polls sooner.',
        `kt ${FEWER}`,
      ],
    },
  ],
  solution: [
    { line: SLOW, until: 'the consumer was out of its group, and came back' },
    { line: FEWER, until: 'all orders are done and committed' },
  ],
  async after(look) {
    const outs = returns(look)
    const [first] = outs
    const gap = first === undefined ? '0' : seconds(first.joined.at - first.left.at)
    return `The consumer was seen leaving at least ${outs.length === 1 ? 'once' : `${outs.length} times`}, the first time for about ${gap} s, while it worked on what was not its any more. All of that work was done, and none of it committed. With fewer orders at a time it polled in time and committed each portion. There are three ways out: fewer records per poll (max.poll.records, 500 by default), a longer max.poll.interval.ms, or quicker work. Brokers know nothing of work: they see heartbeats, joins and commits.`
  },
  play: [
    `kt consumer-groups --reset-offsets --to-earliest --group ${group} --topic ${orders} --execute`,
    `kt ${SLOW} --max-poll-interval-ms 6000     (the other way out)`,
    `kt ${SLOW} --work-ms 100`,
  ],
}
