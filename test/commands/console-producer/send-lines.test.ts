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

describe('what the options add', () => {
  const produce = (args: readonly string[], input = ''): Promise<CommandResult> =>
    kt('console-producer', ['--topic', 'shaped', ...args], { input })
  const records = async (): Promise<Record<string, unknown>[]> =>
    (await json('shaped'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)

  beforeAll(async () => {
    await kt('topics', ['--create', '--topic', 'shaped', '--partitions', '3'])
  })

  it('sends to a partition, at a time, with headers, and tells where', async () => {
    const time = '2026-01-01T00:00:00Z'
    const args = ['--partition', '2', '--timestamp', time, '--header', 'a=1=2', '--header', 'b', '--report']
    const { code, stdout, stderr } = await produce(args, 'one\ntwo\n')
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: 'line 1: shaped-2 offset 0\nline 2: shaped-2 offset 1\n',
      stderr: '',
    })
    expect((await records())[1]).toMatchObject({
      partition: 2,
      timestamp: Date.parse(time),
      headers: [
        { key: 'a', value: '1=2' },
        { key: 'b', value: null },
      ],
      value: 'two',
    })
  })

  it('makes tombstones of keys', async () => {
    const { stdout } = await produce(['--tombstone', '--report', 'json', '--partition', '2', '--sync'], 'gone\n')
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'Delivery', line: 1, topic: 'shaped', partition: 2, offset: 2 })
    expect((await records())[2]).toMatchObject({ key: 'gone', value: null })
  })

  it('tells what was not sent, and ends with 1', async () => {
    const large = 'x'.repeat(2_000_000)
    const { code, stdout } = await produce(['--report', '--partition', '0'], `${large}\nsmall\n`)
    expect(code).toBe(1)
    expect(stdout).toMatch(/^line 1: not sent: .*larger than 1048576.*\nline 2: shaped-0 offset 0\n$/)
    const absent = await produce(['--partition', '7'], 'x\n')
    expect(absent.stderr).toContain("line 1: partition 7, and topic 'shaped' has 3")
  })

  it('makes up records', async () => {
    const args = ['--template', '{"id":{{seq}}}', '--key-template', 'k{{seq 5}}', '--count', '3', '--partition', '1']
    expect(await produce([...args, '--rate', '100'])).toMatchObject({ code: 0, stderr: '' })
    expect((await records()).filter(({ partition }) => partition === 1)).toMatchObject([
      { key: 'k5', value: '{"id":1}' },
      { key: 'k6', value: '{"id":2}' },
      { key: 'k7', value: '{"id":3}' },
    ])
  })

  it('chooses partitions as told', async () => {
    const counts = async (partitioner: string): Promise<number> => {
      const args = ['--partitioner', partitioner, '--report', 'json', '--reader-property', 'parse.key=true']
      const { stdout, stderr } = await produce([...args, '--reader-property', 'key.separator=:'], 'k:1\nk:2\nk:3\n')
      expect(stderr).toBe('')
      const partitions = stdout
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { partition: number }).partition)
      return new Set(partitions).size
    }
    expect(await counts('round-robin')).toBe(3)
    for (const name of ['murmur2', 'crc32', 'fnv1a', 'sticky']) expect(await counts(name)).toBe(1)
  })

  it.each([
    ['--partition 1 --partitioner crc32', '--partition and --partitioner cannot be specified together.'],
    ['--count 3', '--count goes with --template'],
    ['--repartition', '--repartition goes with --format'],
    ['--partitioner md5', "Unknown partitioner 'md5'"],
    ['--partition -1', '--partition: -1 is no partition'],
    ['--rate 0', '--rate: 0 records a second never end'],
    ['--report xml', "Unknown report 'xml'"],
    ['--template {{x}}', '--template: {{x}} is not known'],
    ['--timestamp soon', "--timestamp: 'soon' is no point in time"],
    ['--header =x', "--header: '=x' has no name"],
  ])('refuses %s', async (args, message) => {
    const { code, stderr } = await produce(args.split(' '), 'never\n')
    expect(code).toBe(1)
    expect(stderr).toContain(message)
  })
})

it('says at once that the node has no transactions', async () => {
  const { code, stderr } = await kt('console-producer', ['--topic', 'to', '--transactional-id', 'tx'], { input: 'x\n' })
  expect(code).toBe(1)
  expect(stderr).toMatch(/cannot answer EndTxn requests/)
  expect((await kt('console-producer', ['--topic', 'to', '--abort'])).stderr).toContain('--abort goes with')
})
