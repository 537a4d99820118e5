import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatResetPlan,
  type NewOffset,
  parseCsvLine,
  parseResetPlan,
} from '../../../src/commands/consumer-groups/reset-plan.ts'

const LONG = 'a-quite-long-topic-name-for-quotes'

describe('formatResetPlan', () => {
  it('leaves the group out when there is one', () => {
    const plan = new Map([['g', [{ topic: 'orders', partition: 1, offset: 3 }]]])
    expect(formatResetPlan(plan, false)).toBe('orders,1,3\n')
    expect(formatResetPlan(plan, true)).toBe('g,orders,1,3\n')
  })
  it('quotes as Jackson does: what is long, and what holds a character up to the comma', () => {
    const offsets = [{ topic: LONG, partition: 0, offset: 0 }]
    expect(formatResetPlan(new Map([['h grp+1', offsets]]), true)).toBe(`"h grp+1","${LONG}",0,0\n`)
    expect(formatResetPlan(new Map([['h,x', offsets]]), true)).toBe(`"h,x","${LONG}",0,0\n`)
    expect(formatResetPlan(new Map([['h-x.y', offsets]]), true)).toBe(`h-x.y,"${LONG}",0,0\n`)
  })
  it('is empty for an empty plan', () => {
    expect(formatResetPlan(new Map(), true)).toBe('')
  })
})

describe('parseResetPlan', () => {
  it('reads lines without a group for the one that was named', () => {
    const plan = parseResetPlan('"orders",0,1\r\npayments,2,3\n\n', 'g')
    expect([...plan]).toEqual([
      [
        'g',
        [
          { topic: 'orders', partition: 0, offset: 1 },
          { topic: 'payments', partition: 2, offset: 3 },
        ],
      ],
    ])
  })
  it('reads lines with a group, also when one was named', () => {
    const expected = [
      ['a', [{ topic: 't', partition: 0, offset: 1 }]],
      ['b', [{ topic: 't', partition: 1, offset: 2 }]],
    ]
    expect([...parseResetPlan('a,t,0,1\nb,t,1,2\n', null)]).toEqual(expected)
    expect([...parseResetPlan('a,t,0,1\nb,t,1,2\n', 'a')]).toEqual(expected)
  })
  it('lets the last line of a partition win', () => {
    expect(parseResetPlan('t,0,1\nt,0,9', 'g').get('g')).toEqual([{ topic: 't', partition: 0, offset: 9 }])
  })
  it.each([
    ['t;0;1', 'Line 1'],
    ['t,0,1\nt,one,2', 'Line 2'],
    ['t,0', 'Line 1'],
    ['', 'Line 1'],
    ['t,0,1\n\nt,1,1', 'Line 2'],
  ])('says which line of %j is wrong', (text, where) => {
    expect(() => parseResetPlan(text, 'g')).toThrow(where)
  })
  it('reads back what was written', () => {
    const name = fc.stringMatching(/^[a-zA-Z0-9._", -]{1,40}$/)
    const offset = fc.record({ topic: name, partition: fc.nat(), offset: fc.nat() })
    fc.assert(
      fc.property(fc.array(offset, { minLength: 1, maxLength: 5 }), name, (offsets: NewOffset[], group) => {
        const distinct = [...new Map(offsets.map((each) => [`${each.topic}-${each.partition}`, each])).values()]
        const plan = new Map([[group, distinct]])
        expect([...parseResetPlan(formatResetPlan(plan, true), null)]).toEqual([...plan])
      }),
    )
  })
})

describe('parseCsvLine', () => {
  it.each([
    ['a,b', ['a', 'b']],
    ['a,', ['a', '']],
    ['"a,b",c', ['a,b', 'c']],
    ['"say ""hi""",c', ['say "hi"', 'c']],
    ['a"b,c', ['a"b', 'c']],
  ])('%s', (line, fields) => {
    expect(parseCsvLine(line)).toEqual(fields)
  })
})
