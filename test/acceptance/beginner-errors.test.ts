/**
 * What goes wrong in the first weeks, provoked on a real cluster of three brokers: the message stays, and behind it stand
 * what the cluster shows at that moment and the command to go on with.
 */
import { spawn } from 'node:child_process'
import * as fs from 'node:fs'
import * as net from 'node:net'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { GroupConsumer } from '../../src/client/group-consumer.ts'
import { type RunOptions, runCommand } from '../support/run-command.ts'
import { type RunningCluster, runningCluster } from '../support/running-cluster.ts'

let cluster: RunningCluster
const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-beginner-'))

beforeAll(async () => {
  cluster = await runningCluster({ brokers: 3, config: { 'group.initial.rebalance.delay.ms': '0' } })
  await kt('topics --create --topic orders --partitions 3 --replication-factor 3')
  await kt('topics --create --topic empty --partitions 1 --replication-factor 1')
  await kt('topics --create --topic compact --config cleanup.policy=compact')
  await kt('topics --create --topic strict --partitions 1 --replication-factor 3 --config min.insync.replicas=3')
  await kt('console-producer --topic orders', { input: 'a\nb\nc\n' })
}, 60_000)
afterAll(async () => {
  await cluster[Symbol.asyncDispose]()
  fs.rmSync(directory, { recursive: true })
})

async function kt(
  line: string,
  options: RunOptions = {},
): Promise<{ code: number; said: string; stdout: string; stderr: string }> {
  const [command, ...rest] = line.split(' ')
  const connect =
    rest.includes('--bootstrap-server') || NO_CLUSTER.has(command!)
      ? []
      : ['--bootstrap-server', cluster.bootstrapServers]
  const { code, stdout, stderr } = await runCommand([command!, ...rest, ...connect], options)
  return { code, said: `${stdout}${stderr}`, stdout, stderr }
}
const NO_CLUSTER = new Set(['dump-log', 'cluster', 'storage', 'server-start'])

/** Members of a group that stay until the function is called. */
async function members(groupId: string, topic: string, count: number): Promise<() => Promise<unknown>> {
  // Members are given partitions in the order of their names, these ones first.
  const connection = { bootstrapServers: cluster.bootstrapServers.split(','), clientId: 'a' }
  const all = Array.from(
    { length: count },
    () => new GroupConsumer(connection, { groupId, topics: [topic], heartbeatIntervalMs: 300 }),
  )
  for (const each of all) {
    await each.start()
    // Reading is what keeps a member's place.
    Promise.resolve(each.next()).catch(() => undefined)
  }
  await vi.waitFor(async () => {
    const { stdout } = await kt(`consumer-groups --describe --group ${groupId} --state`)
    expect(stdout).toMatch(new RegExp(`Stable +${count}`))
  }, 15_000)
  return () => Promise.all(all.map((each) => each.close()))
}

/** Whether all of it is said, in this order. */
function expectInOrder(text: string, ...parts: readonly (string | RegExp)[]): void {
  let rest = text
  for (const part of parts) {
    const at = typeof part === 'string' ? rest.indexOf(part) : rest.search(part)
    if (at < 0) expect.fail(`${part} is not said, or not there:\n${text}`)
    rest = rest.slice(at)
  }
}

describe('command lines of older notes', () => {
  it('zookeeper', async () => {
    const { said, code } = await kt('dump-log --zookeeper localhost:2181 --files x')
    expect(code).toBe(1)
    expectInOrder(
      said,
      'zookeeper is not a recognized option',
      'why: ZooKeeper has left Kafka',
      'next: kt dump-log --files x',
    )
    const translated = await kt('topics --zookeeper localhost:2181 --list')
    expect(translated.code).toBe(0)
    expectInOrder(translated.stderr, '--zookeeper localhost:2181: left out', 'Kafka 4 has no ZooKeeper')
  })

  it('broker-list', async () => {
    const { said } = await kt('dump-log --broker-list h:9092 --files x')
    expectInOrder(said, 'broker-list is not a recognized option', 'say the same', 'next: kt dump-log --files x')
    expect((await kt(`topics --broker-list ${cluster.bootstrapServers} --list`)).code).toBe(0)
  })

  it('property, producer.config, consumer-property', async () => {
    const { said } = await kt('console-producer --topic orders --property parse.key=false', { input: '' })
    expect(said).toMatch(/--property is deprecated.*Use --reader-property/)
    const consumer = await kt('console-consumer --topic orders --consumer-property a=b --timeout-ms 100')
    expect(consumer.said).toMatch(/consumer-property.*command-property/)
  })
})

