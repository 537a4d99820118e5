import { showRecords } from '../../checks/records.ts'
import type { Facts } from '../../facts/facts.ts'
import { ACKS, ACKS_RESULTS, type Acks, type AcksRun, acksResults, acksTopic } from '../../lab/acks.ts'
import type { Check, Lesson } from '../../lesson.ts'
import { seen } from '../../verdict.ts'

const LAB = 'lab acks'

async function runsOf(facts: Facts): Promise<AcksRun[]> {
  return (await facts.topic(ACKS_RESULTS)) === null ? [] : acksResults(await facts.records(ACKS_RESULTS))
}

const hasRun: Check = async ({ facts }) => {
  const runs = await runsOf(facts)
  const observed = runs.length === 0 ? 'no result yet' : `results of acks ${runs.map(({ acks }) => acks).join(', ')}`
  return seen(runs.length === ACKS.length, {
    expected: `results of acks ${ACKS.join(', ')}`,
    observed,
    show: showRecords(ACKS_RESULTS),
  })
}

/** The topic itself is counted: the laboratory's word alone would prove nothing. */
function missing(acks: Acks, expected: string, fits: (lost: number) => boolean): Check {
  const topic = acksTopic(acks)
  const show = `kt get-offsets --topic ${topic}`
  return async ({ facts }) => {
    const run = (await runsOf(facts)).find((each) => each.acks === acks)
    if (run === undefined) return seen(false, { expected, observed: 'it has not run yet', show })
    const there = new Set((await facts.records(topic)).map(({ value }) => value)).size
    const observed = `${run.reported} reported as done, ${there} in the topic, ${run.lost} lost`
    return seen(there === run.readable && fits(run.lost), { expected, observed, show })
  }
}

export const lesson: Lesson = {
  number: 21,
  name: 'acks-lab',
  title: 'Acknowledged and lost: acks 0, 1 and all',
  inShort:
    "acks=0 waits for nobody, acks=1 for the leader, acks=all for every replica of the ISR: only the last survives the leader's death.",
  where: 'local',
  needs: [{ kind: 'brokers', atLeast: 3 }],
  answers: ['002:39', '004:94'],
  beliefs: [
    {
      older: 'a producer waits for its leader only: acks=1 is the default',
      today: 'true until 2.8. Since 3.0 the default is acks=all, and a retry does not write a record twice.',
    },
    {
      older: 'an acknowledged record is safe',
      today: 'never so with acks=1: the leader alone has it then, and may die before anybody has copied it.',
    },
  ],
  text: `When is an order safe? The producer chooses what it waits for. acks=0: nothing, it was sent. acks=1: the leader has
it. acks=all: every replica of the ISR has it.

The laboratory tries all three on a topic of their own. It pauses both followers for a moment, sends orders, kills the
leader, lets the followers go on, and sends the rest. A follower leads now. At the end the dead broker is back and every
order is looked for.

It takes about fifteen seconds. Say first what you expect.`,
  type: [`kt ${LAB}`, `kt get-offsets --topic ${acksTopic('1')}     (count for yourself)`],
  watch: { topics: ACKS.map(acksTopic) },
  async setUp(stage) {
    await stage.nodes?.startAll()
  },
  async restore(stage) {
    await stage.nodes?.heal()
    await stage.nodes?.startAll()
  },
  questions: [
    {
      name: 'which-lie',
      ask: 'With which settings will orders be missing that the producer reported as done?',
      choices: ['acks=0 alone', 'acks=0 and acks=1', 'all three'],
      async answer({ facts }) {
        const lying = (await runsOf(facts)).filter(({ lost }) => lost > 0).map(({ acks }) => acks)
        if (lying.length === 0) return null
        return lying.includes('all') ? 'all three' : lying.includes('1') ? 'acks=0 and acks=1' : 'acks=0 alone'
      },
      because:
        'acks=1 is the word of one broker. When that one dies, what nobody had copied dies with it, and when it comes back it deletes what the new leader has not got.',
    },
  ],
  goals: [
    {
      name: 'the laboratory has run with acks 0, 1 and all',
      check: hasRun,
      hints: [
        'One command does all of it.',
        'It makes a topic for each setting, and leaves what it measured in a topic as well.',
        `kt ${LAB}`,
      ],
    },
    {
      name: 'with acks=1, orders that were acknowledged are missing',
      check: missing('1', 'lost: more than 0', (lost) => lost > 0),
      hints: [
        'Look at the line of acks=1.',
        'The followers hung, so the leader alone had the orders that it acknowledged.',
        `kt ${LAB} --acks 1`,
      ],
    },
    {
      name: 'with acks=all, none is missing',
      check: missing('all', 'lost: 0', (lost) => lost === 0),
      hints: [
        'Look at the line of acks=all.',
        'While the followers hung, nothing was acknowledged; the producer went on trying, and the new leader took it.',
        `kt ${LAB} --acks all`,
      ],
    },
  ],
  solution: [{ line: LAB }],
  async after({ facts }) {
    const runs = await runsOf(facts)
    const of = (wanted: Acks): AcksRun | undefined => runs.find(({ acks }) => acks === wanted)
    const [none, one, all] = [of('0'), of('1'), of('all')]
    return `acks=1: broker ${one?.leader} acknowledged ${one?.acknowledged} orders and died; broker ${one?.newLeader} led from then on, and ${one?.lost} of them are gone. acks=0 reported ${none?.reported} as done, though no broker ever answered, and ${none?.lost} are gone. acks=all: ${all?.acknowledged} acknowledged, ${all?.lost} lost. It did not lose time for nothing: as long as the followers hung it acknowledged nothing, and sent again what had no answer when the leader died. No broker made a mistake in any of the three: each did what the producer had asked for.`
  },
  play: [
    `kt ${LAB} --acks 1 --records 200`,
    `kt console-consumer --topic ${acksTopic('1')} --from-beginning --exit-at-end --meta     (where does the numbering jump?)`,
    `kt cluster logs     (the old leader says where it cut off its log)`,
  ],
}
