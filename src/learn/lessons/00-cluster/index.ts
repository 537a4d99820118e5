import type { Facts } from '../../facts/facts.ts'
import type { Check, Lesson } from '../../lesson.ts'
import { seen, type WayOut } from '../../verdict.ts'

/** Until a broker runs there is nobody to ask, which is what is seen. */
const runs = (facts: Facts): boolean =>
  (facts.nodes() ?? []).some(({ isBroker, state }) => isBroker && state === 'running')

const brokers: Check = async ({ facts }) => {
  const length = runs(facts) ? (await facts.cluster()).brokers.length : 0
  const observed = `${length} in service`
  const wayOut = length < 3 ? wayToThree(facts) : null
  const way = wayOut === null ? {} : { wayOut }
  return seen(length >= 3, { expected: '3 brokers in service', observed, show: 'kt cluster status', ...way })
}

/** Before anything was started there is nothing to mend; a cluster that was made with fewer brokers gets more. */
function wayToThree(facts: Facts): WayOut | null {
  const nodes = (facts.nodes() ?? []).filter(({ isBroker }) => isBroker)
  if (!nodes.some(({ state }) => state === 'running') || nodes.length >= 3) return null
  const why = `the cluster was made with ${nodes.length} ${nodes.length === 1 ? 'broker' : 'brokers'}: each call adds one`
  return { why, next: 'kt cluster add' }
}

const controller: Check = async ({ facts }) => {
  const leaderId = runs(facts) ? (await facts.quorum()).leaderId : -1
  const observed = leaderId < 0 ? 'none' : `node ${leaderId}`
  const show = 'kt metadata-quorum describe --status'
  return seen(leaderId >= 0, { expected: 'one active controller', observed, show })
}

export const lesson: Lesson = {
  number: 0,
  name: 'cluster',
  title: 'A cluster in one command',
  inShort:
    'A cluster is a few server processes: brokers keep records and serve them, a controller decides who leads what.',
  where: 'local',
  withoutCluster: true,
  answers: ['000:31', '001:30', '002:26', '003:43', '004:2'],
  beliefs: [
    {
      older: 'ZooKeeper has to be started first, and every broker must know its address',
      today:
        'true until 3.x. Since Kafka 4.0 there is no ZooKeeper: controllers keep the metadata in a log of their own (KRaft).',
    },
  ],
  text: `You run a web shop. Orders come in, and several programs want to know of each: billing, shipping, statistics.
Kafka is the log in between: programs append to it, others read from it, each at its own pace.

A Kafka cluster is a few server processes. A broker keeps records and serves them. A controller decides who leads
what, and notices when a broker dies. Start three brokers and one controller on this machine: no Java, no Docker.`,
  type: ['kt cluster start', 'kt cluster status'],
  goals: [
    {
      name: 'three brokers are in service',
      check: brokers,
      hints: [
        'Nothing is listening yet: the cluster has to be started.',
        'kt brings its own cluster; kt cluster starts, stops and shows it.',
        'kt cluster start',
      ],
    },
    {
      name: 'one controller is active',
      check: controller,
      hints: [
        'Controllers elect one among them; with one, it is that one.',
        'The quorum of controllers has a leader, the active controller.',
        'kt metadata-quorum describe --status',
      ],
    },
  ],
  solution: [{ line: 'cluster start' }, { line: 'cluster status' }],
  async after({ facts }) {
    const running = (facts.nodes() ?? []).filter(({ state }) => state === 'running')
    const processes = running.map(({ nodeId, pid }) => `node ${nodeId} as process ${pid}`).join(', ')
    return `There they run: ${processes}. Each is an operating system process of its own that you can see with ps, and kill. No ZooKeeper is among them: the controller keeps the cluster's metadata in a log, in the same format as your orders will be kept.`
  },
  play: ['kt cluster logs', 'kt describe', 'ls ~/.kt/clusters/local'],
}
