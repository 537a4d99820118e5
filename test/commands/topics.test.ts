import { describe, expect, it } from 'vitest'
import { KtError } from '../../src/base/errors.ts'
import type { Admin } from '../../src/client/admin-types.ts'
import { entryOf, memoryAdmin, ok, refused, topicOf } from '../support/memory-admin.ts'
import { type RunOptions, runCommand } from '../support/run-command.ts'

const TOPICS = [
  topicOf('orders', ['1:1,2:1,2', '2:2,1:2']),
  topicOf('a', ['1:1:1']),
  topicOf('__consumer_offsets', ['1:1:1'], true),
]

const base: Partial<Admin> = {
  listTopics: async () => TOPICS.map(({ name, topicId, isInternal }) => ({ name, topicId, isInternal })),
  describeTopics: async (names) =>
    new Map(TOPICS.filter(({ name }) => names.includes(name)).map((topic) => [topic.name, ok(topic)])),
  describeConfigs: async (resources) =>
    resources.map(({ name }) => ok(name === 'orders' ? [entryOf('retention.ms', '5')] : [])),
  describeCluster: async () => ({
    clusterId: 'c',
    controllerId: 1,
    brokers: [{ id: 1, host: 'h', port: 1, rack: null }],
  }),
  listPartitionReassignments: async () => [],
}

async function run(line: string, methods: Partial<Admin> = {}, options: RunOptions = {}) {
  const memory = memoryAdmin({ ...base, ...methods })
  const words = line === '' ? [] : line.split(' ')
  const args = ['topics', '--bootstrap-server', 'a:1', ...words]
  const result = await runCommand(args, { createAdmin: memory.createAdmin, ...options })
  return { ...result, calls: memory.calls }
}

describe('kt topics --list', () => {
  it('prints sorted names, one per line', async () => {
    expect(await run('--list')).toMatchObject({ code: 0, stdout: '__consumer_offsets\na\norders\n', stderr: '' })
  })

  it('leaves out internal topics and those the expression does not match', async () => {
    expect((await run('--list --exclude-internal')).stdout).toBe('a\norders\n')
    expect((await run('--list --topic ord.*')).stdout).toBe('orders\n')
  })

  it('prints an empty line for nothing, and helps on a terminal', async () => {
    expect((await run('--list --topic zzz')).stdout).toBe('\n')
    const { stdout, stderr } = await run('--list --topic zzz', {}, { terminal: true })
    expect(stdout).toBe('')
    expect(stderr).toContain('No topics.')
  })

  it('prints a document', async () => {
    const { stdout } = await run('--list --topic orders --format json')
    expect(JSON.parse(stdout)).toEqual({
      apiVersion: 'kt/v1',
      kind: 'TopicList',
      topics: [{ name: 'orders', topicId: 'id-of-orders', isInternal: false }],
    })
  })

  it('asks the cluster one thing only', async () => {
    expect((await run('--list')).calls.map(({ method }) => method)).toEqual(['listTopics', 'close'])
  })
})

