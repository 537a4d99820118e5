/** Removing by time and by offset, on the bundled node, in this process. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Admin } from '../../../src/client/admin-types.ts'
import { startCluster } from '../../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../../src/cluster/types.ts'
import { recordsBefore } from '../../../src/commands/delete-records/topic-bounds.ts'
import { type CommandResult, type RunOptions, runCommand } from '../../support/run-command.ts'

const DAY_MS = 86_400_000

let cluster: LocalCluster
beforeAll(async () => {
  cluster = await startCluster({})
  await kt('topics', '--create --topic orders --partitions 2')
  const now = Date.now()
  const lines = [3, 2, 1].map((days) => `{"partition":0,"timestamp":${now - days * DAY_MS},"value":"${days}"}`)
  const old = `{"partition":1,"timestamp":${now - 9 * DAY_MS},"value":"9"}`
  await kt('console-producer', '--topic orders --format json', { input: [...lines, old].join('\n') })
})
afterAll(() => cluster.close())

const kt = (command: string, args: string, options: RunOptions = {}): Promise<CommandResult> =>
  runCommand([command, '--bootstrap-server', cluster.bootstrapServers, ...args.split(' ')], options)
const remove = (args: string): Promise<CommandResult> => kt('delete-records', args)
const values = async (): Promise<string> => (await kt('console-consumer', '--topic orders --exit-at-end')).stdout

it('what is written after the question stays: everything older is a number, not "all there are"', async () => {
  const partitions = [{ partition: 0 }]
  const admin = {
    describeTopics: async () => new Map([['t', { ok: true, value: { name: 't', partitions } }]]),
    listOffsets: async ([{ spec }]: [{ spec: unknown }]) => [
      { ok: true, value: { offset: spec === 'latest' ? 7 : -1 } },
    ],
  } as unknown as Admin
  expect(await recordsBefore('t', '-1d', undefined, admin, Date.now())).toEqual([
    { topic: 't', partition: 0, offset: 7 },
  ])
})

describe('delete-records --topic', () => {
  it('shows what is older, and removes it', async () => {
    const plan = JSON.parse((await remove('--topic orders --before -36h --dry-run --format json')).stdout)
    expect(plan.partitions).toMatchObject([
      { partition: 0, beginsAt: 0, wouldBeginAt: 2, records: 2 },
      { partition: 1, beginsAt: 0, wouldBeginAt: 1, records: 1 },
    ])
    expect(await values()).not.toBe('1\n')
    expect((await remove('--topic orders --before -36h')).stdout).toBe(
      'Executing records delete operation\nRecords delete operation completed:\n' +
        'partition: orders-0\tlow_watermark: 2\npartition: orders-1\tlow_watermark: 1\n',
    )
    expect(await values()).toBe('1\n')
  })

  it('removes up to an offset, and no further than there is', async () => {
    expect((await remove('--topic orders --before-offset 1')).stdout).toContain('orders-0\tlow_watermark: 2')
    expect((await remove('--topic orders --before-offset -1')).stdout).toContain('orders-0\tlow_watermark: 3')
    expect(await values()).toBe('')
  })

  it.each([
    ['--before -1d', '--before goes with --topic'],
    ['--topic orders', '--topic goes with one of --before and --before-offset'],
    ['--topic orders --before -1d --before-offset 3', '--topic goes with one of'],
    ['--topic orders --before soon', "'soon' is no point in time"],
    ['--topic orders --before-offset -2', "'-2' is no offset"],
    ['--topic order --before -1d', 'did you mean orders?'],
  ])('refuses %s', async (args, message) => {
    const { code, stderr } = await remove(args)
    expect(code).toBe(1)
    expect(stderr).toContain(message)
  })
})
