import { describe, expect, it } from 'vitest'
import type { Admin } from '../../src/client/admin-types.ts'
import { memoryAdmin, ok, refused, topicOf } from '../support/memory-admin.ts'
import { type RunOptions, runCommand } from '../support/run-command.ts'

const TOPICS = [
  topicOf(
    'orders',
    Array.from({ length: 11 }, () => '1:1:1'),
  ),
  topicOf('a', ['1:1:1']),
  topicOf('__consumer_offsets', ['1:1:1'], true),
]
const base: Partial<Admin> = {
  listTopics: async () => TOPICS.map(({ name, topicId, isInternal }) => ({ name, topicId, isInternal })),
  describeTopics: async (names) =>
    new Map(TOPICS.filter(({ name }) => names.includes(name)).map((topic) => [topic.name, ok(topic)])),
  listOffsets: async (queries) =>
    queries.map(({ partition }) => ok({ offset: partition * 10, timestamp: -1, leaderEpoch: -1 })),
}

async function run(line: string, methods: Partial<Admin> = {}, options: RunOptions = {}) {
  const memory = memoryAdmin({ ...base, ...methods })
  const args = ['get-offsets', '--bootstrap-server', 'a:1', ...(line === '' ? [] : line.split(' '))]
  const result = await runCommand(args, { createAdmin: memory.createAdmin, ...options })
  return { ...result, calls: memory.calls }
}

describe('kt get-offsets', () => {
  it('prints topic:partition:offset in the order of their text', async () => {
    expect((await run('--topic-partitions orders:1-3,orders:10,a')).stdout).toBe(
      'a:0:0\norders:1:10\norders:10:100\norders:2:20\n',
    )
  })

  it('asks for all topics, or all but internal ones', async () => {
    expect((await run('')).stdout).toContain('__consumer_offsets:0:0\n')
    expect((await run('--exclude-internal-topics')).stdout).not.toContain('__consumer_offsets')
  })

  it('takes numbers of partitions', async () => {
    expect((await run('--topic orders --partitions 7,3')).stdout).toBe('orders:3:30\norders:7:70\n')
  })

  it('asks for the time that was said', async () => {
    const { calls } = await run('--topic a --time 1700000000000')
    expect(calls.find(({ method }) => method === 'listOffsets')!.args[0]).toEqual([
      { topic: 'a', partition: 0, spec: 1700000000000 },
    ])
  })

  it('leaves out partitions without an offset, and says why it skips others', async () => {
    const listOffsets: Admin['listOffsets'] = async (queries) =>
      queries.map(({ partition }) => {
        if (partition === 0) return ok({ offset: -1, timestamp: -1, leaderEpoch: -1 })
        if (partition === 1) return refused('LEADER_NOT_AVAILABLE', 'There is no leader')
        return ok({ offset: 5, timestamp: -1, leaderEpoch: 0 })
      })
    expect(await run('--topic orders --partitions 0,1,2', { listOffsets })).toMatchObject({
      code: 0,
      stdout: 'orders:2:5\n',
      stderr: 'Skip getting offsets for topic-partition orders-1 due to error: There is no leader\n',
    })
  })

  it.each([
    ['--topic nothing', 'Could not match any topic-partitions with the specified filters'],
    ['--topic a --partitions 4', 'Could not match any topic-partitions with the specified filters'],
    [
      '--topic a --partitions x',
      '--partitions expects a comma separated list of numeric partition ids, but received: x',
    ],
    ['--topic-partitions a --topic a', '--topic-partitions cannot be used with --topic or --partitions'],
    ['--time soon', 'Malformed time argument soon.'],
    ['--topik a', 'topik is not a recognized option'],
    ['--topic', 'Option topic requires an argument'],
  ])('%s is an error on stderr, exit 1', async (line, message) => {
    const { code, stdout, stderr } = await run(line)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr.split('\n')[0]).toContain(`Error occurred: ${message}`)
  })

  it('names topics that are near, or that lack the partition', async () => {
    expect((await run('--topic order')).stderr).toContain('  Topics with a similar name: orders\n')
    expect((await run('--topic-partitions ordres:1')).stderr).toContain('  Topics with a similar name: orders\n')
    expect((await run('--topic a --partitions 4')).stderr).toContain('  Matching topics without such partitions: a\n')
    expect((await run('--topic zzzzzzz')).stderr).not.toContain('similar')
  })

  it('wants a port in the address', async () => {
    const { code, stderr } = await runCommand(['get-offsets', '--bootstrap-server', 'nowhere'])
    expect(code).toBe(1)
    expect(stderr).toContain('Please provide valid host:port like host1:9091,host2:9092\n')
  })

  it('sorts by number in the table for people', async () => {
    const { stdout } = await run('--topic orders', {}, { terminal: true })
    expect(stdout.split('\n').slice(0, 4)).toEqual([
      'TOPIC   PARTITION  OFFSET',
      'orders          0       0',
      'orders          1      10',
      'orders          2      20',
    ])
  })

  it('prints documents', async () => {
    const { stdout } = await run('--topic a --format json')
    expect(JSON.parse(stdout)).toEqual({
      apiVersion: 'kt/v1',
      kind: 'OffsetList',
      offsets: [{ topic: 'a', partition: 0, offset: 0, timestamp: null, leaderEpoch: null }],
    })
  })
})
