import { happened } from '../../checks/happened.ts'
import { describe, recordsText } from '../../checks/topics.ts'
import type { RecordFact } from '../../facts/records.ts'
import type { Check, Lesson, Look } from '../../lesson.ts'
import { names } from '../../names.ts'
import { seen } from '../../verdict.ts'

const { name } = names(19)
const clicks = name('clicks')
const LOST = 1
const lost = `${clicks}-${LOST}`
const PER_PARTITION = 4
const CLICKS = Array.from({ length: 3 * PER_PARTITION }, (_, at) => ({ value: `click ${at + 1}`, partition: at % 3 }))
const MEANWHILE = 6

/** When the partition was last seen to lose its leader, and with one again: whoever was too quick does it once more. */
function outage({ journal }: Look): { readonly from: number; readonly to: number | null } | null {
  const gone = journal.find('leader', ({ partition, to }) => partition === lost && to === -1).at(-1)
  if (gone === undefined) return null
  const back = journal.find('leader', ({ partition, to, at }) => partition === lost && to !== -1 && at > gone.at)[0]
  return { from: gone.after, to: back?.at ?? null }
}

async function takenMeanwhile(look: Look): Promise<readonly RecordFact[]> {
  const dark = outage(look)
  if (dark === null) return []
  const until = dark.to ?? Number.POSITIVE_INFINITY
  const records = await look.facts.records(clicks)
  return records.filter(
    ({ partition, timestamp }) => partition !== LOST && timestamp >= dark.from && timestamp <= until,
  )
}

const othersWork: Check = async (look) => {
  const expected = `${MEANWHILE} clicks or more in the other partitions while partition ${LOST} has no leader`
  const observed =
    outage(look) === null ? 'every partition has a leader' : recordsText((await takenMeanwhile(look)).length)
  const done = (await takenMeanwhile(look)).length >= MEANWHILE
  return seen(done, { expected, observed, show: `kt get-offsets --topic ${clicks}` })
}

const backWithAll: Check = async (look) => {
  const expected = `partition ${LOST} led again, with its ${PER_PARTITION} clicks`
  const show = `kt console-consumer --topic ${clicks} --partition ${LOST} --offset earliest --exit-at-end`
  const dark = outage(look)
  if (dark === null) return seen(false, { expected, observed: 'it has not been without a leader', show })
  const leader = (await look.facts.topic(clicks))?.partitions[LOST]?.leader ?? -1
  if (leader === -1) return seen(false, { expected, observed: 'no leader', show })
  const kept = (await look.facts.records(clicks)).filter(({ partition }) => partition === LOST)
  const done = dark.to !== null && kept.length >= PER_PARTITION
  return seen(done, { expected, observed: `leader ${leader}, ${recordsText(kept.length)}`, show })
}

export const lesson: Lesson = {
  number: 19,
  name: 'one-replica',
  title: 'One replica: nobody can take over',
  inShort: 'With one replica nobody can take over: while its broker is away, the partition has no leader.',
  where: 'local',
  needs: [{ kind: 'brokers', atLeast: 3 }],
  answers: ['001:90', '001:99'],
  beliefs: [
    {
      older: 'when a broker is down, the cluster is down',
      today:
        'that was never so: it is about partitions. Those without a living replica in sync wait, all others go on.',
    },
  ],
  text: `Clicks on the shop's pages are many and cheap, so somebody made ${clicks} with one replica for each partition: three
partitions, three brokers, one copy of everything.

Find out which broker has partition ${LOST}, and kill it. Then let a few more clicks come in: will they be taken? At
last start the broker again, and see what is left of partition ${LOST}.`,
  type: [
    describe(clicks),
    'kt cluster kill BROKER',
    describe(clicks),
    `kt console-producer --topic ${clicks} --template 'click {{seq 100}}' --count ${MEANWHILE} --report`,
    'kt cluster start',
  ],
  watch: { topics: [clicks] },
  async setUp(stage) {
    const { brokers } = await (await stage.admin()).describeCluster()
    const ids = brokers.map(({ id }) => id).sort((a, b) => a - b)
    const assignments = new Map(ids.slice(0, 3).map((id, at) => [at, [id]]))
    await stage.topicWith(clicks, { assignments }, CLICKS)
  },
  async restore(stage) {
    await stage.nodes?.startAll()
  },
  questions: [
    {
      name: 'unkeyed',
      ask: `Partition ${LOST} has no leader. Where do new clicks go that have no key?`,
      choices: ['some of them are lost', 'to the other partitions', 'nowhere until the broker is back'],
      answer: async () => 'to the other partitions',
      because:
        'Without a key the producer is free to choose, and it leaves out partitions that have no leader. A click with a key that belongs there has to wait for its partition.',
    },
  ],
  goals: [
    {
      name: `partition ${LOST} had no leader`,
      check: happened('leader', ({ partition, to }) => partition === lost && to === -1, {
        expected: `partition ${LOST} without a leader`,
        notYet: 'it is led',
        show: describe(clicks),
        observed: ({ from, epoch }) => `leader ${from} -> none, leader epoch ${epoch}`,
      }),
      hints: [
        `Replicas of partition ${LOST} is one broker: that one.`,
        'A leader must be a replica that is in sync. When the only one is dead there is nobody to elect.',
        `\`kt cluster kill\` and the id that \`${describe(clicks)}\` shows for partition ${LOST}`,
      ],
    },
    {
      name: 'the other partitions took clicks meanwhile',
      check: othersWork,
      hints: [
        'Write while the broker is dead.',
        'Other partitions have other leaders, and these live.',
        `kt console-producer --topic ${clicks} --template 'click {{seq 100}}' --count ${MEANWHILE} --report`,
      ],
    },
    {
      name: `partition ${LOST} is led again, and nothing of it is missing`,
      check: backWithAll,
      hints: [
        'The broker has to come back: it has the only copy.',
        'A process that dies leaves its files behind; a disk that dies does not.',
        'kt cluster start',
      ],
    },
  ],
  solution: [
    {
      line: 'cluster kill BROKER',
      lineOf: async ({ facts }) => `cluster kill ${(await facts.topic(clicks))?.partitions[LOST]?.replicas[0]}`,
      until: `partition ${LOST} had no leader`,
    },
    {
      line: `console-producer --topic ${clicks} --template 'click {{seq 100}}' --count ${MEANWHILE} --report`,
      until: 'the other partitions took clicks meanwhile',
    },
    { line: 'cluster start' },
  ],
  async after(look) {
    const dark = outage(look)
    const seconds = dark === null || dark.to === null ? '?' : ((dark.to - dark.from) / 1000).toFixed(0)
    const went = [...new Set((await takenMeanwhile(look)).map(({ partition }) => partition))].sort().join(' and ')
    const leader = (await look.facts.topic(clicks))?.partitions[LOST]?.leader
    return `Partition ${LOST} had no leader for about ${seconds} s, and the description said Leader: none. The clicks of that time went to partition ${went}. When broker ${leader} came back it led again at once, with every click it had: nobody else could have taken over. One replica costs a third of the disk of three, and the price is this: when its broker is down, so is the partition, and when its disk is lost, so are the records.`
  },
  play: [
    'kill it again, and then: kt topics --describe --unavailable-partitions',
    `kt console-consumer --topic ${clicks} --from-beginning --exit-at-end --meta     (with the broker dead, and alive)`,
    `kt describe topic ${clicks} --watch     (while you kill and start)`,
  ],
}
