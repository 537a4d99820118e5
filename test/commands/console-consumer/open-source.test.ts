/** Parts of topics, out of the bundled node, in this process. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCluster } from '../../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../../src/cluster/types.ts'
import { type CommandResult, type RunOptions, runCommand } from '../../support/run-command.ts'

/** 12 records in three partitions, a second apart: r0 to r11, with keys k0 to k3. */
const COUNT = 12
const START_MS = Date.UTC(2026, 0, 1)

let cluster: LocalCluster
beforeAll(async () => {
  cluster = await startCluster({
    config: { 'group.initial.rebalance.delay.ms': '0', 'offsets.topic.num.partitions': '1' },
  })
  await kt('topics', '--create --topic three --partitions 3')
  await kt('topics', '--create --topic empty --partitions 2')
  await kt('topics', '--create --topic keyed --partitions 5')
  const lines = Array.from({ length: COUNT }, (_, at) =>
    JSON.stringify({
      partition: at % 3,
      timestamp: START_MS + at * 1000,
      key: `k${at % 4}`,
      value: `r${at}`,
      headers: at % 2 === 0 ? [{ key: 'even', value: String(at) }] : [],
    }),
  )
  await produce('three', lines)
  await produce(
    'keyed',
    ['alice', 'bob', 'carol', 'alice', 'bob'].map((key, at) => JSON.stringify({ key, value: `${key}-${at}` })),
  )
})
afterAll(() => cluster.close())

const kt = (command: string, args: string, options: RunOptions = {}): Promise<CommandResult> =>
  runCommand([command, '--bootstrap-server', cluster.bootstrapServers, ...args.split(' ')], options)

async function produce(topic: string, lines: readonly string[]): Promise<void> {
  const { code, stderr } = await kt('console-producer', `--topic ${topic} --format json`, { input: lines.join('\n') })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
}

const consume = (args: string, options: RunOptions = {}): Promise<CommandResult> =>
  kt('console-consumer', args, options)

async function values(args: string): Promise<string[]> {
  const { code, stdout, stderr } = await consume(args)
  expect(code, stderr).toBe(0)
  return stdout.split('\n').filter((line) => line !== '')
}
const sorted = async (args: string): Promise<string[]> =>
  (await values(args)).sort((left, right) => Number(left.slice(1)) - Number(right.slice(1)))
const r = (...numbers: number[]): string[] => numbers.map((number) => `r${number}`)
const at = (second: number): string => new Date(START_MS + second * 1000).toISOString()

describe('--exit-at-end', () => {
  it('reads what there is and ends', async () => {
    expect(await sorted('--topic three --exit-at-end')).toHaveLength(COUNT)
    expect(await values('--topic empty --exit-at-end')).toEqual([])
    expect(await values('--include three|empty --exit-at-end')).toHaveLength(COUNT)
    expect(await values('--topic three --partition 1 --offset 2 --exit-at-end')).toEqual(r(7, 10))
  })

  it('ends a group when its partitions are read', async () => {
    expect(await values('--topic three --group once --from-beginning --exit-at-end')).toHaveLength(COUNT)
    expect(await values('--topic three --group once --exit-at-end')).toEqual([])
  })

  it('does not wait for what is not there', async () => {
    const topic = await consume('--topic thre --exit-at-end')
    expect(topic).toMatchObject({ code: 1, stdout: '' })
    expect(topic.stderr).toContain("Topic 'thre' does not exist\n  did you mean 'three'?")
    const partition = await consume('--topic three --partition 3 --exit-at-end')
    expect(partition.stderr).toContain("Topic 'three' has no partition 3: it has 3, 0 to 2")
    expect((await consume('--include nothing --exit-at-end')).stderr).toContain('No topic matches --include')
  })
})

describe('--tail', () => {
  it.each([
    ['--tail 1', r(11)],
    ['--tail 4', r(8, 9, 10, 11)],
    ['--tail 100', r(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)],
    ['--tail 2 --partition 0', r(6, 9)],
    ['--tail 3 --filter header.even', r(6, 8, 10)],
    ['--tail 2 --filter value=r1', r(1)],
    ['--tail 1 --filter value=none', []],
  ])('%s', async (args, expected) => {
    expect(await values(`--topic three ${args}`)).toEqual(expected)
  })

  it('goes on with --follow', async () => {
    const reading = consume('--topic empty --tail 2 --follow --timeout-ms 3000')
    setTimeout(() => void produce('empty', ['{"value":"new","partition":1}']), 500)
    expect((await reading).stdout).toBe('new\n')
  })
})