describe('nobody answers', () => {
  it('at the bootstrap address', async () => {
    const taken = net.createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as net.AddressInfo
    await new Promise((resolve) => taken.close(resolve))
    const { said, stdout, code } = await kt(`topics --list --bootstrap-server 127.0.0.1:${port}`)
    expect(code).toBe(1)
    expect(stdout).toMatch(/^Error while executing topic command : Cannot reach a Kafka broker.*\n$/)
    expectInOrder(
      said,
      'connection refused',
      'why: No broker has been reached',
      /open on 127.0.0.1 among the usual ports: /,
      'next: ',
    )
  })

  it('at the address that a broker hands out', async () => {
    await using elsewhere = await advertising('PLAINTEXT://127.0.0.1:1')
    await kt(`topics --create --topic x --bootstrap-server ${elsewhere.bootstrapServers}`)
    const { said } = await kt(`get-offsets --topic x --bootstrap-server ${elsewhere.bootstrapServers}`)
    expectInOrder(
      said,
      /advertises 127.0.0.1:1, which cannot be used/,
      'why: The first contact worked',
      /bootstrap address \S+ answered/,
      'next: ',
    )
  })

  it('with a list of servers that is none', async () => {
    const [first, second] = cluster.bootstrapServers.split(',')
    const { stderr } = await runCommand([
      'console-producer',
      '--topic',
      't',
      '--bootstrap-server',
      `${first} ${second}`,
    ])
    expectInOrder(
      stderr,
      'Please provide valid host:port',
      'separated by commas alone',
      `next: kt topics --list --bootstrap-server ${first},${second}`,
    )
    expect((await kt('topics --list --bootstrap-server localhost')).stderr).toContain('localhost: there is no port')
    const unknown = await kt('topics --list --bootstrap-server no.such.host.invalid:9092')
    expectInOrder(unknown.said, 'the name does not resolve', 'why: Each server is HOST:PORT')
  })
})

/** One broker that hands out another address than the one it listens on. */
function advertising(listener: string): Promise<RunningCluster> {
  return runningCluster({ brokers: 1, config: { 'advertised.listeners': listener } })
}

