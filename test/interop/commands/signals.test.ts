/** Ctrl-C and `kill` while a load command is at work: exit code and last words of Apache's script and of `kt`. */
import { type ChildProcess, spawn } from 'node:child_process'
import * as path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type ApacheKafka,
  apacheKafkaHome,
  isBundledReferee,
  QUICK_JVM,
  startApacheKafka,
} from '../../support/apache-kafka.ts'
import { runCommand } from '../../support/run-command.ts'

const ROOT = path.resolve(import.meta.dirname, '../../..')
const MAIN = pathToFileURL(path.join(ROOT, 'src/cli/main.ts')).href
const PROGRAM = `import(${JSON.stringify(MAIN)}).then(({ main }) => main(process.argv.slice(1))).then((code) => { process.exitCode = code })`

interface Job {
  readonly command: string
  readonly args: string
  /** What stdout shows when it is at work. */
  readonly atWork: RegExp
  /** What `kt` says at the end beside the script, which says nothing: the figures so far. */
  readonly figures?: RegExp
  readonly needsShareGroups?: true
}

const ENDLESS = '--num-records 100000000'
const JOBS: readonly Job[] = [
  {
    command: 'producer-perf-test',
    args: `--topic Csig ${ENDLESS} --record-size 10 --throughput 100 --reporting-interval 200`,
    atWork: /records sent/,
    figures: /99\.9th\.\n$/,
  },
  {
    command: 'consumer-perf-test',
    args: `--topic Csig ${ENDLESS} --timeout 60000`,
    atWork: /start\.time/,
    figures: /^\d{4}-.*, \d/m,
  },
  {
    command: 'e2e-latency',
    args: '--topic Csig2 --num-records 10000000 --record-size 10 --producer-acks 1',
    atWork: /^0\t/m,
    figures: /Percentiles: /,
  },
  {
    command: 'share-consumer-perf-test',
    args: `--topic Csig --group {x} ${ENDLESS} --timeout 60000`,
    atWork: /start\.time/,
    figures: /^\d{4}-.*, \d/m,
    needsShareGroups: true,
  },
  { command: 'verifiable-producer', args: '--topic Csig3 --throughput 20', atWork: /producer_send_success/ },
  {
    command: 'verifiable-consumer',
    args: '--topic Csig --group-id {x} --reset-policy earliest',
    atWork: /offsets_committed/,
  },
  {
    command: 'verifiable-share-consumer',
    args: '--topic Csig --group-id {x} --offset-reset-strategy earliest',
    atWork: /startup_complete/,
    needsShareGroups: true,
  },
]

/** After the signal; the record that was under way when it came is a matter of chance. */
const eventsAfter = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => /"name":"(\w+)"/.exec(line)?.[1] ?? '')
    .filter((name) => /^(shutdown_|partitions_revoked|tool_data)/.test(name))

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly after: string
}

const LONGEST_MS = 60_000

/** Sends the signal as soon as the process is at work. */
async function interrupt(child: ChildProcess, atWork: RegExp, signal: NodeJS.Signals): Promise<Ended> {
  let text = ''
  let seen = -1
  const killer = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS)
  child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
    if (seen >= 0 || !atWork.test(text)) return
    seen = text.length
    child.kill(signal)
  })
  const [code, killed] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.once('close', (...how) => resolve(how)),
  )
  clearTimeout(killer)
  return { code, signal: killed, after: text.slice(Math.max(0, seen)) }
}

const home = await apacheKafkaHome()

describe.skipIf(home === null)('an interrupted load command beside its script', () => {
  let kafka: ApacheKafka
  let number = 0
  const kt = (line: string, input?: string) => {
    const [command, ...rest] = line.split(' ')
    return runCommand([command!, '--bootstrap-server', kafka.bootstrapServers, ...rest], { input })
  }
  beforeAll(async () => {
    kafka = await startApacheKafka(home!)
    for (const topic of ['Csig', 'Csig2', 'Csig3']) await kt(`topics --create --if-not-exists --topic ${topic}`)
    await kt('console-producer --topic Csig', 'a\n'.repeat(1_000))
  })
  afterAll(async () => {
    await kt('topics --delete --if-exists --topic Csig.*')
    await kafka.stop()
  })

  const words = (args: string): string[] =>
    ['--bootstrap-server', kafka.bootstrapServers, ...args.split(' ')].map((word) =>
      word.replace('{x}', `Csig-${process.pid}-${++number}`),
    )
  const stdio = ['ignore', 'pipe', 'ignore'] as const
  const jobs = JOBS.filter(({ needsShareGroups }) => !(isBundledReferee() && needsShareGroups === true))
  const cases = jobs.flatMap((job) => (['SIGINT', 'SIGTERM'] as const).map((signal) => ({ ...job, signal })))

  it.each(cases)('$command, $signal', async ({ command, args, atWork, figures, signal }) => {
    const script = path.join(home!, 'bin', `kafka-${command}.sh`)
    const env = { ...process.env, ...QUICK_JVM }
    const theirs = await interrupt(spawn(script, words(args), { stdio: [...stdio], env }), atWork, signal)
    const line = ['--import', 'tsx', '-e', PROGRAM, '--', command, ...words(args)]
    const ours = await interrupt(spawn(process.execPath, line, { stdio: [...stdio], cwd: ROOT }), atWork, signal)
    expect(ours).toMatchObject({ code: theirs.code, signal: null })
    if (figures === undefined) expect(eventsAfter(ours.after)).toEqual(eventsAfter(theirs.after))
    else expect(ours.after).toMatch(figures)
  })
})
