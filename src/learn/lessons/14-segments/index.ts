import { byPartition, ofRecords, showRecords } from '../../checks/records.ts'
import type { RecordFact } from '../../facts/records.ts'
import type { Check, Lesson, Look } from '../../lesson.ts'
import { names } from '../../names.ts'
import { seen } from '../../verdict.ts'

const { name } = names(14)
const orders = name('orders')
const files = name('files')
const SEGMENT_MS = 1_000
const FIRST = Array.from({ length: 12 }, (_, at) => ({ value: `order ${at + 1}` }))
const BATCH = 10
/** Digits of an offset in a file's name. */
const DIGITS = 20

/** How many records each batch has, by its base offset. */
export function batchSizes(records: readonly RecordFact[]): Map<number, number> {
  const sizes = new Map<number, number>()
  for (const { batch, offset } of records) {
    const at = batch?.baseOffset ?? offset
    sizes.set(at, (sizes.get(at) ?? 0) + 1)
  }
  return sizes
}

/** Base offsets of the segments, as the leader rolls them: when a batch is segmentMs newer than the first of its segment. */
export function segmentBases(records: readonly RecordFact[], segmentMs: number): number[] {
  const newest = new Map<number, number>()
  for (const { batch, offset, timestamp } of records) {
    const at = batch?.baseOffset ?? offset
    newest.set(at, Math.max(newest.get(at) ?? 0, timestamp))
  }
  const bases: number[] = []
  let begun = 0
  for (const [base, timestamp] of newest) {
    if (bases.length > 0 && timestamp - begun <= segmentMs) continue
    bases.push(base)
    begun = timestamp
  }
  return bases
}

const fileOf = (base: number): string => `${String(base).padStart(DIGITS, '0')}.log`

async function secondSegment({ facts }: Look): Promise<number | null> {
  const records = byPartition(await facts.records(orders)).get(0) ?? []
  return segmentBases(records, SEGMENT_MS)[1] ?? null
}

/** Where a broker keeps the partition, as it says itself. */
async function directory({ facts }: Look): Promise<string> {
  for (const dirs of (await facts.logDirs()).values()) {
    const found = dirs.find(({ replicas }) => replicas.some(({ topic }) => topic === orders))
    if (found !== undefined) return `${found.path}/${orders}-0`
  }
  return `DIRECTORY/${orders}-0`
}

const fileNamed: Check = async (look) => {
  const base = await secondSegment(look)
  const expected = `the name of the second .log file as the newest record of ${files}`
  const given = (await look.facts.records(files)).at(-1)?.value?.trim()
  const observed =
    given === undefined
      ? `${files} is empty`
      : base === null
        ? `'${given}', and there is one segment only`
        : `'${given}'`
  const done = base !== null && given?.split('/').at(-1) === fileOf(base)
  return seen(done, { expected, observed, show: `kt console-consumer --topic ${files} --exit-at-end` })
}

const produce = `console-producer --topic ${orders} --template 'order {{seq 13}}' --count ${BATCH}`

