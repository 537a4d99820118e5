/** `kt log-dirs` and Apache's kafka-log-dirs.sh: the same command line, the same stdout, the same exit code. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type ApacheCluster, apacheCluster } from '../../support/apache-cluster.ts'
import { apacheKafkaHome } from '../../support/apache-kafka.ts'
import { compareWithScript, type ScriptCase } from '../../support/compare-with-script.ts'
import { runCommand } from '../../support/run-command.ts'

/** Logs of other tests come and go, and change the order of the script's hash maps. */
const CASES: ScriptCase[] = [
  { args: '--describe --topic-list Glogdirs', busy: true },
  { args: '--describe --topic-list Glogdirs-many,Glogdirs', busy: true },
  { args: '--describe --topic-list ,,Glogdirs-many,', busy: true },
  { args: '--describe --topic-list Gnothing' },
  { args: '--describe --topic-list Glogdirs --broker-list 1', busy: true },
  { args: '--describe --topic-list Glogdirs --broker-list ,3,,1,3', busy: true },
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
  let cluster: ApacheCluster
  const kt = (line: string, input?: string) => {
    const [command, ...rest] = line.split(' ')
    return runCommand([command!, '--bootstrap-server', cluster.bootstrapServers, ...rest], { input })
  }

  beforeAll(async () => {
    cluster = await apacheCluster(home!)
    await kt('topics --create --if-not-exists --topic Glogdirs --partitions 3 --replication-factor 3')
    await kt('topics --create --if-not-exists --topic Glogdirs-many --partitions 40 --replication-factor 2')
    await kt('console-producer --topic Glogdirs', 'one\ntwo\nthree\n')
    // Replicas come into being one after the other.
    const line = 'log-dirs --describe --topic-list Glogdirs,Glogdirs-many'
    const replicas = async () => (await kt(line)).stdout.match(/"partition":/g)?.length
    await vi.waitFor(async () => expect(await replicas()).toBe(3 * 3 + 40 * 2), { timeout: 60_000, interval: 500 })
  })
  afterAll(async () => {
    if (cluster !== undefined) await kt('topics --delete --topic Glogdirs.* --if-exists')
  })

  it.concurrent.each(CASES)('$args', async (given) => {
    const { bootstrapServers } = cluster
    const subject = { home: home!, script: 'kafka-log-dirs', command: 'log-dirs', bootstrapServers }
    await compareWithScript(subject, given)
  })
})
