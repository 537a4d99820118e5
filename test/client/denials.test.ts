import { describe, expect, it } from 'vitest'
import {
  type DeniedClient,
  denialText,
  grantCommand,
  latestDenial,
  noteDenial,
  noteGroupDenial,
} from '../../src/client/denials.ts'

const ALICE: DeniedClient = {
  sasl: { mechanism: 'PLAIN', username: 'alice', password: 'secret' },
  tls: undefined,
  server: 'kafka:9093',
}
const note = (apiKey: number, response: object, request: object = {}, client = ALICE) => {
  noteDenial(apiKey, request, response, () => client)
  const denial = latestDenial()!
  return { text: denialText(denial), command: grantCommand(denial) }
}

describe('a denial', () => {
  it.each<[string, number, object, object, string, string]>([
    ['a topic in Metadata', 3, { topics: [{ errorCode: 29, name: 'orders' }] }, {}, 'Describe', 'topic orders'],
    [
      'a partition in Produce',
      0,
      { responses: [{ name: 'orders', partitionResponses: [{ index: 0, errorCode: 29 }] }] },
      {},
      'Write',
      'topic orders',
    ],
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
    ['a transaction', 22, { errorCode: 53 }, { transactionalId: 't' }, 'Write', 'transactional-id t'],
  ])('of %s tells operation and resource', (_, apiKey, response, request, operation, resource) => {
    expect(note(apiKey, response, request).text).toBe(`${operation} on ${resource}, as User:alice`)
  })

  it('comes with the command that would allow it', () => {
    const topic = note(1, { responses: [{ topic: 'my topic', partitions: [{ errorCode: 29 }] }] })
    expect(topic.command).toBe(
      "kt acls --bootstrap-server kafka:9093 --add --allow-principal User:alice --operation Read --topic 'my topic'",
    )
    expect(note(48, { errorCode: 31 }).command).toMatch(/--operation DescribeConfigs --cluster$/)
    expect(note(1, { responses: [{ partitions: [{ errorCode: 29 }] }] }).command).toMatch(/--topic NAME$/)
  })

  it('of a topic known by its id names it all the same', () => {
    const client = { ...ALICE, topicName: (id: string) => (id === 'T1' ? 'orders' : undefined) }
    const response = { responses: [{ topicId: 'T1', partitionResponses: [{ index: 0, errorCode: 29 }] }] }
    expect(note(0, response, {}, client).text).toBe('Write on topic orders, as User:alice')
  })

  it('names whom only a broker without a login can know', () => {
    const response = { errorCode: 31 }
    expect(note(29, response, {}, { ...ALICE, sasl: undefined }).text).toContain('as User:ANONYMOUS')
    const certificate = note(29, response, {}, { ...ALICE, sasl: undefined, tls: { certPem: 'x' } })
    expect(certificate.text).toBe('Describe on the cluster')
    expect(certificate.command).toContain('--allow-principal User:NAME')
  })

  it('never holds the password', () => {
    note(29, { errorCode: 31 })
    expect(JSON.stringify(latestDenial())).not.toContain('secret')
  })

  it('of a group may be noted by whoever heard of it', () => {
    noteGroupDenial('readers', ALICE)
    expect(denialText(latestDenial()!)).toBe('Read on group readers, as User:alice')
  })
})

describe('an answer without a denial', () => {
  it('changes nothing, whatever it holds', () => {
    noteGroupDenial('before', ALICE)
    for (const response of [undefined, null, {}, { errorCode: 3 }, { a: [1, null, Buffer.alloc(4), { b: [[]] }] }]) {
      noteDenial(3, {}, response, () => ALICE)
    }
    expect(latestDenial()!.name).toBe('before')
  })

  it('is none when the node says that it lacks what was asked for', () => {
    noteDenial(3, {}, { topics: [{ errorCode: 29, name: 'before' }] }, () => ALICE)
    const coordinators = [{ key: 'x', errorCode: 53, errorMessage: 'This node does not implement transactions yet.' }]
    noteDenial(10, {}, { coordinators }, () => ALICE)
    expect(latestDenial()).toMatchObject({ name: 'before' })
  })

  it('is not looked through for ever', () => {
    noteGroupDenial('before', ALICE)
    const topics = Array.from({ length: 10_000 }, (_, at) => ({ name: `t${at}`, errorCode: at === 9_999 ? 29 : 0 }))
    noteDenial(3, {}, { topics }, () => ALICE)
    expect(latestDenial()!.name).toBe('before')
  })
})