export const lesson: Lesson = {
  number: 14,
  name: 'segments',
  title: 'What is in the directory of a partition',
  inShort: 'The log of a partition is cut into segments, files that are named after the offset of their first record.',
  where: 'anywhere',
  answers: ['003:49', '003:55', '003:56'],
  beliefs: [
    {
      older: 'a segment is an .index and a .log file; the index stores metadata',
      today:
        '.log has the records, .index finds an offset in it, .timeindex (since 0.10.1) a time. The others are about the whole partition.',
    },
  ],
  text: `A partition is a directory. Its log is cut into segments, each a few files of the same name: the offset of its first
record, with ${DIGITS} digits. New records go to the last segment only. Old ones go as whole files.

A segment is full after 1 GB or 7 days. ${orders} has segment.ms=${SEGMENT_MS}, so that you see it happen: the next
record that comes a second after the first one of a segment begins a new one.

Write ten orders, all at once: they travel as one batch. Find the directory, on the machine of the broker, and look into
it. Then write the name of the second .log file into ${files}.`,
  type: [
    `kt ${produce}`,
    `kt log-dirs --describe --topic-list ${orders}`,
    `ls DIRECTORY/${orders}-0`,
    `kt dump-log --files DIRECTORY/${orders}-0/FILE.log`,
    `echo FILE.log | kt console-producer --topic ${files}`,
  ],
  watch: { topics: [orders, files] },
  async setUp(stage) {
    const configs = { 'segment.ms': String(SEGMENT_MS) }
    await stage.topicWith(orders, { partitions: 1, configs }, FIRST)
    await stage.topic(files, { partitions: 1 })
  },
  questions: [
    {
      name: 'files',
      ask: 'Ten orders are written at once. How many entries does the .log file get?',
      choices: ['ten, one for each record', 'one batch with ten records'],
      answer: async () => 'one batch with ten records',
      because:
        'Producers put records together into batches, and a batch stays what it is: on the wire, on disk, and on its way to the consumer. It is compressed and checked as a whole.',
    },
  ],
  goals: [
    {
      name: 'a batch of ten orders is in the log',
      check: ofRecords(
        orders,
        { expected: `a batch of ${BATCH} records or more`, show: showRecords(orders) },
        (records) => {
          const late = records.filter(({ offset }) => offset >= FIRST.length)
          const largest = Math.max(0, ...batchSizes(late).values())
          return {
            done: largest >= BATCH,
            observed: largest === 0 ? 'no new order' : `the largest new batch has ${largest}`,
          }
        },
      ),
      hints: [
        'Ten lines typed by hand are ten batches, or a few: the producer waits a second at most.',
        '--template makes records up, --count says how many; they come together.',
        `kt ${produce}`,
      ],
    },
    {
      name: 'a second segment has begun',
      check: async (look) => {
        const base = await secondSegment(look)
        const expected = 'a segment that begins behind the first orders'
        const observed = base === null ? 'one segment, from offset 0' : `a segment from offset ${base}`
        return seen(base !== null, { expected, observed, show: `kt log-dirs --describe --topic-list ${orders}` })
      },
      hints: [
        'It comes with the next record.',
        'A segment is closed when a record comes that is too new for it; time alone closes none.',
        `kt ${produce}`,
      ],
    },
    {
      name: 'the name of its .log file is written down',
      check: fileNamed,
      hints: [
        'The name is the offset of the first record in it.',
        '`kt dump-log` shows baseOffset and count of each batch: the next segment begins where the first one ends.',
        `\`kt log-dirs --describe --topic-list ${orders}\` tells the directory; ls it, then echo FILE.log | kt console-producer --topic ${files}`,
      ],
    },
  ],
  solution: [
    { line: produce, until: 'a second segment has begun' },
    { line: `log-dirs --describe --topic-list ${orders}` },
    {
      line: `dump-log --files DIRECTORY/${orders}-0/FILE.log --deep-iteration`,
      lineOf: async (look) =>
        `dump-log --files ${await directory(look)}/${fileOf((await secondSegment(look)) ?? 0)} --deep-iteration`,
    },
    {
      line: `console-producer --topic ${files} --template FILE.log --count 1`,
      lineOf: async (look) =>
        `console-producer --topic ${files} --template ${fileOf((await secondSegment(look)) ?? 0)} --count 1`,
    },
  ],
  async after(look) {
    const records = byPartition(await look.facts.records(orders)).get(0) ?? []
    const bases = segmentBases(records, SEGMENT_MS)
    const batches = [...batchSizes(records)].map(([base, count]) => `${count} from offset ${base}`).join(', ')
    return `${orders}-0 has ${bases.length} segments, beginning at offset ${bases.join(' and ')}; its batches: ${batches}. To find offset 15, the broker takes the file with the largest name that is not above 15, looks into .index where about in it, and reads on from there; the index has an entry for about each 4 KB, so small segments have none. leader-epoch-checkpoint says which leader began at which offset, partition.metadata holds the topic's id, and .snapshot what is known of the producers, so that nothing is taken twice.`
  },
  play: [
    `kt dump-log --files DIRECTORY/${orders}-0/00000000000000000000.log --print-data-log`,
    `kt dump-log --files DIRECTORY/${orders}-0/00000000000000000000.log --bytes --max-batches 1     (every byte by name)`,
    `kt ${produce}     (a third segment)`,
  ],
}
