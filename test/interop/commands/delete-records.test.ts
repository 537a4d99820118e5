/** `kt delete-records` and Apache's script over the same topics: what is left, messages and exit codes. */
import { beforeAll, describe, it } from 'vitest'
import { type ApacheKafka, apacheKafkaHome, startApacheKafka } from '../../support/apache-kafka.ts'
import { compareWithScript, type ScriptCase, sortLines } from '../../support/compare-with-script.ts'

const FILE = '--offset-json-file {dir}/offsets.json'
const TOPIC = [
  'topics --create --topic {x} --partitions 2',
  { line: 'console-producer --topic {x} --reader-property parse.key=true', input: 'a\t1\nb\t2\nc\t3\nd\t4\ne\t5\n' },
]
const NO_TOPIC = ['topics --delete --topic {x}']

/** A line whose file is such. */
const withFile = (text: string, more: Partial<ScriptCase> = {}): ScriptCase => ({
  args: FILE,
  files: { 'offsets.json': text },
  // The script's order of partitions is one of chance.
  normalise: sortLines,
  ...more,
})
const onTopic = (text: string, more: Partial<ScriptCase> = {}): ScriptCase =>
  withFile(text, { before: TOPIC, after: NO_TOPIC, afterwards: ['get-offsets --topic {x} --time earliest'], ...more })

const CASES: ScriptCase[] = [
  onTopic('{"partitions":[{"topic":"{x}","partition":0,"offset":1}],"version":1}'),
  onTopic('{"partitions":[{"topic":"{x}","partition":0,"offset":1},{"topic":"{x}","partition":1,"offset":-1}]}'),
  onTopic('{"partitions":[{"topic":"{x}","partition":0,"offset":99},{"topic":"{x}","partition":1,"offset":0}]}'),
  onTopic('{"partitions":[{"topic":"{x}","partition":0,"offset":9999999999}]}'),
  onTopic('{"partitions":[{"topic":"{x}","partition":0,"offset":-2}]}'),
  onTopic('{"partitions":[{"topic":"{x}","partition":0,"offset":1}]}', {
    args: `${FILE} --command-config /dev/null`,
  }),
  withFile('{"partitions":[]}'),
  withFile('{"partitions":[],"version":2}', { stderr: true }),
  withFile('{"partitions":[],"version":"1"}', { stderr: true }),
  withFile('{"version":1}', { stderr: true }),
  withFile('[1,2]', { stderr: true }),
  withFile('{"partitions":{}}', { stderr: true }),
  withFile('{"partitions":[7]}', { stderr: true }),
  withFile('{"partitions":[{"partition":0,"offset":1}]}', { stderr: true }),
  withFile('{"partitions":[{"topic":7,"partition":0,"offset":1}]}', { stderr: true }),
  withFile('{"partitions":[{"topic":"t","partition":"0","offset":1}]}', { stderr: true }),
  withFile('{"partitions":[{"topic":"t","partition":0,"offset":"1"}]}', { stderr: true }),
  withFile('{"partitions":[{"topic":"t","partition":0,"offset":1.5}]}', { stderr: true }),
  withFile('{"partitions":[{"topic":"t","partition":0,"offset":1},{"topic":"t","partition":0,"offset":2}]}', {
    stderr: true,
  }),
  withFile('nonsense', { stderr: true }),
  withFile('{"partitions":', { stderr: true }),
  { args: '--offset-json-file /no/such/file', ownWords: true },
  { args: '', stderr: true },
  { args: '--offset-json-file', stderr: true },
  { args: '--dry-run-not', stderr: true },
  { args: '--version' },
  { args: '--help', ownWords: true },
]

const home = await apacheKafkaHome()

describe.skipIf(home === null)('kt delete-records beside kafka-delete-records.sh', () => {
  let kafka: ApacheKafka
  beforeAll(async () => {
    kafka = await startApacheKafka(home!)
    return () => kafka.stop()
  })

  it.concurrent.each(CASES.map((given) => ({ name: `${given.args} ${given.files?.['offsets.json'] ?? ''}`, given })))(
    '$name',
    async ({ given }) => {
      const { bootstrapServers } = kafka
      const script = 'kafka-delete-records'
      await compareWithScript({ home: home!, script, command: 'delete-records', bootstrapServers }, given)
    },
  )
})