describe('topics', () => {
  it('that do not exist', async () => {
    const { said, stdout } = await kt('topics --describe --topic ordrs')
    expect(stdout).toBe("Error while executing topic command : Topic 'ordrs' does not exist as expected\n")
    expectInOrder(
      said,
      'orders',
      "topic 'ordrs' is not in this cluster",
      'auto.create.topics.enable=true',
      'next: kt topics --describe --topic orders',
    )
    const beyond = await kt('console-producer --topic orders --partition 7', { input: 'x\n' })
    expectInOrder(
      beyond.said,
      "topic 'orders' has 3",
      "the last one of 'orders' is 2",
      "topic 'orders' exists: 3 partitions",
    )
  })

  it('that a slip of the fingers has made', async () => {
    const { stderr, code } = await kt('console-producer --topic ordres', { input: 'x\n' })
    expect(code).toBe(0)
    expectInOrder(
      stderr,
      "Topic 'ordres' was not there and is now",
      "did you mean 'orders'",
      'next: kt topics --delete --topic ordres',
    )
    expect((await kt('topics --delete --topic ordres')).code).toBe(0)
    const existing = await kt('console-producer --topic empty2 --report', { input: '' })
    expect(existing.stderr).toContain("Topic 'empty2' was not there")
    expect((await kt('console-producer --topic empty2', { input: '' })).stderr).toBe('')
  })

  it('with more replicas than brokers', async () => {
    const { said, stdout, code } = await kt('topics --create --topic five --partitions 2 --replication-factor 5')
    expect([code, stdout.split('\n').length]).toEqual([1, 2])
    expectInOrder(
      said,
      'Unable to replicate the partition 5 time(s)',
      'brokers in service: 1, 2, 3',
      'next: kt topics --create --topic five --partitions 2 --replication-factor 3',
    )
  })

  it('whose partitions shall become fewer', async () => {
    const { said } = await kt('topics --alter --topic orders --partitions 2')
    expectInOrder(
      said,
      'would not be an increase',
      "topic 'orders' has 3 partitions, 3 replicas each",
      'next: kt topics --create --topic orders-2 --partitions 2',
    )
  })

  it('that exist already', async () => {
    const { said } = await kt('topics --create --topic orders')
    expectInOrder(
      said,
      "Topic 'orders' already exists",
      "topic 'orders' has 3 partitions",
      'it holds 3 records',
      'next: kt topics --describe --topic orders',
    )
  })

  it('with names that collide or are too long', async () => {
    await kt('topics --create --topic a.b')
    const { said } = await kt('topics --create --topic a_b', { terminal: true })
    expectInOrder(
      said,
      'collides with existing topic',
      'in metrics it would be mixed up with a.b',
      'next: kt topics --list',
    )
    const long = await kt(`topics --create --topic ${'x'.repeat(260)}`)
    expectInOrder(long.said, 'max allowed length 249', 'the name has 260 characters')
  })

  it('with keys that go elsewhere, with records that stay: said when it is done', async () => {
    await kt('topics --create --topic growing')
    const grown = await kt('topics --alter --topic growing --partitions 2', { terminal: true })
    expect(grown.stderr).toContain('Keys go to other partitions from now on')
    expect((await kt('topics --alter --topic growing --partitions 3')).said).toBe('')
    const kept = await kt('configs --alter --topic growing --add-config retention.ms=60000', { terminal: true })
    expect(kept.stderr).toContain('next: kt explain --topic growing "old data still there after retention.ms"')
  })
})

describe('records that are not taken', () => {
  it('without a key in a compacted topic', async () => {
    const { stderr } = await kt('console-producer --topic compact', { input: 'x\n' })
    expectInOrder(
      stderr,
      'Compacted topic cannot accept message without key',
      "topic 'compact' has cleanup.policy=compact",
      'next: kt console-producer --topic compact --reader-property parse.key=true',
    )
  })

  it('that are too large', async () => {
    const input = `${'x'.repeat(2_000_000)}\n`
    const { stderr } = await kt('console-producer --topic orders', { input })
    expectInOrder(
      stderr,
      'max.request.size',
      "max.message.bytes of topic 'orders': 1048588",
      /next: kt console-producer .*max.request.size=\d+/,
    )
    const other = await kt('console-producer --topic orders --command-property max.request.size=3000000', { input })
    expectInOrder(
      other.stderr,
      'exceeds the maximum configured value',
      /next: kt configs --alter --topic orders --add-config max.message.bytes=\d+/,
    )
  })
})

describe('groups', () => {
  it('that are active are not reset', async () => {
    const stop = await members('busy', 'orders', 1)
    const { said, stdout, code } = await kt(
      'consumer-groups --reset-offsets --group busy --topic orders --to-earliest --execute',
    )
    expect(code).toBe(0)
    expect(stdout).toContain(
      "Error: Assignments can only be reset if the group 'busy' is inactive, but the current state is Stable.",
    )
    expectInOrder(
      said,
      'why: Members hold their positions',
      "group 'busy' is Stable with 1 member",
      /at 127.0.0.1: 3 partitions/,
      'next: kt consumer-groups --describe --group busy --members',
    )
    await stop()
    const after = await kt('consumer-groups --describe --group busy', { terminal: true })
    expectInOrder(
      after.stderr,
      "Consumer group 'busy' has no active members.",
      'why: This is no error',
      'next: kt console-consumer --topic orders --group busy',
    )
    // In a pipe nothing is said about what has not failed.
    expect((await kt('consumer-groups --describe --group busy')).stderr).not.toContain('why:')
  })

  it('with more members than partitions', async () => {
    const stop = await members('crowd', 'empty', 2)
    const { stderr } = await kt('consumer-groups --describe --group crowd --members', { terminal: true })
    expectInOrder(
      stderr,
      'why: By design',
      "group 'crowd' is Stable with 2 members",
      '1 partition for 2 members, 1 without one',
      'next: kt topics --alter --topic empty --partitions 2',
    )
    const waiting = await kt('console-consumer --topic empty --group crowd --timeout-ms 7000', { terminal: true })
    expectInOrder(
      waiting.stderr,
      'the consumer prints nothing',
      "This member of group 'crowd' has no partition",
      'next: kt consumer-groups --describe --group crowd --members',
    )
    await stop()
  }, 40_000)
})

