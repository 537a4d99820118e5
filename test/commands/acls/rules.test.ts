import { describe, expect, it } from 'vitest'
import { parseOptions } from '../../../src/cli/parse-options.ts'
import { ACLS_OPTIONS, type AclsGiven } from '../../../src/commands/acls/options.ts'
import { principalsOf, removalFilters, resourcesOf, rulesOf } from '../../../src/commands/acls/rules.ts'
import { entryText, resourceText } from '../../../src/commands/acls/text.ts'

const given = (line: string): AclsGiven => parseOptions(line.split(' '), ACLS_OPTIONS) as unknown as AclsGiven
const rules = (line: string): Record<string, string[]> =>
  Object.fromEntries(
    rulesOf(given(line)).map(({ filter, entries }) => [
      `${filter.resourceType} ${filter.name}`,
      entries.map(({ principal, permission, operation, host }) => `${principal} ${permission} ${operation} ${host}`),
    ]),
  )

describe('rules from a command line', () => {
  it('are every operation unless some are named', () => {
    expect(rules('--topic t --allow-principal User:a')).toEqual({ 'TOPIC t': ['User:a ALLOW ALL *'] })
  })

  it('are each principal with each operation from each host', () => {
    expect(
      rules(
        '--topic t --allow-principal User:a --operation Read --operation describeconfigs --allow-host h --deny-principal User:b',
      ),
    ).toEqual({
      'TOPIC t': [
        'User:a ALLOW READ h',
        'User:a ALLOW DESCRIBE_CONFIGS h',
        'User:b DENY READ *',
        'User:b DENY DESCRIBE_CONFIGS *',
      ],
    })
  })

  it('of a producer and a consumer are put together', () => {
    expect(
      rules('--producer --consumer --idempotent --topic t --group g --transactional-id x --allow-principal User:a'),
    ).toEqual({
      'TOPIC t': ['User:a ALLOW WRITE *', 'User:a ALLOW DESCRIBE *', 'User:a ALLOW CREATE *', 'User:a ALLOW READ *'],
      'TRANSACTIONAL_ID x': ['User:a ALLOW WRITE *', 'User:a ALLOW DESCRIBE *'],
      'CLUSTER kafka-cluster': ['User:a ALLOW IDEMPOTENT_WRITE *'],
      'GROUP g': ['User:a ALLOW READ *'],
    })
  })

  it('name every kind of resource, each once; the cluster has no prefix', () => {
    const line = '--topic t --topic t --group g --cluster --transactional-id x --delegation-token d --user-principal u'
    expect(resourcesOf(given(line)).map(resourceText)).toHaveLength(6)
    const prefixed = resourcesOf(given(`${line} --resource-pattern-type Prefixed`))
    expect(prefixed.map(({ resourceType }) => resourceType)).not.toContain('CLUSTER')
    expect(prefixed.every(({ patternType }) => patternType === 'PREFIXED')).toBe(true)
  })

  it.each([
    ['--topic t --allow-principal User:a --operation nonsense', /^ResourceType TOPIC only supports operations \[READ,/],
    ['--cluster --allow-principal User:a --operation Read', /^ResourceType CLUSTER only supports operations/],
    ['--allow-principal User:a', /^You must provide at least one resource/],
    ['--topic t --allow-principal a', /^expected a string in format principalType:principalName but got a$/],
    ['--topic t --resource-pattern-type x', /^Cannot parse argument 'x' of option resource-pattern-type$/],
  ])('%s: are refused', (line, message) => {
    expect(() => rulesOf(given(line))).toThrow(message)
  })

  it('that are to go are every rule of the resource where none is named', () => {
    const [all] = rulesOf(given('--topic t'))
    expect(removalFilters(all!)).toEqual([{ resourceType: 'TOPIC', name: 't', patternType: 'LITERAL' }])
    const [some] = rulesOf(given('--topic t --allow-principal User:a'))
    expect(removalFilters(some!).map(({ entry }) => entryText(entry as never))).toEqual([
      '(principal=User:a, host=*, operation=ALL, permissionType=ALLOW)',
    ])
  })

  it('trim principals', () => {
    expect(principalsOf([' User:a '])).toEqual(['User:a'])
  })
})
