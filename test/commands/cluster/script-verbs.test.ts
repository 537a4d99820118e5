import { describe, expect, it } from 'vitest'
import { KtError } from '../../../src/base/errors.ts'
import type { Admin, ClientOptions, ClusterDescription } from '../../../src/client/admin-types.ts'
import { KafkaError } from '../../../src/protocol/error-codes.ts'
import { memoryAdmin } from '../../support/memory-admin.ts'
import { type RunOptions, runCommand } from '../../support/run-command.ts'

const CLUSTER: ClusterDescription = {
  clusterId: 'the-id',
  controllerId: 1,
  brokers: [
    { id: 1, host: 'one', port: 9092, rack: null, isFenced: false },
    { id: 2, host: 'two', port: 9093, rack: 'r', isFenced: true },
  ],
}

async function run(line: string, methods: Partial<Admin> = {}, options: RunOptions = {}) {
  const memory = memoryAdmin({
    describeCluster: async () => CLUSTER,
    unregisterBroker: async () => undefined,
    ...methods,
  })
  const connected: ClientOptions[] = []
  const createAdmin = (given: ClientOptions) => {
    connected.push(given)
    return memory.createAdmin()
  }
  const result = await runCommand(line.split(' '), { createAdmin, ...options })
  const calls = memory.calls.filter(({ method }) => method !== 'close')
  return { ...result, calls: calls.map(({ method, args }) => [method, ...args]), connected }
}

const refusing = (name: string, message: string) => async (): Promise<never> => {
  throw new KtError('kafka', message, { cause: new KafkaError(name as 'UNSUPPORTED_VERSION') })
}

describe('the verbs of kafka-cluster.sh', () => {
  it('are subcommands of kt cluster, and all there is under the script’s name', async () => {
    expect((await run('cluster cluster-id -b a:1')).stdout).toBe('Cluster ID: the-id\n')
    expect((await run('kafka-cluster.sh cluster-id -b a:1')).stdout).toBe('Cluster ID: the-id\n')
    expect((await run('kafka-cluster cluster-id -b a:1')).stdout).toBe('Cluster ID: the-id\n')
    const { code, stderr } = await run('kafka-cluster.sh start')
    expect(code).toBe(1)
    expect(stderr).toContain("invalid choice: 'start' (choose from 'cluster-id', 'unregister', 'list-endpoints')")
  })

  it('are in the help of kt cluster beside those of the local cluster', async () => {
    const { code, stdout } = await run('cluster --help')
    expect(code).toBe(0)
    for (const verb of ['start', 'stop', 'cluster-id', 'unregister', 'list-endpoints']) expect(stdout).toContain(verb)
  })

  it('exit as the script does', async () => {
    const unregisterBroker = refusing('BROKER_ID_NOT_REGISTERED', 'Broker ID 7 is not currently registered')
    const { code, stdout, stderr } = await run('cluster unregister -b a:1 --id 7', { unregisterBroker })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('Broker ID 7 is not currently registered')
    expect((await run('cluster unregister -b a:1')).code).toBe(1)
    expect((await run('cluster unregister --help')).code).toBe(1)
    expect((await run('cluster unregister --help', {}, { terminal: true })).code).toBe(0)
  })

  it('ask brokers or controllers, with the settings of a file under either name', async () => {
    const { connected } = await run('cluster cluster-id --bootstrap-controller c:1')
    expect(connected).toMatchObject([{ bootstrapServers: ['c:1'], toControllers: true }])
    const old = await run('cluster cluster-id -b a:1 --config /dev/null')
    expect(old.stdout).toBe(
      'Option --config has been deprecated and will be removed in a future version. Use --command-config instead.\n' +
        'Cluster ID: the-id\n',
    )
    const both = await run('cluster cluster-id -b a:1 --config /dev/null -c /dev/null')
    expect(both).toMatchObject({ code: 1, stdout: '' })
    expect(both.stderr).toContain('--config and --command-config cannot be specified together.')
  })
})

describe('kt cluster cluster-id', () => {
  it('has a document, and words for a cluster without an id', async () => {
    const { stdout } = await run('cluster cluster-id -b a:1 --format json')
    expect(JSON.parse(stdout)).toEqual({ apiVersion: 'kt/v1', kind: 'ClusterId', clusterId: 'the-id' })
    const describeCluster = async () => ({ ...CLUSTER, clusterId: '' })
    expect((await run('cluster cluster-id -b a:1', { describeCluster })).stdout).toBe(
      'No cluster ID found. The Kafka version is probably too old.\n',
    )
  })
})

