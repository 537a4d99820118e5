import { clockTime } from '../../checks/happened.ts'
import { describe } from '../../checks/topics.ts'
import type { RecordFact } from '../../facts/records.ts'
import type { Check, Lesson, Look } from '../../lesson.ts'
import { names } from '../../names.ts'
import { seen } from '../../verdict.ts'

const { name } = names(18)
const clicks = name('clicks')
/**
 * A death is missed the session's 2 s after the last heartbeat, and heartbeats come every 0.5 s: sooner than this it was
 * handed over, however slow the machine is.
 */
const MISSED_MS = 1_400
/** A process ends soon before or after its leadership does. */
const TOGETHER_MS = 30_000
const produce = `console-producer --topic ${clicks} --template 'click {{seq}}' --rate 10 --count 3000 --timeout 0`

/** Another leader because a broker went, and how long no click was written. */
interface Handover {
  readonly from: number
  readonly to: number
  readonly at: number
  readonly pauseMs: number
  /** Nobody was told: the process had ended when the leader changed, and it took the time until heartbeats are missed. */
  readonly isMissed: boolean
}

/** How long the log stood still before the first record of this leader epoch; null when there is none before or behind. */
export function pauseBefore(epoch: number, records: readonly RecordFact[]): number | null {
  const behind = records.findIndex(({ batch }) => (batch?.leaderEpoch ?? 0) >= epoch)
  if (behind < 1) return null
  return records[behind]!.timestamp - records[behind - 1]!.timestamp
}

async function handovers({ facts, journal }: Look): Promise<readonly Handover[]> {
  const gone = journal.find('node', ({ to }) => to === 'stopped')
  const changes = journal.find('leader', ({ partition, from, to }) => {
    return partition === `${clicks}-0` && from !== to && from !== -1 && to !== -1
  })
  const endOf = ({ from, at }: (typeof changes)[number]) =>
    gone.find((node) => node.id === from && Math.abs(node.at - at) < TOGETHER_MS)
  const caused = changes.filter((change) => endOf(change) !== undefined)
  if (caused.length === 0) return []
  const records = await facts.records(clicks)
  return caused.flatMap((change) => {
    const { from, to, at, epoch } = change
    const pauseMs = pauseBefore(epoch, records)
    if (pauseMs === null) return []
    return [{ from, to, at, pauseMs, isMissed: pauseMs >= MISSED_MS && endOf(change)!.at <= at }]
  })
}

const toldOf = ({ from, to, at, pauseMs }: Handover): string =>
  `leader ${from} -> ${to} at ${clockTime(at)}, no click for ${(pauseMs / 1000).toFixed(2)} s`

/** A handover that fits was seen, and clicks came before and after it. */
function handedOver(expected: string, fits: (handover: Handover) => boolean): Check {
  return async (look) => {
    const show = describe(clicks)
    const all = await handovers(look).catch(() => null)
    if (all === null)
      return seen(false, { expected, observed: 'nobody answers for the clicks', show, waitingFor: 'a leader' })
    const fitting = all.filter(fits).at(-1)
    const observed = fitting ?? all.at(-1)
    if (observed !== undefined) return seen(fitting !== undefined, { expected, observed: toldOf(observed), show })
    return seen(false, { expected, observed: 'no leader has gone while clicks came in', show })
  }
}

const leaderLine =
  (verb: string) =>
  async ({ facts }: Look) =>
    `cluster ${verb} ${(await facts.topic(clicks))?.partitions[0]?.leader}`

const ASK_LEADER = `\`${describe(clicks)}\` shows the Leader`
const STOPPED = 'the leader was stopped, and handed over before it went'
const KILLED = 'the leader was killed, and missed only after a pause'

