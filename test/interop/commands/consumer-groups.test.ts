/** `kt consumer-groups` and Apache's script over the same groups: tables, order of rows, messages and exit codes. */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ApacheKafka, apacheKafkaHome, startApacheKafka } from '../../support/apache-kafka.ts'
import { compareWithScript, type ScriptCase } from '../../support/compare-with-script.ts'
import { type CommandResult, runCommand } from '../../support/run-command.ts'

const plans = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-plans-'))
const plan = (name: string, text: string): string => {
  fs.writeFileSync(path.join(plans, name), text)
  return path.join(plans, name)
}
const ONE_GROUP = plan('one.csv', '"Hg-three",0,1\nHg-three,1,99\n')
const TWO_GROUPS = plan('two.csv', 'Hg-idle,Hg-three,0,1\nHg-other,Hg-three,1,2\n')

const CLIENT = plan('client.properties', 'request.timeout.ms=20000\n')

const RESET = '--reset-offsets --group Hg-idle --dry-run'
const OWN_GROUP = [`consumer-groups --reset-offsets --group {x} --topic Hg-three --to-latest --execute`]
const NO_GROUP = ['consumer-groups --delete --group {x}']

/** Sessions and epochs differ from moment to moment; two reads of one live group do not, unless it moves between them. */
const CASES: ScriptCase[] = [
  // Other tests' groups come and go on a shared cluster: only the tests' own lines are compared.
  { args: '--list', normalise: (text) => ownLines(text), busy: true },
  { args: '--list --state', normalise: (text) => squeeze(ownLines(text)), busy: true },
  { args: '--list --type classic', normalise: (text) => squeeze(ownLines(text)), busy: true },
  { args: '--list --state=empty --type', normalise: (text) => squeeze(ownLines(text)), busy: true },
  { args: '--list --state bogus' },
  { args: '--list --type bogus' },
  { args: '--describe --group Hg-idle' },
  { args: '--describe --group Hg-idle --verbose' },
  { args: '--describe --group Hg-idle --members' },
  { args: '--describe --group Hg-idle --members --verbose' },
  { args: '--describe --group Hg-idle --state' },
  { args: '--describe --group Hg-idle --state --verbose' },
  { args: '--describe --group Hg-live --group Hg-idle' },
  { args: '--describe --group Hg-live --members --verbose' },
  { args: '--describe --group Hg-live --state --verbose' },
  { args: '--describe --group Hg-nobody' },

  { args: `${RESET} --topic Hg-three --to-earliest` },
  { args: `${RESET} --topic Hg-three:0,2 --topic ${'Hg-long-'.repeat(4)}topic --to-latest --export` },
  { args: `--reset-offsets --group Hg-idle --group Hg-other --dry-run --topic Hg-three:0,1 --to-latest --export` },
  { args: `--reset-offsets --group Hg-idle --group Hg-other --dry-run --topic Hg-three:0,1 --to-latest` },
  { args: `${RESET} --topic Hg-three:0 --to-offset 100` },
  { args: `${RESET} --topic Hg-three:0 --to-offset -5` },
  { args: `${RESET} --all-topics --to-current` },
  { args: `${RESET} --all-topics --shift-by -1` },
  { args: `${RESET} --topic Hg-three --to-datetime 2020-01-01T00:00:00.000` },
  { args: `${RESET} --topic Hg-three:0 --to-datetime 2050-01-01T00:00:00.000+02:00` },
  { args: `${RESET} --topic Hg-three:0 --by-duration P1DT1H` },
  { args: `${RESET} --from-file ${ONE_GROUP}` },
  { args: `--reset-offsets --group Hg-idle --group Hg-other --dry-run --from-file ${TWO_GROUPS}` },
  { args: `--reset-offsets --group Hg-nobody --dry-run --from-file ${TWO_GROUPS}` },
  { args: '--reset-offsets --group Hg-live --topic Hg-three --to-earliest --dry-run' },
  {
    args: '--reset-offsets --group {x} --topic Hg-three:1 --to-offset 1 --execute',
    before: OWN_GROUP,
    afterwards: ['consumer-groups --describe --group {x}'],
    after: NO_GROUP,
  },
  { args: `${RESET} --topic Hg-three:0 --to-datetime nope` },
  { args: `${RESET} --topic Hg-three:0 --to-datetime 2020-13-01T00:00:00.000` },
  { args: `${RESET} --topic Hg-three:0 --by-duration 5x` },
  { args: `${RESET} --topic Hg-nothing --to-earliest` },
  { args: `${RESET} --topic Hg-nothing:0 --to-earliest` },
  { args: `${RESET} --topic Hg-three:9 --to-earliest` },
  { args: `${RESET} --topic Hg-three:x --to-earliest`, stderr: true },
  { args: `${RESET} --to-earliest`, stderr: true },
  { args: `${RESET} --from-file /nowhere.csv` },

  { args: '--delete-offsets --group {x} --topic Hg-three:0', before: OWN_GROUP, after: NO_GROUP },
  {
    args: '--delete-offsets --group {x} --topic Hg-three --topic Hg-nothing',
    before: OWN_GROUP,
    after: NO_GROUP,
    afterwards: ['consumer-groups --describe --group {x}'],
  },
  { args: '--delete-offsets --group Hg-nobody --topic Hg-three' },
  { args: '--delete-offsets --group Hg-live --topic Hg-three' },
  { args: '--delete --group {x}', before: OWN_GROUP },
  { args: '--delete --group Hg-nobody --group Hg-live' },

  { args: '--describe --all-groups --state', normalise: (text) => squeeze(stateLines(text)), busy: true },
  { args: '--describe --group Hg-idle --timeout 20000' },
  { args: `--describe --group Hg-idle --command-config ${CLIENT}` },
  { args: '--describe --all-groups --group Hg-idle' },
  { args: '--delete --all-groups --topic Hg-three', stderr: true },
  { args: '--reset-offsets --all-groups --topic Hg-three --to-earliest --to-latest --dry-run', stderr: true },
  { args: '--version' },
  { args: '--help', ownWords: true },

  { args: '', ownWords: true },
  // The script names the options of its sets in an order of chance.
  { args: '--describe' },
  { args: '--describe --group g --members --state', stderr: true },
  { args: '--describe --group g --state stable', stderr: true },
  { args: '--list --describe --group x', stderr: true },
  { args: '--list --members' },
  { args: '--delete --group g --topic x', stderr: true },
  { args: '--reset-offsets --group g --topic t --to-earliest --dry-run --execute' },
  { args: "--validate-regex 'foo.*'", withoutServer: true },
  { args: "--validate-regex 'foo(?=x)'", withoutServer: true },
]