describe('a consumer that prints nothing, at a terminal', () => {
  const silent = (line: string) => kt(`console-consumer --timeout-ms 1500 ${line}`, { terminal: true })

  it('began at the end', async () => {
    const { stderr } = await silent('--topic orders')
    expectInOrder(
      stderr,
      'why: A reader without a group begins at the end',
      "topic 'orders' holds 3 records",
      'next: kt console-consumer --topic orders --from-beginning',
    )
    expect((await kt('console-consumer --topic orders --timeout-ms 500')).stderr).toBe(
      'Processed a total of 0 messages\n',
    )
  })

  it('reads an empty topic', async () => {
    expectInOrder(
      (await silent('--topic compact --from-beginning')).stderr,
      "Topic 'compact' is empty",
      'next: kt console-producer --topic compact',
    )
  })

  it('has read everything, and --from-beginning does not change that', async () => {
    await kt('console-consumer --topic orders --group done --from-beginning --timeout-ms 1500')
    const { stderr } = await silent('--topic orders --group done --from-beginning')
    expectInOrder(
      stderr,
      "group 'done' goes on where it was",
      /goes on at offset \d of orders-\d/,
      'next: kt console-consumer --topic orders --from-beginning',
    )
    expectInOrder(
      (await silent('--topic orders --group done')).stderr,
      "Group 'done' has read everything",
      /committed \d, end \d/,
      '--reset-offsets --group done --topic orders',
    )
  })

  it('asks for an offset that is not there', async () => {
    const { stderr } = await kt(
      'console-consumer --topic orders --partition 0 --offset 500 --timeout-ms 1500 --command-property auto.offset.reset=none',
    )
    expectInOrder(
      stderr,
      'Fetch position 500 is out of range for partition orders-0',
      /orders-0 holds offsets 0 to \d/,
      'next: kt get-offsets --topic orders',
    )
  })
})

describe('brokers that are gone', () => {
  it('leave too few replicas, and cannot lead', async () => {
    const { stdout } = await kt('topics --describe --topic strict')
    const preferred = Number(/Replicas: (\d)/.exec(stdout)![1])
    expectInOrder(
      (await kt('leader-election --election-type preferred --topic strict --partition 0', { terminal: true })).said,
      'not needed',
      'why: Nothing has to be done',
      `preferred is the first replica, ${preferred}`,
    )
    await cluster.kill(preferred)
    await vi.waitFor(
      async () =>
        expect((await kt('topics --describe --topic strict')).stdout).not.toMatch(
          new RegExp(`Isr: [\\d,]*${preferred}`),
        ),
      15_000,
    )

    const { stderr } = await kt(
      'console-producer --topic strict --command-property delivery.timeout.ms=3000 --command-property request.timeout.ms=1000',
      { input: 'x\n' },
    )
    expectInOrder(
      stderr,
      'insufficient to satisfy the min.isr requirement of 3',
      /strict-0: leader \d, replicas [\d,]+, in sync \d,\d/,
      `not in service: broker ${preferred}`,
      'in sync 2 of 3, min.insync.replicas 3',
      'next: ',
    )

    const election = await kt('leader-election --election-type preferred --topic strict --partition 0')
    expectInOrder(
      election.said,
      'PreferredLeaderNotAvailableException',
      `not in service: broker ${preferred}`,
      'next: ',
    )
    await cluster.restart(preferred)
  }, 60_000)
})