describe('kt topics --create', () => {
  const created: Partial<Admin> = {
    createTopics: async (topics) => new Map(topics.map(({ name }) => [name, ok({ topicId: 'new-id' })])),
  }

  it('asks for what was said and leaves the rest to the cluster', async () => {
    const { calls, stdout } = await run('--create --topic t --partitions 3 --config a=1 --config b=2,3', created)
    expect(stdout).toBe('Created topic t.\n')
    expect(calls[0]!.args[0]).toEqual([
      {
        name: 't',
        partitions: 3,
        replicationFactor: -1,
        assignments: undefined,
        configs: new Map([
          ['a', '1'],
          ['b', '2,3'],
        ]),
      },
    ])
  })

  it('takes an assignment instead of counts', async () => {
    const { calls } = await run('--create --topic t --replica-assignment 1:2,2:1', created)
    expect(calls[0]!.args[0]).toMatchObject([
      {
        partitions: -1,
        replicationFactor: -1,
        assignments: new Map(
          Object.entries([
            [1, 2],
            [2, 1],
          ]).map(([k, v]) => [Number(k), v]),
        ),
      },
    ])
  })

  it('warns about names that collide in metrics, where the script does', async () => {
    expect((await run('--create --topic a.b', created)).stdout).toMatch(
      /^WARNING: Due to limitations .*\nCreated topic a\.b\.\n$/,
    )
    const { stdout, stderr } = await run('--create --topic a_b --format json', created)
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'TopicCreated', name: 'a_b', topicId: 'new-id' })
    expect(stderr).toContain('WARNING')
  })

  it('prints the cluster’s refusal on stdout as the script does, exit 1', async () => {
    const createTopics: Admin['createTopics'] = async () =>
      new Map([['t', refused('TOPIC_ALREADY_EXISTS', "Topic 't' already exists.")]])
    expect(await run('--create --topic t', { createTopics })).toMatchObject({
      code: 1,
      stdout: "Error while executing topic command : Topic 't' already exists.\n",
      stderr: expect.stringContaining('next: kt topics --describe --topic t'),
    })
    expect(await run('--create --topic t --if-not-exists', { createTopics })).toMatchObject({ code: 0, stdout: '' })
  })

  it.each([
    ['--partitions 0', 'The partitions must be greater than 0'],
    ['--replication-factor 0', 'The replication factor must be between 1 and 32767 inclusive'],
    ['--replication-factor 32768', 'The replication factor must be between 1 and 32767 inclusive'],
    ['--partitions x', "Cannot parse argument 'x' of option partitions"],
    [
      '--config a',
      'requirement failed: Invalid topic config: all configs to be added must be in the format "key=val".',
    ],
    [
      '--config a=',
      'requirement failed: Invalid topic config: all configs to be added must be in the format "key=val".',
    ],
  ])('refuses %s before asking the cluster', async (line, message) => {
    const { code, stdout, calls } = await run(`--create --topic t ${line}`)
    expect({ code, stdout }).toEqual({ code: 1, stdout: `Error while executing topic command : ${message}\n` })
    expect(calls.map(({ method }) => method)).toEqual(['close'])
  })
})

describe('kt topics --alter and --delete', () => {
  it('adds partitions to every topic that matches, silently', async () => {
    const createPartitions: Admin['createPartitions'] = async (counts) =>
      new Map([...counts.keys()].map((name) => [name, ok(undefined)]))
    const { calls, code, stdout } = await run('--alter --topic a|orders --partitions 5', { createPartitions })
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(calls[1]!.args[0]).toEqual(
      new Map([
        ['a', { total: 5 }],
        ['orders', { total: 5 }],
      ]),
    )
    const shown = await run('--alter --topic a --partitions 5', { createPartitions }, { terminal: true })
    expect(shown.stdout).toBe('Topic a now has 5 partitions.\n')
  })

  it('names the brokers of new partitions only', async () => {
    const createPartitions: Admin['createPartitions'] = async () => new Map([['orders', ok(undefined)]])
    const { calls } = await run('--alter --topic orders --partitions 4 --replica-assignment 1,1,2,3', {
      createPartitions,
    })
    const asked = calls.find(({ method }) => method === 'createPartitions')!
    expect(asked.args[0]).toEqual(new Map([['orders', { total: 4, assignments: [[2], [3]] }]]))
  })

  it('deletes every topic that matches, silently', async () => {
    const deleteTopics: Admin['deleteTopics'] = async (names) => new Map(names.map((name) => [name, ok(undefined)]))
    const { calls, code, stdout } = await run('--delete --topic a,orders', { deleteTopics })
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(calls[1]!.args[0]).toEqual(['a', 'orders'])
  })

  it.each(['--alter --partitions 5', '--delete', '--describe'])(
    '%s of an unknown topic names the nearest',
    async (line) => {
      expect(await run(`${line} --topic order`)).toMatchObject({
        code: 1,
        stdout: "Error while executing topic command : Topic 'order' does not exist as expected\n",
        stderr: expect.stringContaining('  Topics with a similar name: orders\n'),
      })
      expect(await run(`${line} --topic order --if-exists`)).toMatchObject({ code: 0, stdout: '', stderr: '' })
    },
  )
})

