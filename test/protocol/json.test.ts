import { describe, expect, it } from 'vitest'
import { fieldsToJson, javaDouble, javaFloat, objectToJson, quoteJson, toJson } from '../../src/protocol/json.ts'
import { apiVersions } from '../../src/protocol/messages/18-api-versions.ts'
import { partitionRecord } from '../../src/protocol/metadata/03-partition.ts'
import { bytes, float64, int64, type Schema, struct, uuid } from '../../src/protocol/schema.ts'

describe('messages as JSON', () => {
  it('have the fields of their version, tagged ones only when they are not default', () => {
    const value = {
      errorCode: 0,
      apiKeys: [{ apiKey: 3, minVersion: 0, maxVersion: 13 }],
      throttleTimeMs: 0,
      supportedFeatures: [],
      finalizedFeaturesEpoch: 7n,
      finalizedFeatures: [],
      zkMigrationReady: false,
    }
    const keys = '"apiKeys":[{"apiKey":3,"minVersion":0,"maxVersion":13}]'
    expect(toJson(apiVersions.response, value, 0)).toBe(`{"errorCode":0,${keys}}`)
    expect(toJson(apiVersions.response, value, 3)).toBe(
      `{"errorCode":0,${keys},"throttleTimeMs":0,"finalizedFeaturesEpoch":7}`,
    )
  })

  it('write bytes as base64, int64 as numbers, structures and nulls', () => {
    const schema = {
      name: 'Sample',
      validVersions: '0',
      flexibleVersions: '0+',
      fields: {
        data: bytes('0+', { nullable: '0+' }),
        big: int64(),
        id: uuid(),
        ratio: float64(),
        inner: struct({ a: int64() }, '0+', { nullable: '0+', default: null }),
      },
    } as const satisfies Schema
    const value = { data: Buffer.from([255, 0]), big: 2n ** 62n, id: 'AAAAAAAAAAAAAAAAAAAAAQ', ratio: 1, inner: null }
    expect(toJson(schema, value, 0)).toBe(
      '{"data":"/wA=","big":4611686018427387904,"id":"AAAAAAAAAAAAAAAAAAAAAQ","ratio":1.0,"inner":null}',
    )
    expect(toJson(schema, { ...value, data: null, inner: { a: 1n } }, 0)).toContain('"data":null')
  })
})

describe('records as JSON', () => {
  const value = {
    partitionId: 1,
    topicId: 'AAAAAAAAAAAAAAAAAAAAAQ',
    replicas: [1],
    isr: [1],
    removingReplicas: [],
    addingReplicas: [],
    leader: 1,
    leaderRecoveryState: 0,
    leaderEpoch: 2,
    partitionEpoch: 3,
    directories: ['AAAAAAAAAAAAAAAAAAAAAQ'],
    eligibleLeaderReplicas: [2],
    lastKnownElr: null,
  }

  it('leave tagged fields out while they hold their default, null too', () => {
    const text = toJson(partitionRecord, value, 2)
    expect(text).toContain('"directories":["AAAAAAAAAAAAAAAAAAAAAQ"],"eligibleLeaderReplicas":[2]}')
    expect(text).not.toContain('leaderRecoveryState')
    expect(toJson(partitionRecord, value, 0)).toMatch(/"partitionEpoch":3}$/)
  })

  it('can be taken field by field, to print some of them differently', () => {
    const texts = fieldsToJson(partitionRecord, value, 0)
    texts.set('replicas', '"replaced"')
    const order = ['partitionId', 'topicId', 'replicas', 'isr']
    expect([...texts.keys()].slice(0, 4)).toEqual(order)
    expect(JSON.parse(objectToJson(texts))).toMatchObject({ partitionId: 1, replicas: 'replaced' })
  })
})

describe('text and numbers as Java prints them', () => {
  it.each([
    ['plain größe 😀', '"plain größe 😀"'],
    ['a"b\\c', '"a\\"b\\\\c"'],
    ['\n\t\u0001\u001f', '"\\n\\t\\u0001\\u001F"'],
  ])('%j', (text, expected) => {
    expect(quoteJson(text)).toBe(expected)
    expect(JSON.parse(quoteJson(text))).toBe(text)
  })

  it.each([
    [0, '0.0'],
    [-0, '-0.0'],
    [1, '1.0'],
    [-12.5, '-12.5'],
    [0.001, '0.001'],
    [0.0001, '1.0E-4'],
    [9999999, '9999999.0'],
    [1e7, '1.0E7'],
    [1.5e21, '1.5E21'],
    [Number.NaN, 'NaN'],
    [-Infinity, '-Infinity'],
  ])('%d as a double', (value, expected) => {
    expect(javaDouble(value)).toBe(expected)
  })

  it('floats in the fewest digits that give the same single', () => {
    expect(javaFloat(Math.fround(0.1))).toBe('0.1')
    expect(javaFloat(Math.fround(Math.PI))).toBe('3.1415927')
    expect(javaFloat(Math.fround(16777216))).toBe('1.6777216E7')
  })
})
