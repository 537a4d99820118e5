import { happened } from '../../checks/happened.ts'
import { showOffsets } from '../../checks/records.ts'
import { describe, ofTopic } from '../../checks/topics.ts'
import type { Check, Lesson, Look } from '../../lesson.ts'
import { names } from '../../names.ts'
import { seen } from '../../verdict.ts'

const { name } = names(22)
const clicks = name('clicks')
const PARTITION = `${clicks}-0`
const EARLIER = Array.from({ length: 10 }, (_, at) => ({ value: `click ${at + 1}` }))
const LATER = Array.from({ length: 5 }, (_, at) => `click ${EARLIER.length + at + 1}`)

const PRODUCE = `console-producer --topic ${clicks}`
const ELECT = `leader-election --election-type unclean --topic ${clicks} --partition 0`

/** The farthest end that was seen, and the end now; null while nobody leads. */
async function ends({ facts, journal }: Look): Promise<{ highest: number; now: number | null }> {
  const seenEnds = journal.find('end', ({ partition }) => partition === PARTITION).map(({ to }) => to)
  const now = (await facts.offsets(clicks))[0]?.end ?? null
  return { highest: Math.max(EARLIER.length, now ?? 0, ...seenEnds), now }
}

const wentDown: Check = async (look) => {
  const { highest, now } = await ends(look)
  return seen(now !== null && now < highest, {
    expected: 'an end offset lower than it was',
    observed: now === null ? `it was ${highest}; nobody leads the partition` : `it was ${highest}, it is ${now}`,
    show: showOffsets(clicks),
  })
}

/** Both replicas in sync under the replica that was elected from outside the ISR. */
const oldLeaderIsBack: Check = async (look) => {
  const elected = look.journal.find('leader', ({ partition, from }) => partition === PARTITION && from === -1)
  return ofTopic(clicks, 'both replicas in the ISR, after the election', ({ partitions: [first] }) => ({
    done: elected.length > 0 && first?.isr.length === 2,
    expected: 'both replicas in the ISR, after the election',
    observed: `ISR ${first?.isr.join(',') || 'none'}, leader ${first?.leader === -1 ? 'none' : first?.leader}`,
  }))(look)
}

/** The replicas: who leads at first, and who follows. */
async function replicasOf({ facts }: Look): Promise<{ first: number; second: number }> {
  const [first = -1, second = -1] = (await facts.topic(clicks))?.partitions[0]?.replicas ?? []
  return { first, second }
}

export const lesson: Lesson = {
  number: 22,
  name: 'unclean',
  title: 'A leader from outside the ISR',
  inShort:
    'An unclean election makes a replica from outside the ISR the leader: the partition works again, and what only the old leader had is lost.',
  where: 'local',
  needs: [{ kind: 'brokers', atLeast: 3 }],
  beliefs: [
    {
      older: 'when all in-sync replicas are dead, any other replica takes over',
      today:
        'true until 0.10: unclean.leader.election.enable has been false by default since 0.11. The partition waits without a leader.',
    },
  ],
  text: `${clicks} counts the clicks in the shop. Its one partition has two replicas. Kill the broker that follows, and
then write a few clicks: the leader alone has them. Kill the leader too, and start the follower again.

It is alive, and it has nearly everything. Still nobody leads: a replica that is not in the ISR may lack something, and
Kafka would rather have no leader than one that forgets. You may decide otherwise. Elect it, and count.

Then start the old leader again, and see what becomes of what it alone had.`,
  type: [
    describe(clicks),
    'kt cluster kill FOLLOWER',
    `kt ${PRODUCE}     (click 11, click 12, ...)`,
    'kt cluster kill LEADER',
    'kt cluster restart FOLLOWER',
    `kt ${ELECT}`,
    `kt get-offsets --topic ${clicks}`,
    'kt cluster start',
  ],
  watch: { topics: [clicks] },
  async setUp(stage) {
    await stage.nodes?.startAll()
    const { brokers } = await (await stage.admin()).describeCluster()
    const [first, second] = brokers.map(({ id }) => id).sort((a, b) => a - b)
    await stage.topicWith(clicks, { assignments: new Map([[0, [first!, second!]]]) }, EARLIER)
  },
  async restore(stage) {
    await stage.nodes?.startAll()
  },
  questions: [
    {
      name: 'who-wins',
      ask: 'The old leader comes back with clicks that the new one has not got. What becomes of them?',
      choices: ['the new leader copies them', 'the old leader deletes them', 'both keep what they have'],
      answer: async () => 'the old leader deletes them',
      because:
        'The leader is right, by definition. A broker that comes back asks where its log and that of the leader part, cuts its own off there, and copies from then on.',
    },
  ],
  goals: [
    {
      name: 'the partition was without a leader',
      check: happened('leader', ({ partition, to }) => partition === PARTITION && to === -1, {
        expected: 'no leader of partition 0',
        notYet: 'it always had one',
        show: describe(clicks),
        observed: ({ from }) => `leader ${from} -> none`,
      }),
      hints: [
        'First the follower dies, then clicks are written, then the leader dies.',
        'When the follower is dead the ISR is the leader alone. When that one dies, nobody may lead.',
        'kt cluster kill 2     (and later kt cluster kill 1)',
      ],
    },
    {
      name: 'the end offset went down',
      check: wentDown,
      hints: [
        'Start the follower again, and elect it although it is not in the ISR.',
        'An election of type unclean takes any replica that is alive. What it has not got is lost.',
        `kt ${ELECT}`,
      ],
    },
    {
      name: 'the old leader is back, in sync with the new one',
      check: oldLeaderIsBack,
      hints: [
        'Start what is still dead.',
        'It cuts off its log where the new leader ends, and follows.',
        'kt cluster start',
      ],
    },
  ],
  solution: [
    { line: 'cluster kill 2', lineOf: async (look) => `cluster kill ${(await replicasOf(look)).second}` },
    { line: PRODUCE, input: LATER },
    { line: `get-offsets --topic ${clicks}` },
    {
      line: 'cluster kill 1',
      lineOf: async (look) => `cluster kill ${(await replicasOf(look)).first}`,
      until: 'the partition was without a leader',
    },
    { line: 'cluster restart 2', lineOf: async (look) => `cluster restart ${(await replicasOf(look)).second}` },
    { line: ELECT, until: 'the end offset went down' },
    { line: 'cluster start' },
  ],
  async after(look) {
    const { highest, now } = await ends(look)
    const lost = highest - (now ?? highest)
    const lostLeader = look.journal.find('leader', ({ partition, to }) => partition === PARTITION && to === -1).at(-1)
    const elected = look.journal.find('leader', ({ partition, from }) => partition === PARTITION && from === -1).at(-1)
    return `Broker ${lostLeader?.from} led up to offset ${highest} and died as the last of the ISR. Broker ${elected?.to} was elected from outside, under leader epoch ${elected?.epoch}, and it ends at ${now}: ${lost} clicks are gone, though every one of them was acknowledged, with acks=all. When broker ${lostLeader?.from} came back it still had them, and deleted them. So an unclean election is a last resort: for when the last in-sync replica will not come back, or when writing again matters more than what was written. Had you started broker ${lostLeader?.from} instead, nothing would have been lost.`
  },
  play: [
    'kt cluster logs     (the old leader says how many records it removed)',
    `kt console-consumer --topic ${clicks} --from-beginning --exit-at-end --meta`,
    `kt configs --alter --topic ${clicks} --add-config min.insync.replicas=2     (then the clicks would have been refused)`,
  ],
}
