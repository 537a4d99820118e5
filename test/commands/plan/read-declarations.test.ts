import { describe, expect, it } from 'vitest'
import { KtError } from '../../../src/base/errors.ts'
import { parseSource } from '../../../src/commands/plan/parse-source.ts'
import { readDeclarations } from '../../../src/commands/plan/read-declarations.ts'
import { Problems } from '../../../src/commands/plan/values.ts'

const HEAD = 'apiVersion: kt/v1\nkind: '
const read = (text: string) => readDeclarations(parseSource('f.yaml', text, new Problems()))
function mistakes(text: string): readonly string[] {
  try {
    read(text)
  } catch (error) {
    if (error instanceof KtError && error.kind === 'usage') return error.facts
    throw error
  }
  return []
}

describe('topics', () => {
  it('have counts or replicas, and settings', () => {
    const { topics } = read(
      `${HEAD}Topic\nname: a\npartitionCount: 3\nreplicationFactor: 2\nconfigs: {retention.ms: 060000, cleanup.policy: null}\n---\n${HEAD}Topic\nname: b\nreplicas: [[1, 2], [2, 3]]\n`,
    )
    expect(topics).toMatchObject([
      { place: 'f.yaml:1', name: 'a', partitionCount: 3, replicationFactor: 2, replicas: null, mayInherit: false },
      {
        place: 'f.yaml:8',
        name: 'b',
        partitionCount: 2,
        replicationFactor: null,
        replicas: [
          [1, 2],
          [2, 3],
        ],
      },
    ])
    expect([...topics[0]!.configs]).toEqual([
      ['retention.ms', '060000'],
      ['cleanup.policy', null],
    ])
  })

  it('are read as kt topics --describe prints them, internal ones left out', () => {
    const partition = (number: number, replicas: string) =>
      `{partition: ${number}, leader: 1, isr: [1], replicas: ${replicas}}`
    const { topics } = read(
      `${HEAD}TopicDescriptionList\ntopics:\n  - name: a\n    topicId: x\n    isInternal: false\n    partitionCount: 2\n    configs: {k: v}\n    partitions: [${partition(1, '[2]')}, ${partition(0, '[1]')}]\n  - name: __x\n    isInternal: true\n    partitions: [${partition(0, '[1]')}]\n`,
    )
    expect(topics).toMatchObject([{ name: 'a', replicas: [[1], [2]], partitionCount: 2, mayInherit: true }])
  })

  it.each([
    ['partitionCount: 0', 'f.yaml:4: partitionCount 0 is no whole number of at least 1'],
    ['partitionCount: three', 'f.yaml:4: partitionCount three is no whole number of at least 1'],
    ['partitioncount: 3', 'f.yaml:4: unknown field partitioncount: did you mean partitionCount?'],
    [
      'replicas: [[1], [1, 1]]',
      'f.yaml:4: replicas has a list of different broker ids for each partition: [[1, 2], [2, 3]]',
    ],
    ['replicas: [[1]]\nreplicationFactor: 1', 'f.yaml:1: replicationFactor: replicas says it already'],
    ['replicas: [[1]]\npartitionCount: 2', 'f.yaml:1: partitionCount 2: replicas has 1 partitions'],
    ['configs: [1]', 'f.yaml:4: configs has maps as its items'],
    ['configs: x', 'f.yaml:4: configs is a map of names and values'],
    ['configs: {a: [1]}', 'f.yaml:4: a is no text'],
  ])('with %j are a mistake', (field, mistake) => {
    expect(mistakes(`${HEAD}Topic\nname: a\n${field}\n`)).toEqual([mistake])
  })

  it('need a legal name', () => {
    expect(mistakes(`${HEAD}Topic\n`)).toEqual(['f.yaml:1: name: is missing'])
    expect(mistakes(`${HEAD}Topic\nname: a/b\n`)[0]).toContain("'a/b' cannot name a topic")
    expect(mistakes(`${HEAD}Topic\nname: ..\n`)[0]).toContain('cannot name a topic')
  })
})

