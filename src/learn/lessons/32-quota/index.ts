import { ofRecords } from '../../checks/records.ts'
import type { RecordFact } from '../../facts/records.ts'
import type { Check, Lesson } from '../../lesson.ts'
import { names } from '../../names.ts'
import { seen } from '../../verdict.ts'

const { name } = names(32)
const clicks = name('clicks')
/** The client id of the cash desk's program. */
const till = name('till')
const DESCRIBE_CLIENT_QUOTAS = 48
const QUOTA = 10_000
const COUNT = 250
const SIZE = 1_000
/** A quota is kept on average, and a batch is taken or not taken as a whole. */
const TOLERANCE = 1.5
const alter = `configs --alter --client ${till} --add-config producer_byte_rate=${QUOTA}`
const showQuota = `kt configs --describe --client ${till}`
const produce = `producer-perf-test --topic ${clicks} --num-records ${COUNT} --record-size ${SIZE} --throughput -1 --command-property client.id=${till}`

/** Bytes a second of the later half, by the times at which the broker took them; null while there is too little. */
export function laterRate(records: readonly RecordFact[]): number | null {
  const later = records.slice(Math.floor(records.length / 2))
  const [first, last] = [later[0], later.at(-1)]
  if (first === undefined || last === undefined || last.timestamp === first.timestamp) return null
  const bytes = later
    .filter(({ timestamp }) => timestamp > first.timestamp)
    .reduce((sum, { value }) => sum + Buffer.byteLength(value ?? ''), 0)
  return Math.round(bytes / ((last.timestamp - first.timestamp) / 1000))
}

const hasQuota: Check = async ({ facts }) => {
  const rate = (await facts.clientQuotas(till)).get('producer_byte_rate')
  return seen(rate === QUOTA, {
    expected: `producer_byte_rate=${QUOTA} for client ${till}`,
    observed: rate === undefined ? 'no such quota' : `producer_byte_rate=${rate}`,
    show: showQuota,
  })
}

const delayed: Check = ofRecords(
  clicks,
  {
    expected: `${COUNT} clicks, the later half at ${QUOTA} bytes/s or little more`,
    show: `kt get-offsets --topic ${clicks}`,
  },
  (records) => {
    const rate = laterRate(records)
    return {
      done: records.length >= COUNT && rate !== null && rate <= QUOTA * TOLERANCE,
      observed: `${records.length} clicks${rate === null ? '' : `, the later half at ${rate} bytes/s`}`,
    }
  },
)

export const lesson: Lesson = {
  number: 32,
  name: 'quota',
  title: 'A quota is a delay',
  inShort: 'A quota refuses nothing: the broker delays a client that sends or reads too fast.',
  where: 'anywhere',
  needs: [{ kind: 'api', key: DESCRIBE_CLIENT_QUOTAS, what: 'quotas of clients' }],
  answers: ['001:135'],
  beliefs: [
    {
      older: 'a client that is over its quota gets an error',
      today: 'never. The broker takes the request, answers late, and reads nothing more from the client until then.',
    },
  ],
  text: `One program of the shop writes so many clicks that the others get slow. It gets a quota: so many bytes a second,
and no more, on each broker.

A program is known by its client.id. Brokers measure what each one sends, over about eleven seconds, and let those
wait that are over their quota.

Give ${till} ${QUOTA} bytes a second. Then send ${COUNT} clicks of ${SIZE} bytes as ${till}, as fast as it will go, and
watch what the producer says of its latency.`,
  type: [`kt ${alter}`, showQuota, `kt ${produce}`],
  watch: { topics: [clicks] },
  async setUp(stage) {
    await stage.topic(clicks, { partitions: 1, configs: { 'message.timestamp.type': 'LogAppendTime' } })
  },
  async restore(stage) {
    const entity = { entries: new Map([['client-id', till]]) }
    const admin = await stage.admin()
    await admin.alterClientQuotas([{ entity, ops: [{ key: 'producer_byte_rate', value: null }] }])
  },
  questions: [
    {
      name: 'what-happens',
      ask: `The producer sends far more than ${QUOTA} bytes a second. What does it see?`,
      choices: ['an error for each record too many', 'records are lost', 'everything is taken, slowly'],
      answer: async () => 'everything is taken, slowly',
      because:
        'The broker appends what came, and delays its answer until the average is down at the quota again. Only whoever measures the latency notices.',
    },
  ],
  goals: [
    {
      name: 'the client has a quota',
      check: hasQuota,
      hints: [
        'A quota is a setting, not of a topic, but of a client.',
        'producer_byte_rate is in bytes a second; the client is known by its client.id.',
        `kt ${alter}`,
      ],
    },
    {
      name: 'all clicks came, and no faster than the quota allows',
      check: delayed,
      hints: [
        `Send the clicks as the client ${till}.`,
        'client.id is a setting of the producer. It is about the time that the broker took them, so begin when the quota is there.',
        `kt ${produce}`,
      ],
    },
  ],
  solution: [{ line: alter, until: 'the client has a quota' }, { line: produce }],
  async after({ facts }) {
    const records = await facts.records(clicks)
    const [first, last] = [records[0], records.at(-1)]
    const seconds = (((last?.timestamp ?? 0) - (first?.timestamp ?? 0)) / 1000).toFixed(1)
    return `${records.length} clicks were taken within ${seconds} s, the later half of them at ${laterRate(records)} bytes/s; the quota is ${QUOTA}. The first ones went fast: the broker takes the average over eleven windows of a second (quota.window.num), and they were all empty. No record was refused, and none is missing. The answers tell how long the client was made to wait (throttle time), and well-behaved clients wait by themselves.`
  },
  play: [
    `kt ${produce.replace(till, name('other'))}     (another client, no quota)`,
    `kt configs --alter --client ${till} --add-config consumer_byte_rate=${QUOTA}`,
    'kt configs --describe --client-defaults',
  ],
}
