/** `kt streams-application-reset` and Apache's script: what is said, committed and deleted. */
import { beforeAll, describe, it } from 'vitest'
import { type ApacheKafka, apacheKafkaHome, startApacheKafka } from '../../support/apache-kafka.ts'
import { compareWithScript, type ScriptCase } from '../../support/compare-with-script.ts'
import { type CommandResult, runCommand } from '../../support/run-command.ts'

const APP = '--application-id {x}'
const INPUT = `${APP} --input-topics Gsr-in`
const OFFSETS = ['consumer-groups --describe --group {x}']
const GONE = ['consumer-groups --delete --group {x}']
const COMMITTED = ['consumer-groups --reset-offsets --group {x} --topic Gsr-in --to-offset 1 --execute']
const own = (args: string, more: Partial<ScriptCase> = {}): ScriptCase => ({
  args,
  afterwards: OFFSETS,
  after: GONE,
  ...more,
})
const INTERNAL = ['{x}-store-changelog', '{x}-by-key-repartition']
/** The order of names hangs on the side's own name. */
const sortedList = (text: string): string =>
  text.replace(/topics \[(.*)\]/, (_, list: string) => `topics [${list.split(', ').sort().join(', ')}]`)
const withTopics = (args: string, more: Partial<ScriptCase> = {}): ScriptCase => ({
  args,
  normalise: sortedList,
  before: INTERNAL.map((topic) => `topics --create --topic ${topic}`),
  afterwards: INTERNAL.map((topic) => `topics --describe --topic ${topic} --if-exists`),
  after: INTERNAL.map((topic) => `topics --delete --if-exists --topic ${topic}`),
  ...more,
})
const wrong = (args: string): ScriptCase => ({ args, stderr: true })

const CASES: ScriptCase[] = [
  own(INPUT),
  own(`${INPUT} --to-earliest`),
  own(`${INPUT} --to-latest`),
  own(`${INPUT} --dry-run`, { afterwards: [] }),
  own(`${APP} --input-topics Gsr-in,Gsr-other --to-latest`),
  own(`${APP} --input-topics Gsr-in --input-topics Gsr-other --to-latest`),
  own(`${INPUT} --to-offset 1`),
  own(`${INPUT} --to-offset 0`),
  own(`${INPUT} --to-offset 99`),
  own(`${INPUT} --shift-by 1`, { before: COMMITTED }),
  own(`${INPUT} --shift-by -1`),
  own(`${INPUT} --shift-by -99`),
  own(`${INPUT} --to-datetime 2020-01-01T00:00:00.000`),
  own(`${INPUT} --to-datetime 2050-01-01T00:00:00.000`),
  own(`${INPUT} --by-duration P1D`),
  own(`${INPUT} --by-duration PT0S`),
  own(`${INPUT} --from-file {dir}/plan.csv`, { files: { 'plan.csv': 'Gsr-in,0,1\nGsr-in,1,1\n' } }),
  own(`${APP} --intermediate-topics Gsr-other`),
  own(`${APP} --input-topics Gsr-in --intermediate-topics Gsr-other --to-offset 1`),
  own(`${APP} --input-topics Gsr-nothing`, { afterwards: [] }),
  own(`${APP} --input-topics Gsr-in,Gsr-nothing --intermediate-topics Gsr-no --dry-run`, { afterwards: [] }),
  own(`${INPUT} --command-config /dev/null`),
  own(`${INPUT} --config-file /dev/null`),
  own(`${INPUT} --force`),
  { args: APP },
  { args: `${APP} --dry-run` },
  withTopics(`${APP} --dry-run`),
  withTopics(APP),
  withTopics(`${APP} --internal-topics {x}-store-changelog`),
  withTopics(`${APP} --internal-topics {x}-store-changelog,Gsr-in`, { stderr: true }),
  withTopics(`${APP} --input-topics {x}-store-changelog --dry-run`),
  { args: `${INPUT} --to-datetime nope --dry-run`, stderr: true },
  { args: `${INPUT} --from-file {dir}/plan.csv --dry-run`, files: { 'plan.csv': 'a,b\n' }, stderr: true },
  { args: `${INPUT} --from-file {dir}/plan.csv --dry-run`, files: { 'plan.csv': '' }, stderr: true },
  { args: `${INPUT} --from-file /no/such/file --dry-run`, stderr: true },
  wrong('--input-topics a'),
  wrong('--application-id'),
  wrong(`${APP} --to-offset 1 --shift-by 1`),
  wrong(`${APP} --to-earliest --to-latest`),
  wrong(`${APP} --by-duration P1D --from-file a`),
  wrong(`${APP} --to-datetime a --to-earliest`),
  wrong(`${APP} --config-file a --command-config b`),
  wrong(`${APP} --nonsense`),
  { args: `${APP} --command-config /no/such/file`, ownWords: true },
  { args: `${INPUT} --to-offset x --dry-run`, ownWords: true },
  { args: '--version' },
  { args: '--help', ownWords: true },
]

const home = await apacheKafkaHome()

describe.skipIf(home === null)('kt streams-application-reset beside kafka-streams-application-reset.sh', () => {
  let kafka: ApacheKafka
  beforeAll(async () => {
    kafka = await startApacheKafka(home!)
    const kt = (line: string, input = ''): Promise<CommandResult> => {
      const [command, ...rest] = line.split(' ')
      return runCommand([command!, '--bootstrap-server', kafka.bootstrapServers, ...rest], { input })
    }
    for (const topic of ['Gsr-in', 'Gsr-other']) {
      await kt(`topics --create --if-not-exists --topic ${topic} --partitions 2`)
      await kt(`console-producer --topic ${topic} --reader-property parse.key=true`, 'a\t1\nb\t2\nc\t3\nd\t4\ne\t5\n')
    }
    return () => kafka.stop()
  })

  it.concurrent.each(CASES)('$args', async (given) => {
    const { bootstrapServers } = kafka
    const script = 'kafka-streams-application-reset'
    const subject = { home: home!, script, command: 'streams-application-reset', bootstrapServers }
    await compareWithScript(subject, given)
  })
})
