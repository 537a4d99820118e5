import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KtError } from '../../../src/base/errors.ts'
import type { Admin, ClientOptions, PartitionReassignment } from '../../../src/client/admin-types.ts'
import { KafkaError } from '../../../src/protocol/error-codes.ts'
import { memoryAdmin, ok, refused, topicOf } from '../../support/memory-admin.ts'
import { type RunOptions, runCommand } from '../../support/run-command.ts'

let directory: string
beforeAll(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-reassign-'))
})
afterAll(() => fs.rmSync(directory, { recursive: true }))

type Entry = readonly [topic: string, partition: number, replicas: readonly number[], logDirs?: readonly string[]]
const plan = (...entries: readonly Entry[]): string =>
  JSON.stringify({
    version: 1,
    partitions: entries.map(([topic, partition, replicas, logDirs]) => ({
      topic,
      partition,
      replicas,
      log_dirs: logDirs,
    })),
  })

const MOVING: PartitionReassignment = {
  topic: 't',
  partition: 0,
  replicas: [3, 1, 2],
  addingReplicas: [3],
  removingReplicas: [1],
}

/** Brokers 1 to 3 are alive; partition 1 of `t` has a replica on 4, which is not. */
const TOPICS = new Map([['t', topicOf('t', ['1:1,2:1,2', '2:2,4:2:4'])]])
const cluster: Partial<Admin> = {
  describeCluster: async () => ({
    clusterId: 'c',
    controllerId: 1,
    brokers: [1, 2, 3].map((id) => ({ id, host: 'h', port: id, rack: null })),
  }),
  listTopics: async () => [{ name: 't', topicId: 'id', isInternal: false }],
  describeTopics: async (names) =>
    new Map(
      (names as string[]).map((name) => {
        const topic = TOPICS.get(name)
        return [name, topic === undefined ? refused('UNKNOWN_TOPIC_OR_PARTITION', 'unknown', 3) : ok(topic)]
      }),
    ),
  listPartitionReassignments: async () => [],
  describeReplicaLogDirs: async (replicas) =>
    replicas.map(({ broker }) => ok({ current: { path: `/d${broker}`, offsetLag: 0 }, future: null })),
  incrementalAlterConfigs: async (changes) => changes.map(() => ok(undefined)),
  alterPartitionReassignments: async (changes) => changes.map(() => ok(undefined)),
  alterReplicaLogDirs: async (moves) => moves.map(() => ok(undefined)),
  listOffsets: async (queries) => queries.map(() => ok({ offset: 0, timestamp: -1, leaderEpoch: 0 })),
  listReplicaEnds: async (replicas) => replicas.map(({ broker }) => ok(broker === 3 ? 25 : 100)),
}

async function run(line: string, file = '', methods: Partial<Admin> = {}, options: RunOptions = {}) {
  const name = path.join(directory, 'file.json')
  fs.writeFileSync(name, file)
  const memory = memoryAdmin({ ...cluster, ...methods })
  const seen: ClientOptions[] = []
  const createAdmin = async (client: ClientOptions): Promise<Admin> => {
    seen.push(client)
    return memory.admin
  }
  const words = line.replaceAll('FILE', name).split(' ')
  const server = line.includes('bootstrap') ? [] : ['--bootstrap-server', 'a:1']
  const result = await runCommand(['reassign-partitions', ...server, ...words], { createAdmin, ...options })
  const callsOf = (method: string) => memory.calls.filter((call) => call.method === method).map(({ args }) => args[0])
  return { ...result, callsOf, client: seen[0], methods: memory.calls.map(({ method }) => method) }
}

const EXECUTE = '--execute --reassignment-json-file FILE'
const VERIFY = '--verify --reassignment-json-file FILE'
const CANCEL = '--cancel --reassignment-json-file FILE'
const moving = { listPartitionReassignments: async () => [MOVING] }

