/** `kt log-dirs` and Apache's kafka-log-dirs.sh: the same command line, the same stdout, the same exit code. */
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type ApacheKafka, apacheKafkaHome, startApacheKafka } from '../../support/apache-kafka.ts'
import { compareWithScript, type ScriptCase } from '../../support/compare-with-script.ts'
import { runCommand } from '../../support/run-command.ts'

const CASES: ScriptCase[] = [
  { args: '--describe --topic-list Glogdirs' },
  { args: '--describe --topic-list Glogdirs-many,Glogdirs' },
  { args: '--describe --topic-list ,,Glogdirs-many,' },
  { args: '--describe --topic-list Gnothing' },
  { args: '--describe --topic-list Glogdirs --broker-list 1' },
  { args: '--describe --topic-list Glogdirs --broker-list ,1,,1' },
  // Logs are written and deleted meanwhile: which directories there are is what stays.
  { args: '--describe', busy: true, normalise: (stdout) => stdout.replace(/"partitions":\[.*?\]/g, '"partitions":[]') },
  { args: '--describe --broker-list 97,1,98', stderr: true },
  { args: '--describe --broker-list one', stderr: true },
  { args: '--describe --broker-list 1 --broker-list 1', stderr: true },
  { args: '--describe --topic-list a --topic-list b', stderr: true },
  { args: '--describe --command-config /dev/null --topic-list Glogdirs' },
  { args: '--describe --command-config /no/such/file', ownWords: true },
  { args: '--topic-list Glogdirs', stderr: true },
  { args: '--describe --topic Glogdirs', stderr: true },
  { args: '--describe --broker-list', stderr: true },
  { args: '--version' },
  { args: '--help', ownWords: true },
  { args: '', withoutServer: true, ownWords: true },
]

const home = await apacheKafkaHome()

describe.skipIf(home === null)('kt log-dirs beside kafka-log-dirs.sh', () => {
  let cluster: ApacheKafka
  const kt = (line: string, input?: string) => {
    const [command, ...rest] = line.split(' ')
    return runCommand([command!, '--bootstrap-server', cluster.bootstrapServers, ...rest], { input })
  }

  beforeAll(async () => {
    cluster = await startApacheKafka(home!)
    await kt('topics --create --if-not-exists --topic Glogdirs --partitions 3')
    await kt('topics --create --if-not-exists --topic Glogdirs-many --partitions 40')
    await kt('console-producer --topic Glogdirs', 'one\ntwo\nthree\n')
  })
  afterAll(async () => {
    await kt('topics --delete --topic Glogdirs.* --if-exists')
    await cluster.stop()
  })

  it.concurrent.each(CASES)('$args', async (given) => {
    const { bootstrapServers } = cluster
    const subject = { home: home!, script: 'kafka-log-dirs', command: 'log-dirs', bootstrapServers }
    await compareWithScript(subject, given)
  })
})
