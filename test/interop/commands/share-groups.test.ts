/** `kt share-groups` and Apache's script over the same groups, one of them with a member of Apache's. */
import { type ChildProcess, spawn } from 'node:child_process'
import * as path from 'node:path'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import {
  type ApacheKafka,
  apacheKafkaHome,
  isBundledReferee,
  QUICK_JVM,
  startApacheKafka,
} from '../../support/apache-kafka.ts'
import { compareWithScript, type ScriptCase, sortLines } from '../../support/compare-with-script.ts'
import { type CommandResult, runCommand } from '../../support/run-command.ts'

/** Other cases' groups come and go; a column is as wide as the longest name. */
const ownLines = (text: string): string =>
  text
    .split('\n')
    .filter((line) => /^(GROUP|Gsh-)/.test(line))
    .map((line) => line.replace(/ +/g, ' '))
    .join('\n')
const seen = { normalise: ownLines, busy: true }
const OWN = ['share-groups --reset-offsets --group {x} --topic Gsh-topic --to-earliest --execute']
const GONE = ['share-groups --delete --group {x}']
const own = (args: string, more: Partial<ScriptCase> = {}): ScriptCase => ({ args, before: OWN, after: GONE, ...more })
const DESCRIBE = ['share-groups --describe --group {x} --verbose']
const RESET = '--reset-offsets --group {x}'

const CASES: ScriptCase[] = [
  { args: '--list', ...seen },
  { args: '--list --state', ...seen },
  { args: '--list --state stable', ...seen },
  { args: '--list --state=EMPTY,stable', ...seen },
  { args: '--list --state bogus', stderr: true, normalise: (text) => text.replace(/(states are: ).*/, '$1STATES') },
  { args: '--list --timeout 20000 --command-config /dev/null', ...seen },
  { args: '--describe --group Gsh-live' },
  { args: '--describe --group Gsh-live --offsets --verbose' },
  { args: '--describe --group Gsh-live --members' },
  { args: '--describe --group Gsh-live --members --verbose' },
  { args: '--describe --group Gsh-live --state' },
  { args: '--describe --group Gsh-live --state --verbose' },
  own('--describe --group {x}'),
  own('--describe --group {x} --verbose'),
  own('--describe --group {x} --members'),
  own('--describe --group {x} --state'),
  own('--describe --group {x} --group Gsh-live --state', { normalise: sortLines }),
  { args: '--describe --all-groups --state', normalise: ownLines, busy: true },
  { args: '--describe --group Gsh-nobody' },
  { args: '--describe --group Gsh-nobody --members' },
  { args: '--describe --group Gsh-nobody --state --verbose' },
  { args: '--describe', stderr: true },
  { args: '--describe --group a --members --state', stderr: true },
  { args: '--describe --group a --state b', stderr: true },
  { args: '--describe --group a --all-groups', stderr: true },
  { args: '--describe --group a --topic b', stderr: true },

  own(`${RESET} --topic Gsh-topic --to-latest --execute`, { before: [], afterwards: DESCRIBE }),
  own(`${RESET} --topic Gsh-topic:1 --to-latest --execute`, { afterwards: DESCRIBE }),
  own(`${RESET} --all-topics --to-latest --execute`, { afterwards: DESCRIBE }),
  own(`${RESET} --topic Gsh-topic --topic Gsh-other:0 --to-earliest --dry-run`),
  own(`${RESET} --topic Gsh-topic --to-datetime 2020-01-01T00:00:00.000 --dry-run`),
  own(`${RESET} --topic Gsh-topic --to-datetime 2050-01-01T00:00:00.000Z --dry-run`, { normalise: sortLines }),
  own(`${RESET} --topic Gsh-topic --to-datetime nope --dry-run`),
  own(`${RESET} --topic Gsh-topic:9 --to-latest --dry-run`),
  own(`${RESET} --topic Gsh-topic:x --to-latest --dry-run`, { stderr: true }),
  own(`${RESET} --topic Gsh-nothing --to-latest --dry-run`),
  own(`${RESET} --topic Gsh-nothing:0 --to-latest --dry-run`),
  { args: '--reset-offsets --group Gsh-nobody --topic Gsh-topic --to-latest --dry-run' },
  { args: '--reset-offsets --group Gsh-nobody --all-topics --to-latest --dry-run' },
  { args: '--reset-offsets --group Gsh-live --topic Gsh-topic --to-latest --execute', stderr: true },
  { args: '--reset-offsets --group a --topic b --to-latest', stderr: true },
  { args: '--reset-offsets --group a --topic b --to-latest --execute --dry-run', stderr: true },
  { args: '--reset-offsets --topic b --to-latest --execute', stderr: true },
  { args: '--reset-offsets --group a --to-latest --execute', stderr: true },
  { args: '--reset-offsets --group a --topic b --execute', stderr: true },
  { args: '--reset-offsets --group a --topic b --execute --to-latest --to-earliest', stderr: true },

  own('--delete-offsets --group {x} --topic Gsh-topic', { afterwards: ['share-groups --describe --group {x}'] }),
  own('--delete-offsets --group {x} --topic Gsh-topic --topic Gsh-nothing'),
  { args: '--delete-offsets --group Gsh-nobody --topic Gsh-topic' },
  { args: '--delete-offsets --group Gsh-live --topic Gsh-topic' },
  { args: '--delete-offsets --group a', stderr: true },
  { args: '--delete-offsets --topic a', stderr: true },
  { args: '--delete --group {x}', before: OWN },
  { args: '--delete --group {x} --group Gsh-nobody', before: OWN },
  { args: '--delete --group Gsh-live' },
  { args: '--delete --group Gsh-nobody' },
  { args: '--delete', stderr: true },
  { args: '--delete --group a --all-groups', stderr: true },
  { args: '--delete --group a --topic b', stderr: true },

  { args: '--list --group a', stderr: true },
  { args: '--list --topic a', stderr: true },
  { args: '--list --describe --group a', stderr: true },
  { args: '', stderr: true },
  { args: '--members --list', ownWords: true },
  { args: '--nonsense', ownWords: true },
  { args: '--version' },
  { args: '--help', ownWords: true },
]

