import { afterEach, describe, expect, it } from 'vitest'
import { KtError } from '../../src/base/errors.ts'
import { seededRandom } from '../../src/base/random.ts'
import type { ClientOptions } from '../../src/client/admin-types.ts'
import { ANY, ClusterClient, CONTROLLER, toBroker } from '../../src/client/cluster-client.ts'
import { KafkaError } from '../../src/protocol/error-codes.ts'
import { metadata } from '../../src/protocol/messages/03-metadata.ts'
import { listGroups } from '../../src/protocol/messages/16-list-groups.ts'
import { apiVersions } from '../../src/protocol/messages/18-api-versions.ts'
import { createTopics } from '../../src/protocol/messages/19-create-topics.ts'
import { drive } from '../support/drive-clock.ts'
import { ManualClock, settled } from '../support/manual-clock.ts'
import { closedPort, ScriptedBroker, Topology } from '../support/scripted-broker.ts'

const open: (ClusterClient | ScriptedBroker)[] = []

afterEach(async () => {
  for (const one of open.splice(0)) {
    if (one instanceof ClusterClient) one.close()
    else await one[Symbol.asyncDispose]()
  }
})

async function brokers(count: number, topology = new Topology()): Promise<ScriptedBroker[]> {
  const started: ScriptedBroker[] = []
  for (let id = 1; id <= count; id++) started.push(await ScriptedBroker.start({ id, topology }))
  open.push(...started)
  for (const broker of started) broker.on(listGroups, () => ({ groups: [{ groupId: `of-${broker.id}` }] }))
  return started
}

function client(servers: string[], options: Partial<ClientOptions> = {}, clock?: ManualClock): ClusterClient {
  const one = new ClusterClient({ bootstrapServers: servers, ...options }, { random: seededRandom(1), clock })
  open.push(one)
  return one
}

async function failure(work: Promise<unknown>): Promise<KtError> {
  try {
    await work
  } catch (error) {
    expect(error).toBeInstanceOf(KtError)
    return error as KtError
  }
  throw new Error('it did not fail')
}

const groupsOf = async (one: ClusterClient, id: number): Promise<string> =>
  (await one.send(toBroker(id), listGroups, {})).groups[0]!.groupId

describe('routing', () => {
  it('uses one connection for everything that any broker can answer', async () => {
    const [broker] = await brokers(1)
    const one = client([broker!.address])
    await Promise.all([one.send(ANY, listGroups, {}), one.send(ANY, listGroups, {}), one.refreshMetadata([])])
    expect(broker!.connections).toBe(1)
    expect(broker!.askedFor(apiVersions)).toHaveLength(1)
  })

  it('serves the bootstrap broker over the bootstrap connection', async () => {
    const [broker] = await brokers(1)
    const one = client([broker!.address])
    expect(await groupsOf(one, 1)).toBe('of-1')
    expect(broker!.connections).toBe(1)
  })

  it('finds a broker by id through any other, and connects to it once', async () => {
    const [first, , third] = await brokers(3)
    const one = client([first!.address])
    expect(await Promise.all([groupsOf(one, 3), groupsOf(one, 3), groupsOf(one, 3)])).toEqual(['of-3', 'of-3', 'of-3'])
    expect(third!.connections).toBe(1)
  })

  it('keeps channels of one broker apart', async () => {
    const [broker] = await brokers(1)
    const one = client([broker!.address])
    await one.send(ANY, listGroups, {})
    await one.send(toBroker(1, 'fetch'), listGroups, {})
    expect(broker!.connections).toBe(2)
  })

  it('sends controller requests to any KRaft broker', async () => {
    const [first, second] = await brokers(2)
    first!.topology.controllerId = 2
    for (const broker of [first!, second!]) broker.on(createTopics, () => ({}))
    await client([first!.address]).send(CONTROLLER, createTopics, { topics: [] })
    expect(first!.askedFor(createTopics)).toHaveLength(1)
    expect(second!.askedFor(createTopics)).toHaveLength(0)
  })

  it('sends them to the controller itself in the ZooKeeper era', async () => {
    const [first, second] = await brokers(2)
    first!.topology.controllerId = 2
    for (const broker of [first!, second!]) {
      broker.on(createTopics, () => ({}))
      broker.on(apiVersions, () => ({
        apiKeys: [4, 3, 19].map((apiKey) => ({ apiKey, minVersion: 0, maxVersion: 5 })),
      }))
    }
    await client([first!.address]).send(CONTROLLER, createTopics, { topics: [] })
    expect(second!.askedFor(createTopics)).toHaveLength(1)
  })

  it('connects anew after a connection was lost', async () => {
    const [broker] = await brokers(1)
    const one = client([broker!.address])
    await one.send(ANY, listGroups, {})
    broker!.dropConnections()
    await expect(one.retrying('ListGroups', () => one.send(ANY, listGroups, {}))).resolves.toBeDefined()
    expect(broker!.connections).toBe(2)
  })

  it('asks a broker it has heard of when the bootstrap address is gone', async () => {
    const [first, second] = await brokers(2)
    const one = client([first!.address])
    await one.refreshMetadata([])
    await first![Symbol.asyncDispose]()
    await expect(one.retrying('ListGroups', () => one.send(ANY, listGroups, {}))).resolves.toMatchObject({
      groups: [{ groupId: 'of-2' }],
    })
    expect(second!.connections).toBe(1)
  })

  it('says so when a broker is not part of the cluster', async () => {
    const [broker] = await brokers(1)
    await expect(groupsOf(client([broker!.address]), 9)).rejects.toThrow('Broker 9 is not part of the cluster')
  })
})

