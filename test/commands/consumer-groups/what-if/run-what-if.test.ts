/** A real group on the bundled node, and what it would be. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startCluster } from '../../../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../../../src/cluster/types.ts'
import { type CommandResult, type RunOptions, runCommand } from '../../../support/run-command.ts'

let cluster: LocalCluster
const interruption = new AbortController()
const members: Promise<CommandResult>[] = []

beforeAll(async () => {
  cluster = await startCluster({
    config: { 'group.initial.rebalance.delay.ms': '0', 'offsets.topic.num.partitions': '1' },
  })
  await kt('topics', '--create --topic orders --partitions 6')
  await kt('topics', '--create --topic payments --partitions 4')
  await kt('consumer-groups', '--reset-offsets --group empty --topic orders --to-earliest --execute')
  members.push(kt('console-consumer', '--topic orders --group billing', { signal: interruption.signal }))
  members.push(kt('console-consumer', '--topic orders --group billing', { signal: interruption.signal }))
  await vi.waitFor(
    async () => expect((await kt('consumer-groups', '--describe --group billing --state')).stdout).toMatch(/Stable +2/),
    { timeout: 30_000, interval: 200 },
  )
}, 60_000)
afterAll(async () => {
  interruption.abort('SIGINT')
  await Promise.all(members)
  await cluster.close()
})

const kt = (command: string, args: string, options: RunOptions = {}): Promise<CommandResult> =>
  runCommand([command, '--bootstrap-server', cluster.bootstrapServers, ...args.split(' ')], options)
const whatIf = (args: string): Promise<CommandResult> => kt('consumer-groups', `--what-if ${args}`)

describe('--what-if', () => {
  it('leaves a group as it is that stays as it is', async () => {
    const { code, stdout } = await whatIf('--group billing --assignor range,cooperative-sticky,uniform')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^range \(now\) +classic +3 +0 +1 /m)
    expect(stdout).toMatch(/^cooperative-sticky +classic +3 +0 +1 +nothing$/m)
    expect(stdout.match(/keeps all/g)).toHaveLength(8)
  })

  it('tells what moves when a member joins', async () => {
    const { code, stdout, stderr } = await whatIf('--group billing --member-count +1 --format json')
    expect([code, stderr]).toEqual([0, ''])
    const document = JSON.parse(stdout)
    expect(document).toMatchObject({
      apiVersion: 'kt/v1',
      kind: 'AssignmentForecast',
      groupId: 'billing',
      presentAssignor: 'range',
      topics: [{ topic: 'orders', partitionCount: 6 }],
    })
    const moved = document.forecasts.map((each: Record<string, unknown>) => [each.assignor, each.protocol, each.moved])
    expect(moved).toContainEqual(['cooperative-sticky', 'classic', 2])
    expect(moved).toContainEqual(['uniform', 'consumer', 2])
    expect(document.forecasts).toHaveLength(6)
  })

  it('tells who would go', async () => {
    const { stdout, stderr } = await whatIf('--group billing --member-count 1 --assignor sticky')
    expect(stderr).toMatch(/^Without console-consumer~.{4}\.$/m)
    expect(stdout).toMatch(/ 6 +orders 0-5 +\+orders /)
  })

  it('needs no group', async () => {
    const { stdout, stderr } = await whatIf('--topic orders,payments --member-count 3 --assignor roundrobin')
    expect(stdout).toMatch(/^ {2}new-1 +4 +orders 0,3; payments 0,3 +joins$/m)
    expect(stderr).toContain('get their ids when they join')
  })

  it('lets a group without members read what it has committed', async () => {
    const nobody = await whatIf('--group empty')
    expect(nobody.code).not.toBe(0)
    expect(nobody.stderr).toContain("Group 'empty' has no members")
    expect((await whatIf('--group empty --member-count +2')).stdout).toMatch(/^range +classic +3 +0 /m)
    expect((await whatIf('--group empty --member-count 2 --topic payments')).stdout).toMatch(/^range +classic +2 +0 /m)
  })

  it.each([
    ['--group biling', "Did you mean 'billing'"],
    ['--topic ordrs --member-count 2', "Did you mean 'orders'"],
    ['--topic orders', '--what-if needs --group'],
    ['--group billing --assignor rnage', "Did you mean 'range'"],
    ['--group billing --member-count many', "'many' is no number of members"],
    ['--group billing --describe', 'what-if'],
    ['--group a --group b', 'one --group'],
  ])('%s: says what is wrong', async (args, message) => {
    const { code, stdout, stderr } = await whatIf(args)
    expect(code).not.toBe(0)
    expect(stderr).toContain(message)
    expect(stdout).toBe('')
  })

  it('has options that go with nothing else', async () => {
    expect((await kt('consumer-groups', '--list --assignor range')).stderr).toContain('--assignor goes with --what-if')
  })
})
