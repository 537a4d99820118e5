import type { PartitionDescription } from '../../../client/admin-types.ts'
import { describe, inSync, preferredLeaders } from '../../checks/topics.ts'
import type { Check, Lesson } from '../../lesson.ts'
import { names } from '../../names.ts'
import type { Stage } from '../../stage.ts'
import { seen } from '../../verdict.ts'

const { name } = names(17)
const orders = name('orders')
const ORDERS = Array.from({ length: 30 }, (_, at) => ({ value: `order ${at + 1}`, partition: at % 3 }))
const elect = 'leader-election --election-type preferred --all-topic-partitions'

async function partitionsOf(stage: Stage): Promise<readonly PartitionDescription[]> {
  const described = (await (await stage.admin()).describeTopics([orders])).get(orders)
  return described?.ok === true ? described.value.partitions : []
}

const WORDS = ['none', 'one', 'two', 'three']

/** How many partitions each broker leads, in words as they are no ids: `broker 2 leads two, broker 3 leads one`. */
function leads(partitions: readonly PartitionDescription[]): string {
  const brokers = [...new Set(partitions.flatMap(({ replicas }) => replicas))].sort((a, b) => a - b)
  const count = (id: number): number => partitions.filter(({ leader }) => leader === id).length
  return brokers.map((id) => `broker ${id} leads ${WORDS[count(id)] ?? count(id)}`).join(', ')
}

const everybodyLeads: Check = async ({ facts }) => {
  const partitions = (await facts.topic(orders))?.partitions ?? []
  const done = partitions.length > 0 && new Set(partitions.map(({ leader }) => leader)).size === partitions.length
  return seen(done, {
    expected: 'every broker leads one partition',
    observed: leads(partitions),
    show: describe(orders),
  })
}

export const lesson: Lesson = {
  number: 17,
  name: 'preferred-leader',
  title: 'The preferred leader',
  inShort:
    'The first replica of a partition is its preferred leader; an election gives leadership back to it when it is in sync.',
  where: 'local',
  needs: [{ kind: 'brokers', atLeast: 3 }],
  answers: ['001:135'],
  beliefs: [
    {
      older: 'kafka-preferred-replica-election.sh balances the leaders',
      today: 'true until 2.8. Since 2.4 there is kafka-leader-election.sh, and since 3.0 it is the only one.',
    },
  ],
  text: `${orders} has three partitions on three brokers, so that each broker leads one. One of the brokers was stopped and
started again. It is in sync, but it leads nothing: one of the other two does double work.

The first replica of a partition is its preferred leader. Kafka deals out the first places evenly when a topic is made.
When every partition is led by its preferred leader, the work is spread again.

Ask for an election of the preferred leaders.`,
  type: [describe(orders), `kt ${elect}`, describe(orders)],
  watch: { topics: [orders] },
  async setUp(stage) {
    const { brokers } = await (await stage.admin()).describeCluster()
    const [a, b, c] = brokers.map(({ id }) => id).sort((x, y) => x - y) as [number, number, number]
    const rotated = [
      [a, b, c],
      [b, c, a],
      [c, a, b],
    ]
    await stage.topicWith(orders, { assignments: new Map(rotated.entries()) }, ORDERS)
    await stage.inSync(orders)
    if ((await partitionsOf(stage)).some(({ leader, replicas }) => leader !== replicas[0])) return
    await stage.nodes?.stop([a])
    await stage.nodes?.startAll()
    await stage.inSync(orders)
  },
  async restore(stage) {
    await stage.nodes?.startAll()
  },
  questions: [
    {
      name: 'move',
      ask: 'The leaders will change. How many records have to be copied for it?',
      choices: ['all of the partitions that get another leader', 'none'],
      answer: async () => 'none',
      because: 'The new leader is in the ISR: it has everything already. Only the role changes, in a moment.',
    },
  ],
  goals: [
    {
      name: 'each partition is led by its first replica',
      check: preferredLeaders(orders),
      hints: [
        'Compare Leader with the first number of Replicas.',
        'An election of the preferred kind makes the first replica the leader, where it is in sync.',
        `kt ${elect}`,
      ],
    },
    {
      name: 'every broker leads one partition',
      check: everybodyLeads,
      hints: [
        'One broker leads none, so another one leads two.',
        'It comes with the election: the first places were dealt out evenly.',
        `kt ${elect}`,
      ],
    },
    {
      name: 'every replica is in sync',
      fromStart: true,
      check: inSync(orders),
      hints: [
        'It was so from the beginning; an election takes nobody out of the ISR.',
        'A broker that does not run is missing in the ISR.',
        'kt cluster start',
      ],
    },
  ],
  solution: [{ line: `topics --describe --topic ${orders}` }, { line: elect }],
  async after({ facts, journal }) {
    const partitions = (await facts.topic(orders))?.partitions ?? []
    const changes = journal.find('leader', ({ from, to }) => from !== to)
    const told = changes.map(
      ({ partition, from, to, epoch }) => `${partition}: leader ${from} -> ${to}, leader epoch ${epoch}`,
    )
    const seenThen = told.length === 0 ? '' : ` What was seen: ${told.join('; ')}.`
    return `Now ${leads(partitions)}.${seenThen} No record moved, and the ISR stayed as it was. Kafka would have done it too: with auto.leader.rebalance.enable the controller elects preferred leaders every leader.imbalance.check.interval.seconds, which is 300. Who has just restarted a broker need not wait for that.`
  },
  play: [
    `kt ${elect}     (once more: what does it say now?)`,
    'kt cluster restart 1     (and look at the leaders again)',
    `kt leader-election --election-type preferred --topic ${orders} --partition 0`,
  ],
}
