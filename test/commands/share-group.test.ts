/** What the bundled cluster does not serve yet ends in one clear line. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCluster } from '../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../src/cluster/types.ts'
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