describe('nobody answering', () => {
  it('is told within a second for a closed port, with what was tried and what to do', async () => {
    const port = await closedPort()
    const error = await failure(client([`127.0.0.1:${port}`]).refreshMetadata([]))
    expect(error.kind).toBe('unreachable')
    expect(error.message).toContain(`127.0.0.1:${port}: connection refused`)
    expect(error.facts).toContain('each address was tried 3 times')
    expect(error.next).toContain('kt cluster start')
  })

  it('does not try again where trying again cannot help', async () => {
    const error = await failure(client(['no-such-host.invalid:9092']).refreshMetadata([]))
    expect(error.facts.join()).not.toContain('times')
    expect(error.next).toContain('host name')
  })

  it('gives a broker that is just starting its moment', async () => {
    const port = await closedPort()
    const work = client([`127.0.0.1:${port}`]).refreshMetadata([])
    open.push(await ScriptedBroker.start({ port }))
    await expect(work).resolves.toEqual(new Map())
  })

  it('names the protocol when a TLS port was spoken to in plaintext', async () => {
    const [broker] = await brokers(1)
    broker!.on(apiVersions, () => Buffer.from([0x15, 0x03, 0x03, 0, 2, 2, 40]))
    const error = await failure(client([broker!.address]).refreshMetadata([]))
    expect(error.message).toContain('the port answers in TLS')
    expect(error.next).toContain('security.protocol=SSL')
  })

  it('recognises a listener that wants a login, after a second try', async () => {
    const [broker] = await brokers(1)
    broker!.on(metadata, () => 'close')
    const one = client([broker!.address])
    const error = await failure(one.retrying('Metadata', () => one.refreshMetadata([])))
    expect(error.kind).toBe('authentication')
    expect(error.message).toContain('a SASL listener does so')
    expect(error.next).toContain('sasl.jaas.config')
    expect(broker!.askedFor(metadata)).toHaveLength(2)
  })

  it('tells bootstrap from advertised address', async () => {
    const [broker] = await brokers(1)
    broker!.topology.brokers.set(1, { host: 'inside.invalid', port: 9092 })
    const error = await failure(groupsOf(client([broker!.address]), 1))
    expect(error.message).toContain('Broker 1 advertises inside.invalid:9092')
    expect(error.facts[0]).toContain(`${broker!.address} answered`)
  })

  it('waits for an advertised address that refuses, for the cluster may fail over', async () => {
    const [first] = await brokers(1)
    const port = await closedPort()
    first!.topology.brokers.set(2, { host: '127.0.0.1', port })
    const clock = new ManualClock()
    const work = groupsOf(client([first!.address], {}, clock), 2)
    const error = await drive(clock, failure(work))
    expect(error.message).toContain(`Broker 2 advertises 127.0.0.1:${port}`)
    // It was looked up again each time, in case the broker came back elsewhere.
    expect(first!.askedFor(metadata).length).toBeGreaterThan(2)
  })
})