function ownLines(text: string): string {
  return text
    .split('\n')
    .filter((line) => /^(Hg-|GROUP)/.test(line))
    .join('\n')
}
/** Two groups whose state does not change, each with the table it stands in. */
function stateLines(text: string): string {
  return text
    .split('\n')
    .filter((line) => /^Hg-(idle|live)/.test(line))
    .sort()
    .join('\n')
}
const squeeze = (text: string): string => text.replace(/ +/g, ' ')

const home = await apacheKafkaHome()

describe.skipIf(home === null)('consumer-groups beside kafka-consumer-groups.sh', () => {
  let kafka: ApacheKafka
  const ending = new AbortController()
  let member: Promise<CommandResult>

  const kt = (line: string, options = {}): Promise<CommandResult> => {
    const [command, ...rest] = line.split(' ')
    return runCommand([command!, '--bootstrap-server', kafka.bootstrapServers, ...rest], options)
  }
  const must = async (line: string, input = ''): Promise<CommandResult> => {
    const result = await kt(line, { input })
    expect(result.code, result.stdout + result.stderr).toBe(0)
    return result
  }

  async function until(view: string, isReady: (text: string) => boolean): Promise<void> {
    for (let tries = 0; tries < 100; tries++) {
      if (isReady((await kt(`consumer-groups --describe --group Hg-live ${view}`)).stdout)) return
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    throw new Error(`Hg-live did not get ready (${view})`)
  }

  beforeAll(async () => {
    kafka = await startApacheKafka(home!)
    await must('topics --create --topic Hg-three --partitions 3 --if-not-exists')
    await must(`topics --create --topic ${'Hg-long-'.repeat(4)}topic --partitions 5 --if-not-exists`)
    await must(
      'console-producer --topic Hg-three --reader-property parse.key=true',
      '1\ta\n2\tb\n3\tc\n4\td\n5\te\n6\tf\n',
    )
    for (const group of ['Hg-idle', 'Hg-other']) {
      await must(`consumer-groups --reset-offsets --group ${group} --topic Hg-three --to-earliest --execute`)
    }
    member = kt('console-consumer --topic Hg-three --group Hg-live --from-beginning', { signal: ending.signal })
    await until('--members', (text) => /Hg-live .* 3 /.test(text))
    // Its first commit comes with the interval: until then the offsets would move between the two reads.
    await until('--offsets', (text) => !/Hg-three +\d +(-|0) /.test(text))
  })
  afterAll(async () => {
    fs.rmSync(plans, { recursive: true })
    if (kafka === undefined) return
    ending.abort('SIGTERM')
    await member
    await kt('consumer-groups --delete --group Hg-live --group Hg-idle --group Hg-other')
    await kt('topics --delete --topic Hg-.*')
    await kafka.stop()
  })

  it.concurrent.each(CASES.map((each) => [each.args.slice(0, 110), each] as const))('%s', async (_, given) => {
    const { bootstrapServers } = kafka
    const subject = { home: home!, script: 'kafka-consumer-groups', command: 'consumer-groups', bootstrapServers }
    await compareWithScript(subject, given)
  })
})
