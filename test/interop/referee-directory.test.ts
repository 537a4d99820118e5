/**
 * What a storm leaves on the disks of brokers and controllers, read by Apache's tools without a complaint: logs that were
 * truncated and caught up, their indexes, producer snapshots, leader epochs, the metadata log of every voter and observer.
 */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ProcessCluster } from '../storm/process-cluster.ts'
import { runStorm } from '../storm/storm.ts'
import { apacheKafkaHome } from '../support/apache-kafka.ts'
import { ApacheTools } from './foreign-clients/apache-tools.ts'

const home = await apacheKafkaHome()
const missing = home === null ? ': no Java or no installation, skipped' : ''

const SEED = 5
const EVENTS = 8
const TIMEOUT_MS = 600_000
/** What kafka-dump-log says when a file is not as it should be; it ends with 0 all the same. */
const COMPLAINT =
  /invalid bytes|corrupt|isvalid: false|mismatch|out of order|non-consecutive|failed to|could not|error/i
/** One command line takes so many files. */
const FILES_AT_ONCE = 40
const SHELL_ATTEMPTS = 5

describe.skipIf(home === null)(`Apache Kafka on the disks after a storm${missing}`, () => {
  const tools = new ApacheTools(home ?? '', '')

  function files(directory: string, pattern: RegExp): string[] {
    const found = fs.readdirSync(directory, { recursive: true, encoding: 'utf8' })
    return found.filter((file) => pattern.test(file)).map((file) => path.join(directory, file))
  }

  async function dump(paths: readonly string[], ...flags: string[]): Promise<string> {
    const texts: string[] = []
    for (let at = 0; at < paths.length; at += FILES_AT_ONCE) {
      const some = paths.slice(at, at + FILES_AT_ONCE)
      const { stdout, stderr, code } = await tools.offline('dump-log', ['--files', some.join(','), ...flags])
      const complaint = COMPLAINT.exec(stdout)?.[0]
      const errors = /.*(ERROR|WARN|Exception).*/.exec(stderr)?.[0]
      expect({ flags, code, complaint, errors }).toEqual({ flags, code: 0 })
      for (const file of some) expect(stdout).toContain(file)
      texts.push(stdout)
    }
    return texts.join('')
  }

  async function checkBroker(data: string): Promise<void> {
    const logs = files(data, /^(storm|rolled)-\d+\/\d+\.log$/)
    const text = await dump(logs, '--deep-iteration', '--print-data-log')
    expect(text).toContain('payload: 1.')
    const indexes = files(data, /^(storm|rolled)-\d+\/.*\.(index|timeindex)$/)
    const checked = await dump(indexes, '--index-sanity-check')
    expect(checked.match(/(passed sanity check|is empty)\.$/gm)).toHaveLength(indexes.length)
    await dump(files(data, /^(storm|rolled)-\d+\/.*\.index$/), '--verify-index-only')
    await dump(files(data, /^(storm|rolled)-\d+\/.*\.timeindex$/))
    // Group state as the coordinator writes it, and producers as a leader or follower remembers them.
    const offsets = await dump(files(data, /^__consumer_offsets-\d+\/.*\.log$/), '--offsets-decoder')
    expect(offsets).toContain('"group":"storm-own"')
    const producers = await dump(files(data, /^(storm|rolled)-\d+\/.*\.snapshot$/))
    expect(producers).toMatch(/producerId: \d+ producerEpoch: \d+/)
    checkEpochs(data)
  }

  /** Lines of `leader-epoch-checkpoint`: epoch and start offset, both growing, the last one the epoch of the last batch. */
  function checkEpochs(data: string): void {
    for (const file of files(data, /^(storm|rolled)-\d+\/leader-epoch-checkpoint$/)) {
      const [version, count, ...lines] = fs.readFileSync(file, 'utf8').trim().split('\n')
      expect({ file, version, count }).toEqual({ file, version: '0', count: String(lines.length) })
      const entries = lines.map((line) => line.split(' ').map(Number) as [number, number])
      for (const [index, [epoch, offset]] of entries.entries()) {
        const before = entries[index - 1]
        if (before === undefined) continue
        expect(epoch, file).toBeGreaterThan(before[0])
        expect(offset, file).toBeGreaterThan(before[1])
      }
    }
  }

  /** The shell answers as soon as its loader has any offset, now and then before the last batch: it is asked again. */
  async function topicsOfShell(snapshot: string, expected: number): Promise<string[]> {
    let names: string[] = []
    for (let attempt = 0; attempt < SHELL_ATTEMPTS; attempt++) {
      const { stdout } = await tools.offline('metadata-shell', ['--snapshot', snapshot, 'ls', '/image/topics/byName'])
      names = stdout.split(/\s+/).filter(Boolean).sort()
      if (names.length === expected) break
    }
    return names
  }

  /** Topics that Apache's shell found in any node's newest snapshot. */
  const listed = new Set<string>()

  async function checkMetadata(data: string): Promise<void> {
    const text = await dump(files(data, /^__cluster_metadata-0\/.*\.log$/), '--cluster-metadata-decoder')
    expect(text).toMatch(/"type":"\w+_RECORD"/)
    const snapshots = files(data, /^__cluster_metadata-0\/.*\.checkpoint$/)
    if (snapshots.length > 0) {
      expect(await dump(snapshots, '--cluster-metadata-decoder')).toContain('SnapshotHeader')
    }
    const [newest] = snapshots.sort().reverse()
    if (newest === undefined || path.basename(newest).startsWith('00000000000000000000-')) return
    // A node that was down for most of the storm may have a snapshot from before the topics: what it holds is what counts.
    const records = await dump([newest], '--cluster-metadata-decoder')
    const topics = [...records.matchAll(/"type":"TOPIC_RECORD".*?"name":"([^"]+)"/g)].map(([, name]) => name)
    expect(await topicsOfShell(newest, topics.length)).toEqual(topics.sort())
    for (const name of topics) if (name !== undefined) listed.add(name)
  }

  it('reads them all without a complaint', { timeout: TIMEOUT_MS, retry: 0 }, async () => {
    const examine = async (cluster: ProcessCluster): Promise<void> => {
      for (const id of cluster.brokerIds) await checkBroker(cluster.dataDirectory(id))
      for (const id of [...cluster.controllerIds, ...cluster.brokerIds]) await checkMetadata(cluster.dataDirectory(id))
      const all = [...cluster.controllerIds, ...cluster.brokerIds].map((id) => cluster.dataDirectory(id))
      // At least one snapshot was more than the first, which every directory is formatted with.
      expect(all.flatMap((data) => files(data, /^__cluster_metadata-0\/(?!0+-).*\.checkpoint$/))).not.toEqual([])
      expect([...listed]).toEqual(expect.arrayContaining(['storm', 'rolled']))
    }
    const report = await runStorm({ seed: SEED, events: EVENTS, examine })
    expect(report.violations.slice(0, 5)).toEqual([])
  })
})
