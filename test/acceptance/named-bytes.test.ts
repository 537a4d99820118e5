/** Every file that the bundled cluster has on disk, byte by byte, as its nodes left them. */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { expect, it } from 'vitest'
import { expectEveryByteNamed, namedBytes } from '../commands/dump-log/bytes/support.ts'
import { runningCluster } from '../support/running-cluster.ts'

const NAMED = /\.(log|index|timeindex|txnindex|snapshot|checkpoint)$|-checkpoint$|^(meta|quorum|partition|\.kafka)/

it('names every byte of what the nodes of a cluster keep', { timeout: 240_000 }, async () => {
  await using cluster = await runningCluster({ brokers: 3 })
  const create = ['--create', '--topic', 'kept', '--partitions', '2', '--replication-factor', '3']
  await cluster.kt(['topics', ...create])
  const lines = Array.from({ length: 500 }, (_, at) => `line ${at}\n`).join('')
  for (const codec of ['none', 'lz4', 'zstd']) {
    await cluster.kt(['console-producer', '--topic', 'kept', '--compression-codec', codec], lines)
  }
  await cluster.kt(['console-consumer', '--topic', 'kept', '--group', 'g', '--from-beginning', '--max-messages', '10'])
  expect((await cluster.kt(['cluster', 'stop'])).code).toBe(0)
  const all = ['--bytes', '--format', 'json', '--max-batches', '0', '--max-records', '0']
  const seen = new Set<string>()
  const nodes = [...cluster.brokerIds, ...cluster.controllerIds]
  for (const directory of nodes.flatMap((id) => directoriesOf(cluster.dataDirectory(id)))) {
    const { code, stdout } = await cluster.kt(['dump-log', '--files', directory, ...all])
    expect(code, directory).toBe(0)
    const units = namedBytes(stdout)
    for (const name of fs.readdirSync(directory).filter((each) => NAMED.test(each))) {
      const file = path.join(directory, name)
      if (fs.statSync(file).isDirectory()) continue
      const own = units.filter((unit) => unit.file === file)
      expectEveryByteNamed(own, file)
      for (const { fields } of own) expect(fields.filter(({ type }) => type === 'unreadable')).toEqual([])
      seen.add(name.replace(/^\d+(-\d+)?/, ''))
    }
  }
  expect([...seen].sort()).toEqual(expect.arrayContaining(['.index', '.kafka_cleanshutdown', '.log', '.timeindex']))
  expect([...seen].sort()).toEqual(
    expect.arrayContaining(['leader-epoch-checkpoint', 'meta.properties', 'quorum-state']),
  )
})

/** A data directory, and of its partitions those that are worth it: most of Kafka's own are empty. */
function directoriesOf(data: string): string[] {
  const isWorthIt = (name: string): boolean =>
    /^(kept|__cluster_metadata)-\d+$/.test(name) || isUsed(path.join(data, name), name)
  const partitions = fs.readdirSync(data).filter(isWorthIt)
  return [data, ...partitions.map((name) => path.join(data, name))]
}

function isUsed(directory: string, name: string): boolean {
  if (!name.startsWith('__consumer_offsets-')) return false
  return fs
    .readdirSync(directory)
    .some((file) => file.endsWith('.log') && fs.statSync(path.join(directory, file)).size > 0)
}
