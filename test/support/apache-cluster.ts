/**
 * Apache Kafka with three brokers and a controller of their own, for what one combined node cannot show: replicas that
 * move, leaders that change, a quorum with observers. Four JVMs are expensive: the first test that asks starts them,
 * every test process of a run uses the same ones, and the run's end stops them.
 *
 * Each broker has two log directories; leaders stay where they are unless a test moves them.
 * `KT_APACHE_CLUSTER` names the directory of a cluster that runs already.
 */
import { spawn } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { randomUuid } from '../../src/base/uuid.ts'
import { createAdmin } from '../../src/client/admin.ts'
import { freePorts, isBundledReferee, runScript } from './apache-kafka.ts'

export interface ApacheCluster {
  readonly bootstrapServers: string
  /** For `--bootstrap-controller`. */
  readonly bootstrapControllers: string
  /** Broker id -> its two log directories. */
  readonly logDirs: Readonly<Record<string, readonly [string, string]>>
  readonly controllerId: number
}

const BROKERS = [1, 2, 3] as const
const CONTROLLER = 100
const START_LIMIT_MS = 180_000
/** The controller's first. */
const PIDS = 'pids'
const STOP_LIMIT_MS = 20_000
const PAUSE_MS = 200

/** Where tests find what `apacheCluster` gives. */
export const fileIn = (directory: string): string => path.join(directory, 'cluster.json')
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PAUSE_MS))

/** Where a run's cluster will be, once somebody asks for it. Called before the first test. */
export function reserveApacheCluster(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'kt-apache-cluster-'))
}

/** The run's cluster, started when this is the first to ask. */
export async function apacheCluster(kafkaHome: string): Promise<ApacheCluster> {
  const directory = isBundledReferee() ? process.env.KT_BUNDLED_CLUSTER : process.env.KT_APACHE_CLUSTER
  if (directory === undefined) throw new Error('KT_APACHE_CLUSTER is not set: run with test/vitest.interop.config.ts')
  if (claim(directory)) {
    try {
      const cluster = await start(kafkaHome, directory)
      fs.writeFileSync(`${fileIn(directory)}.new`, JSON.stringify(cluster))
      fs.renameSync(`${fileIn(directory)}.new`, fileIn(directory))
    } catch (error) {
      fs.writeFileSync(path.join(directory, 'failed'), String(error))
      throw error
    }
  }
  return waitForCluster(directory)
}

/** True for one caller among all processes. */
function claim(directory: string): boolean {
  if (fs.existsSync(fileIn(directory))) return false
  try {
    fs.mkdirSync(path.join(directory, 'claimed'))
    return true
  } catch {
    return false
  }
}

async function waitForCluster(directory: string): Promise<ApacheCluster> {
  for (const end = Date.now() + START_LIMIT_MS; Date.now() < end; await pause()) {
    if (fs.existsSync(fileIn(directory))) return JSON.parse(fs.readFileSync(fileIn(directory), 'utf8'))
    const failed = path.join(directory, 'failed')
    if (fs.existsSync(failed)) throw new Error(fs.readFileSync(failed, 'utf8'))
  }
  throw new Error('the cluster of Apache Kafka did not start in time')
}

