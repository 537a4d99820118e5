import { showOffsets } from '../../checks/records.ts'
import { topicSetting } from '../../checks/topics.ts'
import type { Facts, OffsetRange } from '../../facts/facts.ts'
import type { Check, Lesson } from '../../lesson.ts'
import { names } from '../../names.ts'
import { seen } from '../../verdict.ts'

const { name } = names(30)
const clicks = name('clicks')
const COUNT = 20
const CLICKS = Array.from({ length: COUNT }, (_, at) => ({ value: `click ${at + 1}` }))
const RETENTION_MS = 10_000
const SEGMENT_MS = 5_000
/** Longer than somebody waits without being told how long. */
const LONG_S = 30
const INTERVAL = 'log.retention.check.interval.ms'
const alter = `configs --alter --topic ${clicks} --add-config retention.ms=${RETENTION_MS},segment.ms=${SEGMENT_MS}`
const showStart = `kt get-offsets --topic ${clicks} --time earliest`

/** How often the leader looks for what is too old. */
async function checkIntervalMs(facts: Facts): Promise<number> {
  const leader = (await facts.topic(clicks))?.partitions[0]?.leader ?? -1
  if (leader === -1) return 0
  return Number((await facts.brokerConfig(leader)).get(INTERVAL)?.value ?? 0)
}

const goneUntil = (expected: string, show: string, done: (range: OffsetRange) => boolean): Check => {
  return async ({ facts }) => {
    const [range] = await facts.offsets(clicks)
    if (range === undefined) return seen(false, { expected, observed: `no topic ${clicks}`, show: 'kt topics --list' })
    const observed = `log start offset ${range.start ?? 'unknown'}, log end offset ${range.end ?? 'unknown'}`
    if (done(range)) return seen(true, { expected, observed, show })
    const isSet = (await facts.topicConfig(clicks)).get('retention.ms')?.value === String(RETENTION_MS)
    const seconds = Math.round((await checkIntervalMs(facts)) / 1000)
    const how = seconds > LONG_S ? `, up to ${seconds} s from now: it looks every` : ', every'
    const waiting = isSet ? { waitingFor: `the broker's next look at its logs${how} ${seconds} s (${INTERVAL})` } : {}
    return seen(false, { expected, observed, show, ...waiting })
  }
}

export const lesson: Lesson = {
  number: 30,
  name: 'retention',
  title: 'Old records go, a segment at a time',
  inShort: 'Retention deletes whole old segments, never single records, and the offsets go on.',
  where: 'anywhere',
  answers: ['001:14', '002:42', '004:84'],
  beliefs: [
    {
      older: 'records are kept for three days by default',
      today:
        'never: it is seven days, log.retention.hours=168. How long, each topic can say for itself with retention.ms.',
    },
    {
      older: 'the newest segment is never deleted, because it is still written to',
      today:
        'not so, seen with 4.3: when all of it is too old it is closed, a new and empty one is begun, and the old one goes.',
    },
  ],
  text: `Reading deletes nothing. So what does? Age. Clicks are worth little after a while, and ${clicks} has ${COUNT} of them.

A partition is a row of files, called segments. Kafka looks at the logs again and again, and deletes a segment when
even its newest record is older than retention.ms. It never takes single records out.

Keep clicks for ten seconds, in segments of five. Then wait, and look at the first offset that is left. (The bundled
cluster looks at its logs every five seconds. Kafka's default is every five minutes: there be patient.)`,
  type: [`kt ${alter}`, showStart, showOffsets(clicks)],
  watch: { topics: [clicks] },
  async setUp(stage) {
    await stage.topicWith(clicks, { partitions: 1 }, CLICKS)
  },
  questions: [
    {
      name: 'how-many-left',
      ask: `All ${COUNT} clicks are in the newest segment, the one that is written to. How many are left in the end?`,
      choices: [`${COUNT}: the newest segment stays`, 'none', 'the last one'],
      answer: async () => 'none',
      because:
        'The newest segment is closed when all of it is too old, and goes like any other. What stays is the offset: the next click gets the number that it would have got.',
    },
  ],
  goals: [
    {
      name: 'clicks are kept for ten seconds',
      check: topicSetting(clicks, 'retention.ms', String(RETENTION_MS)),
      hints: [
        'It is a setting of the topic.',
        'retention.ms is how long records are kept, in milliseconds; kt configs --alter changes it while all runs.',
        `kt ${alter}`,
      ],
    },
    {
      name: 'and segments are closed after five seconds',
      check: topicSetting(clicks, 'segment.ms', String(SEGMENT_MS)),
      hints: [
        'A setting of the topic, too.',
        'segment.ms is the age at which the next record opens a new file.',
        `kt ${alter}`,
      ],
    },
    {
      name: 'the first clicks are gone',
      check: goneUntil('a log start offset above 0', showStart, ({ start }) => (start ?? 0) > 0),
      hints: [
        'Wait: it comes by itself.',
        `Three clocks: the age of the newest record of a segment, the broker's look at its logs, and 60 s until the files are gone from the disk.`,
        showStart,
      ],
    },
    {
      name: 'not one click is left, and the offsets go on',
      check: goneUntil(
        `no records, and an end of at least ${COUNT}`,
        showOffsets(clicks),
        ({ start, end }) => start !== null && start === end && start >= COUNT,
      ),
      hints: [
        'Write nothing for a while.',
        'When everything is older than ten seconds, everything goes.',
        showOffsets(clicks),
      ],
    },
  ],
  solution: [{ line: alter, until: 'not one click is left, and the offsets go on' }],
  async after({ facts }) {
    const [range] = await facts.offsets(clicks)
    const seconds = Math.round((await checkIntervalMs(facts)) / 1000)
    return `The partition begins at offset ${range?.start} now and ends at ${range?.end}: it is empty, and the next click will be ${range?.end}. Brokers look at their logs every ${seconds} s here (${INTERVAL}; Kafka's default is 300 s), so records can live longer than retention.ms, by the rest of their segment and by the time until the next look. On disk the files are called .deleted for another minute (file.delete.delay.ms). A consumer that wanted an offset that is gone is sent to where auto.offset.reset says.`
  },
  play: [
    `echo 'one more click' | kt console-producer --topic ${clicks} --report     (which offset does it get?)`,
    `kt console-consumer --topic ${clicks} --partition 0 --offset 3 --timeout-ms 5000`,
    `kt configs --describe --topic ${clicks} --all --docs`,
  ],
}
