/** Numbers into the bundled node, in this process. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startCluster } from '../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../src/cluster/types.ts'
import { type RunOptions, runCommand } from '../support/run-command.ts'

let cluster: LocalCluster
beforeAll(async () => {
  cluster = await startCluster()
})
afterAll(() => cluster.close())

const kt = (line: string, options: RunOptions = {}) => {
  const [command, ...rest] = line.split(' ')
  return runCommand([command!, '--bootstrap-server', cluster.bootstrapServers, ...rest], options)
}
const events = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

describe('kt verifiable-producer', () => {
  it('tells of each number', async () => {
    const line = 'verifiable-producer --topic numbers --max-messages 4 --repeating-keys 2 --value-prefix 7'
    const { code, stdout } = await kt(line)
    expect(code).toBe(0)
    const [first, ...rest] = events(stdout)
    expect(first.name).toBe('startup_complete')
    expect(rest.slice(0, 4).map(({ key, value, offset }) => [key, value, offset])).toEqual([
      ['0', '7.0', 0],
      ['1', '7.1', 1],
      ['0', '7.2', 2],
      ['1', '7.3', 3],
    ])
    expect(rest.slice(4).map(({ name }) => name)).toEqual(['shutdown_complete', 'tool_data'])
    expect(rest.at(-1)).toMatchObject({ sent: 4, acked: 4, target_throughput: -1 })
    expect(stdout).toMatch(/"avg_throughput":\d+\.\d+}\n$/)
  })

  it('moves a given time on', async () => {
    await kt('verifiable-producer --topic dated --max-messages 1 --message-create-time 1700000000000')
    const read = await kt('console-consumer --topic dated --from-beginning --max-messages 1 --format json')
    expect(JSON.parse(read.stdout)).toMatchObject({ timestamp: 1700000000000, value: '0' })
  })

  it('tells what was not sent, and ends well all the same', async () => {
    const { code, stdout } = await kt('verifiable-producer --topic bad/name --max-messages 2')
    expect(code).toBe(0)
    expect(events(stdout)[1]).toMatchObject({
      name: 'producer_send_error',
      topic: 'bad/name',
      key: null,
      value: '0',
      exception: 'class org.apache.kafka.common.errors.InvalidTopicException',
      message: 'Invalid topics: [bad/name]',
    })
    expect(events(stdout).at(-1)).toMatchObject({ sent: 2, acked: 0 })
  })

  it('sums up when it is interrupted', async () => {
    const controller = new AbortController()
    const running = kt('verifiable-producer --topic endless --throughput 200', { signal: controller.signal })
    await vi.waitFor(async () => expect((await kt('get-offsets --topic endless')).stdout).toMatch(/:[1-9]/), 20_000)
    controller.abort('SIGINT')
    const { code, stdout } = await running
    expect(code).toBe(130)
    expect(events(stdout).at(-1).acked).toBeGreaterThan(0)
  })

  it('refuses what the script refuses', async () => {
    const line = 'verifiable-producer --topic t'
    expect((await kt(`${line} --acks 2`)).stderr).toContain("invalid choice: '2'")
    expect((await kt(`${line} --producer.config a --command-config b`)).stderr).toContain('are mutually exclusive.')
    expect((await runCommand(['kafka-verifiable-producer.sh', '--topic', 't'])).code).toBe(1)
    expect((await runCommand(['verifiable-producer'])).code).toBe(0)
  })
})