describe('bounds', () => {
  it.each([
    [`--since ${at(9)} --exit-at-end`, r(9, 10, 11)],
    [`--until ${at(2)}`, r(0, 1)],
    [`--since ${at(3)} --until ${at(6)}`, r(3, 4, 5)],
    ['--since now --exit-at-end', []],
    ['--start-offset -1 --exit-at-end', r(9, 10, 11)],
    ['--start-offset 1 --end-offset 2', r(3, 4, 5)],
    ['--end-offset -3', r(0, 1, 2)],
    ['--end-offset 0', []],
    ['--start-offset 2 --end-offset 1', []],
    ['--start-offset 1 --end-offset 3 --max-messages 1 --partition 2', r(5)],
    ['--from-beginning --until +1h --filter key=k3', r(3, 7, 11)],
  ])('%s', async (args, expected) => {
    expect(await sorted(`--topic three ${args}`)).toEqual(expected)
  })
})

describe('--key', () => {
  it('reads the partition of the key, and says which', async () => {
    const { stdout, stderr } = await consume('--topic keyed --key alice --exit-at-end')
    expect(stdout).toBe('alice-0\nalice-3\n')
    expect(stderr).toMatch(
      /^Key 'alice' belongs in partition \d of 5 of topic 'keyed' by murmur2 \(crc32: \d, fnv1a: \d\)\n/,
    )
  })

  it('looks where another client would have put it', async () => {
    const found = await Promise.all(
      ['murmur2', 'crc32', 'fnv1a'].map((name) =>
        consume(`--topic keyed --key bob --partitioner ${name} --exit-at-end`),
      ),
    )
    expect(found[0]!.stdout).toBe('bob-1\nbob-4\n')
    const own = /partition (\d)/.exec(found[0]!.stderr)![1]
    for (const { stdout, stderr } of found) {
      expect(stdout === '').toBe(/partition (\d)/.exec(stderr)![1] !== own)
    }
  })
})

describe('what is printed', () => {
  it('shows what there is beside the value', async () => {
    expect(await values('--topic three --partition 0 --tail 1 --meta')).toEqual([`${at(9)}\t0:3\tk1\tr9`])
    const template = await runCommand([
      ...['console-consumer', '--bootstrap-server', cluster.bootstrapServers, '--topic', 'three', '--tail', '1'],
      ...['--template', '%p/%o %k %h\\n'],
    ])
    expect(template.stdout).toBe('2/3 k3 \n')
  })

  it('decodes, and keeps the bytes beside it in JSON', async () => {
    await produce('empty', ['{"partition":0,"value":"{\\"a\\":1}","keyBase64":"AAAABw=="}'])
    const one = '--topic empty --partition 0 --tail 1 --key-as int32 --value-as json'
    expect((await consume(`${one} --formatter-property print.key=true`)).stdout).toBe('7\t{\n  "a": 1\n}\n')
    expect(JSON.parse((await consume(`${one} --format json`)).stdout)).toMatchObject({
      key: 7,
      keyBase64: 'AAAABw==',
      value: { a: 1 },
      valueBase64: Buffer.from('{"a":1}').toString('base64'),
    })
    expect((await consume('--topic empty --partition 0 --key 7 --key-as int32 --exit-at-end')).stdout).toBe('{"a":1}\n')
    const bad = await consume('--topic empty --partition 0 --tail 1 --value-as int64')
    expect(bad.code).toBe(1)
    expect(bad.stderr).toContain('7 bytes are no int64, which has 8')
  })
})

describe('options that do not go together', () => {
  it.each([
    ['--tail 1 --since -1h', '--tail and --since cannot be specified together.'],
    ['--since -1h --start-offset 1', '--since and --start-offset cannot be specified together.'],
    ['--follow', '--follow goes with --tail'],
    ['--partitioner crc32', '--partitioner goes with --key'],
    ['--key a --partitioner md5', "Unknown partitioner 'md5'"],
    ['--tail 0', '--tail: 0 is no number of records'],
    ['--tail 1 --group g', '--tail reads without a group'],
    ['--start-offset x', "--start-offset: 'x' is no offset"],
    ['--since soon', "--since: 'soon' is no point in time"],
    ['--meta --format json', '--meta and --format cannot be specified together.'],
    ['--filter nonsense', "--filter 'nonsense' cannot be read"],
    ['--value-as avro', "--value-as: 'avro' is not known"],
    ['--template %x', '--template: %x stands for nothing'],
  ])('%s', async (args, message) => {
    const { code, stdout, stderr } = await consume(`--topic three ${args}`)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(message)
  })
})