export const lesson: Lesson = {
  number: 18,
  name: 'stop-or-kill',
  title: 'Stopped or killed',
  inShort:
    'A broker that is stopped hands its partitions over first; one that is killed is missed only when its session has run out.',
  where: 'local',
  needs: [{ kind: 'brokers', atLeast: 3 }],
  answers: ['001:83', '001:135'],
  beliefs: [
    {
      older: 'to stop a broker, kill -9 its process',
      today:
        'SIGTERM is enough, always: the broker hands over its leaderships first (controlled shutdown, since 0.8) and then goes. -9 leaves no time for that.',
    },
  ],
  text: `A broker needs an update, so it has to go for a minute. Clicks come in all the time, ten each second, and the log
notes when each was appended. How long will nothing be written?

Let the clicks run in another terminal. Stop the broker that leads, and start it again. Then kill the one that leads by
now. Compare the two pauses.`,
  type: [
    `kt ${produce}     (in another terminal)`,
    describe(clicks),
    'kt cluster stop LEADER',
    'kt cluster start',
    'kt cluster kill LEADER     (the one that leads now)',
  ],
  watch: { topics: [clicks] },
  async setUp(stage) {
    const configs = { 'message.timestamp.type': 'LogAppendTime' }
    await stage.topic(clicks, { partitions: 1, replicationFactor: 3, configs })
  },
  async restore(stage) {
    await stage.nodes?.startAll()
  },
  questions: [
    {
      name: 'longer',
      ask: 'When does nobody write for longer: after `kt cluster stop`, or after `kt cluster kill`?',
      choices: ['after stop', 'after kill', 'the same'],
      answer: async () => 'after kill',
      because:
        'A broker that is stopped tells the controller, and others lead before it goes. One that is killed is missed only when its heartbeats fail for broker.session.timeout.ms: 2 s here, 9 s by default.',
    },
  ],
  goals: [
    {
      name: STOPPED,
      check: handedOver('another leader at once, and clicks again', ({ isMissed }) => !isMissed),
      hints: [
        'Clicks must come in before and after: does the producer run in the other terminal?',
        '`kt cluster stop` with an id is a controlled shutdown of that broker.',
        `${ASK_LEADER}; then \`kt cluster stop LEADER\``,
      ],
    },
    {
      name: KILLED,
      check: handedOver('another leader, after no click for some 2 s', ({ isMissed }) => isMissed),
      hints: [
        'Start the first broker again, look who leads now, and kill that one while clicks come in.',
        'SIGKILL gives a process no time: nobody is told.',
        `${ASK_LEADER}; then \`kt cluster kill LEADER\``,
      ],
    },
  ],
  solution: [
    { line: produce, beside: true },
    { line: `get-offsets --topic ${clicks}` },
    { line: `console-consumer --topic ${clicks} --from-beginning --max-messages 20` },
    { line: 'cluster stop LEADER', lineOf: leaderLine('stop'), until: STOPPED },
    { line: 'cluster start' },
    { line: 'cluster kill LEADER', lineOf: leaderLine('kill'), until: KILLED },
  ],
  async after(look) {
    const all = await handovers(look)
    const short = all.filter(({ isMissed }) => !isMissed).at(-1)
    const long = all.filter(({ isMissed }) => isMissed).at(-1)
    const seconds = (handover: Handover | undefined): string => ((handover?.pauseMs ?? 0) / 1000).toFixed(2)
    const [brokerConfig] = [await look.facts.brokerConfig((await look.facts.cluster()).brokers[0]!.id)]
    const session = brokerConfig.get('broker.session.timeout.ms')?.value ?? '2000'
    return `Broker ${short?.from} was stopped: broker ${short?.to} led before it had gone, and the log stood still for ${seconds(short)} s. Broker ${long?.from} was killed: ${seconds(long)} s, for the controller waited broker.session.timeout.ms=${session} for a heartbeat before it let broker ${long?.to} lead. The times are in the log itself: with message.timestamp.type=LogAppendTime the leader writes when it took a record.`
  },
  play: [
    `kt console-consumer --topic ${clicks} --from-beginning --exit-at-end --meta     (find the two gaps)`,
    'kt cluster pause LEADER     (alive, but silent: how long is that pause?)',
    'kt cluster logs',
  ],
}
