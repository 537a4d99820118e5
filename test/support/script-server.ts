/**
 * One JVM per test process that runs the main classes of Apache Kafka's scripts (`test/interop/java/ScriptServer.java`):
 * a run costs what the command does, not what a JVM costs to start. It ends with this process, whose pipe it reads.
 *
 * A run that does not end in time is answered as a killed process is, and the JVM takes no further runs: it is killed
 * when the others that are on their way have ended, and the next run starts a new one.
 */
import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process'
import * as crypto from 'node:crypto'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { promisify } from 'node:util'

const SOURCE = path.join(import.meta.dirname, '../interop/java/ScriptServer.java')
/** Jars with the tools themselves, loaded anew for each run; nothing below depends on them. */
const TOOL_JAR = /^kafka-(tools|shell)-\d|^kafka_2\.13-\d/
const KILLED_EXIT_CODE = 128 + os.constants.signals.SIGKILL

export interface ScriptRun {
  readonly mainClass: string
  readonly args: readonly string[]
  readonly input: Buffer
  readonly timeoutMs: number
}

export interface ScriptRunResult {
  readonly stdout: string
  readonly stderr: string
  readonly code: number
}

/** Warnings to the stderr of the run that caused them; nothing here to be configured by a test. */
const LOG4J = `<Configuration status="ERROR" shutdownHook="disable">
  <Appenders>
    <Console name="ERR" target="SYSTEM_ERR" follow="true"><PatternLayout pattern="[%d] %p %m (%c)%n"/></Console>
  </Appenders>
  <Loggers><Root level="WARN"><AppenderRef ref="ERR"/></Root></Loggers>
</Configuration>
`

/** Compiles into a directory named after what goes in; null where there is no compiler. */
async function compile(kafkaHome: string): Promise<string | null> {
  const source = fs.readFileSync(SOURCE)
  const hash = crypto.createHash('sha256').update(source).update(LOG4J).update(kafkaHome).digest('hex').slice(0, 16)
  const directory = path.join(os.tmpdir(), `kt-script-server-${hash}`)
  if (fs.existsSync(directory)) return directory
  const staging = fs.mkdtempSync(`${directory}-`)
  fs.writeFileSync(path.join(staging, 'log4j2.xml'), LOG4J)
  try {
    await promisify(execFile)('javac', ['-cp', path.join(kafkaHome, 'libs', '*'), '-d', staging, SOURCE])
    if (!fs.existsSync(directory)) fs.renameSync(staging, directory)
    return directory
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return null
  } finally {
    fs.rmSync(staging, { recursive: true, force: true })
  }
}

function launch(kafkaHome: string, classes: string): ChildProcessWithoutNullStreams {
  const libs = path.join(kafkaHome, 'libs')
  const jars = fs.readdirSync(libs).filter((name) => name.endsWith('.jar'))
  const paths = (chosen: string[]): string[] => chosen.map((name) => path.join(libs, name))
  const shared = paths(jars.filter((name) => !TOOL_JAR.test(name)))
  const tools = paths(jars.filter((name) => TOOL_JAR.test(name)))
  const args = [
    '-Xmx512M',
    '-XX:TieredStopAtLevel=1',
    '-XX:+UseSerialGC',
    '-Xshare:auto',
    '-Djava.awt.headless=true',
    '-Djavax.management.builder.initial=ScriptServer$WithoutKafkaBeans',
    `-Dlog4j2.configurationFile=${path.join(classes, 'log4j2.xml')}`,
    '-cp',
    [classes, ...shared].join(path.delimiter),
    'ScriptServer',
    tools.join(path.delimiter),
  ]
  return spawn('java', args, { env: { ...process.env, LC_ALL: 'C.UTF-8' } })
}

interface Waiting {
  readonly resolve: (result: ScriptRunResult) => void
  readonly reject: (error: Error) => void
  readonly timer: NodeJS.Timeout
}

class ScriptServer {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #waiting = new Map<number, Waiting>()
  #received = Buffer.alloc(0)
  #lastId = 0
  #retired = false

  constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child
    child.stdout.on('data', (chunk: Buffer) => this.#receive(chunk))
    child.stderr.pipe(process.stderr, { end: false })
    child.stdin.on('error', () => undefined)
    child.on('error', (error) => this.#lost(error))
    child.on('exit', (code, signal) => this.#lost(new Error(`the JVM of the scripts ended: ${signal ?? code}`)))
    this.#holdProcess(false)
  }

  get takesRuns(): boolean {
    return !this.#retired
  }

  run({ mainClass, args, input, timeoutMs }: ScriptRun): Promise<ScriptRunResult> {
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#timeOut(id), timeoutMs)
      this.#waiting.set(id, { resolve, reject, timer })
      this.#holdProcess(true)
      this.#child.stdin.write(encodeRequest(id, [mainClass, ...args], input))
    })
  }

  /** An idle JVM does not keep a finished test process alive. */
  #holdProcess(hold: boolean): void {
    const { stdin, stdout, stderr } = this.#child as unknown as Record<string, { ref(): void; unref(): void }>
    for (const handle of [this.#child, stdin, stdout, stderr]) hold ? handle?.ref() : handle?.unref()
  }

  #receive(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk])
    while (this.#received.length >= 4) {
      const end = 4 + this.#received.readInt32BE(0)
      if (this.#received.length < end) return
      this.#reply(this.#received.subarray(4, end))
      this.#received = this.#received.subarray(end)
    }
  }

  #reply(reply: Buffer): void {
    const split = 12 + reply.readInt32BE(8)
    this.#finish(reply.readInt32BE(0), {
      code: reply.readInt32BE(4),
      stdout: reply.toString('utf8', 12, split),
      stderr: reply.toString('utf8', split),
    })
  }

  #timeOut(id: number): void {
    this.#retired = true
    this.#finish(id, { code: KILLED_EXIT_CODE, stdout: '', stderr: '' })
  }

  #finish(id: number, result: ScriptRunResult): void {
    const waiting = this.#waiting.get(id)
    if (waiting === undefined) return
    clearTimeout(waiting.timer)
    this.#waiting.delete(id)
    waiting.resolve(result)
    if (this.#waiting.size > 0) return
    this.#holdProcess(false)
    if (this.#retired) this.#child.kill('SIGKILL')
  }

  #lost(error: Error): void {
    this.#retired = true
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer)
      reject(error)
    }
    this.#waiting.clear()
  }
}

function encodeRequest(id: number, words: readonly string[], input: Buffer): Buffer {
  const int = (value: number): Buffer => {
    const bytes = Buffer.alloc(4)
    bytes.writeInt32BE(value)
    return bytes
  }
  const encoded = words.flatMap((word) => [int(Buffer.byteLength(word)), Buffer.from(word)])
  const body = Buffer.concat([int(id), int(words.length), ...encoded, input])
  return Buffer.concat([int(body.length), body])
}

const classes = new Map<string, Promise<string | null>>()
const servers = new Map<string, ScriptServer>()

/** Runs a main class on the JVM of `kafkaHome`; null where there is no Java compiler and so no such JVM. */
export async function runOnScriptServer(kafkaHome: string, run: ScriptRun): Promise<ScriptRunResult | null> {
  if (!classes.has(kafkaHome)) classes.set(kafkaHome, compile(kafkaHome))
  const directory = await classes.get(kafkaHome)!
  if (directory === null) return null
  let server = servers.get(kafkaHome)
  if (server === undefined || !server.takesRuns) {
    server = new ScriptServer(launch(kafkaHome, directory))
    servers.set(kafkaHome, server)
  }
  return server.run(run)
}
