/** `kt e2e-latency` and Apache's script: the same layout with other numbers, the same exit code. */
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type ApacheKafka, apacheKafkaHome, startApacheKafka } from '../../support/apache-kafka.ts'
import { compareWithScript, type ScriptCase } from '../../support/compare-with-script.ts'
import { runCommand } from '../../support/run-command.ts'

const withoutNumbers = (stdout: string): string =>
  stdout
    .replace(/^(\d+\t)[\d.E-]+$/gm, '$1N')
    .replace(/latency: \d+\.\d{4} ms/, 'latency: N ms')
    .replace(/th = \d+/g, 'th = N')

const SEND = '--topic {x} --num-records 20 --record-size 10 --producer-acks'
const after = ['topics --delete --topic {x} --if-exists']
const created = ['topics --create --topic {x} --partitions 3']
const SHOW = 'console-consumer --topic {x} --from-beginning --max-messages 20 --formatter-property print.headers=true'
const ONE = '--topic {x} --num-records 1 --record-size 1 --producer-acks 1'

const CASES: ScriptCase[] = [
  { args: `${SEND} all` },
  { args: `${SEND} 1`, before: created },
  { args: '--topic {x} --num-records 1001 --record-size 0 --producer-acks 1', before: created },
  { args: '{server} {x} 5 all 10', withoutServer: true, before: created },
  { args: '{server} {x} 5 1 10 /dev/null', withoutServer: true, before: created },
  {
    args: `${SEND} all --record-key-size 3 --num-headers 1 --record-header-key-size 2 --record-header-size 2`,
    before: created,
  },
  { args: `${SEND} all --num-headers 1 --record-header-key-size 2 --record-header-size -1`, before: created },
  { args: `${SEND} all --record-key-size --num-headers`, before: created },
  { args: `${SEND} all --command-config /dev/null`, before: created },
  { args: `${SEND} all --command-config /no/such/file`, ownWords: true },
  { args: `${ONE} --producer-acks 0`, ownWords: true },
  { args: '--topic {x} --num-records 1 --record-size 1 --producer-acks 0', stderr: true },
  { args: '--topic {x} --num-records 0 --record-size 1 --producer-acks 1', stderr: true },
  { args: '--topic {x} --num-records 1 --record-size -1 --producer-acks 1', stderr: true },
  { args: `${ONE} --record-key-size -1`, stderr: true },
  { args: `${ONE} --record-header-key-size -1`, stderr: true },
  { args: `${ONE} --record-header-size -2`, stderr: true },
  { args: `${ONE} --num-headers -1`, stderr: true },
  { args: '--topic {x} --num-records 1 --record-size 1', stderr: true },
  { args: '--topic {x}', stderr: true },
  { args: '', stderr: true },
  { args: `${ONE} --nonsense`, stderr: true },
  { args: '--topic {x} --num-records x --record-size 1 --producer-acks 1', ownWords: true },
  { args: 'one two three', withoutServer: true, stderr: true },
  { args: 'one two three four five six seven', withoutServer: true, stderr: true },
  { args: '', withoutServer: true, ownWords: true },
].map((each) => ({ normalise: withoutNumbers, after, ...each }))

/** What was sent: the letters are drawn, the lengths are not. */
const RECORDS: ScriptCase = {
  args: `${SEND} all --record-key-size 3 --num-headers 2 --record-header-key-size 2 --record-header-size 4`,
  before: created,
  after,
  normalise: (stdout) => withoutNumbers(stdout).replace(/[A-Z]+(?=[:,\t\n])/g, (word) => `${word.length}`),
  afterwards: [`${SHOW} --formatter-property print.key=true`],
}

const home = await apacheKafkaHome()

describe.skipIf(home === null)('kt e2e-latency beside kafka-e2e-latency.sh', () => {
  let kafka: ApacheKafka
  beforeAll(async () => {
    kafka = await startApacheKafka(home!)
  })
  afterAll(async () => {
    await runCommand([
      'topics',
      '--bootstrap-server',
      kafka.bootstrapServers,
      '--delete',
      '--topic',
      'Gx.*',
      '--if-exists',
    ])
    await kafka.stop()
  })

  it.each([...CASES, RECORDS])('$args', async (given) => {
    const { bootstrapServers } = kafka
    await compareWithScript(
      { home: home!, script: 'kafka-e2e-latency', command: 'e2e-latency', bootstrapServers },
      given,
    )
  })
})
