import { ofRecords } from '../../checks/records.ts'
import { topicSetting } from '../../checks/topics.ts'
import type { Lesson } from '../../lesson.ts'
import { names } from '../../names.ts'
import { byKey, isCompacted, lastValues } from './checks.ts'

const { name } = names(31)
const addresses = name('addresses')
const WITH_KEYS =
  '--reader-property parse.key=true --reader-property key.separator=: --reader-property null.marker=NULL'
const produce = `console-producer --topic ${addresses} ${WITH_KEYS}`
const alter = `configs --alter --topic ${addresses} --add-config cleanup.policy=compact`
const show = `kt console-consumer --topic ${addresses} --exit-at-end --meta`
const STREETS = ['Oak Street', 'Mill Lane', 'High Street']
const MOVES = STREETS.flatMap((street, at) =>
  ['alice', 'bob', 'carol'].map((key) => ({ key, value: `${at + 1} ${street}` })),
)

export const lesson: Lesson = {
  number: 31,
  name: 'compaction',
  title: 'Keep the last value of each key',
  inShort: 'Compaction keeps the last record of each key; a key with a null value, a tombstone, is taken out.',
  where: 'anywhere',
  needs: [{ kind: 'apache', what: 'log compaction' }],
  answers: ['000:39', '001:14'],
  beliefs: [
    {
      older: 'offsets of a partition have no gaps',
      today: 'never promised. Compaction takes records out and leaves the others their offsets, so there are gaps.',
    },
  ],
  text: `The shop keeps addresses in ${addresses}: the key is the customer, the value the address. alice, bob and carol
have moved twice, so there are nine records. Only the last address of each is of use, but that one for ever, however
old it is.

That is compaction: of each key the last record stays. It needs keys, and a way to say that a key is gone: a record
without a value, called a tombstone.

Turn compaction on. Then carol closes her account: send her key with the value NULL. The newest segment is never
compacted, so send dave's address after that.`,
  type: [`kt ${alter}`, `echo 'carol:NULL' | kt ${produce}`, `echo 'dave:5 Park Road' | kt ${produce}`, show],
  watch: { topics: [addresses] },
  async setUp(stage) {
    const configs = { 'segment.ms': '100', 'min.cleanable.dirty.ratio': '0.01' }
    await stage.topicWith(addresses, { partitions: 1, configs }, MOVES)
  },
  questions: [
    {
      name: 'offset',
      ask: "alice's last address is at offset 6. Which offset has it when the earlier ones are gone?",
      choices: ['0', '6', '3'],
      answer: async () => '6',
      because: 'A record keeps its offset for ever. Consumers that had read up to it find their place again.',
    },
    {
      name: 'no-key',
      ask: 'What happens to a record without a key that is sent to this topic now?',
      choices: ['it is kept for ever', 'it is refused', 'it is taken out by the next compaction'],
      answer: async () => 'it is refused',
      because: 'Nobody could say which record replaces it. Kafka: Compacted topic cannot accept message without key.',
    },
  ],
  goals: [
    {
      name: 'the topic is compacted',
      check: topicSetting(addresses, 'cleanup.policy', 'compact'),
      hints: [
        'What happens to old records is a setting of the topic.',
        'cleanup.policy is delete unless it is told otherwise; compact keeps the last record of each key.',
        `kt ${alter}`,
      ],
    },
    {
      name: 'carol has a tombstone',
      check: ofRecords(addresses, { expected: 'a record with key carol and no value, her last one' }, (records) => {
        const last = records.findLast(({ key }) => key === 'carol')
        const done = last !== undefined && last.value === null
        return {
          done,
          observed: last === undefined ? 'no record of carol' : `the last one: ${last.value ?? 'no value'}`,
        }
      }),
      hints: [
        'A tombstone is a record with a key and no value at all; an empty text is a value.',
        'null.marker says which word of the input stands for no value.',
        `\`echo 'carol:NULL' | kt ${produce}\``,
      ],
    },
    {
      name: 'only the last record of each key is left',
      check: isCompacted(addresses, MOVES.length),
      hints: [
        'The cleaner looks every 15 s, and at closed segments only.',
        "One more record closes the segment that has the tombstone: send dave's address.",
        `\`echo 'dave:5 Park Road' | kt ${produce}\``,
      ],
    },
  ],
  solution: [
    { line: alter },
    { line: produce, input: ['carol:NULL'], until: 'carol has a tombstone' },
    { line: produce, input: ['dave:5 Park Road'], until: 'only the last record of each key is left' },
  ],
  async after({ facts }) {
    const records = await facts.records(addresses)
    const [range] = await facts.offsets(addresses)
    return `Of ${range?.end} records ${records.length} are left: ${lastValues(byKey(records))}. Their offsets are the old ones, so there are gaps, and consumers step over them. carol's tombstone stays for a day (delete.retention.ms), so that everybody who reads learns that she is gone; then it goes, too. segment.ms=100 and min.cleanable.dirty.ratio=0.01 were set to see it now: with Kafka's defaults, seven days and 0.5, it takes far longer.`
  },
  play: [
    `echo 'no key' | kt console-producer --topic ${addresses}     (read what Kafka says)`,
    `echo 'alice:9 Station Road' | kt ${produce}     (two addresses of hers, until the next cleaning)`,
    `kt topics --describe --topic ${addresses}`,
  ],
}
