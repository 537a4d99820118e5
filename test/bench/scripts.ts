/** Figures of the commands that mirror scripts: how soon they are done, and how fast they read much. */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { offsetCommit } from '../../src/protocol/messages/08-offset-commit.ts'
import { findCoordinator } from '../../src/protocol/messages/10-find-coordinator.ts'
import { encodeBatch } from '../../src/protocol/records/record.ts'
import type { Figure, Result } from './figures.ts'
import { createTopic, RawConnection } from './load.ts'
import { inTurn, seconds } from './measure.ts'
import type { Sides } from './sides.ts'

const atMost = (value: number) => ({ at: '<=', value }) as const
const atLeast = (value: number) => ({ at: '>=', value }) as const
const ms = (value: number): string => `${(value * 1000).toFixed(0)} ms`
const ROUNDS = 5

/** Commands that ask and answer, as people type them; `{server}` and `{file}` are put in. */
const QUESTIONS: readonly (readonly [string, string])[] = [
  ['topics', '--bootstrap-server {server} --describe'],
  ['configs', '--bootstrap-server {server} --entity-type brokers --entity-name 1 --describe'],
  ['consumer-groups', '--bootstrap-server {server} --list'],
  ['get-offsets', '--bootstrap-server {server}'],
  ['log-dirs', '--bootstrap-server {server} --describe'],
  ['leader-election', '--bootstrap-server {server} --election-type preferred --all-topic-partitions'],
  ['reassign-partitions', '--bootstrap-server {server} --list'],
  ['metadata-quorum', '--bootstrap-server {server} describe --status'],
  ['features', '--bootstrap-server {server} describe'],
  ['broker-api-versions', '--bootstrap-server {server}'],
  ['cluster', 'cluster-id --bootstrap-server {server}'],
  ['groups', '--bootstrap-server {server} --list'],
  ['storage', 'random-uuid'],
  ['dump-log', '--files {file}'],
]

interface Timed {
  readonly name: string
  readonly kt: number
  readonly script: number | null
}

async function timedQuestion(sides: Sides, name: string, line: string, file: string): Promise<Timed> {
  const args = line.replace('{server}', sides.kt.bootstrapServers).replace('{file}', file).split(' ')
  const { kt } = await inTurn(ROUNDS, {
    kt: () => seconds({ command: sides.node, args: [sides.ktBin, name, ...args] }),
  })
  if (sides.script === null) return { name, kt, script: null }
  const command = sides.script(`kafka-${name}`)
  const { script } = await inTurn(1, { script: () => seconds({ command, args }) })
  return { name, kt, script }
}

/** The slowest of all: a figure that holds for it holds for each. */
const questions: Figure = {
  name: 'questions',
  async run(sides) {
    const file = path.join(sides.directory, '00000000000000000000.log')
    fs.writeFileSync(file, encodeBatch([{ timestamp: 0, key: null, value: Buffer.from('value') }], {}))
    const { node } = await inTurn(ROUNDS, { node: () => seconds({ command: sides.node, args: ['-e', '0'] }) })
    const timed: Timed[] = []
    for (const [name, line] of QUESTIONS) timed.push(await timedQuestion(sides, name, line, file))
    const slowest = timed.reduce((one, other) => (other.kt > one.kt ? other : one))
    const results: Result[] = [
      {
        figure: 'slowest of the commands that ask / node -e 0',
        value: slowest.kt / node,
        unit: 'x',
        target: atMost(4),
        detail: timed.map(({ name, kt }) => `${name} ${(kt / node).toFixed(1)}`).join(', '),
      },
    ]
    const compared = timed.filter(({ script }) => script !== null)
    if (compared.length === 0) return results
    const ratio = ({ kt, script }: Timed): number => script! / kt
    const least = compared.reduce((one, other) => (ratio(other) < ratio(one) ? other : one))
    results.push({
      figure: 'script / command that asks, where least is gained',
      value: ratio(least),
      unit: 'x',
      target: atLeast(12),
      detail: compared.map((each) => `${each.name} ${ratio(each).toFixed(0)}`).join(', '),
    })
    return results
  },
}