async function start(kafkaHome: string, directory: string): Promise<ApacheCluster> {
  const [controllerPort, ...ports] = (await freePorts(BROKERS.length + 1)) as [number, ...number[]]
  const clusterId = randomUuid()
  const bootstrapControllers = `127.0.0.1:${controllerPort}`
  const logDirs = Object.fromEntries(
    BROKERS.map((id) => [
      id,
      [path.join(directory, `broker-${id}-a`), path.join(directory, `broker-${id}-b`)] as const,
    ]),
  )
  await startNode(kafkaHome, directory, clusterId, ['--standalone'], {
    'node.id': String(CONTROLLER),
    'process.roles': 'controller',
    listeners: `CONTROLLER://${bootstrapControllers}`,
    'advertised.listeners': `CONTROLLER://${bootstrapControllers}`,
    'controller.quorum.bootstrap.servers': bootstrapControllers,
    'log.dirs': path.join(directory, 'controller'),
    'auto.leader.rebalance.enable': 'false',
  })
  for (const [at, id] of BROKERS.entries()) {
    const listener = `PLAINTEXT://127.0.0.1:${ports[at]}`
    await startNode(kafkaHome, directory, clusterId, ['--no-initial-controllers'], {
      'node.id': String(id),
      'process.roles': 'broker',
      listeners: listener,
      'advertised.listeners': listener,
      'controller.quorum.bootstrap.servers': bootstrapControllers,
      'log.dirs': logDirs[id]!.join(','),
    })
  }
  const bootstrapServers = ports.map((port) => `127.0.0.1:${port}`).join(',')
  await waitForBrokers(bootstrapServers)
  return { bootstrapServers, bootstrapControllers, logDirs, controllerId: CONTROLLER }
}

const COMMON: Readonly<Record<string, string>> = {
  'controller.listener.names': 'CONTROLLER',
  'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
  'offsets.topic.replication.factor': '3',
  'transaction.state.log.replication.factor': '3',
  'transaction.state.log.min.isr': '2',
  'group.initial.rebalance.delay.ms': '0',
}

async function startNode(
  kafkaHome: string,
  directory: string,
  clusterId: string,
  formatArgs: readonly string[],
  own: Readonly<Record<string, string>>,
): Promise<void> {
  const name = path.join(directory, `node-${own['node.id']}`)
  const lines = Object.entries({ ...own, ...COMMON }).map(([key, value]) => `${key}=${value}\n`)
  fs.writeFileSync(`${name}.properties`, lines.join(''))
  const args = ['format', '-t', clusterId, '-c', `${name}.properties`, ...formatArgs]
  const formatted = await runScript(kafkaHome, 'kafka-storage', args)
  if (formatted.code !== 0) throw new Error(`kafka-storage format: ${formatted.stdout}${formatted.stderr}`)
  const log = fs.openSync(`${name}.log`, 'w')
  const child = spawn(path.join(kafkaHome, 'bin', 'kafka-server-start.sh'), [`${name}.properties`], {
    stdio: ['ignore', log, log],
    env: { ...process.env, JDK_JAVA_OPTIONS: '-XX:TieredStopAtLevel=1' },
  })
  // The test process that started it may end before others have done with it.
  child.unref()
  fs.closeSync(log)
  fs.appendFileSync(path.join(directory, PIDS), `${child.pid}\n`)
}

async function waitForBrokers(bootstrapServers: string): Promise<void> {
  const admin = createAdmin({ bootstrapServers: bootstrapServers.split(','), clientId: 'wait' })
  try {
    for (const end = Date.now() + START_LIMIT_MS; Date.now() < end; await pause()) {
      const alive = await admin.describeCluster().then(
        ({ brokers }) => brokers.length,
        () => 0,
      )
      if (alive === BROKERS.length) return
    }
    throw new Error('the brokers of Apache Kafka did not register in time')
  } finally {
    await admin.close()
  }
}

/** Stops what was started in `directory`, and removes it. */
export async function stopApacheCluster(directory: string): Promise<void> {
  const file = path.join(directory, PIDS)
  if (fs.existsSync(file)) {
    const pids = fs.readFileSync(file, 'utf8').trim().split('\n').map(Number)
    // Brokers ask their controller for leave.
    await stopAll(pids.slice(1))
    await stopAll(pids.slice(0, 1))
  }
  fs.rmSync(directory, { recursive: true, force: true })
}

async function stopAll(pids: readonly number[]): Promise<void> {
  for (const pid of pids) signal(pid, 'SIGTERM')
  for (const end = Date.now() + STOP_LIMIT_MS; Date.now() < end; await pause()) {
    if (!pids.some((pid) => signal(pid, 0))) return
  }
  for (const pid of pids) signal(pid, 'SIGKILL')
}

/** False when there is no such process. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}
