import { describe, expect, it } from 'vitest'
import { defaultOf, isDefault, layoutOf } from '../../src/protocol/layout.ts'
import { fetch } from '../../src/protocol/messages/01-fetch.ts'
import { apiVersions } from '../../src/protocol/messages/18-api-versions.ts'
import { array, bytes, int32, int64, records, string, struct, uuid } from '../../src/protocol/schema.ts'

describe('layout', () => {
  it('places fields in the body, in the tags, or nowhere', () => {
    const placement = (version: number) =>
      Object.fromEntries(layoutOf(fetch.request, version).fields.map((field) => [field.name, field.placement]))
    expect(placement(11)).toMatchObject({ replicaId: 'body', clusterId: 'absent', rackId: 'body' })
    expect(placement(15)).toMatchObject({ replicaId: 'absent', replicaState: 'tagged', clusterId: 'tagged' })
  })

  it('sorts tagged fields by tag and is made once', () => {
    const layout = layoutOf(apiVersions.response, 3)
    expect(layout.tagged.map((field) => field.tag)).toEqual([0, 1, 2, 3])
    expect(layoutOf(apiVersions.response, 3)).toBe(layout)
  })

  it('knows the fewest bytes of an element', () => {
    const topics = (version: number) => layoutOf(fetch.request, version).fields.find((field) => field.name === 'topics')
    expect(topics(4)?.element?.minBytes).toBe(2 + 4)
    expect(topics(13)?.element?.minBytes).toBe(16 + 1 + 1)
  })
})

describe('defaults', () => {
  it('are zero, empty, or what the declaration says', () => {
    expect(defaultOf(int32())).toBe(0)
    expect(defaultOf(int64('0+', { default: -1n }))).toBe(-1n)
    expect(defaultOf(string('0+', { nullable: '0+', default: null }))).toBeNull()
    expect(defaultOf(string('0+', { nullable: '0+' }))).toBe('')
    expect(defaultOf(uuid())).toBe('AAAAAAAAAAAAAAAAAAAAAA')
    expect(defaultOf(records())).toBeNull()
    expect(defaultOf(array(int32()))).toEqual([])
    expect(defaultOf(struct({ a: int32('0+', { default: 4 }), b: array(string()) }))).toEqual({ a: 4, b: [] })
  })

  it('are recognised at every depth; what is left out is one', () => {
    const field = struct({ a: int32('0+', { default: -1 }), inner: struct({ b: string() }), list: array(int32()) })
    expect(isDefault(field, undefined)).toBe(true)
    expect(isDefault(field, {})).toBe(true)
    expect(isDefault(field, { a: -1, inner: { b: '' }, list: [] })).toBe(true)
    expect(isDefault(field, { a: 0 })).toBe(false)
    expect(isDefault(field, { inner: { b: 'x' } })).toBe(false)
    expect(isDefault(field, { list: [0] })).toBe(false)
  })

  it('tell null from empty', () => {
    expect(isDefault(array(int32(), '0+', { nullable: '0+' }), null)).toBe(false)
    expect(isDefault(array(int32(), '0+', { nullable: '0+', default: null }), null)).toBe(true)
    expect(isDefault(array(int32(), '0+', { nullable: '0+', default: null }), [])).toBe(false)
    expect(isDefault(bytes('0+', { nullable: '0+' }), Buffer.alloc(0))).toBe(true)
  })
})