describe('kt reassign-partitions --list', () => {
  it('prints what moves, as the script does', async () => {
    const paused: PartitionReassignment = { ...MOVING, partition: 10, addingReplicas: [], removingReplicas: [] }
    const { stdout } = await run('--list', '', { listPartitionReassignments: async () => [paused, MOVING] })
    expect(stdout).toBe(
      'Current partition reassignments:\nt-0: replicas: 3,1,2. adding: 3. removing: 1.\nt-10: replicas: 3,1,2.\n',
    )
    expect((await run('--list')).stdout).toBe('No partition reassignments found.\n')
  })

  it('shows people how far each new replica is', async () => {
    const { stdout } = await run('--list', '', moving, { terminal: true, columns: 200 })
    expect(stdout).toMatch(/^t +0 +3,1,2 +3 +1 +3: 25 %, 75 records to go$/m)
  })

  it('prints a document', async () => {
    const { stdout, methods } = await run('--list --format json', '', moving)
    expect(JSON.parse(stdout)).toEqual({ apiVersion: 'kt/v1', kind: 'ReassignmentList', reassignments: [MOVING] })
    expect(methods).toEqual(['listPartitionReassignments', 'close'])
  })

  it('may ask controllers', async () => {
    const { client } = await run('--list --bootstrap-controller c:9')
    expect(client).toMatchObject({ bootstrapServers: ['c:9'], toControllers: true })
  })
})

