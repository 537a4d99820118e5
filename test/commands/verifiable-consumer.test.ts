/** A member of a group on the bundled node, in this process. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCluster } from '../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../src/cluster/types.ts'
import { type RunOptions, runCommand } from '../support/run-command.ts'

let cluster: LocalCluster
const kt = (line: string, options: RunOptions = {}) => {
  const [command, ...rest] = line.split(' ')
  return runCommand([command!, '--bootstrap-server', cluster.bootstrapServers, ...rest], options)
}
beforeAll(async () => {
  cluster = await startCluster({ config: { 'group.initial.rebalance.delay.ms': '0' } })
  await kt('verifiable-producer --topic numbers --max-messages 700')
})
afterAll(() => cluster.close())

const events = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
const names = (stdout: string) => events(stdout).map(({ name }) => name)
const READ = 'verifiable-consumer --topic numbers --group-id'

describe('kt verifiable-consumer', () => {
  it('tells of partitions, records and commits, and goes on where it was', async () => {
    const { code, stdout } = await kt(`${READ} one --max-messages 2 --verbose`)
    expect(code).toBe(0)
    expect(names(stdout)).toEqual([
      'startup_complete',
      'partitions_assigned',
      'record_data',
      'record_data',
      'records_consumed',
      'offsets_committed',
      'partitions_revoked',
      'shutdown_complete',
      'shutdown_requested',
    ])
    expect(events(stdout)[4].partitions).toEqual([
      { topic: 'numbers', partition: 0, count: 2, minOffset: 0, maxOffset: 1 },
    ])
    expect(events(stdout)[5]).toMatchObject({
      offsets: [{ topic: 'numbers', partition: 0, offset: 2 }],
      success: true,
    })
    const again = await kt(`${READ} one --max-messages 1 --verbose`)
    expect(events(again.stdout)[2]).toMatchObject({ key: null, value: '2', offset: 2 })
  })

  it('reads in polls of max.poll.records', async () => {
    const { stdout } = await kt(`${READ} polls --max-messages 700`)
    const polls = events(stdout).filter(({ name }) => name === 'records_consumed')
    expect(polls.every(({ count }) => count <= 500)).toBe(true)
    expect(polls.reduce((sum, { count }) => sum + count, 0)).toBe(700)
  })

  it('commits by itself when it is told to', async () => {
    const { stdout } = await kt(`${READ} auto --max-messages 5 --enable-autocommit`)
    expect(names(stdout)).not.toContain('offsets_committed')
    const described = await kt('consumer-groups --describe --group auto')
    expect(described.stdout).toMatch(/numbers +0 +5 /)
  })

  it('tells that it was asked to end, and then ends', async () => {
    const controller = new AbortController()
    controller.abort('SIGINT')
    const { code, stdout } = await kt(`${READ} stop`, { signal: controller.signal })
    expect(code).toBe(130)
    expect(names(stdout)).toEqual(['startup_complete', 'shutdown_requested', 'shutdown_complete'])
  })

  it('says what has no effect, and refuses what the script refuses', async () => {
    const { stderr } = await kt(`${READ} other --max-messages 1 --group-instance-id i`)
    expect(stderr).toContain('--group-instance-id has no effect')
    const refused = await kt(`${READ} other --group-protocol consumer --session-timeout 10000`)
    expect(refused.stderr).toContain('session.timeout.ms cannot be set when group.protocol=CONSUMER')
    expect((await kt(`${READ} g --group-protocol x`)).stderr).toContain('GroupProtocol.X')
    expect((await kt(`${READ} g --reset-policy foo`)).code).toBe(1)
    expect((await kt(`${READ} g --consumer.config a --command-config b`)).stderr).toContain('are mutually exclusive.')
    expect((await kt(`${READ} fresh --reset-policy none --max-messages 1`)).code).toBe(0)
  })

  it('says in one line that this cluster has no groups of the consumer protocol', async () => {
    const { code, stdout, stderr } = await kt(`${READ} modern --max-messages 1 --group-protocol consumer`)
    expect(names(stdout)).toEqual(['startup_complete', 'shutdown_complete', 'shutdown_requested'])
    expect(stderr).toMatch(/^[^\n]*ConsumerGroupHeartbeat[^\n]*\n/)
    expect(code).toBe(1)
  })
})
