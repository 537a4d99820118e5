import { describeGroup, readToTheEnd } from '../../checks/groups.ts'
import { clockTime, happened } from '../../checks/happened.ts'
import type { Check, Lesson } from '../../lesson.ts'
import { names } from '../../names.ts'
import { seen } from '../../verdict.ts'

const { name } = names(25)
const orders = name('orders')
const billing = name('billing')
const COUNT = 20
/** Orders that billing has read before its night was cut short. */
const READ = 12
const LAG = COUNT - READ
const ORDERS = Array.from({ length: COUNT }, (_, at) => ({ value: `order ${at + 1}`, partition: 0 }))
const resetLine = `consumer-groups --reset-offsets --group ${billing} --topic ${orders} --to-earliest`
const read = `console-consumer --topic ${orders} --group ${billing} --exit-at-end`

const lagKnown: Check = async ({ answers }) => {
  const answer = answers.get('lag')
  return seen(answer?.trim() === String(LAG), {
    expected: 'the right answer to the question lag',
    observed: answer === undefined ? 'no answer yet' : `you said ${answer}`,
    show: describeGroup(billing),
  })
}

const readAgain: Check = async (look) => {
  const wentBack = look.journal.find('committed', isBack).length > 0
  const verdict = await readToTheEnd(billing, orders)(look)
  if (verdict.state !== 'done' || wentBack) return verdict
  return seen(false, { ...verdict, observed: 'it has never been sent back' })
}

const isBack = ({ group, from, to }: { group: string; from: number; to: number }): boolean =>
  group === billing && from > 0 && to === 0

export const lesson: Lesson = {
  number: 25,
  name: 'lag-and-reset',
  title: 'Lag, and reading everything again',
  inShort:
    'Lag is the end of the log minus the committed offset; the offsets of a group can be set back while nobody reads for it.',
  where: 'anywhere',
  answers: ['001:135', '004:85', '004:91'],
  beliefs: [
    {
      older: 'a committed offset says which record was processed',
      today: 'never: it is the next record to read, and says nothing of what was done with the ones before it.',
    },
  ],
  text: `Billing stopped last night. ${orders} has ${COUNT} orders, and the group ${billing} has not read all of them.
What is still to be read is called lag: the end of the log minus the committed offset.

Look how far behind it is. Then worse news: the invoices of last night were wrong, all of them have to be written
again. The orders are still there, so billing only has to be sent back to the beginning.

First look at what a reset would do, then do it, and read everything again. Do not forget what 'inactive' means: try
the reset once while a consumer of the group runs.`,
  type: [
    describeGroup(billing),
    'kt learn answer lag NUMBER',
    `kt ${resetLine} --dry-run`,
    `kt ${resetLine} --execute`,
    `kt ${read}`,
  ],
  watch: { topics: [orders], groups: [billing] },
  async setUp(stage) {
    await stage.topicWith(orders, { partitions: 1 }, ORDERS)
    const admin = await stage.admin()
    if ((await admin.listGroups()).some(({ groupId }) => groupId === billing)) return
    await admin.alterGroupOffsets(billing, [{ topic: orders, partition: 0, offset: READ }])
  },
  questions: [
    {
      name: 'lag',
      ask: `How many orders are still to be read by ${billing} when the lesson begins? A number.`,
      answer: async () => String(LAG),
      because: `LOG-END-OFFSET ${COUNT} minus CURRENT-OFFSET ${READ}: the column LAG has done it already.`,
    },
    {
      name: 'while-it-runs',
      ask: 'A consumer of the group runs. What does a reset of its offsets do?',
      choices: ['it is refused', 'the consumer jumps back at once', 'it counts when the consumer is started again'],
      answer: async () => 'it is refused',
      because:
        'Members keep their place in memory and would commit over it. Kafka says: Assignments can only be reset if the group is inactive. That is when it has no members, at the latest 45 s after the last one was killed.',
    },
  ],
  goals: [
    {
      name: 'you know how far billing is behind',
      check: lagKnown,
      hints: [
        'The description of the group has a column for it.',
        'LAG is LOG-END-OFFSET minus CURRENT-OFFSET.',
        `\`${describeGroup(billing)}\`, then \`kt learn answer lag ${LAG}\``,
      ],
    },
    {
      name: 'billing was sent back to the first order',
      check: happened('committed', isBack, {
        expected: `a committed offset of ${billing} that went back to 0`,
        notYet: 'it never went back',
        show: describeGroup(billing),
        observed: ({ from, to }) => `committed offset ${from} -> ${to}`,
      }),
      hints: [
        'consumer-groups can change what a group has committed.',
        '--reset-offsets shows what it would do; --execute does it. The group must have no members.',
        `kt ${resetLine} --execute`,
      ],
    },
    {
      name: 'billing has read everything again',
      check: readAgain,
      hints: [
        'Read as billing once more, after it was sent back.',
        'A group with a committed offset goes on there: now that is the beginning.',
        `kt ${read}`,
      ],
    },
  ],
  solution: [
    { line: String(LAG), answers: 'lag' },
    { line: `${resetLine} --dry-run` },
    { line: `${resetLine} --execute`, until: 'billing was sent back to the first order' },
    { line: read },
  ],
  async after({ facts, journal }) {
    const back = journal.find('committed', isBack).at(-1)
    const [now] = await facts.committed(billing)
    return `At ${clockTime(back?.at ?? 0)} the committed offset went from ${back?.from} to ${back?.to}. No order was moved or copied: one number was changed. Then billing read on from there, and its committed offset is ${now?.offset} now, with a lag of 0. Reading again is safe for Kafka; whether it is for you depends on what your program does with an order that it sees twice.`
  },
  play: [
    `kt consumer-groups --describe --group ${billing} --lag-time --totals`,
    `kt consumer-groups --reset-offsets --group ${billing} --topic ${orders} --shift-by -5 --dry-run`,
    `kt ${read} --from-beginning     (ignored: the group has committed offsets)`,
    `kt ${resetLine} --execute     (while a consumer of the group runs in another terminal)`,
  ],
}