describe('kt topics --describe', () => {
  it('prints a line per topic and per partition, tabs between', async () => {
    const { stdout } = await run('--describe --topic orders')
    expect(stdout).toBe(
      'Topic: orders\tTopicId: id-of-orders\tPartitionCount: 2\tReplicationFactor: 2\tConfigs: retention.ms=5\n' +
        '\tTopic: orders\tPartition: 0\tLeader: 1\tReplicas: 1,2\tIsr: 1,2\tElr: \tLastKnownElr: \n' +
        '\tTopic: orders\tPartition: 1\tLeader: 2\tReplicas: 2,1\tIsr: 2\tElr: \tLastKnownElr: \n',
    )
  })

  it('does without reassignments where they may not be asked for', async () => {
    const listPartitionReassignments = async () => {
      throw new KtError('authorization', 'Cluster authorization failed.')
    }
    expect((await run('--describe --topic a', { listPartitionReassignments })).code).toBe(0)
  })

  it('draws a table with the state of each partition on a terminal', async () => {
    const { stdout } = await run('--describe --topic orders', {}, { terminal: true })
    expect(stdout).toContain('orders  2 partitions, replication factor 2  id-of-orders\nretention.ms=5\n')
    expect(stdout).toMatch(/1 +2 +2,1\? +2 +under-replicated\n$/)
  })

  it('prints a document', async () => {
    const { topics } = JSON.parse((await run('--describe --topic orders --format json')).stdout)
    expect(topics).toHaveLength(1)
    expect(topics[0]).toMatchObject({ name: 'orders', partitionCount: 2, configs: { 'retention.ms': '5' } })
    expect(topics[0].partitions[1]).toMatchObject({ partition: 1, leader: 2, replicas: [2, 1], isr: [2] })
  })

  it('asks who is alive only when it matters', async () => {
    const plain = await run('--describe --topic orders')
    expect(plain.calls.map(({ method }) => method)).not.toContain('describeCluster')
    const report = await run('--describe --topic orders --unavailable-partitions')
    expect(report.stdout).toBe(
      '\tTopic: orders\tPartition: 1\tLeader: 2\tReplicas: 2,1\tIsr: 2\tElr: \tLastKnownElr: \n',
    )
  })

  it('finds a topic by its id', async () => {
    const id = 'v6dlDWMxSlm0Qqh_lIsS2g'
    const topic = { ...topicOf('byid', ['1:1:1']), topicId: id }
    const methods: Partial<Admin> = {
      listTopics: async () => [topic],
      describeTopicsById: async () => new Map([[id, ok(topic)]]),
    }
    expect((await run(`--describe --topic-id ${id}`, methods)).stdout).toContain('Topic: byid\t')
    const unknown = 'AAAAAAAAAAAAAAAAAAAAAQ'
    expect((await run(`--describe --topic-id ${unknown}`, methods)).stdout).toBe(
      `Error while executing topic command : TopicId '${unknown}' does not exist as expected\n`,
    )
    expect(await run(`--describe --topic-id ${unknown} --if-exists`, methods)).toMatchObject({ code: 0, stdout: '' })
  })
})

describe('the command line of kt topics', () => {
  it.each([
    ['--list --describe', 'Command must include exactly one action: --list, --describe, --create, --alter or --delete'],
    ['--create', 'Missing required argument "[topic]"'],
    ['--alter --topic t', 'Missing required argument "[partitions]"'],
    [
      '--alter --topic t --config a=b',
      'Option combination "[[bootstrap-server], [config]]" can\'t be used with option "[alter]" (To alter topic configurations, the kafka-configs tool can be used.)',
    ],
    ['--list --config a=b', 'Option "[config]" can\'t be used with option "[list]"'],
    ['--create --topic t --if-exists', 'Option "[if-exists]" can\'t be used with option "[create]"'],
    ['--delete --topic t --exclude-internal', 'Option "[exclude-internal]" can\'t be used with option "[delete]"'],
    [
      '--describe --topics-with-overrides --unavailable-partitions',
      'Option "[unavailable-partitions]" can\'t be used with option "[topics-with-overrides]"',
    ],
    ['--describe --if-exists', '--topic or --topic-id is required to describe a topic'],
  ])('refuses %s', async (line, message) => {
    const { code, stdout, stderr, calls } = await run(line)
    expect({ code, stdout, first: stderr.split('\n')[0] }).toEqual({ code: 1, stdout: '', first: message })
    expect(calls).toEqual([])
  })

  it('points from --alter --config to the command that does it', async () => {
    expect((await run('--alter --topic t --config a=b')).stderr).toContain(
      'next: kt configs --alter --topic t --add-config a=b',
    )
  })

  it('asks a person for what is missing', async () => {
    const createTopics: Admin['createTopics'] = async () => new Map([['asked', ok({ topicId: 'x' })]])
    const { stdout } = await run('--create', { createTopics }, { terminal: true, answers: ['asked'] })
    expect(stdout).toBe('Created topic asked.\n')
  })

  it('keeps a connection that cannot be set up on stderr', async () => {
    const { code, stdout, stderr } = await run('--list --command-config /no/such/file')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('/no/such/file')
  })
})
