import { describeGroup } from '../../checks/groups.ts'
import { recordsText } from '../../checks/topics.ts'
import type { Check, Lesson, Look } from '../../lesson.ts'
import { names } from '../../names.ts'
import { seen } from '../../verdict.ts'

const { name } = names(29)
const orders = name('orders')
const careful = name('careful')
/** API key of EndTxn: who serves it has transactions. */
const END_TXN = 26

interface Contents {
  readonly all: number
  readonly committed: number
  /** Values that lie in the log and that no reader of committed records will ever see. */
  readonly aborted: readonly (string | null)[]
  /** Offsets up to the end of the log. */
  readonly end: number
}

async function contents({ facts }: Pick<Look, 'facts'>): Promise<Contents> {
  const [all, committed, ranges] = await Promise.all([
    facts.records(orders),
    facts.records(orders, 'read_committed'),
    facts.offsets(orders),
  ])
  const seenOffsets = new Set(committed.map(({ offset }) => offset))
  // A reader of committed records has gone past them: they are not merely open.
  const last = Math.max(-1, ...seenOffsets)
  const aborted = all.filter(({ offset }) => offset < last && !seenOffsets.has(offset)).map(({ value }) => value)
  return { all: all.length, committed: committed.length, aborted, end: ranges[0]?.end ?? 0 }
}

const showCommitted = `kt console-consumer --topic ${orders} --exit-at-end --isolation-level read_committed`

const aborted: Check = async (look) => {
  const found = await contents(look)
  return seen(found.aborted.length > 0, {
    expected: 'records of an aborted transaction, and committed ones behind them',
    observed: `${recordsText(found.all)} in the log, ${found.committed} of them committed, ${found.aborted.length} aborted before those`,
    show: `kt console-consumer --topic ${orders} --exit-at-end --meta`,
  })
}

const committed: Check = async (look) => {
  const found = await contents(look)
  return seen(found.committed > 0 && found.end > found.all, {
    expected: 'committed records, and a marker in the log that says so',
    observed: `${found.committed} committed, ${found.end - found.all} offsets taken by markers`,
    show: showCommitted,
  })
}

/** Behind the last record that counts; the marker behind it need not be committed. */
const carefulRead: Check = async ({ facts }) => {
  const [records, offsets] = await Promise.all([facts.records(orders, 'read_committed'), facts.committed(careful)])
  const last = records.at(-1)?.offset ?? null
  const at = offsets.find(({ topic }) => topic === orders)?.offset ?? null
  return seen(last !== null && at !== null && at > last, {
    expected: `${careful} has read the last record that counts`,
    observed: at === null ? `no offset committed by ${careful}` : `offset ${at} committed`,
    show: describeGroup(careful),
  })
}

export const lesson: Lesson = {
  number: 29,
  name: 'transactions',
  title: 'All or nothing: transactions',
  inShort:
    'Records of a transaction count all together or not at all; who reads with read_committed sees only those that count.',
  where: 'anywhere',
  needs: [{ kind: 'api', key: END_TXN, what: 'transactions' }],
  answers: ['002:46'],
  beliefs: [
    {
      older: 'exactly once needs the Streams API',
      today:
        'It never did: a producer with transactions and readers of committed records are enough (since 0.11, KIP-98). Streams makes it easy.',
    },
    {
      older: 'a record that was sent twice is in the log twice',
      today: 'Since 3.0 producers are idempotent unless told otherwise: the broker knows each batch by its number.',
    },
  ],
  text: `An order is two records, the order and its payment: both must count, or none. A transaction does that. What a
producer writes in it goes to the log at once, and at its end a marker says whether it counts.

Readers choose. A reader of committed records (read_committed) passes over what was aborted, and waits in front of a
transaction that is still open. All others see everything. \`kt transact\` shows both, side by side.`,
  type: [
    `kt transact --topic ${orders}`,
    '  begin',
    `  write ${orders} alice:order-1 alice:payment-1`,
    '  abort',
    '  begin, write again, and this time commit; quit ends it',
    `kt console-consumer --topic ${orders} --group ${careful} --isolation-level read_committed --from-beginning`,
  ],
  watch: { topics: [orders], groups: [careful] },
  async setUp(stage) {
    await stage.topic(orders, { partitions: 1 })
  },
  questions: [
    {
      name: 'behind-it',
      ask: 'A transaction is open. Another producer writes a record behind it, without one, and gets its acknowledgement. Does a reader of committed records see it at once?',
      choices: ['yes, it is acknowledged', 'no, not before the transaction has ended'],
      answer: async () => 'no, not before the transaction has ended',
      because:
        'Such a reader gets records up to the last stable offset, which is where the first open transaction began. A producer that hangs in a transaction so holds up everybody behind it, until transaction.timeout.ms is over.',
    },
  ],
  goals: [
    {
      name: 'aborted records lie in the log, and do not count',
      check: aborted,
      hints: [
        'Begin, write something, and abort. Then look at what both kinds of readers see.',
        'An abort deletes nothing: it writes a marker, and readers of committed records leave out what it is about. It shows once something committed is behind it.',
        `\`kt transact --topic ${orders}\`, then \`begin\`, \`write ${orders} alice:order-1\`, \`abort\``,
      ],
    },
    {
      name: 'a transaction was committed',
      check: committed,
      hints: [
        'The same once more, with another end.',
        'The marker takes an offset of its own in every partition that was written to, so offsets have gaps.',
        `\`kt transact --topic ${orders}\`, then \`begin\`, \`write ${orders} alice:order-2 alice:payment-2\`, \`commit\``,
      ],
    },
    {
      name: 'a careful group has read all that counts',
      check: carefulRead,
      hints: [
        'Read as a member of a group, and committed records only.',
        'console-consumer reads everything unless it is told the isolation level.',
        `kt console-consumer --topic ${orders} --group ${careful} --isolation-level read_committed --from-beginning`,
      ],
    },
  ],
  solution: [
    { line: 'no, not before the transaction has ended', answers: 'behind-it' },
    {
      line: `transact --topic ${orders}`,
      input: [
        ...['begin', `write ${orders} alice:order-1 alice:payment-1`, 'abort'],
        ...['begin', `write ${orders} alice:order-2 alice:payment-2`, 'commit'],
      ],
      until: 'a transaction was committed',
    },
    {
      line: `console-consumer --topic ${orders} --group ${careful} --isolation-level read_committed --from-beginning`,
      beside: true,
    },
  ],
  async after(look) {
    const found = await contents(look)
    return `The log holds ${recordsText(found.all)}, of which ${found.committed} count. ${found.aborted.length} were aborted and stay in it (${found.aborted.join(', ')}): whoever does not ask for committed records sees them. ${found.end - found.all} offsets belong to markers, so the offsets of records have gaps. One producer and two kinds of readers did this; Streams was not needed.`
  },
  play: [
    `kt transact --topic ${orders}     (leave one open, write with \`plain>\` behind it, and look at the right column)`,
    'kt transactions list',
    `${describeGroup(careful)}     (a lag of 1 is the marker at the end)`,
  ],
}
