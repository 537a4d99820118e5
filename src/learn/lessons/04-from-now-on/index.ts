import { describeGroup } from '../../checks/groups.ts'
import type { Facts } from '../../facts/facts.ts'
import type { Check, Lesson } from '../../lesson.ts'
import { names } from '../../names.ts'
import { seen } from '../../verdict.ts'

const { name } = names(4)
const orders = name('orders')
const late = name('late')
const OLD = 20

/** Where the group goes on in the one partition; null as long as it has noted nothing. */
async function position(facts: Facts): Promise<number | null> {
  const found = (await facts.committed(late)).find(({ topic, partition }) => topic === orders && partition === 0)
  return found?.offset ?? null
}

const waitsAtTheEnd: Check = async ({ facts }) => {
  const [at, group] = [await position(facts), await facts.group(late)]
  const joined = group !== null && group.members.length > 0
  const expected = `group ${late} at offset ${OLD} or behind it`
  const observed = at === null ? (joined ? 'it has joined, and noted no offset yet' : 'no offset') : `offset ${at}`
  const waiting = at === null && joined ? { waitingFor: 'its first note, 5 s after it joined' } : {}
  return seen(at !== null && at >= OLD, { expected, observed, show: describeGroup(late), ...waiting })
}

const newOneCame: Check = async ({ facts }) => {
  const at = await position(facts)
  const end = (await facts.offsets(orders))[0]?.end ?? 0
  const expected = `a ${OLD + 1}st order, and ${late} has it`
  const come = `${end} orders`
  const observed = at === null ? come : `${come}, ${late} is at offset ${at}`
  const waiting = end > OLD && at !== null && at < end ? { waitingFor: 'its next note' } : {}
  return seen(end > OLD && at === end, { expected, observed, show: describeGroup(late), ...waiting })
}

export const lesson: Lesson = {
  number: 4,
  name: 'from-now-on',
  title: 'My consumer shows nothing',
  inShort: 'A new group begins at the end unless it is told --from-beginning: it waits for what comes next.',
  where: 'anywhere',
  answers: ['001:58', '004:85'],
  beliefs: [
    {
      older: '--from-beginning makes a consumer read everything',
      today:
        'never more than this: a group without a position begins there. A group that has one goes on there, whatever the flag says.',
    },
  ],
  text: `Twenty orders are in ${orders}. A new program wants to read them: the same command as before, without
--from-beginning. Start it, and let it run. It is not broken.

When the first goal is green, send one more order from another terminal, and look at the consumer.`,
  type: [
    `kt console-consumer --topic ${orders} --group ${late}`,
    `echo 'order ${OLD + 1}' | kt console-producer --topic ${orders}     (in another terminal)`,
  ],
  watch: { topics: [orders], groups: [late] },
  async setUp(stage) {
    const old = Array.from({ length: OLD }, (_, at) => ({ value: `order ${at + 1}` }))
    await stage.topicWith(orders, { partitions: 1 }, old)
  },
  questions: [
    {
      name: 'shown',
      ask: 'How many of the twenty orders will the consumer show?',
      choices: ['none', 'the last one', 'all twenty'],
      answer: async () => 'none',
      because:
        'A group without a position begins where auto.offset.reset says, and its default is latest: at the end, with what comes from now on.',
    },
  ],
  goals: [
    {
      name: 'a consumer waits behind the twenty orders',
      check: waitsAtTheEnd,
      hints: [
        'Start the consumer and leave it alone for some seconds, although it shows nothing.',
        'Without --from-beginning a new group begins at the end. It notes its position every five seconds.',
        `kt console-consumer --topic ${orders} --group ${late}`,
      ],
    },
    {
      name: 'the next order came to it',
      check: newOneCame,
      hints: [
        'The consumer still runs. Something new has to be written.',
        'From another terminal: one line to console-producer.',
        `\`echo 'order ${OLD + 1}' | kt console-producer --topic ${orders}\``,
      ],
    },
  ],
  solution: [
    {
      line: `console-consumer --topic ${orders} --group ${late}`,
      beside: true,
      until: 'a consumer waits behind the twenty orders',
    },
    { line: `console-producer --topic ${orders}`, input: [`order ${OLD + 1}`] },
  ],
  async after({ facts, journal }) {
    const first = journal.find('committed', ({ group }) => group === late)[0]
    const noted = first?.to === OLD ? ` What it noted first was ${OLD}: behind all that was there.` : ''
    return `The group is at offset ${await position(facts)}, and it was shown only what came after it had joined.${noted} "No output" nearly always means this: nothing new has come since. A group that wants the past has to say so when it reads for the first time, with --from-beginning; later, its position wins over the flag.`
  },
  play: [
    `kt console-consumer --topic ${orders} --group ${late} --from-beginning     (Ctrl-C: the flag changed nothing)`,
    `kt console-consumer --topic ${orders} --group ${name('early')} --from-beginning --exit-at-end`,
    `kt console-consumer --topic ${orders} --tail 3`,
  ],
}