const home = await apacheKafkaHome()

describe.skipIf(home === null)('kt share-groups beside kafka-share-groups.sh', () => {
  let kafka: ApacheKafka
  let member: ChildProcess

  beforeAll(async () => {
    kafka = await startApacheKafka(home!)
    const server = ['--bootstrap-server', kafka.bootstrapServers]
    const kt = (line: string, input = ''): Promise<CommandResult> => {
      const [command, ...rest] = line.split(' ')
      return runCommand([command!, ...server, ...rest], { input })
    }
    await kt('topics --create --if-not-exists --topic Gsh-topic --partitions 2')
    await kt('topics --create --if-not-exists --topic Gsh-other --partitions 2')
    await kt('console-producer --topic Gsh-topic --reader-property parse.key=true', 'a\t1\nb\t2\nc\t3\n')
    // Nobody can join a share group there.
    if (isBundledReferee()) return
    const script = path.join(home!, 'bin', 'kafka-console-share-consumer.sh')
    member = spawn(script, [...server, '--topic', 'Gsh-topic', '--group', 'Gsh-live'], {
      stdio: 'ignore',
      env: { ...process.env, ...QUICK_JVM },
    })
    const offsets = async () => (await kt('share-groups --describe --group Gsh-live')).stdout
    await vi.waitFor(async () => expect(await offsets()).toMatch(/Gsh-topic/), { timeout: 60_000, interval: 500 })
    return async () => {
      member.kill('SIGKILL')
      await kafka.stop()
    }
  })

  it.concurrent.each(CASES)('$args', async (given) => {
    const { bootstrapServers } = kafka
    const needs = ['cannot answer ShareGroupDescribe requests', 'cannot answer DeleteShareGroupOffsets requests']
    const subject = { home: home!, script: 'kafka-share-groups', command: 'share-groups', bootstrapServers, needs }
    await compareWithScript(subject, given)
  })
})
