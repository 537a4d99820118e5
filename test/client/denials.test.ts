import { describe, expect, it } from 'vitest'
import { askerOf, DenialLog, denialText, grantCommand } from '../../src/client/denials.ts'
import type { DeniedClient } from '../../src/client/security-types.ts'

const SASL = { mechanism: 'PLAIN', username: 'alice', password: 'secret' } as const
const OPTIONS = { sasl: SASL, tls: undefined, bootstrap: [{ host: 'kafka', port: 9093 }] }
const ALICE = askerOf(OPTIONS)
const note = (apiKey: number, response: object, request: object = {}, client: DeniedClient = ALICE) => {
  const log = new DenialLog()
  log.look(apiKey, request, response, () => client)
  const denial = log.last(null)!
  return { text: denialText(denial), command: grantCommand(denial) }
}

describe('a denial', () => {
  it.each<[string, number, object, object, string, string]>([
    ['a topic in Metadata', 3, { topics: [{ errorCode: 29, name: 'orders' }] }, {}, 'Describe', 'topic orders'],
    ['a group in FindCoordinator', 10, { errorCode: 30 }, { key: 'g1', keyType: 0 }, 'Describe', 'group g1'],
    [
      'a group in OffsetCommit',
      8,
      { topics: [{ partitions: [{ errorCode: 30 }] }] },
      { groupId: 'g' },
      'Read',
      'group g',
    ],
    ['a topic that may not be made', 19, { topics: [{ name: 'new', errorCode: 29 }] }, {}, 'Create', 'topic new'],
    [
      'a setting of a topic',
      44,
      { responses: [{ errorCode: 29, resourceType: 2, resourceName: 'orders' }] },
      {},
      'AlterConfigs',
      'topic orders',
    ],
    ['the cluster', 45, { errorCode: 31 }, {}, 'Alter', 'the cluster'],
    [
      'a partition of a transaction',
      24,
      { resultsByTopicV3AndBelow: [{ name: 'orders', resultsByPartition: [{ partitionErrorCode: 29 }] }] },
      {},
      'Write',
      'topic orders',
    ],
    ['a transaction', 22, { errorCode: 53 }, { transactionalId: 't' }, 'Write', 'transactional-id t'],
  ])('of %s tells operation and resource', (_, apiKey, response, request, operation, resource) => {
    expect(note(apiKey, response, request).text).toBe(`${operation} on ${resource}, as User:alice`)
  })

  it('comes with the command that would allow it', () => {
    const topic = note(21, { topics: [{ name: 'my topic', partitions: [{ errorCode: 29 }] }] })
    expect(topic.command).toBe(
      "kt acls --bootstrap-server kafka:9093 --add --allow-principal User:alice --operation Delete --topic 'my topic'",
    )
    expect(note(48, { errorCode: 31 }).command).toMatch(/--operation DescribeConfigs --cluster$/)
    expect(note(21, { topics: [{ partitions: [{ errorCode: 29 }] }] }).command).toMatch(/--topic NAME$/)
  })

  it('of a topic known by its id names it all the same', () => {
    const client = { ...ALICE, topicName: (id: string) => (id === 'T1' ? 'orders' : undefined) }
    const response = { topics: [{ topicId: 'T1', partitions: [{ errorCode: 29 }] }] }
    expect(note(61, response, {}, client).text).toBe('Read on topic orders, as User:alice')
  })

  it('names whom only a broker without a login can know', () => {
    const response = { errorCode: 31 }
    expect(note(29, response, {}, askerOf({ ...OPTIONS, sasl: undefined })).text).toContain('as User:ANONYMOUS')
    const certificate = note(29, response, {}, askerOf({ ...OPTIONS, sasl: undefined, tls: { certPem: 'x' } }))
    expect(certificate.text).toBe('Describe on the cluster')
    expect(certificate.command).toContain('--allow-principal User:NAME')
  })

  it('never holds the password', () => {
    const log = new DenialLog()
    log.look(29, {}, { errorCode: 31 }, () => ALICE)
    expect(JSON.stringify(log.last(null))).not.toContain('secret')
  })

  it('may be told by whoever heard of it', () => {
    const log = new DenialLog()
    log.add(11, 30, 'readers', ALICE)
    expect(denialText(log.last(null)!)).toBe('Read on group readers, as User:alice')
    log.add(0, 29, 'orders', { ...ALICE, server: 'k:1' })
    expect(log.last(null)).toMatchObject({ operation: 'Write', name: 'orders', bootstrapServer: 'k:1' })
  })

  it('is found by the error that it is about, the newest first', () => {
    const log = new DenialLog()
    log.add(3, 29, 'first', ALICE)
    log.add(11, 30, 'readers', ALICE)
    log.add(3, 29, 'second', ALICE)
    expect(log.last('TOPIC_AUTHORIZATION_FAILED')).toMatchObject({ resource: 'topic', name: 'second' })
    expect(log.last('GROUP_AUTHORIZATION_FAILED')).toMatchObject({ resource: 'group', name: 'readers' })
    expect(log.last('CLUSTER_AUTHORIZATION_FAILED')).toBeNull()
    expect(log.last(null)).toMatchObject({ name: 'second' })
  })
})

describe('an answer without a denial', () => {
  const log = new DenialLog()
  const look = (apiKey: number, response: unknown) => {
    log.look(apiKey, {}, response, () => ALICE)
    return log.last(null)
  }

  it('leaves nothing, whatever it holds', () => {
    for (const response of [undefined, null, {}, { errorCode: 3 }, { a: [1, null, Buffer.alloc(4), { b: [[]] }] }]) {
      expect(look(3, response)).toBeNull()
    }
    log.add(0, 3, 'orders', ALICE)
    expect(log.last(null)).toBeNull()
  })

  it('is none when the node says that it lacks what was asked for', () => {
    const coordinators = [{ key: 'x', errorCode: 53, errorMessage: 'This node does not implement transactions yet.' }]
    expect(look(10, { coordinators })).toBeNull()
  })

  it('is not looked through for ever, and one with data not at all', () => {
    const topics = Array.from({ length: 10_000 }, (_, at) => ({ name: `t${at}`, errorCode: at === 9_999 ? 29 : 0 }))
    expect(look(3, { topics })).toBeNull()
    const untouched = new Proxy({}, { get: () => expect.unreachable(), ownKeys: () => expect.unreachable() })
    for (const apiKey of [0, 1, 78]) expect(look(apiKey, untouched)).toBeNull()
  })
})
