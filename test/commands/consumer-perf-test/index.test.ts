/** Reading from the bundled node, in this process. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCluster } from '../../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../../src/cluster/types.ts'
import { type RunOptions, runCommand } from '../../support/run-command.ts'

let cluster: LocalCluster
const kt = (line: string, options: RunOptions = {}) => {
  const [command, ...rest] = line.split(' ')
  return runCommand([command!, '--bootstrap-server', cluster.bootstrapServers, ...rest], options)
}
beforeAll(async () => {
  cluster = await startCluster({ config: { 'group.initial.rebalance.delay.ms': '0' } })
  await kt('producer-perf-test --topic perf --num-records 5000 --record-size 100 --throughput -1')
})
afterAll(() => cluster.close())

const NUMBER = '[\\d.]+'
const DATE = '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d:\\d{3}'
const ROW = new RegExp(`^${DATE}, ${DATE}, 0\\.4768, ${NUMBER}, 5000, (${NUMBER}, ){2}(-?${NUMBER}, ){2}-?${NUMBER}$`)

describe('kt consumer-perf-test', () => {
  it('reads and sums up', async () => {
    const { code, stdout } = await kt('consumer-perf-test --topic perf --num-records 5000')
    const [header, row] = stdout.split('\n')
    expect(code).toBe(0)
    expect(header).toMatch(/^start.time, end.time, .*, fetch.nMsg.sec$/)
    expect(row).toMatch(ROW)
  })

  it('goes on where its group was, and says when nothing comes', async () => {
    const line = 'consumer-perf-test --topic perf --group again --timeout 300 --hide-header --num-records'
    expect((await kt(`${line} 5000`)).stdout).toMatch(/^20.*, 5000, /)
    const { code, stdout } = await kt(`${line} 10`)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^WARNING: Exiting before consuming the expected number of records: timeout \(300 ms\)/)
    expect(stdout).toContain(', 0.0000, 0.0000, 0, 0.0000, ')
  })

  it('gives documents', async () => {
    const line = 'consumer-perf-test --include pe.. --num-records 5000 --print-metrics --format json'
    const document = JSON.parse((await kt(line)).stdout)
    expect(document).toMatchObject({ kind: 'ConsumerPerformance', records: 5000, bytes: 500_000, timedOut: false })
    expect(Object.entries(document.metrics)).toContainEqual([
      'consumer-fetch-manager-metrics:records-consumed-total:{client-id=perf-consumer-client}',
      5000,
    ])
    const yaml = await kt('consumer-perf-test --topic perf --num-records 5000 --format yaml')
    expect(yaml.stdout).toContain('kind: ConsumerPerformance\n')
  })

  it('begins at the end when it is told to', async () => {
    const { stdout } = await kt('consumer-perf-test --topic perf --num-records 1 --from-latest --timeout 500')
    expect(stdout).toContain('WARNING: Exiting before')
  })

  it('refuses after the header what the script refuses then', async () => {
    const line = 'consumer-perf-test --topic perf --num-records 1'
    expect(await kt(`${line} --reporting-interval 0`)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^start/),
    })
    expect((await kt(`${line} --date-format b`)).stderr).toContain("Illegal pattern character 'b'")
    expect((await kt(`${line} --messages 1`)).stderr).toContain('Exactly one of the following arguments is required')
    expect((await kt('consumer-perf-test --topic perf --messages 1')).stdout).toMatch(/^Warning: --messages is depre/)
  })

  it('prints the summary so far when it is interrupted', async () => {
    const controller = new AbortController()
    controller.abort('SIGINT')
    const line = 'consumer-perf-test --topic perf --num-records 100000 --hide-header'
    const { code, stdout } = await kt(line, { signal: controller.signal })
    expect(code).toBe(130)
    expect(stdout).toMatch(/^\d{4}-/)
  })
})
