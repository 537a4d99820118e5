/** The verbs of `kt cluster` and Apache's kafka-cluster.sh: the same command line, the same stdout, the same exit code. */
import { beforeAll, describe, it } from 'vitest'
import { type ApacheCluster, apacheCluster } from '../../support/apache-cluster.ts'
import { apacheKafkaHome } from '../../support/apache-kafka.ts'
import { compareWithScript, type ScriptCase } from '../../support/compare-with-script.ts'

/** The script ends its process by itself only when it cannot read its command line. */
const READABLE: ScriptCase[] = [
  { args: 'cluster-id --bootstrap-server {server}' },
  { args: 'cluster-id -b {server}' },
  { args: 'cluster-id -b{server}' },
  { args: 'clus --bootstrap-c {controller}' },
  { args: 'cluster-id -C {controller}' },
  { args: 'cluster-id -b {server} --config /dev/null' },
  { args: 'cluster-id -b {server} --config /no/such/file', ownWords: true },
  { args: 'cluster-id -b {server} -c /dev/null' },
  { args: 'cluster-id -b {server} --command-config /no/such/file', ownWords: true },
  { args: 'cluster-id -b {server} --config /dev/null --command-config /dev/null', stderr: true },
  { args: 'cluster-id -C {server}', ownWords: true },
  { args: 'list-endpoints --bootstrap-server {server}' },
  { args: 'list-endpoints -b {server} --include-fenced-brokers' },
  { args: 'list-endpoints --bootstrap-controller {controller}' },
  { args: 'list-endpoints -C {controller} --include-fenced-brokers', stderr: true },
  { args: 'list-endpoints -C {server}', ownWords: true },
  { args: 'list-endpoints -b {controller}', ownWords: true },
  { args: 'unregister -b {server} --id 977', ownWords: true },
  { args: 'unregister -b {server} -i -1', ownWords: true },
  { args: 'unregister -C {controller} --id=978', ownWords: true },
]

const UNREADABLE: ScriptCase[] = [
  { args: '', argparseError: true },
  { args: 'nonsense', argparseError: true },
  { args: 'api-versions -b {server}', argparseError: true },
  { args: 'cluster-id -b {server} -C {controller}', argparseError: true },
  { args: 'cluster-id -b', argparseError: true },
  { args: 'list-endpoints -b {server} extra', argparseError: true },
  { args: 'unregister -b {server}', argparseError: true },
  { args: 'unregister -b {server} --id one', argparseError: true },
  { args: '--help', ownWords: true },
  { args: 'unregister --help', ownWords: true },
]

const CASES = [
  ...READABLE.map((each) => ({ ...each, fresh: false })),
  ...UNREADABLE.map((each) => ({ ...each, fresh: true })),
]

const home = await apacheKafkaHome()

describe.skipIf(home === null)('the verbs of kafka-cluster.sh', () => {
  let cluster: ApacheCluster
  beforeAll(async () => {
    cluster = await apacheCluster(home!)
  })

  it.concurrent.each(CASES)('$args', async (given) => {
    const { bootstrapServers, bootstrapControllers } = cluster
    const names = { controller: bootstrapControllers }
    const subject = { home: home!, script: 'kafka-cluster', command: 'kafka-cluster.sh', bootstrapServers, names }
    await compareWithScript(subject, { ...given, withoutServer: true })
  })
})
