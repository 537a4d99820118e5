/**
 * `kt reassign-partitions` and Apache's kafka-reassign-partitions.sh, every flag: the same stdout, the same exit code, the
 * same cluster afterwards. Below an error the script prints a stack trace, which is taken out.
 */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createAdmin } from '../../../src/client/admin.ts'
import type { Admin, ConfigResource } from '../../../src/client/admin-types.ts'
import { type ApacheCluster, apacheCluster } from '../../support/apache-cluster.ts'
import { apacheKafkaHome } from '../../support/apache-kafka.ts'
import { compareWithScript, type ScriptCase } from '../../support/compare-with-script.ts'
import { runCommand } from '../../support/run-command.ts'

type Partition = readonly [topic: string, partition: number, replicas: readonly unknown[], logDirs?: readonly unknown[]]

const plan = (...partitions: readonly Partition[]): string =>
  JSON.stringify({
    version: 1,
    partitions: partitions.map(([topic, partition, replicas, logDirs]) => ({
      topic,
      partition,
      replicas,
      log_dirs: logDirs,
    })),
  })
const topicsFile = (...topics: readonly string[]): string =>
  JSON.stringify({ version: 1, topics: topics.map((topic) => ({ topic })) })

/** Of a read-only or wrong file: what `--execute`, `--verify` or `--cancel` say about it. */
const withPlan = (action: string, text: string, more: Partial<ScriptCase> = {}): ScriptCase => ({
  args: `--${action} --reassignment-json-file {dir}/plan.json`,
  files: { 'plan.json': text },
  normalise: withoutStack,
  ...more,
})

/** Stack traces end what the script prints. */
function withoutStack(text: string): string {
  return text.replace(/^[a-z]\w*(\.[\w$]+)*\.[A-Z][\w$]*(Exception|Error)(:|$)[\s\S]*$/m, '')
}

/** Which of a broker's directories a new replica gets is the broker's choice, and when it is there its business. */
function anyDirectory(text: string): string {
  return withoutStack(text).replace(/"log_dirs":\[([^\]]*)\]/g, (_, list: string) => `${list.split(',').length} dirs`)
}

