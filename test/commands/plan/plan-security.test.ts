import { describe, expect, it } from 'vitest'
import type { AclBinding } from '../../../src/client/security-types.ts'
import { aclChanges, quotaChange, userChange } from '../../../src/commands/plan/plan-security.ts'

const rule = (principal: string, name = 't', patternType: 'LITERAL' | 'PREFIXED' = 'LITERAL'): AclBinding => ({
  resource: { resourceType: 'TOPIC', name, patternType },
  entry: { principal, host: '*', operation: 'READ', permission: 'ALLOW' },
})
const declare = (binding: AclBinding) => ({ place: 'f:1', binding })

describe('aclChanges', () => {
  it('adds what is missing, each rule once', () => {
    const wanted = [rule('User:a'), rule('User:b'), rule('User:b')].map(declare)
    const changes = aclChanges(wanted, [rule('User:a')], false)
    expect(changes).toMatchObject([
      {
        name: 'TOPIC t',
        lines: [{ sign: '+', name: 'ALLOW User:b READ' }],
        steps: [{ kind: 'create-acls', bindings: [rule('User:b')] }],
      },
    ])
    expect(aclChanges([declare(rule('User:a'))], [rule('User:a')], false)).toEqual([])
  })

  it('removes only when pruned, and only of resources that are declared', () => {
    const existing = [rule('User:a'), rule('User:x'), rule('User:x', 'other'), rule('User:x', 't', 'PREFIXED')]
    expect(aclChanges([declare(rule('User:a'))], existing, false)).toEqual([])
    const [change, ...more] = aclChanges([declare(rule('User:a'))], existing, true)
    expect(more).toEqual([])
    expect(change!.steps).toEqual([{ kind: 'delete-acls', bindings: [rule('User:x')] }])
  })
})

describe('quotaChange', () => {
  const entity = new Map([
    ['user', 'ann'],
    ['client-id', null],
  ])
  const quotas = [
    {
      entity: {
        entries: new Map([
          ['client-id', null],
          ['user', 'ann'],
        ]),
      },
      quotas: new Map([
        ['producer_byte_rate', 5],
        ['request_percentage', 2],
      ]),
    },
  ]
  const change = (values: [string, number | null][], prune = false) =>
    quotaChange({ place: 'f:1', entity, values: new Map(values) }, quotas, prune)

  it('knows the entity in any order', () => {
    expect(change([['producer_byte_rate', 5]])).toBeNull()
    expect(change([['producer_byte_rate', 6]])).toMatchObject({
      action: 'change',
      name: 'user ann, the default client-id',
      lines: [{ sign: '~', before: '5', after: '6' }],
    })
  })
  it('takes away what is null, or pruned', () => {
    const gone = [{ kind: 'alter-quotas', ops: [{ key: 'request_percentage', value: null }] }]
    expect(change([['request_percentage', null]])!.steps).toMatchObject(gone)
    expect(change([['producer_byte_rate', 5]], true)!.steps).toMatchObject(gone)
    expect(change([['consumer_byte_rate', null]])).toBeNull()
  })
  it('creates for an entity without any', () => {
    const fresh = quotaChange({ place: 'f:1', entity, values: new Map([['producer_byte_rate', 0]]) }, [], false)
    expect(fresh).toMatchObject({ action: 'create', lines: [{ sign: '+', after: '0' }] })
  })
})

describe('userChange', () => {
  const user = { place: 'f:1', user: 'ann', mechanism: 'SCRAM-SHA-256' as const, iterations: 8192, passwordFrom: 'PW' }
  it('cannot see passwords: as many iterations are the same', () => {
    expect(userChange(user, [{ mechanism: 'SCRAM-SHA-256', iterations: 8192 }], {})).toBeNull()
  })
  it('needs a password for what is new, from the environment', () => {
    expect(userChange(user, [], { PW: 'geheim' })).toMatchObject({ action: 'create', problems: [] })
    expect(JSON.stringify(userChange(user, [], { PW: 'geheim' }))).not.toContain('geheim')
    expect(userChange(user, [], {})!.problems).toEqual([
      'the environment variable PW, which holds the password, is not set',
    ])
    expect(userChange({ ...user, passwordFrom: null }, [], {})!.problems[0]).toContain('passwordFrom is missing')
  })
})
