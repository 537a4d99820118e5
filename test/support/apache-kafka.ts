/**
 * Apache Kafka itself as the referee of interop tests: installed by Maven coordinates into a cache directory, started
 * as one combined node on free ports. Where Java or Maven is missing every test that needs it says "skipped".
 *
 * `KT_APACHE_KAFKA_HOME` names an installation to use, `KT_APACHE_BOOTSTRAP` a running cluster.
 */
import { spawn, spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as net from 'node:net'
import * as os from 'node:os'
import * as path from 'node:path'
import { randomUuid } from '../../src/base/uuid.ts'
import { findKafkaHome } from '../../src/cli/kafka-home.ts'
import { runOnScriptServer } from './script-server.ts'

export const APACHE_KAFKA_VERSION = '4.3.1'

/** Script name -> main class: what the official bin/*.sh run. */
const SCRIPTS: Readonly<Record<string, string>> = {
  'kafka-acls': 'org.apache.kafka.tools.AclCommand',
  'kafka-broker-api-versions': 'org.apache.kafka.tools.BrokerApiVersionsCommand',
  'kafka-client-metrics': 'org.apache.kafka.tools.ClientMetricsCommand',
  'kafka-cluster': 'org.apache.kafka.tools.ClusterTool',
  'kafka-configs': 'kafka.admin.ConfigCommand',
  'kafka-console-consumer': 'org.apache.kafka.tools.consumer.ConsoleConsumer',
  'kafka-console-producer': 'org.apache.kafka.tools.ConsoleProducer',
  'kafka-console-share-consumer': 'org.apache.kafka.tools.consumer.ConsoleShareConsumer',
  'kafka-consumer-perf-test': 'org.apache.kafka.tools.ConsumerPerformance',
  'kafka-consumer-groups': 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
  'kafka-delegation-tokens': 'org.apache.kafka.tools.DelegationTokenCommand',
  'kafka-delete-records': 'org.apache.kafka.tools.DeleteRecordsCommand',
  'kafka-dump-log': 'org.apache.kafka.tools.DumpLogSegments',
  'kafka-e2e-latency': 'org.apache.kafka.tools.EndToEndLatency',
  'kafka-features': 'org.apache.kafka.tools.FeatureCommand',
  'kafka-get-offsets': 'org.apache.kafka.tools.GetOffsetShell',
  'kafka-groups': 'org.apache.kafka.tools.GroupsCommand',
  'kafka-leader-election': 'org.apache.kafka.tools.LeaderElectionCommand',
  'kafka-log-dirs': 'org.apache.kafka.tools.LogDirsCommand',
  'kafka-metadata-quorum': 'org.apache.kafka.tools.MetadataQuorumCommand',
  'kafka-metadata-shell': 'org.apache.kafka.shell.MetadataShell',
  'kafka-producer-perf-test': 'org.apache.kafka.tools.ProducerPerformance',
  'kafka-reassign-partitions': 'org.apache.kafka.tools.reassign.ReassignPartitionsCommand',
  'kafka-replica-verification': 'org.apache.kafka.tools.ReplicaVerificationTool',
  'kafka-server-start': 'kafka.Kafka',
  'kafka-share-consumer-perf-test': 'org.apache.kafka.tools.ShareConsumerPerformance',
  'kafka-share-groups': 'org.apache.kafka.tools.consumer.group.ShareGroupCommand',
  'kafka-storage': 'kafka.tools.StorageTool',
  'kafka-streams-application-reset': 'org.apache.kafka.tools.StreamsResetter',
  'kafka-streams-groups': 'org.apache.kafka.tools.streams.StreamsGroupCommand',
  'kafka-topics': 'org.apache.kafka.tools.TopicCommand',
  'kafka-verifiable-consumer': 'org.apache.kafka.tools.VerifiableConsumer',
  'kafka-transactions': 'org.apache.kafka.tools.TransactionsCommand',
  'kafka-verifiable-producer': 'org.apache.kafka.tools.VerifiableProducer',
  'kafka-verifiable-share-consumer': 'org.apache.kafka.tools.VerifiableShareConsumer',
}

const ARTIFACTS = ['kafka_2.13', 'kafka-tools', 'kafka-shell']

/** What an installation has: main classes by script, and artifacts. */
interface Parts {
  readonly scripts: Readonly<Record<string, string>>
  readonly artifacts: readonly string[]
}
const KAFKA: Parts = { scripts: SCRIPTS, artifacts: ARTIFACTS }
/** Three times as large, so by itself: Connect with its file connectors, MirrorMaker 2, Streams. */
const CONNECT: Parts = {
  scripts: {
    'connect-standalone': 'org.apache.kafka.connect.cli.ConnectStandalone',
    'connect-distributed': 'org.apache.kafka.connect.cli.ConnectDistributed',
    'connect-mirror-maker': 'org.apache.kafka.connect.mirror.MirrorMaker',
  },
  artifacts: ['connect-runtime', 'connect-file', 'connect-mirror', 'kafka-streams'],
}

function works(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

let home: Promise<string | null> | undefined

/** Directory with `libs/*.jar` and `bin/*.sh`; null where Java (and, for the first time, Maven) is missing. */
export function apacheKafkaHome(): Promise<string | null> {
  home ??= findOrInstall()
  return home
}

/** The same for Connect, MirrorMaker 2 and Streams; `KAFKA_HOME` names an installation to use. */
export async function apacheConnectHome(): Promise<string | null> {
  if (!works('javac', ['-version'])) return null
  const given = findKafkaHome(process.env)
  if (given !== null) return given.script('connect-standalone.sh') === null ? null : given.directory
  return installed(path.join(os.tmpdir(), `kt-apache-kafka-connect-${APACHE_KAFKA_VERSION}`), CONNECT)
}

async function findOrInstall(): Promise<string | null> {
  if (!works('java', ['-version'])) return null
  const given = process.env.KT_APACHE_KAFKA_HOME
  if (given !== undefined) return fs.existsSync(path.join(given, 'libs')) ? given : null
  return installed(path.join(os.tmpdir(), `kt-apache-kafka-${APACHE_KAFKA_VERSION}`), KAFKA)
}

function installed(directory: string, parts: Parts): string | null {
  if (fs.existsSync(path.join(directory, 'installed'))) {
    writeScripts(directory, parts)
    return directory
  }
  if (!works('mvn', ['-v'])) return null
  return install(directory, parts)
}

function install(directory: string, parts: Parts): string | null {
  const staging = fs.mkdtempSync(`${directory}-`)
  fs.writeFileSync(path.join(staging, 'pom.xml'), pom(parts))
  const maven = spawnSync('mvn', ['-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=libs'], {
    cwd: staging,
    encoding: 'utf8',
  })
  if (maven.status !== 0) {
    fs.rmSync(staging, { recursive: true })
    return null
  }
  writeScripts(staging, parts)
  fs.writeFileSync(path.join(staging, 'log4j2.yaml'), LOG4J)
  fs.writeFileSync(path.join(staging, 'installed'), APACHE_KAFKA_VERSION)
  if (!fs.existsSync(directory)) fs.renameSync(staging, directory)
  return directory
}

function pom({ artifacts }: Parts): string {
  const dependency = (group: string, artifact: string, version: string): string =>
    `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`
  const all = artifacts.map((artifact) => dependency('org.apache.kafka', artifact, APACHE_KAFKA_VERSION))
  all.push(dependency('org.apache.logging.log4j', 'log4j-slf4j-impl', '2.25.4'))
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>local</groupId><artifactId>apache-kafka</artifactId><version>1</version><dependencies>${all.join('')}</dependencies></project>`
}

/** The scripts' own logging: warnings to stderr, so that stdout is what a person compares. */
const LOG4J = `Configuration:
  Appenders:
    Console: { name: ERR, target: SYSTEM_ERR, PatternLayout: { pattern: "[%d] %p %m (%c)%n" } }
  Loggers:
    Root: { level: WARN, AppenderRef: [ { ref: ERR } ] }
`

/** Those that are missing: a cached installation may be older than the list. */
function writeScripts(directory: string, { scripts }: Parts): void {
  fs.mkdirSync(path.join(directory, 'bin'), { recursive: true })
  for (const [script, mainClass] of Object.entries(scripts)) {
    if (!fs.existsSync(path.join(directory, 'bin', `${script}.sh`))) writeScript(directory, script, mainClass)
  }
}

function writeScript(directory: string, script: string, mainClass: string): void {
  const heap = script === 'kafka-server-start' ? '-Xmx768M' : '-Xmx256M'
  const body = `#!/bin/sh
home=$(cd "$(dirname "$0")/.." && pwd)
exec java ${heap} -server -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -XX:InitiatingHeapOccupancyPercent=35 \\
  -XX:+ExplicitGCInvokesConcurrent -Djava.awt.headless=true -Dlog4j2.configurationFile="$home/log4j2.yaml" \\
  -cp "$home/libs/*" ${mainClass} "$@"
`
  fs.writeFileSync(path.join(directory, 'bin', `${script}.sh`), body, { mode: 0o755 })
}

export interface ScriptResult {
  readonly stdout: string
  readonly stderr: string
  readonly code: number
}

export interface ProcessOptions {
  readonly input?: string | Buffer
  readonly timeoutMs?: number
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

export interface ScriptOptions extends Omit<ProcessOptions, 'env' | 'cwd'> {
  /** Starts a JVM for this run alone instead of using the one that stands by; left out: where the script needs it. */
  readonly fresh?: boolean
}

/** These end their process or start threads by the JVM's own means: each run gets its own. */
const NEEDS_A_PROCESS = new Set([
  'kafka-cluster',
  'kafka-metadata-shell',
  'kafka-server-start',
  'kafka-e2e-latency',
  'kafka-share-consumer-perf-test',
  'kafka-verifiable-consumer',
  'kafka-verifiable-producer',
  'kafka-verifiable-share-consumer',
])

const DEFAULT_TIMEOUT_MS = 60_000

/**
 * A JVM that lives for seconds is better off without its second compiler: a third less time. It says so on stderr, in
 * a first line that is taken out here. Without a locale it prints a question mark for every letter beyond ASCII.
 */
export const QUICK_JVM = { JDK_JAVA_OPTIONS: '-XX:TieredStopAtLevel=1', LC_ALL: 'C.UTF-8' }
const JVM_NOTE = /^NOTE: Picked up .*\n/

/**
 * What `bin/<script>.sh` prints and how it exits, from the JVM that stands by or from a fresh one; the run is killed
 * when `timeoutMs` has passed.
 */
export async function runScript(
  kafkaHome: string,
  script: string,
  args: readonly string[],
  options: ScriptOptions = {},
): Promise<ScriptResult> {
  const mainClass = SCRIPTS[script]
  const fresh = options.fresh ?? NEEDS_A_PROCESS.has(script)
  if (mainClass !== undefined && !fresh) {
    const { input = '', timeoutMs = DEFAULT_TIMEOUT_MS } = options
    const result = await runOnScriptServer(kafkaHome, { mainClass, args, input: Buffer.from(input), timeoutMs })
    if (result !== null) return result
  }
  const file = path.join(kafkaHome, 'bin', `${script}.sh`)
  const result = await runProcess(file, args, { ...options, env: QUICK_JVM })
  return { ...result, stderr: result.stderr.replace(JVM_NOTE, '') }
}

/** Runs a command to its end and keeps what it printed. */
export function runProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<ScriptResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      timeout: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      killSignal: 'SIGKILL',
    })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    child.on('error', reject)
    child.on('close', (code, signal) => {
      const text = (chunks: Buffer[]): string => Buffer.concat(chunks).toString('utf8')
      resolve({ stdout: text(stdout), stderr: text(stderr), code: code ?? 128 + (os.constants.signals[signal!] ?? 0) })
    })
    child.stdin.on('error', () => undefined)
    child.stdin.end(options.input ?? '')
  })
}

/** `count` ports that were free a moment ago. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = net.createServer()
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      return server
    }),
  )
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

export interface ApacheKafka {
  readonly bootstrapServers: string
  /** For `--bootstrap-controller`; '' where a running cluster is used. */
  readonly bootstrapControllers: string
  readonly dataDirectory: string
  readonly pid: number | null
  stop(): Promise<void>
}

/** The bundled cluster stands where Apache Kafka does: scripts and `kt` are compared on it. */
export function isBundledReferee(): boolean {
  return process.env.KT_REFEREE === 'bundled'
}

/** Starts one combined node (broker and controller) with group rebalances that do not wait, and waits for its port. */
export async function startApacheKafka(
  kafkaHome: string,
  properties: Readonly<Record<string, string>> = {},
): Promise<ApacheKafka> {
  const running = isBundledReferee() ? process.env.KT_BUNDLED_BOOTSTRAP : process.env.KT_APACHE_BOOTSTRAP
  if (running !== undefined && Object.keys(properties).length === 0) {
    return {
      bootstrapServers: running,
      bootstrapControllers: '',
      dataDirectory: '',
      pid: null,
      stop: async () => undefined,
    }
  }
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-apache-'))
  const [freePort, controllerPort] = (await freePorts(2)) as [number, number]
  const port = firstListenerPort(properties) ?? freePort
  const file = path.join(directory, 'server.properties')
  fs.writeFileSync(file, serverProperties(directory, port, controllerPort, properties))
  const formatted = await runScript(kafkaHome, 'kafka-storage', [
    'format',
    '-t',
    randomUuid(),
    '-c',
    file,
    '--standalone',
  ])
  if (formatted.code !== 0) throw new Error(`kafka-storage format: ${formatted.stdout}${formatted.stderr}`)
  const log = fs.openSync(path.join(directory, 'server.log'), 'w')
  const child = spawn(path.join(kafkaHome, 'bin', 'kafka-server-start.sh'), [file], {
    stdio: ['ignore', log, log],
    env: { ...process.env, ...QUICK_JVM },
  })
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()))
  await waitForPort(port, () => child.exitCode !== null)
  return {
    bootstrapServers: `127.0.0.1:${port}`,
    bootstrapControllers: `127.0.0.1:${controllerPort}`,
    dataDirectory: path.join(directory, 'data'),
    pid: child.pid ?? null,
    async stop() {
      child.kill('SIGTERM')
      const forced = setTimeout(() => child.kill('SIGKILL'), 20_000)
      await ended
      clearTimeout(forced)
      fs.closeSync(log)
      fs.rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** Port of the first listener a test brings itself: the one to wait for. */
function firstListenerPort(properties: Readonly<Record<string, string>>): number | null {
  const match = /:\/\/[^,]*:(\d+)/.exec(properties.listeners ?? '')
  return match === null ? null : Number(match[1])
}

function serverProperties(
  directory: string,
  port: number,
  controllerPort: number,
  extra: Readonly<Record<string, string>>,
): string {
  const properties: Record<string, string> = {
    'node.id': '1',
    'process.roles': 'broker,controller',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'controller.quorum.bootstrap.servers': `127.0.0.1:${controllerPort}`,
    'log.dirs': path.join(directory, 'data'),
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    ...extra,
  }
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')
}

async function waitForPort(port: number, dead: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (dead()) throw new Error('Apache Kafka ended before its port answered')
    const open = await new Promise<boolean>((resolve) => {
      const socket = net.connect(port, '127.0.0.1')
      socket.on('connect', () => resolve(true) ?? socket.destroy())
      socket.on('error', () => resolve(false))
    })
    if (open) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`Apache Kafka did not open port ${port} within 60 s`)
}