/** Where replicas are proposed is drawn by lot: their number counts, and that nobody is named twice. */
function anyProposal(text: string): string {
  return text.replace(/(?<=Proposed partition reassignment configuration\n)\{.*/, (json) => {
    const { version, partitions } = JSON.parse(json)
    const drawn = partitions.map((each: { replicas: number[] }) => ({
      ...each,
      replicas: new Set(each.replicas).size === each.replicas.length ? each.replicas.length : each.replicas,
    }))
    return JSON.stringify({ version, partitions: drawn })
  })
}

const GONE = ['topics --delete --topic {x} --if-exists']
const TWO = ['topics --create --topic {x} --replica-assignment 1:2,2:3']
const DESCRIBED = ['topics --describe --topic {x}']
/** When all has arrived the throttles go. */
const UNTHROTTLED = [
  {
    line: 'reassign-partitions --verify --reassignment-json-file {dir}/plan.json',
    until: /Clearing topic-level throttles/,
  },
]
const moved = (line: string, text: string, more: Partial<ScriptCase> = {}): ScriptCase => ({
  args: `${line} --reassignment-json-file {dir}/plan.json`,
  files: { 'plan.json': text },
  before: TWO,
  afterwards: DESCRIBED,
  after: GONE,
  normalise: anyDirectory,
  ...more,
})

/** More than a follower gets in one fetch, so that a throttled move lasts until it is cancelled. */
const RECORDS = `${'x'.repeat(1000)}\n`.repeat(4000)
const MOVING = [
  'topics --create --topic {x} --replica-assignment 1:2',
  { line: 'console-producer --topic {x}', input: RECORDS },
  'reassign-partitions --execute --throttle 1024 --reassignment-json-file {dir}/slow.json',
]
const CANCELLED = ['reassign-partitions --cancel --reassignment-json-file {dir}/slow.json']
/** While a throttled move is under way. */
const moving = (args: string, more: Partial<ScriptCase> = {}): ScriptCase => ({
  args,
  files: { 'slow.json': plan(['{x}', 0, [3, 2]]), 'other.json': plan(['Rstill', 0, [2, 1]]) },
  before: MOVING,
  release: CANCELLED,
  after: GONE,
  normalise: anyDirectory,
  ...more,
})

const ONE_ON_A = [
  'topics --create --topic {x} --replica-assignment 1',
  // A replica that is not there yet is told its directory as soon as it is.
  'reassign-partitions --execute --reassignment-json-file {dir}/on-a.json',
  {
    line: 'reassign-partitions --verify --preserve-throttles --reassignment-json-file {dir}/on-a.json',
    until: /completed successfully/,
  },
]
/** With a replica that lies in the first directory of broker 1. */
const onA = (args: string, text: string, more: Partial<ScriptCase> = {}): ScriptCase => ({
  args,
  files: { 'on-a.json': plan(['{x}', 0, [1], ['{a1}']]), 'plan.json': text },
  before: ONE_ON_A,
  after: GONE,
  normalise: withoutStack,
  ...more,
})

const GENERATE = '--generate --topics-to-move-json-file {dir}/topics.json --broker-list'
const generate = (brokers: string, text: string, more: Partial<ScriptCase> = {}): ScriptCase => ({
  args: `${GENERATE} ${brokers}`,
  files: { 'topics.json': text },
  normalise: (stdout) => anyProposal(withoutStack(stdout)),
  ...more,
})

const CASES: ScriptCase[] = [
  // Generate.
  generate('1,2,3', topicsFile('Rstill')),
  generate('1,2', topicsFile('Rstill', 'Ralso')),
  generate('3,1,99 --disable-rack-aware', topicsFile('Ralso')),
  generate('1,2', '{"topics": [{"topic": "Rstill", "more": 1}]}'),
  generate('1,2', '{"version": 1}'),
  generate('1,2', topicsFile()),
  generate('2', topicsFile('Rstill')),
  generate('77,78', topicsFile('Rstill')),
  generate('1,x', topicsFile('Rstill')),
  generate('2,1,2,1,3', topicsFile('Rstill')),
  generate("''", topicsFile('Rstill')),
  generate('1,2', topicsFile('Rstill', 'b', 'a', 'Rstill', 'a', 'b')),
  generate('1,2', topicsFile('R-no-such-topic')),
  generate('1,2', '{"version": 2, "topics": []}'),
  generate('1,2', '{"version": "1", "topics": []}'),
  generate('1,2', '{"topics": {"a": [1, "b", null, true, 1.50]}}'),
  generate('1,2', '{"topics": ["Rstill"]}'),
  generate('1,2', '{"topics": ['),
  generate('1,2', ''),
  { args: '--generate --topics-to-move-json-file /no/such/file --broker-list 1', normalise: withoutStack },

  // Execute: what is refused before anything moves.
  withPlan('execute', plan()),
  withPlan('execute', '{"version": 1}'),
  withPlan('execute', ''),
  withPlan('execute', '   \n'),
  withPlan('execute', '{"version": 3, "partitions": []}'),
  withPlan('execute', plan(['Rstill', 0, []])),
  withPlan('execute', plan(['Rstill', 0, [1, 1, 2, 2]], ['Rstill', 1, [3, 3]])),
  withPlan(
    'execute',
    plan(['Rstill', 0, [1]], ['b', 1, [1]], ['Rstill', 0, [2]], ['a', 0, [1]], ['a', 0, [1]], ['b', 1, [2]]),
  ),
  withPlan('execute', plan(['Rstill', 0, [1, 19, 8]], ['Rstill', 1, [33, 4]])),
  withPlan('execute', plan(['Rstill', 7, [1]], ['Rstill', 9, [1]], ['Rstill', 0, [2]])),
  withPlan('execute', plan(['R-no-such-topic', 0, [1]])),
  withPlan('execute', plan(['Rstill', 0, [1, 2], ['any']])),
  withPlan('execute', plan(['Rstill', 0, ['1']])),
  withPlan('execute', '{"partitions": [{"topic": "Rstill", "partition": 0, "replicas": 1}]}'),
  withPlan('execute', '{"partitions": [{"topic": "Rstill", "partition": 0}]}'),
  withPlan('execute', '{"partitions": [{"topic": 1, "partition": 0, "replicas": [1]}]}'),
  withPlan('execute', '{"partitions": [{"topic": "Rstill", "partition": 4294967296, "replicas": [1]}]}'),
  withPlan('execute', '{"partitions": {"topic": "Rstill"}}'),
  withPlan('execute', '[1, 2]'),
  withPlan('execute', '{"partitions": [', { ownWords: true }),
  withPlan('execute', 'nonsense', { ownWords: true }),
  { args: '--execute --reassignment-json-file /no/such/file', normalise: withoutStack },
  withPlan('execute', plan(['Rstill', 0, [1, 2]]), {
    args: '--execute --reassignment-json-file {dir}/plan.json --timeout soon',
  }),
  withPlan('execute', plan(['Rstill', 0, [1, 2]]), {
    args: '--execute --reassignment-json-file {dir}/plan.json --throttle 1 --throttle 2',
  }),

  // Execute: moves.
  moved('--execute', plan(['{x}', 0, [2, 3]])),
  moved('--execute', plan(['{x}', 1, [3, 1]], ['{x}', 0, [2, 1]])),
  moved('--execute', `${plan(['{x}', 0, [3]])} and what else stands there`),
  moved('--execute', plan(['{x}', 0, [1, 2, 3]])),
  moved('--execute --disallow-replication-factor-change', plan(['{x}', 0, [1, 2, 3]], ['{x}', 1, [1, 2]])),
  moved('--execute --disallow-replication-factor-change', plan(['{x}', 0, [1, 3]])),
  moved('--execute --additional', plan(['{x}', 0, [3, 1]])),
  moved('--execute --throttle 50000000', plan(['{x}', 0, [3, 1]], ['{x}', 1, [2]]), {
    afterwards: [...DESCRIBED, 'configs --describe --topic {x}'],
  }),
  moved('--execute --throttle -5', plan(['{x}', 0, [3, 1]])),
  moved('--execute --throttle 0', plan(['{x}', 0, [2, 1]]), {
    release: UNTHROTTLED,
  }),
  moved(
    '--execute --replica-alter-log-dirs-throttle 70000000 --timeout 20000',
    plan(['{x}', 0, [3, 2], ['{b3}', 'any']]),
    {
      release: UNTHROTTLED,
    },
  ),
  moved(
    '--execute --throttle 80000000 --replica-alter-log-dirs-throttle 70000000 --timeout 20000',
    plan(['{x}', 0, [1, 2], ['{a1}', '{b2}']], ['{x}', 1, [2, 3], ['any', '{a3}']]),
    { release: UNTHROTTLED },
  ),

  // While something moves.
  moving('--list'),
  moving('--verify --reassignment-json-file {dir}/slow.json'),
  moving('--verify --reassignment-json-file {dir}/other.json', { normalise: withoutStack }),
  moving('--execute --reassignment-json-file {dir}/slow.json'),
  moving('--execute --reassignment-json-file {dir}/slow.json --additional --throttle 2048'),
  moving('--execute --reassignment-json-file {dir}/slow.json --additional --throttle 900000000', {
    release: [],
    afterwards: DESCRIBED,
  }),
  moving('--cancel --reassignment-json-file {dir}/slow.json', {
    afterwards: [...DESCRIBED, 'configs --describe --topic {x}'],
  }),
  moving('--cancel --reassignment-json-file {dir}/slow.json --preserve-throttles', {
    afterwards: [...DESCRIBED, 'configs --describe --topic {x}'],
  }),
  moving('--cancel --reassignment-json-file {dir}/other.json'),
  moving('--list --bootstrap-controller {controllers}', { withoutServer: true }),
  moving('--cancel --bootstrap-controller {controllers} --reassignment-json-file {dir}/slow.json', {
    withoutServer: true,
    afterwards: DESCRIBED,
  }),

  // Log directories.
  onA('--execute --reassignment-json-file {dir}/plan.json', plan(['{x}', 0, [1], ['{b1}']]), {
    afterwards: ['reassign-partitions --verify --preserve-throttles --reassignment-json-file {dir}/plan.json'],
  }),
  onA('--execute --reassignment-json-file {dir}/plan.json', plan(['{x}', 0, [1], ['/no/such/dir']])),
  onA('--execute --timeout 0 --reassignment-json-file {dir}/plan.json', plan(['{x}', 0, [1], ['{a1}']])),
  onA('--verify --reassignment-json-file {dir}/plan.json', plan(['{x}', 0, [1], ['{a1}']])),
  onA('--verify --reassignment-json-file {dir}/plan.json', plan(['{x}', 0, [1], ['{b1}']])),
  onA('--verify --reassignment-json-file {dir}/plan.json', plan(['{x}', 0, [1, 3], ['{a1}', '{b3}']])),
  onA('--cancel --reassignment-json-file {dir}/plan.json', plan(['{x}', 0, [1], ['{b1}']])),

  // Verify.
  withPlan('verify', plan(['Rstill', 0, [1, 2]], ['Ralso', 0, [2, 1]], ['Ralso', 1, [2, 3]])),
  withPlan('verify', plan(['Rstill', 0, [1, 2]], ['Ralso', 0, [1, 2]]), {
    args: '--verify --preserve-throttles --reassignment-json-file {dir}/plan.json',
  }),
  withPlan('verify', plan(['Rstill', 0, [1, 2]], ['Rstill', 0, [2, 1]])),
  withPlan('verify', plan()),
  withPlan('verify', plan(['R-no-such-topic', 0, [1]])),
  withPlan('verify', plan(['R-no-such-topic', 0, [1]], ['Rstill', 40, [1]]), {
    args: '--verify --preserve-throttles --reassignment-json-file {dir}/plan.json',
  }),
  withPlan('verify', plan(['Rstill', 0, [1, '2']])),
  { args: '--verify --reassignment-json-file /no/such/file', normalise: withoutStack },

  // Cancel and list.
  withPlan('cancel', plan(['Rstill', 0, [1, 2]], ['Ralso', 0, [1, 2]])),
  withPlan('cancel', plan(['Rstill', 0, [1, 2]]), {
    args: '--cancel --preserve-throttles --timeout 100 --reassignment-json-file {dir}/plan.json',
  }),
  withPlan('cancel', plan()),
  withPlan('cancel', plan(['R-no-such-topic', 0, [1]])),
  withPlan('cancel', plan(['Rstill', -1, [1]])),
  withPlan('cancel', ''),
  withPlan('cancel', plan(['Rstill', 0, [1, 2]]), {
    args: '--cancel --bootstrap-controller {controllers} --reassignment-json-file {dir}/plan.json',
    withoutServer: true,
  }),
  { args: '--list' },
  { args: '--list --bootstrap-controller {controllers}', withoutServer: true },
  { args: '--list --command-config {dir}/client.properties', files: { 'client.properties': 'client.id=mover\n' } },

  // The command line itself.
  { args: '--version' },
  { args: '--help', ownWords: true },
  { args: '', withoutServer: true, ownWords: true },
  { args: '', stderr: true },
  { args: '--list --execute', stderr: true },
  { args: '--lisst', ownWords: true },
  { args: '--list --bootstrap-controller {controllers}', stderr: true },
  { args: '--execute', stderr: true },
  { args: '--verify', stderr: true },
  { args: '--cancel', stderr: true },
  { args: '--generate', stderr: true },
  { args: '--generate --topics-to-move-json-file f', stderr: true },
  { args: '--execute --reassignment-json-file', ownWords: true },
  { args: '--generate --topics-to-move-json-file f --broker-list 1 --throttle 7', stderr: true },
  { args: '--generate --topics-to-move-json-file f --broker-list 1 --reassignment-json-file f', stderr: true },
  { args: '--execute --reassignment-json-file f --preserve-throttles', stderr: true },
  { args: '--execute --reassignment-json-file f --disable-rack-aware', stderr: true },
  { args: '--verify --reassignment-json-file f --timeout 5 --additional', stderr: true },
  { args: '--cancel --reassignment-json-file f --disallow-replication-factor-change', stderr: true },
  { args: '--list --timeout x', stderr: true },
  { args: '--list --replica-alter-log-dirs-throttle 1', stderr: true },
  {
    args: '--verify --bootstrap-controller {controllers} --reassignment-json-file f',
    withoutServer: true,
    stderr: true,
  },
  { args: '--list --command-config /no/such/file', ownWords: true },
]

const home = await apacheKafkaHome()

describe.skipIf(home === null)('kt reassign-partitions beside kafka-reassign-partitions.sh', () => {
  let cluster: ApacheCluster
  let bootstrapServers: string
  let admin: Admin
  const kt = (line: string, terminal = false) =>
    runCommand([...line.split(' '), '--bootstrap-server', bootstrapServers], { terminal, columns: 200 })
  const settled = () =>
    vi.waitFor(async () => expect(await admin.listPartitionReassignments()).toEqual([]), {
      timeout: 30_000,
      interval: 50,
    })

  beforeAll(async () => {
    cluster = await apacheCluster(home!)
    bootstrapServers = cluster.bootstrapServers.split(',')[0]!
    admin = createAdmin({ bootstrapServers: [bootstrapServers] })
    await kt('topics --create --if-not-exists --topic Rstill --replica-assignment 1:2,2:3,3:1')
    await kt('topics --create --if-not-exists --topic Ralso --replica-assignment 2:1,2:3')
    // Topics are there before their replicas have directories.
    const current = async () => (await kt(`topics --describe --topic R(still|also)`)).stdout
    await vi.waitFor(async () => expect((await current()).match(/Partition:/g)).toHaveLength(5), 10_000)
    const replicas = [1, 2].map((broker) => ({ topic: 'Ralso', partition: 0, broker }))
    const directories = async () => await admin.describeReplicaLogDirs(replicas)
    await vi.waitFor(async () => expect(JSON.stringify(await directories())).not.toContain('null,"future'), 10_000)
  })
  afterAll(async () => {
    await admin.close()
    await kt('topics --delete --topic R(still|also)')
  })

  it.each(CASES)('$args', async (given) => {
    const { logDirs, bootstrapControllers } = cluster
    const directories = Object.entries(logDirs).flatMap(([id, [a, b]]) => [
      [`a${id}`, a],
      [`b${id}`, b],
    ])
    const names = { controllers: bootstrapControllers, ...Object.fromEntries(directories) }
    const subject = { home: home!, script: 'kafka-reassign-partitions', command: 'reassign-partitions' }
    await compareWithScript({ ...subject, bootstrapServers, names, inTurns: settled }, given)
  })

  it('sets throttles on the brokers that take part, and takes them away', async () => {
    const rates = async (id: number) => {
      const broker: ConfigResource = { type: 'BROKER', name: String(id) }
      const [outcome] = await admin.describeConfigs([broker])
      const entries = outcome!.ok ? outcome!.value : []
      return RATES.map((name) => entries.find((entry) => entry.name === name)?.value ?? null)
    }
    const file = path.join(os.tmpdir(), `kt-reassign-${process.pid}.json`)
    fs.writeFileSync(file, plan(['Rstill', 0, [2, 1], [cluster.logDirs[2]![0], 'any']]))
    const end = `--reassignment-json-file ${file}`
    await kt(`reassign-partitions --execute --throttle 5000000 --replica-alter-log-dirs-throttle 6000000 ${end}`)
    await vi.waitFor(async () => expect(await rates(1)).toEqual(['5000000', '5000000', null]), 10_000)
    expect(await rates(2)).toEqual(['5000000', '5000000', '6000000'])
    const verify = async () => (await kt(`reassign-partitions --verify ${end}`)).stdout
    await vi.waitFor(async () => expect(await verify()).toContain('Clearing broker-level throttles'), 20_000)
    for (const id of [1, 2]) await vi.waitFor(async () => expect(await rates(id)).toEqual([null, null, null]), 10_000)
    await kt(`leader-election --election-type preferred --topic Rstill --partition 0`)
    fs.rmSync(file)
  })

  it('shows people where partitions go and how much is copied', async () => {
    const file = path.join(os.tmpdir(), `kt-reassign-people-${process.pid}.json`)
    fs.writeFileSync(file, plan(['Rpeople', 0, [3, 2]]))
    const end = `--reassignment-json-file ${file}`
    const people = async (action: string) => (await kt(`reassign-partitions ${action}`, true)).stdout
    await kt('topics --create --topic Rpeople --replica-assignment 1:2')
    await runCommand(['console-producer', '--topic', 'Rpeople', '--bootstrap-server', bootstrapServers], {
      input: RECORDS,
    })
    expect(await people(`--execute --throttle 1024 ${end}`)).toMatch(/Rpeople +0 +-1,2 +\+3,2 +1 copy to make/)
    await vi.waitFor(
      async () => expect(await people('--list')).toMatch(/Rpeople .* 3: \d+ %, [\d,]+ records to go/),
      20_000,
    )
    expect(await people(`--verify ${end}`)).toMatch(/Rpeople +0 +3,2,1 +3,2 +in progress, 3: \d+ %/)
    expect(await people(`--cancel ${end}`)).toContain('Cancelled the move of Rpeople-0.\nThrottles are off')
    await settled()
    expect(await people('--list')).toBe('Nothing is being moved.\n')
    await kt('topics --delete --topic Rpeople')
    fs.rmSync(file)
  })
})

const RATES = [
  'leader.replication.throttled.rate',
  'follower.replication.throttled.rate',
  'replica.alter.log.dirs.io.max.bytes.per.second',
]
