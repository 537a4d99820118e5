/**
 * `kt replica-verification` and Apache's kafka-replica-verification.sh: both go on until they are interrupted, so what
 * they say first and what they say once all is compared must be the same; a line they refuse, they refuse alike.
 */
import { spawn } from 'node:child_process'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ApacheCluster, apacheCluster } from '../../support/apache-cluster.ts'
import { apacheKafkaHome } from '../../support/apache-kafka.ts'
import { compareWithScript, type ScriptCase, splitWords } from '../../support/compare-with-script.ts'
import { runCommand } from '../../support/run-command.ts'

const RUNS = [
  '--topics-include Gverify.* --time -2 --report-interval-ms 100',
  '--topics-include Gverify --time -2 --report-interval-ms 100',
  '--topics-include Gverify --time -1 --report-interval-ms 100',
  '--topics-include Gverify --time 0 --report-interval-ms 100 --max-wait-ms 100 --fetch-size 2000',
]

const REFUSED: ScriptCase[] = [
  { args: '', ownWords: true },
  { args: '--help', ownWords: true },
  { args: '--version' },
  { args: '--broker-list nowhere', ownWords: true },
  { args: '--broker-list {server} --topics-include Gnothing', ownWords: true },
  { args: "--broker-list {server} --topics-include 'G['", ownWords: true },
  { args: '--broker-list {server} --topics-include Gverify --time soon', ownWords: true },
  { args: '--broker-list {server} --topics-include Gverify --fetch-size x', ownWords: true },
  { args: '--broker-list {server} --topics-include Gverify --max-wait-ms x', ownWords: true },
  { args: '--broker-list {server} --topics-include Gverify --report-interval-ms x', ownWords: true },
  { args: '--broker-list {server} --broker-list {server}', ownWords: true },
  { args: '--bootstrap-server {server}', ownWords: true },
]

const RECORDS = 300
const LINE = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}: (.*)$/
/** Lines without their times. */
const said = (stdout: string): string[] => stdout.split('\n').flatMap((line) => LINE.exec(line)?.[1] ?? [])
/** Nothing is left to compare. */
const isDone = (lines: readonly string[]): boolean => lines.filter((line) => /^max lag is 0 /.test(line)).length >= 3
const GIVE_UP_MS = 120_000

const home = await apacheKafkaHome()

describe.skipIf(home === null)('kt replica-verification beside kafka-replica-verification.sh', () => {
  let cluster: ApacheCluster
  const kt = (line: string, input?: string) => {
    const [command, ...rest] = line.split(' ')
    return runCommand([command!, '--bootstrap-server', cluster.bootstrapServers, ...rest], { input })
  }

  /** What the script says until nothing is left to compare. */
  function script(args: readonly string[]): Promise<string[]> {
    const child = spawn(path.join(home!, 'bin/kafka-replica-verification.sh'), args, {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const limit = setTimeout(() => child.kill('SIGKILL'), GIVE_UP_MS)
    let stdout = ''
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk
      if (isDone(said(stdout))) child.kill('SIGKILL')
    })
    return new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', () => {
        clearTimeout(limit)
        resolve(said(stdout))
      })
    })
  }

  /** The same of ours, which is given a time to compare a few records in. */
  async function ours(args: readonly string[]): Promise<string[]> {
    const interrupt = new AbortController()
    const timer = setTimeout(() => interrupt.abort('SIGINT'), 10_000)
    const { code, stdout, stderr } = await runCommand(['replica-verification', ...args], { signal: interrupt.signal })
    clearTimeout(timer)
    expect({ code, stderr }).toEqual({ code: 130, stderr: '' })
    return said(stdout)
  }

  beforeAll(async () => {
    cluster = await apacheCluster(home!)
    for (const topic of ['Gverify', 'Gverify-one']) {
      await kt(`topics --create --if-not-exists --topic ${topic} --replication-factor 3`)
    }
    const input = Array.from({ length: RECORDS }, (_, at) => `record ${at}\n`).join('')
    expect((await kt('console-producer --topic Gverify --batch-size 500 --sync', input)).code).toBe(0)
  })
  afterAll(async () => {
    if (cluster !== undefined) await kt('topics --delete --topic Gverify.* --if-exists')
  })

  it.concurrent.each(RUNS)('%s', async (line) => {
    const args = ['--broker-list', cluster.bootstrapServers, ...splitWords(line)]
    const [theirs, own] = await Promise.all([script(args), ours(args)])
    expect(isDone(theirs)).toBe(true)
    expect(isDone(own)).toBe(true)
    expect([own[0], own.at(-1)]).toEqual([theirs[0], theirs.at(-1)])
  })

  it.concurrent.each(REFUSED)('$args', async (given) => {
    const { bootstrapServers } = cluster
    const subject = {
      home: home!,
      script: 'kafka-replica-verification',
      command: 'replica-verification',
      bootstrapServers,
    }
    await compareWithScript(subject, { ...given, withoutServer: true })
  })
})
