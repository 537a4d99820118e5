/** Load on the bundled node, in this process. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startCluster } from '../../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../../src/cluster/types.ts'
import { type RunOptions, runCommand } from '../../support/run-command.ts'

let cluster: LocalCluster
beforeAll(async () => {
  cluster = await startCluster()
})
afterAll(() => cluster.close())

const kt = (line: string, options: RunOptions = {}) => {
  const [command, ...rest] = line.split(' ')
  return runCommand([command!, '--bootstrap-server', cluster.bootstrapServers, ...rest], options)
}
const TOTAL =
  /^\d+ records sent, [\d.]+ records\/sec \([\d.]+ MB\/sec\), [\d.]+ ms avg latency, [\d.]+ ms max latency, \d+ ms 50th, \d+ ms 95th, \d+ ms 99th, \d+ ms 99.9th.\n$/

describe('kt producer-perf-test', () => {
  it('sends what it is told to and sums up', async () => {
    const { code, stdout } = await kt(
      'producer-perf-test --topic perf --num-records 20000 --record-size 100 --throughput -1',
    )
    expect(code).toBe(0)
    expect(stdout).toMatch(TOTAL)
    expect(stdout).toMatch(/^20000 records sent/)
    expect((await kt('get-offsets --topic perf')).stdout).toBe('perf:0:20000\n')
  })

  it('sums up the steady state apart', async () => {
    const line = 'producer-perf-test --topic warm --num-records 3000 --payload-monotonic --throughput -1'
    const { stdout } = await kt(`${line} --warmup-records 1000`)
    const lines = stdout.trimEnd().split('\n')
    expect(lines[0]).toBe('Warmup first 1000 records. Steady state results will print after the complete test summary.')
    expect(lines.at(-2)).toMatch(/^3000 records sent/)
    expect(lines.at(-1)).toMatch(/^2000 steady state records sent/)
    const read = await kt('console-consumer --topic warm --from-beginning --max-messages 3000')
    expect(read.stdout).toBe(Array.from({ length: 3000 }, (_, i) => `${i}\n`).join(''))
  })

  it('gives a document', async () => {
    const line = 'producer-perf-test --topic doc --num-records 500 --record-size 10 --throughput 5000 --print-metrics'
    const { stdout } = await kt(`${line} --format json`)
    const document = JSON.parse(stdout)
    expect(document).toMatchObject({
      apiVersion: 'kt/v1',
      kind: 'ProducerPerformance',
      topic: 'doc',
      records: 500,
      bytes: 5000,
      failedRecords: 0,
      steadyState: null,
      latencyMs: { p50: expect.any(Number), p999: expect.any(Number) },
      metrics: { 'producer-metrics:record-send-total:{client-id=perf-producer-client}': 500 },
    })
    expect(document.elapsedMs).toBeGreaterThan(90)
  })

  it('prints the summary so far when it is interrupted', async () => {
    const controller = new AbortController()
    const line = 'producer-perf-test --topic stop --num-records 100000 --record-size 10 --throughput 100'
    const running = kt(line, { signal: controller.signal })
    await vi.waitFor(async () => expect((await kt('get-offsets --topic stop')).stdout).toMatch(/:[1-9]/), 20_000)
    controller.abort('SIGINT')
    const { code, stdout } = await running
    expect(code).toBe(130)
    expect(stdout).toMatch(TOTAL)
  })

  it('tells records that are too large, and goes on as the script does', async () => {
    const line = 'producer-perf-test --topic big --num-records 3 --record-size 2000000 --throughput -1'
    const { code, stdout, stderr } = await kt(line)
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^0 records sent, (?:0.000000|NaN) records\/sec \((?:0.00|NaN) MB\/sec\), NaN ms avg latency/,
    )
    expect(stderr).toContain('larger than 1048576')
  })

  it('shows progress on a terminal alone', async () => {
    const line = 'producer-perf-test --topic seen --num-records 300 --record-size 10 --throughput 1000'
    expect((await kt(line)).stderr).toBe('')
    expect((await kt(line, { terminal: true, columns: 200 })).stderr).toContain(' of 300 records, ')
  })

  it('says in one line that the cluster has no transactions', async () => {
    const line = 'producer-perf-test --topic tx --num-records 3 --record-size 10 --throughput -1 --transactional-id x'
    const { code, stdout, stderr } = await kt(line)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^This cluster has no transactions yet: leave out --transactional-id/)
  })
})
