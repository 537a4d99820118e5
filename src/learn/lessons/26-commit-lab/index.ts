import { describeGroup, readToTheEnd } from '../../checks/groups.ts'
import { showOffsets } from '../../checks/records.ts'
import type { Facts } from '../../facts/facts.ts'
import {
  COMMIT_ORDERS,
  type CommitRun,
  commitGroup,
  invoicesTopic,
  rangeText,
  TIMINGS,
  type Timing,
  tallyCommit,
} from '../../lab/commit.ts'
import type { Check, Lesson } from '../../lesson.ts'
import { seen } from '../../verdict.ts'

const LAB = 'lab commit'

/** Counted anew from the topics themselves; null before the laboratory has run. */
async function tallyOf(facts: Facts, timing: Timing): Promise<CommitRun | null> {
  if ((await facts.topic(COMMIT_ORDERS)) === null || (await facts.topic(invoicesTopic(timing))) === null) return null
  const [orders, invoices] = await Promise.all([facts.records(COMMIT_ORDERS), facts.records(invoicesTopic(timing))])
  const crash = { timing, orders: orders.length, committed: -1 }
  return tallyCommit(
    crash,
    invoices.map(({ value }) => value),
  )
}

/** The group has read every order, and its invoices are so. */
function invoices(timing: Timing, expected: string, fits: (run: CommitRun) => boolean): Check {
  const readAll = readToTheEnd(commitGroup(timing), COMMIT_ORDERS)
  const show = showOffsets(invoicesTopic(timing))
  return async (look) => {
    const run = await tallyOf(look.facts, timing)
    if (run === null) return seen(false, { expected, observed: 'the laboratory has not run yet', show })
    const finished = await readAll(look)
    if (finished.state !== 'done') return { ...finished, expected } as typeof finished
    const { orders, missed, repeated } = run
    const observed = `${orders} orders: ${missed.length} without an invoice, ${repeated.length} with more than one`
    return seen(fits(run), { expected, observed, show })
  }
}

export const lesson: Lesson = {
  number: 26,
  name: 'commit-lab',
  title: 'When to commit: missed or done twice',
  inShort: 'A commit before the work can miss records at a crash, a commit after it can do them twice.',
  where: 'anywhere',
  answers: ['002:44', '004:85', '004:91'],
  beliefs: [
    {
      older: 'the committed offset says what was processed',
      today:
        'never: it says where the group goes on. Whoever commits before the work, or lets a timer do it, says nothing about the work.',
    },
  ],
  text: `A consumer reads orders and writes an invoice for each. It takes ten at a time and commits once for the ten. When?
Before the work, or after it?

The laboratory tries both, each with a group of its own. A consumer in a process of its own is killed in the middle of
ten orders; nobody is told. When the group has given it up, a second consumer goes on from the committed offset. Then the
invoices are counted.

It takes about fifteen seconds. Say first what you expect.`,
  type: [`kt ${LAB}`, `kt get-offsets --topic ${invoicesTopic('before')}`, describeGroup(commitGroup('after'))],
  watch: { groups: TIMINGS.map(commitGroup) },
  questions: [
    {
      name: 'before',
      ask: 'The consumer commits before it works, and is killed amid ten orders. What becomes of those it had not come to?',
      choices: ['the second consumer does them', 'nobody does them', 'they are done twice'],
      answer: async () => 'nobody does them',
      because:
        'The group goes on where the commit says, and the commit says that these ten are done. This is called at most once.',
    },
    {
      name: 'after',
      ask: 'And if it commits after the work: what becomes of those of the ten that it had done?',
      choices: ['the second consumer skips them', 'they are missed', 'they are done twice'],
      answer: async () => 'they are done twice',
      because:
        'Nobody has said that they are done, so the second consumer begins the ten from their start. This is called at least once.',
    },
  ],
  goals: [
    {
      name: 'committed before the work: orders without an invoice',
      check: invoices(
        'before',
        'orders without an invoice, none with two',
        ({ missed, repeated }) => missed.length > 0 && repeated.length === 0,
      ),
      hints: [
        'One command does all of it.',
        'The commit is ahead of the work: what lies between them when the process dies is nobody’s.',
        `kt ${LAB}`,
      ],
    },
    {
      name: 'committed after the work: orders with two invoices',
      check: invoices(
        'after',
        'orders with two invoices, none without',
        ({ missed, repeated }) => repeated.length > 0 && missed.length === 0,
      ),
      hints: [
        'The same command, its second line.',
        'The work is ahead of the commit: what lies between them is done again.',
        `kt ${LAB}`,
      ],
    },
  ],
  solution: [{ line: LAB }],
  async after({ facts }) {
    const [before, after] = await Promise.all(TIMINGS.map((timing) => tallyOf(facts, timing)))
    return `Committed before the work: ${rangeText(before?.missed ?? [])} have no invoice, and nobody will ever notice: the lag of the group is 0. Committed after the work: ${rangeText(after?.repeated ?? [])} have two. No broker did anything wrong: it kept a number that it was given. So commit after the work, and make the work bear being done twice: an invoice with the number of its order is the same invoice. When the work itself is written to Kafka, a transaction can hold both, the invoices and the commit.`
  },
  play: [
    `kt ${LAB} --records 40`,
    `kt console-consumer --topic ${invoicesTopic('after')} --from-beginning --exit-at-end --meta`,
    describeGroup(commitGroup('before')),
  ],
}
