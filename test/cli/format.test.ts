import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatDocument, type Structure } from '../../src/cli/format.ts'

const fields: Record<string, Structure> = {
  name: 'orders',
  absent: undefined as unknown as Structure,
  nothing: null,
  replicas: [1, 2, 3],
  none: [],
  empty: {},
  big: 9223372036854775807n,
  configs: new Map<string, Structure>([
    ['retention.ms', '60000'],
    ['on', 'yes'],
  ]),
  partitions: [
    { partition: 0, isr: [1] },
    { partition: 1, isr: [], nested: [{ deep: true }] },
  ],
}

describe('JSON documents', () => {
  it('carry version and kind, and are what JSON.parse reads', () => {
    const document = formatDocument('json', 'TopicList', { ...fields, big: 1n })
    expect(JSON.parse(document)).toEqual({
      apiVersion: 'kt/v1',
      kind: 'TopicList',
      name: 'orders',
      nothing: null,
      replicas: [1, 2, 3],
      none: [],
      empty: {},
      big: 1,
      configs: { 'retention.ms': '60000', on: 'yes' },
      partitions: [
        { partition: 0, isr: [1] },
        { partition: 1, isr: [], nested: [{ deep: true }] },
      ],
    })
    expect(document.endsWith('}\n')).toBe(true)
  })

  it('keep lists of scalars on one line and every digit of an int64', () => {
    const document = formatDocument('json', 'X', fields)
    expect(document).toContain('"replicas": [1, 2, 3]')
    expect(document).toContain('"big": 9223372036854775807')
  })

  it('hold any text', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean())), (given) => {
        const parsed = JSON.parse(formatDocument('json', 'X', { given }))
        expect(parsed.given).toEqual({ ...given })
      }),
    )
  })
})

describe('YAML documents', () => {
  it('look like this', () => {
    expect(formatDocument('yaml', 'TopicList', fields)).toBe(`apiVersion: kt/v1
kind: TopicList
name: orders
nothing: null
replicas: [1, 2, 3]
none: []
empty: {}
big: 9223372036854775807
configs:
  retention.ms: "60000"
  "on": "yes"
partitions:
  - partition: 0
    isr: [1]
  - partition: 1
    isr: []
    nested:
      - deep: true
`)
  })

  it.each([
    ['plain', 'plain'],
    ['__consumer_offsets', '__consumer_offsets'],
    ['127.0.0.1:9092', '"127.0.0.1:9092"'],
    ['host:9092', '"host:9092"'],
    ['true', '"true"'],
    ['No', '"No"'],
    ['null', '"null"'],
    ['~', '"~"'],
    ['', '""'],
    ['12', '"12"'],
    ['1.5e3', '"1.5e3"'],
    ['0x1f', '"0x1f"'],
    ['.inf', '".inf"'],
    ['2024-01-01', '"2024-01-01"'],
    [' padded', '" padded"'],
    ['a: b', '"a: b"'],
    ['a #b', '"a #b"'],
    ['- a', '"- a"'],
    ['[x]', '"[x]"'],
    ['"quoted"', '"\\"quoted\\""'],
    ['two\nlines', '"two\\nlines"'],
    ['v6dlDWMxSlm0Qqh_lIsS2g', 'v6dlDWMxSlm0Qqh_lIsS2g'],
  ])('write the text %j as %s', (value, expected) => {
    expect(formatDocument('yaml', 'X', { value })).toBe(`apiVersion: kt/v1\nkind: X\nvalue: ${expected}\n`)
  })

  it('indent lists of maps below lists', () => {
    const nested = {
      groups: [
        {
          members: [
            { id: 'a', topics: ['t'] },
            { id: 'b', topics: [] },
          ],
        },
      ],
    }
    expect(formatDocument('yaml', 'X', nested)).toBe(
      'apiVersion: kt/v1\nkind: X\ngroups:\n  - members:\n      - id: a\n        topics: [t]\n      - id: b\n        topics: []\n',
    )
  })
})
