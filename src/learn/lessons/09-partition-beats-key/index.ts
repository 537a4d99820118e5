import { ofRecords, partitionsOfKeys } from '../../checks/records.ts'
import type { Lesson } from '../../lesson.ts'
import { names } from '../../names.ts'

const { name } = names(9)
const orders = name('orders')
const PARTITIONS = 3
/** Where murmur2 puts alice, of three. */
const HOME = 0
const ELSEWHERE = 2
const EARLIER = ['two mugs', 'a chair', 'a vase'].map((value) => ({ key: 'alice', value }))
const WITH_KEYS = '--reader-property parse.key=true --reader-property key.separator=:'
const produce = `console-producer --topic ${orders} --partition ${ELSEWHERE} ${WITH_KEYS}`
const ORDER = 'alice:no chair, please'

export const lesson: Lesson = {
  number: 9,
  name: 'partition-beats-key',
  title: 'A partition that was asked for beats the key',
  inShort: 'Without a named partition the key chooses; a partition that the program names wins over the key.',
  where: 'anywhere',
  answers: ['000:46'],
  beliefs: [
    {
      older: 'when there is a key, the partition number is not used',
      today:
        'it never was so, but the other way round: a partition that was given wins, then the key, and only then it is up to the producer.',
    },
  ],
  text: `alice has three orders in ${orders}. Her name is their key, and the key put all of them into partition ${HOME}.

A program may also say outright which partition it wants. Now two things speak: the key says ${HOME}, the program
says ${ELSEWHERE}. Who wins?

Send one more order of alice's, with her key, and ask for partition ${ELSEWHERE}.`,
  type: [`echo '${ORDER}' | kt ${produce}`],
  watch: { topics: [orders] },
  async setUp(stage) {
    await stage.topicWith(orders, { partitions: PARTITIONS }, EARLIER)
  },
  questions: [
    {
      name: 'who-wins',
      ask: `The key alice belongs in partition ${HOME}, and you ask for partition ${ELSEWHERE}. Where will the order be?`,
      choices: [`partition ${HOME}`, `partition ${ELSEWHERE}`, 'nowhere: it is an error'],
      answer: async () => `partition ${ELSEWHERE}`,
      because: 'The key is asked only when nobody has named a partition. It is kept with the record all the same.',
    },
  ],
  goals: [
    {
      name: "alice's first three orders are where her key put them",
      fromStart: true,
      check: ofRecords(orders, { expected: `${EARLIER.length} orders of alice's in partition ${HOME}` }, (records) => {
        const { length } = records.filter(({ key, partition }) => key === 'alice' && partition === HOME)
        return { done: length >= EARLIER.length, observed: `${length} in partition ${HOME}` }
      }),
      hints: [
        'It was so from the beginning: records stay where they are.',
        'murmur2 of alice, modulo three, is 0.',
        '`kt learn reset 9` and `kt learn 9` begin anew',
      ],
    },
    {
      name: `an order of alice's is in partition ${ELSEWHERE}`,
      check: ofRecords(orders, { expected: `a record with key alice in partition ${ELSEWHERE}` }, (records) => {
        const where = partitionsOfKeys(records).get('alice') ?? []
        return { done: where.includes(ELSEWHERE), observed: `alice is in partition ${where.join(' and ') || 'none'}` }
      }),
      hints: [
        'The producer takes a partition as well as a key.',
        '--partition says where; parse.key and key.separator give the line its key.',
        `\`echo '${ORDER}' | kt ${produce}\``,
      ],
    },
  ],
  solution: [{ line: produce, input: [ORDER] }],
  async after({ facts }) {
    const astray = (await facts.records(orders)).filter(({ key, partition }) => key === 'alice' && partition !== HOME)
    const [first] = astray
    return `'${first?.value}' is at partition ${first?.partition}, offset ${first?.offset}, with the key alice. This is dangerous: whoever reads may get it before the order that it is about, for order holds inside a partition only. A tool that looks for alice where her key belongs does not find it either. So give a partition or a key, hardly ever both.`
  },
  play: [
    `kt console-consumer --topic ${orders} --key alice --exit-at-end --meta     (kt looks where the key belongs)`,
    `kt console-consumer --topic ${orders} --exit-at-end --meta     (and this is all of it)`,
    `echo 'alice:tea' | kt console-producer --topic ${orders} --partition 7 ${WITH_KEYS}`,
  ],
}
