/** Sizes, copies, plans and replicas of topics, on three nodes in this process. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCluster } from '../../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../../src/cluster/types.ts'
import { type CommandResult, type RunOptions, runCommand } from '../../support/run-command.ts'

let cluster: LocalCluster
beforeAll(async () => {
  cluster = await startCluster({ brokers: 3 })
  await topics('--create --topic orders --partitions 2 --replication-factor 2 --config retention.ms=99000')
  const lines = [
    '{"partition":0,"timestamp":5,"key":"a","value":"1","headers":[{"key":"h","value":null}]}',
    '{"partition":1,"timestamp":6,"key":null,"valueBase64":"/w=="}',
    '{"partition":1,"timestamp":7,"key":"","value":null}',
  ]
  const sent = await kt('console-producer', '--topic orders --format json', { input: lines.join('\n') })
  expect(sent).toMatchObject({ code: 0, stderr: '' })
})
afterAll(() => cluster.close())

const kt = (command: string, args: string, options: RunOptions = {}): Promise<CommandResult> =>
  runCommand([command, '--bootstrap-server', cluster.bootstrapServers, ...args.split(' ')], options)
const topics = (args: string): Promise<CommandResult> => kt('topics', args)

async function records(topic: string): Promise<unknown[]> {
  const { stdout } = await kt('console-consumer', `--topic ${topic} --exit-at-end --format json`)
  const found = stdout
    .trimEnd()
    .split('\n')
    .map((line) => ({ ...JSON.parse(line), topic: '' }))
  return found.sort((left, right) => left.partition - right.partition || left.offset - right.offset)
}

describe('--describe --offsets', () => {
  it('tells where partitions begin and end, and their sizes', async () => {
    const { code, stdout } = await topics('--describe --topic orders --offsets')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^TOPIC +PARTITION +LEADER +START +END +OFFSETS +SIZE\norders +0 +\d +0 +1 +1 +\d+ B\n/)
    expect(stdout).toMatch(/\norders: 3 offsets, \d+ B, with replicas \d+ B\n$/)
    const [content] = JSON.parse((await topics('--describe --topic orders --offsets --format json')).stdout).topics
    expect(content).toMatchObject({ name: 'orders', offsetCount: 3, partitions: [{ endOffset: 1 }, { endOffset: 2 }] })
    expect(content.totalSizeBytes).toBe(content.sizeBytes * 2)
  })
})

describe('--create --clone-from', () => {
  it('makes a topic like another one, records and all', async () => {
    const made = await topics('--create --topic again --clone-from orders --with-records')
    expect(made).toMatchObject({ code: 0, stdout: 'Created topic again.\n' })
    expect(made.stderr).toBe('Copied 3 records from orders to again.\n')
    const { stdout } = await topics('--describe --topic again')
    expect(stdout).toMatch(/PartitionCount: 2\tReplicationFactor: 2\tConfigs: .*retention.ms=99000/)
    expect(await records('again')).toEqual(await records('orders'))
  })

  it('lets the command line win, and only looks when told so', async () => {
    const args = '--create --topic third --clone-from orders --partitions 5 --config cleanup.policy=compact --dry-run'
    expect((await topics(args)).stdout).toBe(
      'Would create topic third: partitions 5, replication factor 2, configs retention.ms=99000,cleanup.policy=compact. The cluster accepts it.\n',
    )
    expect((await topics('--list')).stdout).not.toContain('third')
    const near = await topics('--create --topic x --clone-from order')
    expect(near.code).toBe(1)
    expect(near.stdout + near.stderr).toContain('orders')
  })
})

describe('--dry-run', () => {
  it('has the cluster check what would be done', async () => {
    expect((await topics('--create --topic new --partitions 2 --dry-run')).stdout).toMatch(/^Would create topic new:/)
    const bad = await topics('--create --topic new --config retention.ms=x --dry-run')
    expect(bad.code).toBe(1)
    expect((await topics('--alter --topic orders --partitions 4 --dry-run')).stdout).toBe(
      'Would give topic orders 4 partitions. The cluster accepts it.\n',
    )
    expect((await topics('--alter --topic orders --partitions 1 --dry-run')).code).toBe(1)
    expect((await topics('--delete --topic orders --dry-run --format json')).stdout).toContain('TopicsDeletionPlan')
    expect((await topics('--list')).stdout).toContain('orders')
  })
})

describe('--alter --replicas', () => {
  it('adds partitions and replicas in one step', async () => {
    await topics('--create --topic grow --partitions 1 --replication-factor 1')
    const plan = await topics('--alter --topic grow --partitions 2 --replicas 3 --dry-run')
    expect(plan.stdout).toMatch(/^TOPIC +PARTITION +REPLICAS +NEW REPLICAS\ngrow +0 +\d +\d,\d,\d\nWould change 1/)
    const done = await topics('--alter --topic grow --partitions 2 --replicas 3')
    expect(done.stderr).toBe('Gave topic grow 2 partitions.\n')
    expect(done.stdout).toContain('Changing 2 partitions')
    await expect
      .poll(async () => (await topics('--describe --topic grow')).stdout, { timeout: 20_000 })
      .toMatch(/PartitionCount: 2\tReplicationFactor: 3[\s\S]*Isr: \d,\d,\d[\s\S]*Isr: \d,\d,\d/)
    expect((await topics('--alter --topic grow --replicas 3')).stdout).toContain('has 3 replicas already')
  })

  it('needs as many brokers', async () => {
    const { code, stdout, stderr } = await topics('--alter --topic orders --replicas 4')
    expect(code).toBe(1)
    expect(stdout + stderr).toContain('There are 3 brokers: not enough for 4 replicas')
  })

  it('is not the script’s', async () => {
    const { code, stderr } = await runCommand([
      ...['kafka-topics.sh', '--bootstrap-server', cluster.bootstrapServers],
      ...['--alter', '--topic', 'orders', '--replicas', '1', '--partitions', '3'],
    ])
    expect(code).toBe(1)
    expect(stderr).toContain('replicas is not a recognized option')
  })
})
