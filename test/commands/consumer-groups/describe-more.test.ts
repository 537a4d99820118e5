/** Totals, lag as time, the next records, copies of offsets: on the bundled node, in this process. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCluster } from '../../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../../src/cluster/types.ts'
import { type CommandResult, type RunOptions, runCommand } from '../../support/run-command.ts'

const HOUR_MS = 3_600_000

let cluster: LocalCluster
beforeAll(async () => {
  cluster = await startCluster({
    config: { 'group.initial.rebalance.delay.ms': '0', 'offsets.topic.num.partitions': '1' },
  })
  await kt('topics', '--create --topic orders --partitions 2')
  await kt('topics', '--create --topic other --partitions 1')
  await produce('orders', 5, 0)
  await produce('orders', 3, 1)
  await produce('other', 1, 0)
  await groups('--reset-offsets --group behind --topic orders:0 --to-offset 2 --execute')
  await groups('--reset-offsets --group behind --topic orders:1 --to-offset 3 --execute')
  await groups('--reset-offsets --group behind --topic other --to-earliest --execute')
  await groups('--reset-offsets --group done --topic other --to-latest --execute')
})
afterAll(() => cluster.close())

const kt = (command: string, args: string, options: RunOptions = {}): Promise<CommandResult> =>
  runCommand([command, '--bootstrap-server', cluster.bootstrapServers, ...args.split(' ')], options)
const groups = (args: string, options: RunOptions = {}): Promise<CommandResult> => kt('consumer-groups', args, options)

async function produce(topic: string, count: number, partition: number): Promise<void> {
  const lines = Array.from({ length: count }, (_, at) =>
    JSON.stringify({ partition, timestamp: Date.now() - HOUR_MS * 2, key: `k${at}`, value: `v${at}` }),
  )
  await kt('console-producer', `--topic ${topic} --format json`, { input: lines.join('\n') })
}

describe('--totals and --lag-time', () => {
  it('sums lag', async () => {
    const { code, stdout } = await groups('--describe --all-groups --totals')
    expect(code).toBe(0)
    expect(stdout).toBe(
      [
        'GROUP   STATE  TOPIC   PARTITIONS  LAG',
        'behind  Empty  orders           2    3',
        'behind  Empty  other            1    1',
        'behind  Empty  (all)            3    4',
        'done    Empty  other            1    0',
        'total lag of 2 groups: 4',
        '',
      ].join('\n'),
    )
  })

  it('tells lag as time', async () => {
    const { stdout } = await groups('--describe --group behind --totals --lag-time')
    expect(stdout).toMatch(/\(all\) +3 +4 +2h( 1m)?\n$/)
    const rows = (await groups('--describe --group behind --lag-time')).stdout
    expect(rows).toMatch(/^GROUP .* LAG-TIME\nbehind +orders +0 +2 +5 +3 +2h( 1m)?\nbehind +orders +1 +3 +3 +0 +0ms\n/)
    const { groups: found } = JSON.parse((await groups('--describe --group behind --lag-time --format json')).stdout)
    expect(found[0]).toMatchObject({ groupId: 'behind', totalLag: 4, topics: [{ topic: 'orders', lag: 3 }, {}] })
    expect(found[0].maxLagMs).toBeGreaterThan(HOUR_MS)
  })
})

describe('--peek', () => {
  it('shows what a group would read next', async () => {
    const { stdout } = await groups('--describe --group behind --peek 2')
    expect(stdout).toMatch(
      /^behind orders-0: committed 2, 3 to go\n {2}2 .* k2 {2}v2\n {2}3 .* k3 {2}v3\nbehind other-0: committed 0, 1 to go\n/,
    )
    const json = (await groups('--describe --group behind --peek 1 --format json')).stdout.trimEnd().split('\n')
    expect(json.map((line) => JSON.parse(line))).toMatchObject([
      { topic: 'orders', offset: 2, value: 'v2' },
      { topic: 'other', offset: 0, value: 'v0' },
    ])
    const yaml = (await groups('--describe --group behind --peek 1 --format yaml')).stdout
    expect(yaml).toMatch(/^---\napiVersion: kt\/v1\nkind: Record\n/)
    expect(yaml).toContain('timestampType: CreateTime')
    expect((await groups('--describe --group done --peek 1')).stderr).toBe("Group 'done' has read everything.\n")
  })
})

describe('--watch', () => {
  it('shows it again and again, until interrupted', async () => {
    const interruption = new AbortController()
    const watching = groups('--describe --group done --totals --watch 0.2', { signal: interruption.signal })
    setTimeout(() => interruption.abort('SIGINT'), 1000)
    const { code, stdout } = await watching
    expect(code).toBe(130)
    expect(stdout.match(/^done /gm)!.length).toBeGreaterThan(1)
    expect((await groups('--describe --group done --watch soon')).stderr).toContain("'soon' is no number of seconds")
  })
})

describe('--from-group', () => {
  it('copies what another group has committed', async () => {
    const plan = await groups('--reset-offsets --group copy --from-group behind --dry-run')
    expect(plan.stdout).toMatch(/copy +orders +0 +2/)
    expect((await groups('--describe --group copy --totals')).stdout).toContain('Group copy not found')
    await groups('--reset-offsets --group copy --from-group behind --topic orders --execute')
    expect((await groups('--describe --group copy --totals')).stdout).toMatch(/copy +Empty +orders +2 +3\n$/)
  })

  it('says when there is nothing to copy, and what it does not go with', async () => {
    const nothing = await groups('--reset-offsets --group copy --from-group nobody --execute')
    expect(nothing.code).toBe(1)
    expect(nothing.stderr).toContain("Group 'nobody' has committed nothing")
    const both = await groups('--reset-offsets --group copy --from-group done --to-earliest --execute')
    expect(both).toMatchObject({ code: 1, stderr: expect.stringContaining('from-group') })
  })
})

it.each([
  ['--list --totals', 'totals'],
  ['--describe --group g --totals --members', 'members'],
  ['--describe --group g --peek 0', '--peek: 0 is no number of records'],
])('refuses %s', async (args, message) => {
  const { code, stderr } = await groups(args)
  expect(code).toBe(1)
  expect(stderr).toContain(message)
})