describe('kt reassign-partitions --execute', () => {
  it('says where partitions were, and starts', async () => {
    const { code, stdout, callsOf } = await run(EXECUTE, plan(['t', 1, [2, 3]], ['t', 0, [3, 2]]))
    expect(code).toBe(0)
    expect(stdout).toBe(
      'Current partition replica assignment\n\n' +
        '{"version":1,"partitions":[{"topic":"t","partition":0,"replicas":[1,2],"log_dirs":["/d1","/d2"]},' +
        '{"topic":"t","partition":1,"replicas":[2,4],"log_dirs":["/d2","any"]}]}\n\n' +
        'Save this to use as the --reassignment-json-file option during rollback\n' +
        'Successfully started partition reassignments for t-0,t-1\n',
    )
    expect(callsOf('alterPartitionReassignments')).toEqual([
      [
        { topic: 't', partition: 0, replicas: [3, 2] },
        { topic: 't', partition: 1, replicas: [2, 3] },
      ],
    ])
    expect(callsOf('incrementalAlterConfigs')).toEqual([])
  })

  it('throttles first: topics say which replicas, brokers how much', async () => {
    const { stdout, callsOf, methods } = await run(
      `${EXECUTE} --throttle 5000 --replica-alter-log-dirs-throttle 6000`,
      plan(['t', 0, [3, 2], ['/new', 'any']]),
    )
    expect(stdout).toContain(
      'Warning: You must run --verify periodically, until the reassignment completes, to ensure the throttle is removed.\n' +
        'The inter-broker throttle limit was set to 5000 B/s\n' +
        'The replica-alter-dir throttle limit was set to 6000 B/s\n' +
        'Successfully started partition reassignment for t-0\n' +
        'Successfully started moving log directory to /new for replica t-0 with broker 3 \n',
    )
    expect(methods.indexOf('alterPartitionReassignments')).toBeGreaterThan(
      methods.lastIndexOf('incrementalAlterConfigs'),
    )
    const set = (name: string, value: string) => ({ name, operation: 'SET', value })
    const rates = [set('leader.replication.throttled.rate', '5000'), set('follower.replication.throttled.rate', '5000')]
    expect(callsOf('incrementalAlterConfigs')).toEqual([
      [
        {
          resource: { type: 'TOPIC', name: 't' },
          changes: [
            set('leader.replication.throttled.replicas', '0:1,0:2'),
            set('follower.replication.throttled.replicas', '0:3'),
          ],
        },
      ],
      ['1', '2', '3'].map((name) => ({ resource: { type: 'BROKER', name }, changes: rates })),
      [
        {
          resource: { type: 'BROKER', name: '3' },
          changes: [set('replica.alter.log.dirs.io.max.bytes.per.second', '6000')],
        },
      ],
    ])
  })

  it('does not interfere with moves under way unless told to', async () => {
    const blocked = await run(EXECUTE, plan(['t', 1, [2, 3]]), moving)
    expect(blocked.code).toBe(1)
    expect(blocked.stdout).toMatch(
      /^Cannot execute because there is an existing partition assignment\. {2}Use --additional/,
    )
    expect(blocked.stderr).toContain('t-0 is being moved, on brokers 3, 1, 2\n')
    expect((await run(`${EXECUTE} --additional`, plan(['t', 1, [2, 3]]), moving)).code).toBe(0)
  })

  it('tells which partitions the controller refused', async () => {
    const alterPartitionReassignments = async () => [ok(undefined), refused('INVALID_REPLICA_ASSIGNMENT', 'not so')]
    const file = plan(['t', 0, [3, 2]], ['t', 1, [2, 3]])
    const { code, stdout } = await run(EXECUTE, file, { alterPartitionReassignments })
    expect(code).toBe(1)
    expect(stdout).toMatch(/rollback\nError reassigning partition\(s\):\nt-1: not so\n$/)
  })

  it('passes on that the replication factor may not change', async () => {
    let options: unknown
    const alterPartitionReassignments: Admin['alterPartitionReassignments'] = async (changes, given) => {
      options = given
      return changes.map(() => ok(undefined))
    }
    await run(`${EXECUTE} --disallow-replication-factor-change`, plan(['t', 0, [3]]), { alterPartitionReassignments })
    expect(options).toEqual({ allowReplicationFactorChange: false })
  })

  it.each([
    [plan(['t', 0, [1, 19, 8]]), 'Error: Unknown broker id 19\n'],
    [
      plan(['u', 0, [1]]),
      'Error: org.apache.kafka.common.errors.UnknownTopicOrPartitionException: Topic u not found.\n',
    ],
    [
      plan(['t', 7, [1]], ['t', 0, [2]]),
      'Error: org.apache.kafka.common.errors.UnknownTopicOrPartitionException: Unable to find partition: t-7\n',
    ],
  ])('refuses what the cluster does not have: %#', async (file, stdout) => {
    expect(await run(EXECUTE, file)).toMatchObject({ code: 1, stdout })
  })

  it('shows people what changes, and what to run next', async () => {
    const { stdout, stderr } = await run(
      `${EXECUTE} --throttle 1`,
      plan(['t', 0, [2, 3]], ['t', 1, [2]]),
      {},
      { terminal: true },
    )
    expect(stdout).toMatch(/^t +0 +-1,2 +2,\+3 +1 copy to make$/m)
    expect(stdout).toMatch(/^t +1 +2,-4 +2 +fewer replicas$/m)
    expect(stdout).toContain('To go back, save this as a file for --execute:\n{"version":1,')
    expect(stderr).toMatch(/^next: kt reassign-partitions --verify .*takes the throttle away/)
    const orders = await run(
      EXECUTE,
      plan(['t', 0, [2, 1]], ['t', 1, [2, 4]]),
      { describeCluster: aliveToo(4) },
      { terminal: true },
    )
    expect(orders.stdout).toMatch(/1,2 +2,1 +another order\n.*2,4 +2,4 +stays/)
  })

  it('prints a document', async () => {
    const { stdout } = await run(`${EXECUTE} --throttle 9 --format json`, plan(['t', 0, [2, 3], ['any', '/x']]))
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'ReassignmentStarted',
      partitions: [{ topic: 't', partition: 0, replicas: [2, 3], logDirs: [null, '/x'] }],
      previous: [{ topic: 't', partition: 0, replicas: [1, 2], logDirs: ['/d1', '/d2'] }],
      throttle: 9,
      logDirThrottle: null,
    })
  })
})

