/**
 * The JVM that stands by is held against the scripts themselves: each line once in a process of its own, once in that
 * JVM. Without this the comparisons would only show that `kt` prints what a stand-in prints.
 */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeBatch } from '../../src/protocol/records/record.ts'
import {
  type ApacheKafka,
  apacheKafkaHome,
  runScript,
  type ScriptOptions,
  type ScriptResult,
  startApacheKafka,
} from '../support/apache-kafka.ts'
import { splitWords } from '../support/compare-with-script.ts'
import { runCommand } from '../support/run-command.ts'

interface Line {
  readonly script: string
  readonly args: string
  readonly input?: string
  /** stderr holds no times, ids or lists in an order of chance: it must be equal as well. */
  readonly stderr?: boolean
}

const READ = '--topic Jlines --from-beginning'
const PRINT = '--formatter-property print.key=true --formatter-property print.headers=true'

/** `{server}` is the cluster, `{log}` a file of records. */
const LINES: Line[] = [
  { script: 'kafka-topics', args: '--bootstrap-server {server} --describe --topic Jlines', stderr: true },
  { script: 'kafka-topics', args: '--bootstrap-server {server} --create --topic Jlines' },
  { script: 'kafka-topics', args: '--version', stderr: true },
  { script: 'kafka-configs', args: '--bootstrap-server {server} --describe --topic Jlines --all', stderr: true },
  { script: 'kafka-configs', args: '--describe', stderr: true },
  { script: 'kafka-get-offsets', args: '--bootstrap-server {server} --topic Jnothing', stderr: true },
  { script: 'kafka-console-producer', args: '--bootstrap-server {server} --topic Jout', input: 'x\ny\n', stderr: true },
  {
    script: 'kafka-console-producer',
    args: '--bootstrap-server {server} --topic Jout --reader-property parse.key=true',
    input: 'no key\n',
  },
  {
    script: 'kafka-console-consumer',
    args: `--bootstrap-server {server} ${READ} --max-messages 3 ${PRINT}`,
    stderr: true,
  },
  {
    script: 'kafka-console-consumer',
    args: `--bootstrap-server {server} ${READ} --enable-systest-events --max-messages 1`,
  },
  {
    script: 'kafka-console-consumer',
    args: `--bootstrap-server {server} ${READ} --value-deserializer org.apache.kafka.common.serialization.LongDeserializer`,
  },
  { script: 'kafka-consumer-groups', args: '--bootstrap-server {server} --describe --group Jgroup', stderr: true },
  { script: 'kafka-consumer-groups', args: '--bootstrap-server {server} --describe --group Jnobody', stderr: true },
  { script: 'kafka-dump-log', args: '--files {log} --print-data-log', stderr: true },
  { script: 'kafka-delete-records', args: '--bootstrap-server {server} --offset-json-file /no/such/file' },
  { script: 'kafka-log-dirs', args: '--bootstrap-server {server} --describe --broker-list 77', stderr: true },
  { script: 'kafka-groups', args: '--bootstrap-server {server} --list --consumer --share', stderr: true },
  { script: 'kafka-broker-api-versions', args: '--bootstrap-server {server}', stderr: true },
  { script: 'kafka-producer-perf-test', args: '--nonsense', stderr: true },
  { script: 'kafka-storage', args: 'info --config /no/such/file', stderr: true },
]

/** A stack trace ends in what called `main`, which is not the same. */
const withoutFrames = (stderr: string): string => stderr.replace(/^\tat .*\n/gm, '')

const home = await apacheKafkaHome()

describe.skipIf(home === null)('the JVM that stands by', () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-script-server-test-'))
  const log = path.join(directory, '00000000000000000000.log')
  let kafka: ApacheKafka

  const run = ({ script, args, input }: Line, options: ScriptOptions = {}): Promise<ScriptResult> => {
    const words = splitWords(args).map((word) => word.replace('{server}', kafka.bootstrapServers).replace('{log}', log))
    return runScript(home!, script, words, { input, timeoutMs: 60_000, ...options })
  }
  const kt = async (line: string, input = ''): Promise<void> => {
    const [command, ...rest] = line.split(' ')
    const result = await runCommand([command!, '--bootstrap-server', kafka.bootstrapServers, ...rest], { input })
    expect(result.code, result.stdout + result.stderr).toBe(0)
  }

  beforeAll(async () => {
    kafka = await startApacheKafka(home!)
    await kt('topics --create --if-not-exists --topic Jlines')
    await kt('topics --create --if-not-exists --topic Jout')
    const properties = '--reader-property parse.key=true --reader-property parse.headers=true'
    await kt(`console-producer --topic Jlines ${properties}`, 'a:1\tk1\tv1\nb:2\tk2\tgrün\nc:3\tk3\tv3\n')
    await kt('consumer-groups --reset-offsets --group Jgroup --topic Jlines --to-earliest --execute')
    fs.writeFileSync(log, encodeBatch([{ timestamp: 5, key: Buffer.from('k'), value: Buffer.from('grün') }]))
  })
  afterAll(async () => {
    fs.rmSync(directory, { recursive: true })
    if (kafka === undefined) return
    await kt('consumer-groups --delete --group Jgroup')
    await kt('topics --delete --topic J(lines|out)')
    await kafka.stop()
  })

  it.each(LINES)('answers as $script $args', async (line) => {
    const [own, standing] = await Promise.all([run(line, { fresh: true }), run(line)])
    const kept = ({ code, stdout, stderr }: ScriptResult) => ({
      code,
      stdout,
      stderr: line.stderr ? withoutFrames(stderr) : undefined,
    })
    expect(kept(standing)).toEqual(kept(own))
  })

  it('keeps the output of runs apart that run at the same time', async () => {
    const read = `--bootstrap-server {server} ${READ} --timeout-ms 1000`
    const runs = await Promise.all([
      ...Array.from({ length: 4 }, () => run({ script: 'kafka-console-consumer', args: read })),
      ...Array.from({ length: 4 }, () => run({ script: 'kafka-topics', args: '--version' })),
    ])
    expect(runs.map(({ stdout }) => stdout)).toEqual([
      ...Array.from({ length: 4 }, () => 'v1\ngrün\nv3\n'),
      ...Array.from({ length: 4 }, () => '4.3.1\n'),
    ])
    for (const { stderr } of runs.slice(0, 4)) expect(stderr).toMatch(/Processed a total of 3 messages\n$/)
  })

  it('kills a run that does not end in time and goes on with the next', async () => {
    const endless = `--bootstrap-server {server} ${READ}`
    const [killed, other] = await Promise.all([
      run({ script: 'kafka-console-consumer', args: endless }, { timeoutMs: 1500 }),
      run({ script: 'kafka-console-consumer', args: `${endless} --timeout-ms 3000` }),
    ])
    expect(killed.code).toBe(137)
    expect(other).toMatchObject({ code: 0, stdout: 'v1\ngrün\nv3\n' })
    expect(await run({ script: 'kafka-topics', args: '--version' })).toMatchObject({ code: 0, stdout: '4.3.1\n' })
  })
})
