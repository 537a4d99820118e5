import { describe, expect, it } from 'vitest'
import type { Admin, LogDirDescription, LogDirReplica } from '../../src/client/admin-types.ts'
import { ErrorCode } from '../../src/protocol/error-codes.ts'
import { memoryAdmin, ok, refused } from '../support/memory-admin.ts'
import { type RunOptions, runCommand } from '../support/run-command.ts'

const replica = (topic: string, partition: number, more: Partial<LogDirReplica> = {}): LogDirReplica => ({
  topic,
  partition,
  sizeBytes: 100,
  offsetLag: 0,
  isFuture: false,
  ...more,
})
const directory = (path: string, replicas: LogDirReplica[], more: Partial<LogDirDescription> = {}) => ({
  path,
  error: null,
  totalBytes: 4096,
  usableBytes: 1024,
  replicas,
  ...more,
})
const DIRECTORIES: LogDirDescription[] = [
  directory('/data/a', [replica('b', 10), replica('b', 2, { offsetLag: 1234, isFuture: true }), replica('a', 0)]),
]

async function run(line: string, methods: Partial<Admin> = {}, options: RunOptions = {}) {
  const memory = memoryAdmin({
    describeCluster: async () => ({
      clusterId: 'c',
      controllerId: 1,
      brokers: [18, 2].map((id) => ({ id, host: 'h', port: id, rack: null })),
    }),
    describeLogDirs: async (ids) => new Map(ids.map((id) => [id, ok(DIRECTORIES)])),
    ...methods,
  })
  const args = ['log-dirs', '--bootstrap-server', 'a:1', ...line.split(' ')]
  const result = await runCommand(args, { createAdmin: memory.createAdmin, ...options })
  const asked = memory.calls.filter(({ method }) => method === 'describeLogDirs').map(({ args: [ids] }) => ids)
  return { ...result, asked }
}

const json = (stdout: string) => JSON.parse(stdout.split('\n')[2]!)

describe('kt log-dirs', () => {
  it('prints what the script prints: two lines, then one of JSON', async () => {
    const { code, stdout, asked } = await run('--describe --broker-list 18')
    expect(code).toBe(0)
    expect(asked).toEqual([[18]])
    expect(stdout).toBe(
      'Querying brokers for log directories information\n' +
        'Received log directory information from brokers 18\n' +
        '{"brokers":[{"broker":18,"logDirs":[{"partitions":[' +
        '{"partition":"b-2","size":100,"offsetLag":1234,"isFuture":true},' +
        '{"partition":"a-0","size":100,"offsetLag":0,"isFuture":false},' +
        '{"partition":"b-10","size":100,"offsetLag":0,"isFuture":false}' +
        '],"error":null,"logDir":"/data/a"}]}],"version":1}\n',
    )
  })

  it('asks all brokers, in the order of a Java set', async () => {
    const { stdout, asked } = await run('--describe')
    expect(asked).toEqual([[18, 2]])
    expect(json(stdout).brokers.map(({ broker }: { broker: number }) => broker)).toEqual([18, 2])
  })

  it('keeps to the topics it is given', async () => {
    const { stdout } = await run('--describe --topic-list a,,c --broker-list 2')
    expect(json(stdout).brokers[0].logDirs[0].partitions).toMatchObject([{ partition: 'a-0' }])
  })

  it('names the exception of a directory that is offline', async () => {
    const error = { code: ErrorCode.KAFKA_STORAGE_ERROR, name: 'KAFKA_STORAGE_ERROR', message: 'Disk error.' }
    const describeLogDirs = async () => new Map([[2, ok([directory('/data/b', [], { error })])]])
    const { stdout } = await run('--describe --broker-list 2', { describeLogDirs })
    expect(json(stdout).brokers[0].logDirs[0]).toEqual({
      partitions: [],
      error: 'org.apache.kafka.common.errors.KafkaStorageException',
      logDir: '/data/b',
    })
    const table = await run('--describe --broker-list 2', { describeLogDirs }, { terminal: true })
    expect(table.stdout).toBe('Broker 2  /data/b  Disk error.  1.0 KiB of 4.0 KiB free\n')
  })

  it.each([
    ['--broker-list 2', 'Missing required argument "[describe]"'],
    [
      '--describe --broker-list 2,5,4',
      'ERROR: The given brokers do not exist from --broker-list: 4,5. Current existent brokers: 18,2',
    ],
    ['--describe --broker-list x', 'For input string: "x"'],
  ])('%s: is refused on stderr', async (line, message) => {
    const { code, stdout, stderr } = await run(line)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr.split('\n')[0]).toBe(message)
  })

  it('fails when a broker does not answer', async () => {
    const describeLogDirs = async () => new Map([[2, refused('BROKER_NOT_AVAILABLE', 'Broker 2 is gone')]])
    const { code, stderr } = await run('--describe --broker-list 2', { describeLogDirs })
    expect(code).toBe(1)
    expect(stderr).toContain('Broker 2 is gone')
  })

  it('has tables for people', async () => {
    const { stdout } = await run('--describe --broker-list 2', {}, { terminal: true })
    expect(stdout.split('\n')).toEqual([
      'Broker 2  /data/a  3 replicas, 300 B  1.0 KiB of 4.0 KiB free',
      'TOPIC  PARTITION   SIZE    LAG',
      'a              0  100 B      0',
      'b              2  100 B  1,234  moving here',
      'b             10  100 B      0',
      '',
    ])
  })

  it('has documents', async () => {
    const describeLogDirs = async () =>
      new Map([[2, ok([directory('/d', [replica('a', 0)], { totalBytes: -1, usableBytes: -1 })])]])
    const { stdout } = await run('--describe --broker-list 2 --format json', { describeLogDirs })
    expect(JSON.parse(stdout)).toEqual({
      apiVersion: 'kt/v1',
      kind: 'LogDirList',
      brokers: [
        {
          broker: 2,
          logDirs: [
            {
              path: '/d',
              error: null,
              totalBytes: null,
              usableBytes: null,
              replicas: [{ topic: 'a', partition: 0, sizeBytes: 100, offsetLag: 0, isFuture: false }],
            },
          ],
        },
      ],
    })
  })
})