function aliveToo(id: number): Admin['describeCluster'] {
  return async () => {
    const described = await cluster.describeCluster!()
    return { ...described, brokers: [...described.brokers, { id, host: 'h', port: id, rack: null }] }
  }
}

describe('kt reassign-partitions --verify', () => {
  const FILE = plan(['t', 1, [2, 3]], ['t', 0, [1, 2], ['/d1', '/other']], ['gone', 0, [1]])

  it('tells what became of each, and takes the throttles away', async () => {
    const { code, stdout, callsOf } = await run(VERIFY, FILE)
    expect(code).toBe(0)
    expect(stdout).toBe(
      'Status of partition reassignment:\n' +
        'There is no active reassignment of partition gone-0, but replica set is  rather than 1.\n' +
        'Reassignment of partition t-0 is completed.\n' +
        'There is no active reassignment of partition t-1, but replica set is 2,4 rather than 2,3.\n' +
        'Reassignment of replica t-0-1 completed successfully.\n' +
        'Partition t-0 on broker 2 is not being moved from log dir /d2 to /other.\n' +
        'Clearing broker-level throttles on brokers 1,2,3\n' +
        'Clearing topic-level throttles on topics t,gone\n',
    )
    const names = (callsOf('incrementalAlterConfigs') as { resource: { name: string } }[][]).map((call) =>
      call.map(({ resource }) => resource.name),
    )
    expect(names).toEqual([
      ['1', '2', '3'],
      ['t', 'gone'],
    ])
  })

  it('leaves the throttles while anything moves, and when told to', async () => {
    const { stdout, methods } = await run(VERIFY, plan(['t', 0, [3, 2]], ['t', 1, [2, 4]]), moving)
    expect(stdout).toBe(
      'Status of partition reassignment:\nReassignment of partition t-0 is still in progress.\nReassignment of partition t-1 is completed.\n\n',
    )
    expect(methods).not.toContain('incrementalAlterConfigs')
    const kept = await run(`${VERIFY} --preserve-throttles`, FILE)
    expect(kept.methods).not.toContain('incrementalAlterConfigs')
  })

  it('leaves them while a replica is between directories', async () => {
    const describeReplicaLogDirs: Admin['describeReplicaLogDirs'] = async (replicas) =>
      replicas.map(() => ok({ current: { path: '/d1', offsetLag: 0 }, future: { path: '/other', offsetLag: 5 } }))
    const { stdout, methods } = await run(VERIFY, plan(['t', 0, [1, 2], ['/other', 'any']]), { describeReplicaLogDirs })
    expect(stdout).toContain('Reassignment of replica t-0-1 is still in progress.\n')
    expect(methods).not.toContain('incrementalAlterConfigs')
  })

  it('shows people progress and directories', async () => {
    const { stdout } = await run(VERIFY, FILE, moving, { terminal: true, columns: 200 })
    expect(stdout).toMatch(/^gone +0 +none +1 +not being moved$/m)
    expect(stdout).toMatch(/^t +0 +3,1,2 +1,2 +in progress, 3: 25 %, 75 records to go$/m)
    expect(stdout).toMatch(/^t-0 +2 +\/d2 +\/other +not being moved$/m)
    const done = await run(VERIFY, plan(['t', 0, [1, 2]]), {}, { terminal: true })
    expect(done.stdout).toMatch(/completed\nThrottles are off: brokers 1, 2, 3 and topics t\.\n$/)
  })

  it('prints a document', async () => {
    const { stdout } = await run(`${VERIFY} --format json`, FILE)
    expect(JSON.parse(stdout)).toEqual({
      apiVersion: 'kt/v1',
      kind: 'ReassignmentStatus',
      partitions: [
        { topic: 'gone', partition: 0, replicas: [], targetReplicas: [1], state: 'different' },
        { topic: 't', partition: 0, replicas: [1, 2], targetReplicas: [1, 2], state: 'completed' },
        { topic: 't', partition: 1, replicas: [2, 4], targetReplicas: [2, 3], state: 'different' },
      ],
      logDirMoves: [
        {
          topic: 't',
          partition: 0,
          broker: 1,
          state: 'completed',
          targetPath: '/d1',
          currentPath: '/d1',
          futurePath: null,
        },
        {
          topic: 't',
          partition: 0,
          broker: 2,
          state: 'not-moving',
          targetPath: '/other',
          currentPath: '/d2',
          futurePath: null,
        },
      ],
      throttlesCleared: { brokers: [1, 2, 3], topics: ['t', 'gone'] },
    })
  })
})

