import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { Connection } from '../../src/client/connection.ts'
import { produce } from '../../src/protocol/messages/00-produce.ts'
import { metadata } from '../../src/protocol/messages/03-metadata.ts'
import { listGroups } from '../../src/protocol/messages/16-list-groups.ts'
import { ManualClock, settled } from '../support/manual-clock.ts'
import { ScriptedBroker } from '../support/scripted-broker.ts'

let broker: ScriptedBroker
const connections: Connection[] = []

beforeEach(async () => {
  broker = await ScriptedBroker.start()
})
afterEach(async () => {
  for (const connection of connections.splice(0)) connection.close()
  await broker[Symbol.asyncDispose]()
})

async function connect(clock = systemClock as ManualClock | typeof systemClock): Promise<Connection> {
  const options = { connectTimeoutMs: 5_000, tls: undefined, clock, clientId: 'test', maxResponseBytes: 10_000 }
  const connection = await Connection.open({ host: '127.0.0.1', port: broker.port }, options)
  connections.push(connection)
  return connection
}

const list = (connection: Connection, timeoutMs = 5_000) => connection.send(listGroups, 5, {}, { timeoutMs })

describe('a connection', () => {
  it('matches answers to requests that overlap', async () => {
    broker.on(listGroups, (_, { count }) => ({ groups: [{ groupId: `g${count}` }] }))
    const connection = await connect()
    const answers = await Promise.all([
      list(connection),
      connection.send(metadata, 9, {}, { timeoutMs: 5_000 }),
      list(connection),
    ])
    expect(answers[0].groups[0]!.groupId).toBe('g0')
    expect(answers[1].clusterId).toBe('scripted')
    expect(answers[2].groups[0]!.groupId).toBe('g1')
    expect(connection.inFlight).toBe(0)
  })

  it('fails what is in flight when the broker hangs up, and everything after', async () => {
    broker.on(listGroups, () => 'close')
    const connection = await connect()
    const [first, second] = [list(connection), list(connection)]
    await expect(first).rejects.toMatchObject({ reason: 'closed' })
    await expect(second).rejects.toMatchObject({ reason: 'closed' })
    expect(connection.isOpen).toBe(false)
    await expect(list(connection)).rejects.toMatchObject({ reason: 'closed' })
  })

  it('says that a port which never answered may want TLS or SASL', async () => {
    broker.on(listGroups, () => 'close')
    await expect(list(await connect())).rejects.toThrow(/closed before any answer.*TLS or SASL/)
  })

  it('ends when an answer is late, at the earliest deadline in flight', async () => {
    const clock = new ManualClock()
    broker.on(listGroups, () => 'silence')
    const connection = await connect(clock)
    const late = list(connection, 3_000)
    const later = list(connection, 9_000)
    const outcomes = Promise.allSettled([late, later])
    await clock.advance(2_999)
    expect(connection.isOpen).toBe(true)
    await clock.advance(1)
    expect(connection.isOpen).toBe(false)
    const [first, second] = await outcomes
    expect(first).toMatchObject({
      reason: { reason: 'request-timeout', message: 'no answer to ListGroups within 3000 ms' },
    })
    // It cannot be told apart from here whether its answer would have come.
    expect(second).toMatchObject({ reason: { reason: 'request-timeout' } })
  })

  it('keeps waiting for the others when the one with the deadline was answered', async () => {
    const clock = new ManualClock()
    broker.on(listGroups, () => ({}))
    const connection = await connect(clock)
    await list(connection, 1_000)
    broker.on(listGroups, () => 'silence')
    const waiting = list(connection, 5_000)
    const outcome = expect(waiting).rejects.toMatchObject({ reason: 'request-timeout' })
    await clock.advance(4_999)
    expect(connection.isOpen).toBe(true)
    await clock.advance(1)
    await outcome
  })

  it('has no timer while nothing is in flight', async () => {
    const clock = new ManualClock()
    broker.on(listGroups, () => ({}))
    const connection = await connect(clock)
    expect(clock.timerCount).toBe(0)
    await list(connection)
    expect(clock.timerCount).toBe(0)
  })

  it('resolves a request without an answer once it is written', async () => {
    let seen = 0
    broker.on(produce, () => {
      seen += 1
      return 'silence'
    })
    const connection = await connect()
    const input = { acks: 0, timeoutMs: 1, topicData: [] }
    await connection.send(produce, 9, input, { timeoutMs: 5_000, expectResponse: false })
    expect(connection.inFlight).toBe(0)
    while (seen === 0) await settled()
  })

  it('does not break when a request cannot be encoded', async () => {
    broker.on(listGroups, () => ({}))
    const connection = await connect()
    const bad = connection.send(listGroups, 3, { statesFilter: ['Empty'] }, { timeoutMs: 5_000 })
    await expect(bad).rejects.toThrow(/statesFilter/)
    await expect(list(connection)).resolves.toMatchObject({ groups: [] })
  })

  it('fails everything at once when it is closed here, twice without harm', async () => {
    broker.on(listGroups, () => 'silence')
    const connection = await connect()
    const waiting = list(connection)
    connection.close()
    connection.close()
    await expect(waiting).rejects.toMatchObject({ reason: 'released' })
  })
})

describe('hostile answers', () => {
  const int32 = (value: number): Buffer => {
    const bytes = Buffer.alloc(4)
    bytes.writeInt32BE(value)
    return bytes
  }

  it.each([
    ['a negative length', int32(-5), 'protocol'],
    ['a length beyond the limit', int32(10_001), 'protocol'],
    ['a length too short for a correlation id', int32(2), 'protocol'],
    ['an answer to nothing we asked', Buffer.concat([int32(4), int32(4711)]), 'protocol'],
    ['an answer that ends too soon', Buffer.concat([int32(5), int32(0), Buffer.from([0])]), 'protocol'],
    [
      'an array longer than its frame',
      Buffer.concat([int32(12), int32(0), Buffer.alloc(7), Buffer.from([0xff])]),
      'protocol',
    ],
    ['a TLS alert', Buffer.from([0x15, 0x03, 0x01, 0, 2, 2, 40]), 'tls-expected'],
    ['a TLS handshake', Buffer.from([0x16, 0x03, 0x03, 0, 2, 2, 40]), 'tls-expected'],
    ['a web server', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'not-kafka'],
    ['an SSH server', Buffer.from('SSH-2.0-OpenSSH_9.6\r\n'), 'not-kafka'],
  ])('%s ends the connection', async (_, bytes, reason) => {
    broker.on(listGroups, () => bytes)
    const connection = await connect()
    await expect(list(connection)).rejects.toMatchObject({ reason })
    expect(connection.isOpen).toBe(false)
  })

  it('random bytes never do more than that', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const body = Buffer.from(Array.from({ length: 30 }, (_, at) => (seed * 31 + at * 17 * seed) & 0xff))
      broker.on(listGroups, () => Buffer.concat([int32(34), int32(0), body]))
      const outcome = await list(await connect()).then(
        () => 'decoded',
        (error) => error.name,
      )
      expect(['decoded', 'ConnectionFailure']).toContain(outcome)
    }
  })
})