describe('nodes', () => {
  const properties = (port: number): string => {
    const file = path.join(directory, 'server.properties')
    const lines = [
      ...[
        'node.id=1',
        'process.roles=broker,controller',
        `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:0`,
      ],
      ...[
        'controller.listener.names=CONTROLLER',
        `controller.quorum.voters=1@127.0.0.1:${port + 1}`,
        `log.dirs=${directory}/data`,
      ],
    ]
    fs.writeFileSync(file, `${lines.join('\n')}\n`)
    return file
  }

  it('whose storage is not formatted, or for another cluster', async () => {
    const file = properties(cluster.portOf(1))
    const env = { KT_BOOTSTRAP_SERVER: cluster.bootstrapServers }
    const { said } = await kt(`server-start ${file}`, { env })
    expectInOrder(
      said,
      'No `meta.properties` found in',
      /the cluster at \S+ has the id \S{22}/,
      'next: kt storage format',
    )
    const id = /has the id (\S{22})/.exec(said)![1]!
    await kt(`storage format --cluster-id ${id} --config ${file}`)
    const other = await kt(`storage format --cluster-id ABcvoBczQRC8Y3DfSWbLmg --config ${file}`, { env })
    expectInOrder(
      other.said,
      'Invalid cluster.id',
      `the directory was formatted for cluster ${id}`,
      'next: kt storage info',
    )
  })

  it('whose port is taken', async () => {
    const holder = spawn(process.execPath, [
      '-e',
      "require('net').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port) })",
    ])
    const port = await new Promise<number>((resolve) => holder.stdout.once('data', (data) => resolve(Number(data))))
    const { said } = await kt(`cluster start --brokers 1 --port ${port}`, {
      env: { KT_HOME: path.join(directory, 'home') },
    })
    holder.kill()
    expectInOrder(
      said,
      `port ${port} on 127.0.0.1 is taken`,
      `held by pid ${holder.pid}`,
      'why: A port belongs to one process',
      'next: kt cluster start --port 0',
    )
  })

  it('that do not know a request', async () => {
    const { said } = await kt('acls --list')
    expectInOrder(said, 'cannot answer DescribeAcls requests', 'kt speaks DescribeAcls versions', 'next: ')
  })
})

describe('kt explain of what only others print', () => {
  const explained = async (...words: readonly string[]) =>
    (await runCommand(['explain', '--bootstrap-server', cluster.bootstrapServers, ...words], { columns: 200 })).stdout

  it.each([
    [
      'Error while fetching metadata with correlation id 1 : {orders=LEADER_NOT_AVAILABLE}',
      "each partition of 'orders' has a leader by now",
    ],
    ['NOT_LEADER_OR_FOLLOWER', 'Normal for a moment'],
    ['Expiring 5 record(s) for orders-0:120000 ms has passed since batch creation', 'orders-0: leader'],
    ['COORDINATOR_NOT_AVAILABLE', 'every partition of __consumer_offsets has a leader by now'],
    ['Commit cannot be completed since the group has already rebalanced', 'max.poll.interval.ms'],
    ['UNSUPPORTED_VERSION', /broker \d at \S+ serves \d+ kinds of requests/],
    ['PRODUCER_FENCED', 'the one that started last wins'],
    ['REBALANCE_IN_PROGRESS', 'joins again by itself'],
    [
      'Connection to node 1 (kafka/172.17.0.2:9092) could not be established.',
      /broker 1 advertises 127.0.0.1:\d+: something listens there/,
    ],
  ])('%s', async (text, seen) => {
    expect(await explained(text)).toMatch(seen)
  })

  it('with a topic or a group that is asked about', async () => {
    const clocks = await explained('--topic', 'orders', 'old data still there after retention.ms')
    for (const clock of ['retention.ms 604800000 (7 days)', 'log.retention.check.interval.ms', 'file.delete.delay.ms'])
      expect(clocks).toContain(clock)
    expect(await explained('--topic', 'orders', 'same key in two partitions')).toContain(
      "topic 'orders' has 3 partitions now",
    )
    expect(await explained('--topic', 'orders', 'records out of order')).toMatch(/records in \d of 3 partitions/)
    expect(await explained('--topic', 'orders', 'read_committed consumer stuck')).toContain('last stable offset')
    expect(await explained('--group', 'done', 'endless rebalances')).toContain("group 'done' is Empty with 0 members")
  })
})
