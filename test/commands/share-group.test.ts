/** What the bundled cluster does not serve yet ends in one clear line. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KtError } from '../../src/base/errors.ts'
import type { CommandContext } from '../../src/cli/context.ts'
import { kafkaFailure } from '../../src/client/cluster-client.ts'
import type { ShareConsumer } from '../../src/client/share/share-consumer.ts'
import { startCluster } from '../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../src/cluster/types.ts'
import { joinShareGroup } from '../../src/commands/share-group.ts'
import { KafkaError } from '../../src/protocol/error-codes.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { runCommand } from '../support/run-command.ts'

let cluster: LocalCluster
beforeAll(async () => {
  cluster = await startCluster()
})
afterAll(() => cluster.close())

describe('share groups on a cluster that has none', () => {
  it.each([
    'console-share-consumer --topic t',
    'share-consumer-perf-test --topic t --num-records 1',
    'verifiable-share-consumer --topic t --group-id g',
  ])('%s: says so and ends with 1', async (line) => {
    const [command, ...rest] = line.split(' ')
    const { code, stderr } = await runCommand([command!, '--bootstrap-server', cluster.bootstrapServers, ...rest])
    expect(code).toBe(1)
    expect(stderr).toContain('This cluster has no share groups (KIP-932): it does not serve ShareGroupHeartbeat\n')
  })
})

it('a cluster that is too slow is not said to have no share groups', async () => {
  const slow = new KtError('timeout', 'ShareGroupHeartbeat did not finish within 60000 ms')
  const consumer = { start: () => Promise.reject(slow) } as unknown as ShareConsumer
  const context = { clock: new ManualClock(), signal: new AbortController().signal } as unknown as CommandContext
  await expect(joinShareGroup(consumer, context)).rejects.toBe(slow)
  const off = kafkaFailure('ShareGroupHeartbeat', new KafkaError('UNSUPPORTED_VERSION'))
  const other = { start: () => Promise.reject(off) } as unknown as ShareConsumer
  await expect(joinShareGroup(other, context)).rejects.toThrow('This cluster has no share groups')
})