describe('kt reassign-partitions --cancel', () => {
  const FILE = plan(['t', 0, [3, 2], ['/new', 'any']])

  it('cancels what moves and puts replicas back', async () => {
    const describeReplicaLogDirs: Admin['describeReplicaLogDirs'] = async (replicas) =>
      replicas.map(() => ok({ current: { path: '/old', offsetLag: 0 }, future: { path: '/new', offsetLag: 5 } }))
    const { stdout, callsOf } = await run(CANCEL, FILE, { ...moving, describeReplicaLogDirs })
    expect(stdout).toBe(
      'Successfully cancelled partition reassignment for: t-0\n' +
        'Successfully started moving log directory to /old for replica t-0 with broker 3 \n' +
        'Clearing broker-level throttles on brokers 1,2,3\nClearing topic-level throttles on topic t\n',
    )
    expect(callsOf('listPartitionReassignments')).toEqual([[expect.objectContaining({ topic: 't', partition: 0 })]])
    expect(callsOf('alterPartitionReassignments')).toEqual([[{ topic: 't', partition: 0, replicas: null }]])
    expect(callsOf('alterReplicaLogDirs')).toEqual([[{ topic: 't', partition: 0, broker: 3, path: '/old' }]])
  })

  it('says that nothing moves, without an end of line, as the script', async () => {
    const { stdout, methods } = await run(`${CANCEL} --preserve-throttles`, FILE)
    expect(stdout).toBe(
      'None of the specified partition reassignments are active.\nNone of the specified partition moves are active.',
    )
    expect(methods).not.toContain('incrementalAlterConfigs')
  })

  it('tells what could not be cancelled', async () => {
    const alterPartitionReassignments = async () => [refused('NO_REASSIGNMENT_IN_PROGRESS', 'too late')]
    const { code, stdout } = await run(CANCEL, FILE, { ...moving, alterPartitionReassignments })
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: 'Error cancelling partition reassignment for:\nt-0: too late\n',
    })
  })

  it('speaks to people and to programs', async () => {
    const people = await run(CANCEL, FILE, moving, { terminal: true })
    expect(people.stdout).toBe('Cancelled the move of t-0.\nThrottles are off: brokers 1, 2, 3 and topics t.\n')
    const idle = await run(`${CANCEL} --preserve-throttles`, FILE, {}, { terminal: true })
    expect(idle.stdout).toBe('Nothing of the file is being moved.\n')
    const { stdout } = await run(`${CANCEL} --format json --preserve-throttles`, FILE, moving)
    expect(JSON.parse(stdout)).toEqual({
      apiVersion: 'kt/v1',
      kind: 'ReassignmentCancelled',
      partitions: [{ topic: 't', partition: 0 }],
      logDirMoves: [],
      throttlesCleared: null,
    })
  })
})