/** What runs without a cluster, at every tab key. */
const help: Figure = {
  name: 'help',
  async run({ node, ktBin }) {
    const run = (args: readonly string[]) => () => seconds({ command: node, args: [ktBin, ...args] })
    const times = await inTurn(ROUNDS, {
      node: () => seconds({ command: node, args: ['-e', '0'] }),
      help: run(['--help']),
      completion: run(['completion', 'bash']),
    })
    return (['help', 'completion'] as const).map((name) => ({
      figure: `kt ${name === 'help' ? '--help' : 'completion bash'} / node -e 0`,
      value: times[name] / times.node,
      unit: 'x',
      target: atMost(2),
      detail: `${ms(times[name])} / ${ms(times.node)}`,
    }))
  },
}

const DUMPED_BYTES = 1024 ** 3
const BATCH_BYTES = 16_384
const VALUE_BYTES = 100

/** One segment, as a broker writes it. */
function writeSegment(file: string): void {
  const values = Array.from({ length: BATCH_BYTES / VALUE_BYTES }, (_, index) =>
    Buffer.alloc(VALUE_BYTES, `record ${index} of the dump, `),
  )
  const batch = encodeBatch(
    values.map((value, index) => ({ timestamp: 1_700_000_000_000 + index, key: null, value })),
    {},
  )
  const fd = fs.openSync(file, 'w')
  for (let bytes = 0, offset = 0n; bytes < DUMPED_BYTES; bytes += batch.length) {
    // Outside what the CRC covers.
    batch.writeBigInt64BE(offset, 0)
    offset += BigInt(values.length)
    fs.writeSync(fd, batch)
  }
  fs.closeSync(fd)
}

/** Every record of a segment of 1 GiB. */
const dumpLog: Figure = {
  name: 'dump-log',
  async run(sides) {
    if (sides.script === null) return []
    const file = path.join(sides.directory, '00000000000000000000.log')
    writeSegment(file)
    const args = ['--deep-iteration', '--files', file]
    const kt = await seconds({ command: sides.node, args: [sides.ktBin, 'dump-log', ...args] })
    const script = await seconds({ command: sides.script('kafka-dump-log'), args })
    fs.rmSync(file)
    return [
      {
        figure: 'dump-log --deep-iteration of 1 GiB: script / kt',
        value: script / kt,
        unit: 'x',
        target: atLeast(2),
        detail: `${ms(script)} / ${ms(kt)}`,
      },
    ]
  },
}

const GROUPS = 1_000
const GROUP_PARTITIONS = 10

/** Groups that have committed and left. */
async function commitGroups(address: string, topic: string): Promise<void> {
  const connection = await RawConnection.connect(address)
  await createTopic(connection, topic, GROUP_PARTITIONS)
  const partitions = Array.from({ length: GROUP_PARTITIONS }, (_, partitionIndex) => ({
    partitionIndex,
    committedOffset: 0n,
  }))
  for (let at = 0; at < GROUPS; ) {
    const groupId = `${topic}-${at}`
    await connection.request(findCoordinator, 3, { key: groupId, keyType: 0 })
    const answer = await connection.request(offsetCommit, 8, {
      groupId,
      generationIdOrMemberEpoch: -1,
      topics: [{ name: topic, partitions }],
    })
    // The coordinator's partitions are made at the first question, and lead a moment later.
    if (answer.topics[0]!.partitions.every(({ errorCode }) => errorCode === 0)) at++
  }
  connection.close()
}

/** All offsets and lags of a thousand groups. */
const allGroups: Figure = {
  name: 'all-groups',
  async run(sides) {
    if (sides.script === null) return []
    await commitGroups(sides.kt.bootstrapServers, 'bench-groups')
    const args = ['--bootstrap-server', sides.kt.bootstrapServers, '--describe', '--all-groups']
    const kt = await inTurn(2, {
      kt: () => seconds({ command: sides.node, args: [sides.ktBin, 'consumer-groups', ...args] }),
    })
    const script = await seconds({ command: sides.script('kafka-consumer-groups'), args })
    return [
      {
        figure: 'consumer-groups --describe --all-groups, 1,000 x 10: script / kt',
        value: script / kt.kt,
        unit: 'x',
        target: atLeast(3),
        detail: `${ms(script)} / ${ms(kt.kt)}`,
      },
    ]
  },
}

export const SCRIPT_FIGURES: readonly Figure[] = [questions, help, dumpLog, allGroups]
