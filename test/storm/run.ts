/**
 * `npm run storm -- --seed S --events N`: one long storm, and what came of it. Ends with 1 when a promise was broken, and
 * then says where to look.
 */
import { parseArgs } from 'node:util'
import { hasPythonModule } from '../interop/foreign-clients/tools.ts'
import { runStorm, type StormReport } from './storm.ts'

const { values: flags } = parseArgs({
  options: {
    /** Left out: any. */
    seed: { type: 'string' },
    events: { type: 'string', default: '100' },
    /** Records per second of each writer. */
    rate: { type: 'string', default: '200' },
    /** Other people's clients: python, java, both, none. */
    foreign: { type: 'string', default: 'both' },
    help: { type: 'boolean', short: 'h' },
  },
})

if (flags.help === true) {
  process.stdout.write('npm run storm -- [--seed N] [--events 100] [--rate 200] [--foreign python|java|both|none]\n')
  process.exit(0)
}

function summary({
  seed,
  blows,
  durationMs,
  writers,
  records,
  groups,
  replicasCompared,
  topicsMade,
  violations,
}: StormReport): string {
  const kinds = new Map<string, number>()
  for (const { role, fault } of blows) kinds.set(`${fault} ${role}`, (kinds.get(`${fault} ${role}`) ?? 0) + 1)
  const broken = new Map<string, number>()
  for (const { kind } of violations) broken.set(kind, (broken.get(kind) ?? 0) + 1)
  const list = (counts: ReadonlyMap<string, number>): string =>
    [...counts].map(([name, count]) => `${name} ${count}`).join(', ')
  return [
    `seed ${seed}: ${blows.length} events in ${(durationMs / 1_000).toFixed(0)} s: ${list(kinds)}`,
    `${records} records acknowledged`,
    ...writers.map(
      ({ name, acknowledged, longestGapMs }) =>
        `  writer ${NAMES[name] ?? name}: ${acknowledged}, longest gap ${(longestGapMs / 1_000).toFixed(1)} s`,
    ),
    `groups that read along: ${groups.join(', ')}; partitions compared on disk: ${replicasCompared}; topics made: ${topicsMade}`,
    violations.length === 0
      ? 'nothing missing, nothing duplicated, nothing out of order, nothing missed; replicas are equal'
      : `BROKEN: ${list(broken)}`,
  ].join('\n')
}

const NAMES: Readonly<Record<string, string>> = { 1: 'kt', 2: 'librdkafka', 3: 'Java' }
const MAX_SHOWN = 20

function details({ blows, violations, evidence, directory }: StormReport): string {
  return [
    ...violations.slice(0, MAX_SHOWN).map(({ kind, text }) => `  ${kind}: ${text}`),
    ...(violations.length > MAX_SHOWN ? [`  and ${violations.length - MAX_SHOWN} more`] : []),
    'the records concerned:',
    ...evidence.map((line) => `  ${line}`),
    'events:',
    ...blows.map(
      ({ atMs, undoneAtMs, fault, role, nodeId }) =>
        `  ${atMs.toFixed(0)} to ${undoneAtMs?.toFixed(0) ?? '?'} ms: ${fault} ${role} ${nodeId}`,
    ),
    `kept: ${directory} (storm.json, home/clusters/local/node-N/server.log and data)`,
  ].join('\n')
}

const seed = flags.seed === undefined ? Math.floor(Math.random() * 1e6) : Number(flags.seed)
process.stdout.write(`seed ${seed}, ${flags.events} events\n`)
const report = await runStorm({
  seed,
  events: Number(flags.events),
  recordsPerSecond: Number(flags.rate),
  foreign: {
    python: flags.foreign !== 'none' && flags.foreign !== 'java' && hasPythonModule('confluent_kafka'),
    java: flags.foreign === 'both' || flags.foreign === 'java',
  },
  onProgress: (line) => process.stdout.write(`${line}\n`),
})
process.stdout.write(`\n${summary(report)}\n`)
if (report.violations.length > 0) process.stdout.write(`${details(report)}\n`)
process.exit(report.violations.length === 0 ? 0 : 1)