describe('kt cluster unregister', () => {
  it('names the broker', async () => {
    const { stdout, calls } = await run('cluster unregister -b a:1 -i 7')
    expect(stdout).toBe('Broker 7 is no longer registered.\n')
    expect(calls).toEqual([['unregisterBroker', 7]])
  })

  it('takes a cluster that cannot do it for an answer, as the script does', async () => {
    const unregisterBroker = refusing('UNSUPPORTED_VERSION', 'too old')
    expect(await run('cluster unregister -b a:1 -i 7', { unregisterBroker })).toMatchObject({
      code: 0,
      stdout: 'The target cluster does not support the broker unregistration API.\n',
    })
  })
})

describe('the document of kt cluster unregister', () => {
  const line = 'cluster unregister -b a:1 -i 7 --format json'

  it('is alone on stdout, also where the cluster cannot do it', async () => {
    const done = { apiVersion: 'kt/v1', kind: 'BrokerUnregistered', brokerId: 7, isSupported: true }
    expect(JSON.parse((await run(line)).stdout)).toEqual(done)
    const unregisterBroker = refusing('UNSUPPORTED_VERSION', 'too old')
    const { code, stdout } = await run(line, { unregisterBroker })
    expect([code, JSON.parse(stdout)]).toEqual([0, { ...done, isSupported: false }])
  })

  it('does not exist under the script’s name', async () => {
    expect(await run(line.replace('cluster', 'kafka-cluster.sh'))).toMatchObject({ code: 1, stdout: '' })
  })
})

describe('kt cluster list-endpoints', () => {
  it('asks for fenced brokers when told to', async () => {
    expect((await run('cluster list-endpoints -b a:1')).calls).toEqual([['describeCluster', { includeFenced: false }]])
    const { stdout, calls } = await run('cluster list-endpoints -b a:1 --include-fenced-brokers')
    expect(calls).toEqual([['describeCluster', { includeFenced: true }]])
    expect(stdout.split('\n')[2]).toMatch(/^2 +two +9093 +r +fenced +broker +$/)
  })

  it('does not ask controllers for them', async () => {
    const { code, stderr, connected } = await run('cluster list-endpoints -C c:1 --include-fenced-brokers')
    expect({ code, connected }).toEqual({ code: 1, connected: [] })
    expect(stderr).toContain('only supported with --bootstrap-server option')
  })

  it('prints what an old or a wrong node says, as the script does', async () => {
    const old = refusing('UNSUPPORTED_VERSION', 'The broker cannot answer')
    expect(await run('cluster list-endpoints -b a:1', { describeCluster: old })).toMatchObject({
      code: 0,
      stdout: 'The broker cannot answer\n',
    })
    const document = await run('cluster list-endpoints -b a:1 --format json', { describeCluster: old })
    expect(JSON.parse(document.stdout)).toMatchObject({ endpoints: null, error: 'The broker cannot answer' })
    const wrong = refusing('MISMATCHED_ENDPOINT_TYPE', 'not a broker')
    expect((await run('cluster list-endpoints -b a:1', { describeCluster: wrong })).code).toBe(0)
    expect((await run('cluster list-endpoints -C a:1', { describeCluster: wrong })).code).toBe(1)
  })

  it('has tables for people, and documents', async () => {
    const brokers = await run('cluster list-endpoints -b a:1', {}, { terminal: true })
    expect(brokers.stdout).toBe(
      'NODE  ENDPOINT  RACK  STATE\n   1  one:9092  -     unfenced\n   2  two:9093  r     fenced\n',
    )
    const controllers = await run('cluster list-endpoints -C a:1', {}, { terminal: true })
    expect(controllers.stdout).toContain('   1  one:9092  -     controller\n')
    const { stdout } = await run('cluster list-endpoints -b a:1 --format json')
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'EndpointList',
      endpoints: [
        { nodeId: 1, host: 'one', port: 9092, rack: null, endpointType: 'broker', isFenced: false },
        { nodeId: 2, rack: 'r', isFenced: true },
      ],
    })
    const ofControllers = JSON.parse((await run('cluster list-endpoints -C a:1 --format json')).stdout)
    expect(ofControllers.endpoints[0]).toMatchObject({ endpointType: 'controller', isFenced: null })
  })
})