describe('retrying', () => {
  it('repeats what may pass and stops at the first success', async () => {
    const [broker] = await brokers(1)
    const one = client([broker!.address])
    let tries = 0
    const result = await one.retrying('Something', async () => {
      tries += 1
      if (tries < 3) throw new KafkaError('NOT_CONTROLLER')
      return 'done'
    })
    expect([result, tries]).toEqual(['done', 3])
  })

  it('does not repeat what will not pass', async () => {
    const one = client(['127.0.0.1:1'])
    let tries = 0
    const error = await failure(
      one.retrying('CreateAcls', async () => {
        tries += 1
        throw new KafkaError('CLUSTER_AUTHORIZATION_FAILED')
      }),
    )
    expect([tries, error.kind]).toEqual([1, 'authorization'])
    expect(error.facts).toEqual(['CreateAcls was answered with CLUSTER_AUTHORIZATION_FAILED'])
  })

  it('ends at its deadline with the last failure', async () => {
    const clock = new ManualClock()
    const one = client(['127.0.0.1:1'], {}, clock)
    const work = failure(
      one.retrying('ElectLeaders', async () => Promise.reject(new KafkaError('LEADER_NOT_AVAILABLE')), 2_000),
    )
    const error = await drive(clock, work)
    expect(error).toMatchObject({ kind: 'timeout', message: 'ElectLeaders did not finish within 2000 ms' })
    expect(error.facts[0]).toContain('leader')
  })
})

describe('throttling', () => {
  it('holds back the next request on that connection (KIP-219)', async () => {
    const clock = new ManualClock()
    const [broker] = await brokers(1)
    broker!.on(listGroups, (_, { count }) => ({ throttleTimeMs: count === 0 ? 500 : 0 }))
    const one = client([broker!.address], {}, clock)
    await one.send(ANY, listGroups, {})
    const second = one.send(ANY, listGroups, {})
    await clock.advance(499)
    expect(broker!.askedFor(listGroups)).toHaveLength(1)
    await clock.advance(1)
    await second
    expect(broker!.askedFor(listGroups)).toHaveLength(2)
  })
})

describe('versions', () => {
  it('are the newest both speak, as the request is told', async () => {
    const [broker] = await brokers(1)
    broker!.ranges.set(listGroups.key, { min: 0, max: 3 })
    let told = -1
    await client([broker!.address]).send(ANY, listGroups, (version) => {
      told = version
      return {}
    })
    expect(told).toBe(3)
  })

  it('that do not meet are a KtError, not a closed connection', async () => {
    const [broker] = await brokers(1)
    broker!.ranges.set(listGroups.key, { min: 7, max: 9 })
    const error = await failure(client([broker!.address]).send(ANY, listGroups, {}))
    expect(error.facts).toEqual(['kt speaks ListGroups versions 0 to 5', 'the broker serves versions 7 to 9'])
  })
})

describe('closing', () => {
  it('fails what is in flight and everything after, and leaves nothing open', async () => {
    const [broker] = await brokers(1)
    broker!.on(listGroups, () => 'silence')
    const one = client([broker!.address])
    const waiting = one.send(ANY, listGroups, {})
    while (broker!.askedFor(listGroups).length === 0) await settled()
    one.close()
    await expect(waiting).rejects.toMatchObject({ reason: 'released' })
    await expect(one.send(ANY, listGroups, {})).rejects.toMatchObject({ reason: 'released' })
  })

  it('does not keep a connection that was still being made', async () => {
    const [broker] = await brokers(1)
    const one = client([broker!.address])
    const opening = one.connection(ANY).catch(() => null)
    one.close()
    const connection = await opening
    expect(connection === null || !connection.isOpen).toBe(true)
  })
})
