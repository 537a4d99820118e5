/** Round trips on the bundled node, in this process. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCluster } from '../../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../../src/cluster/types.ts'
import { runCommand } from '../../support/run-command.ts'

let cluster: LocalCluster
beforeAll(async () => {
  cluster = await startCluster()
})
afterAll(() => cluster.close())

const run = (line: string) => runCommand(['e2e-latency', ...line.split(' ').filter((word) => word !== '')])
const NAMED = '--num-records 5 --producer-acks all --record-size 10 --topic'

describe('kt e2e-latency', () => {
  it('makes the topic, measures and sums up', async () => {
    const line = `--bootstrap-server ${cluster.bootstrapServers} ${NAMED} latency`
    const { code, stdout } = await run(line)
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^Topic "latency" does not exist\. Will create topic with 1 partition\(s\) and replication factor = 1\n0\t[\d.]+\nAvg latency: \d+\.\d{4} ms\nPercentiles: 50th = \d+, 99th = \d+, 99\.9th = \d+\n$/,
    )
    expect((await run(line)).stdout).toMatch(/^0\t/)
  })

  it('takes the words of old', async () => {
    const { code, stdout } = await run(`${cluster.bootstrapServers} positions 3 1 10`)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^WARNING: Positional argument usage is deprecated/)
  })

  it('sends keys and headers, and gives a document', async () => {
    const more = '--record-key-size 4 --num-headers 2 --record-header-key-size 3 --record-header-size -1 --format json'
    const { stdout } = await run(`--bootstrap-server ${cluster.bootstrapServers} ${NAMED} full ${more}`)
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'E2eLatency',
      topic: 'full',
      records: 5,
      latencyMs: { p50: expect.any(Number), p999: expect.any(Number) },
    })
  })

  it.each([
    ['one two', 'Invalid number of arguments. Expected 5 or 6 positional arguments, but got 2. Usage: bootstrap'],
    [`${NAMED} t --producer-acks 0`, 'Found multiple arguments for option producer-acks'],
    ['--topic t --num-records 1 --record-size 1 --producer-acks 0', 'Invalid value for --producer-acks.'],
    [
      '--topic t --num-records 0 --record-size 1 --producer-acks 1',
      'Value for --num-records must be a positive integer.',
    ],
    ['--topic t --num-records 1 --record-size -1 --producer-acks 1', 'Value for --record-size must be a non-negative'],
    [`${NAMED} t --record-header-size -2`, 'non-negative integer or -1 for null header value.'],
    ['--topic t', 'Missing required argument "[num-records]"'],
  ])('%s: is refused', async (line, message) => {
    const { code, stderr } = await run(line)
    expect(code).toBe(1)
    expect(stderr).toContain(message)
  })
})
