/**
 * The bundled cluster in Apache Kafka's place: one node, and three brokers with a controller, for the tests that compare
 * scripts with `kt`. Found through `KT_BUNDLED_BOOTSTRAP` and `KT_BUNDLED_CLUSTER` where `KT_REFEREE` is `bundled`.
 */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { ProcessCluster } from '../storm/process-cluster.ts'
import { type ApacheCluster, fileIn } from './apache-cluster.ts'
import { apacheKafkaHome } from './apache-kafka.ts'

const CONTROLLER = 100
/** As Apache Kafka's side is set up: leaders stay where they are. */
const SETTINGS = { 'group.initial.rebalance.delay.ms': '0', 'auto.leader.rebalance.enable': 'false' }

export default async function shareBundledCluster(): Promise<(() => Promise<void>) | undefined> {
  if ((await apacheKafkaHome()) === null) return undefined
  const one = await ProcessCluster.start({ brokers: 1, config: SETTINGS })
  const three = await ProcessCluster.start({ brokers: 3, config: SETTINGS })
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-bundled-'))
  fs.writeFileSync(fileIn(directory), JSON.stringify(describe(three)))
  process.env.KT_BUNDLED_BOOTSTRAP = one.bootstrapServers
  process.env.KT_BUNDLED_CLUSTER = directory
  return async () => {
    await Promise.all([one[Symbol.asyncDispose](), three[Symbol.asyncDispose]()])
    fs.rmSync(directory, { recursive: true, force: true })
  }
}

function describe(cluster: ProcessCluster): ApacheCluster {
  // One log directory each: what wants to move replicas between two is not served.
  const logDirs = cluster.brokerIds.map((id) => [id, [cluster.dataDirectory(id), cluster.dataDirectory(id)]])
  return {
    bootstrapServers: cluster.bootstrapServers,
    bootstrapControllers: `127.0.0.1:${cluster.portOf(CONTROLLER)}`,
    logDirs: Object.fromEntries(logDirs),
    controllerId: CONTROLLER,
  }
}
