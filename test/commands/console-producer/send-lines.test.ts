/** A topic copied through lines of JSON, record by record the same: in this process, on the bundled node. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import { Fetcher } from '../../../src/client/fetcher.ts'
import { Producer } from '../../../src/client/producer.ts'
import { startCluster } from '../../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../../src/cluster/types.ts'
import { decodeRecords } from '../../../src/protocol/records/record.ts'
import { randomRecords } from '../../support/random-records.ts'
import { type CommandResult, type RunOptions, runCommand } from '../../support/run-command.ts'

const PARTITIONS = 3
const SEED = 20_261_121

let cluster: LocalCluster
beforeAll(async () => {
  cluster = await startCluster({})
  for (const topic of ['from', 'to', 'anew']) await kt('topics', ['--create', '--topic', topic, '--partitions', '3'])
  await kt('topics', ['--create', '--topic', 'narrow', '--partitions', '1'])
})
afterAll(() => cluster.close())

const kt = (command: string, args: readonly string[], options: RunOptions = {}): Promise<CommandResult> =>
  runCommand([command, '--bootstrap-server', cluster.bootstrapServers, ...args], options)

const clientOptions = () => ({ bootstrapServers: [cluster.bootstrapServers] })

async function allOf(topic: string): Promise<unknown[]> {
  const fetcher = new Fetcher(clientOptions(), { stopAtEnd: true })
  await fetcher.follow(topic, 'earliest')
  const found: unknown[][] = Array.from({ length: PARTITIONS }, () => [])
  for await (const { buffer, at, partition } of fetcher) {
    for (const { key, value, headers, timestamp } of decodeRecords(buffer, at)) {
      found[partition]!.push({ key, value, headers, timestamp })
    }
  }
  return found
}

const json = async (topic: string): Promise<string> => {
  const args = ['--topic', topic, '--from-beginning', '--exit-at-end', '--format', 'json']
  const { code, stdout, stderr } = await kt('console-consumer', args)
  expect(code, stderr).toBe(0)
  return stdout
}

describe('console-consumer --format json | console-producer --format json', () => {
  it('copies a topic exactly', async () => {
    const random = seededRandom(SEED)
    const producer = new Producer(clientOptions())
    const sent = randomRecords(500, 300, random).map((record, index) => {
      const value = index % 7 === 0 ? random.bytes(20) : record.value
      return producer.send({ ...record, value, topic: 'from', partition: index % PARTITIONS })
    })
    await Promise.all(sent)
    await producer.close()
    const lines = await json('from')
    expect(lines.trimEnd().split('\n')).toHaveLength(500)
    const { code, stdout, stderr } = await kt('console-producer', ['--topic', 'to', '--format', 'json'], {
      input: lines,
    })
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(await allOf('to')).toEqual(await allOf('from'))
  })

  it('chooses partitions anew when asked to', async () => {
    const input = '{"partition":9,"key":"k","value":"1"}\n{"partition":8,"key":"k","value":"2"}\n'
    const refused = await kt('console-producer', ['--topic', 'anew', '--format', 'json'], { input })
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain("line 1: partition 9, and topic 'anew' has 3")
    expect(refused.stderr).toContain('--repartition')
    const sync = await kt('console-producer', ['--topic', 'anew', '--format', 'json', '--sync'], { input })
    expect(sync.stderr).toBe(refused.stderr)
    await kt('console-producer', ['--topic', 'anew', '--format', 'json', '--repartition'], { input })
    const filled = ((await allOf('anew')) as unknown[][]).filter((records) => records.length > 0)
    expect(filled).toHaveLength(1)
    expect(filled[0]).toHaveLength(2)
  })

  it('ends at a line that is no record, and sends those before it', async () => {
    const input = '{"value":"good"}\n\n{"vaule":"bad"}\n{"value":"never"}\n'
    const result = await kt('console-producer', ['--topic', 'narrow', '--format', 'json'], { input })
    expect(result.code).toBe(1)
    expect(result.stderr).toContain('standard input, line 3: unknown field "vaule": did you mean value?')
    const lenient = ['--topic', 'narrow', '--format', 'json', '--reader-property', 'ignore.error=true']
    const rest = await kt('console-producer', lenient, { input: 'x\n{"value":"more"}\n' })
    expect(rest).toMatchObject({ code: 0, stderr: expect.stringMatching(/^Stepped over line 1: it is not JSON/) })
    const values = (await json('narrow')).trimEnd().split('\n')
    expect(values.map((line) => JSON.parse(line).value)).toEqual(['good', 'more'])
  })

  it('is unknown under the script’s own name', async () => {
    const { code, stderr } = await runCommand(['kafka-console-producer.sh', '--topic', 't', '--format', 'json'])
    expect(code).toBe(1)
    expect(stderr).toContain('format is not a recognized option')
    const wrong = await kt('console-producer', ['--topic', 't', '--format', 'yaml'])
    expect(wrong.stderr).toContain("Unknown format 'yaml'")
  })
})