describe('settings, rules, quotas, users', () => {
  it('are read as they are printed: of settings those of the entity itself', () => {
    const { configs } = read(
      `${HEAD}ConfigList\nentities:\n  - entityType: brokers\n    entityName: null\n    configs:\n      - {name: a, value: "1", source: DYNAMIC_DEFAULT_BROKER_CONFIG, isSensitive: false, isReadOnly: false, type: INT, synonyms: []}\n      - {name: b, value: "2", source: STATIC_BROKER_CONFIG}\n  - entityType: topics\n    entityName: t\n    configs: {c: 3}\n`,
    )
    expect(configs).toMatchObject([
      { resource: { type: 'BROKER', name: '' } },
      { resource: { type: 'TOPIC', name: 't' } },
    ])
    expect(configs.map((each) => [...each.configs])).toEqual([[['a', '1']], [['c', '3']]])
  })

  it('fill in what rules leave out', () => {
    const { acls } = read(
      `${HEAD}AclList\nacls:\n  - {resourceType: topic, name: t, principal: "User:a", operation: describe-configs}\n  - {resourceType: cluster, principal: "User:a", operation: Create, permission: deny, host: h}\n`,
    )
    expect(acls.map(({ binding }) => binding)).toEqual([
      {
        resource: { resourceType: 'TOPIC', name: 't', patternType: 'LITERAL' },
        entry: { principal: 'User:a', host: '*', operation: 'DESCRIBE_CONFIGS', permission: 'ALLOW' },
      },
      {
        resource: { resourceType: 'CLUSTER', name: 'kafka-cluster', patternType: 'LITERAL' },
        entry: { principal: 'User:a', host: 'h', operation: 'CREATE', permission: 'DENY' },
      },
    ])
  })

  it('know quotas and credentials', () => {
    const { quotas, users } = read(
      `${HEAD}QuotaList\nquotas:\n  - entity: {user: null, client-id: app}\n    values: {producer_byte_rate: 1e6, request_percentage: null}\nscramCredentials:\n  - user: ann\n    credentials: [{mechanism: scram-sha-256, passwordFrom: PW}, {mechanism: SCRAM-SHA-512, iterations: 8192}]\n`,
    )
    expect(quotas.map(({ entity, values }) => [[...entity], [...values]])).toEqual([
      [
        [
          ['user', null],
          ['client-id', 'app'],
        ],
        [
          ['producer_byte_rate', 1_000_000],
          ['request_percentage', null],
        ],
      ],
    ])
    expect(users).toMatchObject([
      { user: 'ann', mechanism: 'SCRAM-SHA-256', iterations: 4096, passwordFrom: 'PW' },
      { user: 'ann', mechanism: 'SCRAM-SHA-512', iterations: 8192, passwordFrom: null },
    ])
  })

  it.each([
    [
      'AclList\nacls:\n  - {resourceType: topic, name: t, principal: ann, operation: read}',
      'principal ann: write it as User:ann',
    ],
    [
      'AclList\nacls:\n  - {resourceType: group, name: t, principal: "User:a", operation: write}',
      'operation WRITE: GROUP has READ',
    ],
    [
      'AclList\nacls:\n  - {resourceType: topik, name: t, principal: "User:a", operation: read}',
      'resourceType topik: it is one of TOPIC',
    ],
    ['ConfigList\nentities:\n  - {entityType: topics, configs: {a: 1}}', 'entityName: is missing'],
    ['ConfigList\nentities:\n  - {entityType: brokers, entityName: one}', 'entityName one: is no broker id'],
    ['QuotaList\nquotas:\n  - {entity: {group: g}, values: {}}', 'entity: it has user, client-id or both'],
    [
      'QuotaList\nquotas:\n  - {entity: {ip: 1.2.3.4}, values: {producer_byte_rate: 1}}',
      'known are connection_creation_rate',
    ],
    [
      'QuotaList\nquotas:\n  - {entity: {user: a}, values: {producer_byte_rate: fast}}',
      'producer_byte_rate fast: is no number',
    ],
    [
      'QuotaList\nscramCredentials:\n  - {user: a, credentials: [{mechanism: SCRAM-SHA-256, password: geheim}]}',
      'password: no secrets in files',
    ],
    [
      'QuotaList\nscramCredentials:\n  - {user: a, credentials: [{mechanism: PLAIN}]}',
      'mechanism PLAIN: it is one of SCRAM-SHA-256',
    ],
  ])('tell of %j', (text, mistake) => {
    expect(mistakes(`${HEAD}${text}\n`).join('\n')).toContain(mistake)
  })
})

describe('documents', () => {
  it.each([
    ['kind: Topic\nname: a\n', 'f.yaml:1: apiVersion is missing: it is kt/v1'],
    ['apiVersion: kt/v2\nkind: Topic\n', 'f.yaml:1: apiVersion kt/v2: it is kt/v1'],
    ['apiVersion: kt/v1\nname: a\n', 'kind is missing: it is one of Topic, '],
    [`${HEAD}Topics\n`, 'kind Topics declares nothing: did you mean Topic?'],
    [`${HEAD}LagReport\n`, 'kinds are Topic, '],
    ['- a\n', 'a document is a map'],
    ['just words\n', 'a document is a map'],
  ])('%j is none', (text, mistake) => {
    expect(mistakes(text).join('\n')).toContain(mistake)
  })

  it('must not contradict each other', () => {
    const topic = `${HEAD}Topic\nname: a\nconfigs: {k: 1}\n`
    expect(mistakes(`${topic}---\n${topic}`)[0]).toBe('f.yaml:6: topic a is declared a second time, first in f.yaml:1')
    const settings = `${HEAD}ConfigList\nentities: [{entityType: topics, entityName: a, configs: {k: 2}}]\n`
    expect(mistakes(`${settings}---\n${topic}`)).toEqual([
      "f.yaml:5: k of topic 'a' is declared a second time, first in f.yaml:3",
    ])
  })

  it('tell every mistake at once', () => {
    expect(mistakes(`${HEAD}Topic\n---\n${HEAD}Topic\nname: a\npartitionCount: x\nfoo: 1\n`)).toHaveLength(3)
  })
})