describe('kt reassign-partitions --generate', () => {
  const GENERATE = '--generate --topics-to-move-json-file FILE --broker-list 1,3'
  const FILE = '{"topics":[{"topic":"t"}]}'

  it('prints where partitions are and where they could be', async () => {
    const { code, stdout } = await run(GENERATE, FILE)
    expect(code).toBe(0)
    const lines = stdout.split('\n')
    expect(lines.slice(0, 4)).toEqual([
      'Current partition replica assignment',
      '{"version":1,"partitions":[{"topic":"t","partition":0,"replicas":[1,2],"log_dirs":["/d1","/d2"]},{"topic":"t","partition":1,"replicas":[2,4],"log_dirs":["/d2","any"]}]}',
      '',
      'Proposed partition reassignment configuration',
    ])
    const { partitions } = JSON.parse(lines[4]!) as { partitions: { replicas: number[]; log_dirs: string[] }[] }
    expect(partitions.map(({ replicas }) => [...replicas].sort())).toEqual([
      [1, 3],
      [1, 3],
    ])
    expect(partitions[0]!.log_dirs).toEqual(['any', 'any'])
  })

  it('shows people the difference', async () => {
    const { stdout, stderr } = await run(GENERATE, FILE, {}, { terminal: true })
    expect(stdout).toMatch(/^t +1 +-2,-4 +\+\d,\+\d +2 copies to make$/m)
    expect(stdout).toMatch(/\n\{"version":1,.*\}\n$/)
    expect(stderr).toContain('--execute --reassignment-json-file plan.json')
    expect((await run(GENERATE, '{"topics":[]}', {}, { terminal: true })).stdout).toMatch(/^No partitions\.\n/)
  })

  it('prints a document', async () => {
    const { stdout } = await run(`${GENERATE} --format json`, FILE)
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'ReassignmentProposal',
      current: [
        { partition: 0, replicas: [1, 2], logDirs: ['/d1', '/d2'] },
        { partition: 1, logDirs: ['/d2', null] },
      ],
      proposed: [{ partition: 0, logDirs: [null, null] }, { partition: 1 }],
    })
  })
})

describe('what goes wrong', () => {
  it('is on stdout after `Error: `, with the class of what refused the whole call', async () => {
    const failure = new KtError('authorization', 'Cluster authorization failed.', {
      facts: ['asked as nobody'],
      cause: new KafkaError('CLUSTER_AUTHORIZATION_FAILED'),
    })
    const listPartitionReassignments = async () => {
      throw failure
    }
    const script = await run('--list', '', { listPartitionReassignments })
    expect(script.code).toBe(1)
    expect(script.stdout).toBe(
      'Error: org.apache.kafka.common.errors.ClusterAuthorizationException: Cluster authorization failed.\n',
    )
    expect(script.stderr).toBe('  asked as nobody\n')
    const people = await run('--list', '', { listPartitionReassignments }, { terminal: true })
    expect(people).toMatchObject({ code: 1, stdout: '', stderr: 'Cluster authorization failed.\n  asked as nobody\n' })
  })

  it('is a file that cannot be read, before anybody is asked', async () => {
    const { code, stdout, methods } = await run('--verify --reassignment-json-file /no/such/file')
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'Error: Unable to read file /no/such/file\n' })
    expect(methods).toEqual(['close'])
  })

  it.each([
    ['--list --verify', 'Command must include exactly one action: --generate, --execute, --verify, --cancel, --list'],
    ['--list --timeout 5', 'Option "[timeout]" can\'t be used with action "[list]"'],
    ['--execute', 'Missing required argument "[reassignment-json-file]"'],
    ['--generate --topics-to-move-json-file f', 'Missing required argument "[broker-list]"'],
    [
      '--list --bootstrap-server a:1 --bootstrap-controller b:2',
      "Please don't specify both --bootstrap-server and --bootstrap-controller",
    ],
    [
      '--verify --reassignment-json-file f --bootstrap-controller b:2',
      'Option "[bootstrap-controller]" can\'t be used with action "[verify]"',
    ],
    ['--bootstrap-server --list', 'Option bootstrap-server requires an argument'],
  ])('is the command line %s', async (line, message) => {
    const { code, stderr, methods } = await run(line)
    expect(code).toBe(1)
    expect(stderr.split('\n')[0]).toBe(message)
    expect(methods).toEqual([])
  })
})
