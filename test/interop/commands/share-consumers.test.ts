/** The three commands that read as members of a share group beside Apache's scripts. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ApacheKafka, apacheKafkaHome, isBundledReferee, startApacheKafka } from '../../support/apache-kafka.ts'
import { compareWithScript, type ScriptCase } from '../../support/compare-with-script.ts'
import { runCommand } from '../../support/run-command.ts'

/** A share group begins at the end unless it is told to begin at the beginning. */
const before = ['configs --alter --entity-type groups --entity-name {x} --add-config share.auto.offset.reset=earliest']
const CONFIG = { 'consumer.properties': 'client.id=Cs\nmax.poll.records=3\n' }

const READ = '--topic Cshare --group {x} --max-messages'
const show = (...names: string[]): string => names.map((name) => `--formatter-property print.${name}=true`).join(' ')

const CONSOLE: ScriptCase[] = [
  { args: `${READ} 10`, before },
  { args: `${READ} 4 ${show('offset', 'partition', 'delivery', 'epoch', 'headers', 'key')}`, before },
  { args: `${READ} 3 --release`, before },
  { args: `${READ} 3 --reject --consumer-property client.id=c`, before },
  { args: `${READ} 3 --command-config {dir}/consumer.properties`, before, files: CONFIG },
  {
    args: `${READ} 3 --consumer-config {dir}/consumer.properties --enable-systest-events`,
    before,
    files: CONFIG,
    fresh: true,
  },
  { args: `${READ} 3 --property print.key=true`, before },
  { args: '--topic Cshare --group {x} --timeout-ms 1000' },
  { args: `${READ} 1 --reject --release`, stderr: true },
  { args: `${READ} 1 --consumer-property a=1 --command-property b=2`, stderr: true },
  { args: `${READ} 1 --consumer-config a --command-config b`, stderr: true },
  { args: `${READ} 1 --command-property group.id=other`, ownWords: true },
  { args: `${READ} 1 --nonsense`, stderr: true },
  { args: '--group g', stderr: true },
  { args: '--version' },
  { args: '--help', ownWords: true },
  { args: '', withoutServer: true, ownWords: true },
]

const DATE = '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d:\\d{3}'
const withoutNumbers = (stdout: string): string =>
  stdout
    .replace(new RegExp(DATE, 'g'), 'DATE')
    .replace(/^(DATE, DATE, .* for share consumer \d+\n)+/gm, 'INTERVALS\n')
    .replace(/(DATE, DATE, [\d.]+), [\d.]+, [\d.]+, (\d+), \d+$/gm, '$1, N, N, $2, N')

/** The script ends after `--timeout` in all, joining included. */
const PERF = '--topic Cshare --group {x} --num-records 10 --timeout 60000'
const PERFORMANCE: ScriptCase[] = [
  { args: PERF, before },
  { args: `${PERF} --hide-header --show-consumer-stats`, before },
  { args: `${PERF} --show-detailed-stats --reporting-interval 1`, before },
  { args: '--topic Cshare --group {x} --messages 10 --fetch-size 1000 --timeout 60000', before },
  { args: `${PERF} --command-property client.id=c --show-consumer-stats`, before },
  { args: PERF.replace('--topic Cshare ', ''), stderr: true },
  { args: '--topic Cshare', stderr: true },
  { args: `${PERF} --messages 1`, stderr: true },
  { args: `${PERF} --consumer.config a --command-config b`, stderr: true },
  { args: `${PERF} --nonsense`, stderr: true },
  { args: '--version' },
  { args: '--help', ownWords: true },
].map((each) => ({ normalise: withoutNumbers, ...each }))

/** Acknowledged offsets come in the order of a hash set. */
const withoutTimes = (stdout: string): string =>
  stdout
    .replace(/"timestamp":\d+/g, '"timestamp":T')
    .replace(/"offsets":\[([\d,]*)\]/g, (_, list: string) => `"offsets":[${list.split(',').sort().join()}]`)

const VERIFY = '--topic Cshare --group-id {x}'
const VERIFIABLE: ScriptCase[] = [
  { args: `${VERIFY} --offset-reset-strategy earliest --max-messages 10`, fresh: true },
  { args: `${VERIFY} --offset-reset-strategy earliest --max-messages 10 --acknowledgement-mode sync`, fresh: true },
  { args: `${VERIFY} --max-messages 10 --acknowledgement-mode async --verbose`, before, fresh: true },
  { args: `${VERIFY} --max-messages 0`, fresh: true },
  { args: '--topic Cshare', argparseError: true },
  { args: `${VERIFY} --max-messages x`, argparseError: true },
  { args: `${VERIFY} --nonsense`, argparseError: true },
  { args: `${VERIFY} --acknowledgement-mode foo`, ownWords: true },
  { args: '--help', ownWords: true },
  { args: '', withoutServer: true, ownWords: true },
].map((each) => ({ normalise: withoutTimes, ...each }))

const SCRIPTS = [
  ['console-share-consumer', CONSOLE],
  ['share-consumer-perf-test', PERFORMANCE],
  ['verifiable-share-consumer', VERIFIABLE],
] as const
const home = await apacheKafkaHome()

describe.skipIf(home === null)('share consumers beside the scripts', () => {
  let kafka: ApacheKafka
  const kt = (line: string, input?: string) => {
    const [command, ...rest] = line.split(' ')
    return runCommand([command!, '--bootstrap-server', kafka.bootstrapServers, ...rest], { input })
  }
  beforeAll(async () => {
    kafka = await startApacheKafka(home!)
    await kt('topics --create --if-not-exists --topic Cshare')
    const lines = Array.from({ length: 10 }, (_, i) => `k${i}\tvalue ${i}\n`).join('')
    await kt('console-producer --topic Cshare --reader-property parse.key=true', lines)
  })
  afterAll(async () => {
    await kt('topics --delete --topic Cshare --if-exists')
    await kafka.stop()
  })

  const needs = ['it does not serve ShareGroupHeartbeat']
  for (const [command, cases] of SCRIPTS) {
    it.concurrent.each(cases as ScriptCase[])(`${command} $args`, async (given) => {
      const { bootstrapServers } = kafka
      const name = given.withoutServer === true ? `kafka-${command}.sh` : command
      const subject = { home: home!, script: `kafka-${command}`, command: name, bootstrapServers, needs }
      await compareWithScript(subject, given)
    })
  }

  it.skipIf(isBundledReferee())('a released record comes again, a rejected one does not', async () => {
    const group = `Cshare-${process.pid}`
    await kt(
      `configs --alter --entity-type groups --entity-name ${group} --add-config share.auto.offset.reset=earliest`,
    )
    const read = (more: string) =>
      kt(`console-share-consumer --topic Cshare --group ${group} --formatter-property print.delivery=true ${more}`)
    expect((await read('--max-messages 2 --release')).stdout).toBe('Delivery:1\tvalue 0\nDelivery:1\tvalue 1\n')
    expect((await read('--max-messages 2 --reject')).stdout).toBe('Delivery:2\tvalue 0\nDelivery:2\tvalue 1\n')
    expect((await read('--max-messages 1')).stdout).toMatch(/^Delivery:\d\tvalue 2\n$/)
  })
})
