import { describe, expect, it } from 'vitest'
import { isInternalTopic, javaRegex, topicFilter } from '../../src/commands/topic-filter.ts'

const matching = (expression: string, names: readonly string[]) =>
  names.filter((name) => topicFilter(expression).allows(name))

describe('a topic expression', () => {
  const names = ['orders', 'orders-2', 'payments', 'x.y', 'xzy']

  it('matches whole names', () => {
    expect(matching('orders', names)).toEqual(['orders'])
    expect(matching('orders.*', names)).toEqual(['orders', 'orders-2'])
    expect(matching('rders', names)).toEqual([])
    expect(matching('x.y', names)).toEqual(['x.y', 'xzy'])
  })

  it('takes a comma for "or", also over whole names', () => {
    expect(matching('orders,payments', names)).toEqual(['orders', 'payments'])
    expect(matching('order, payments', names)).toEqual(['payments'])
  })

  it('drops blanks and the quotes that property files bring', () => {
    expect(topicFilter(` "orders, payments" `).regex).toBe('orders|payments')
    expect(topicFilter(`'''orders"`).regex).toBe('orders')
  })

  it('refuses what is no expression, in the script’s words', () => {
    expect(() => topicFilter('orders[')).toThrow('orders[ is an invalid regex.')
    expect(() => topicFilter('*')).toThrow('* is an invalid regex.')
  })

  it('can leave internal topics out', () => {
    const filter = topicFilter('.*')
    expect(filter.allows('__consumer_offsets')).toBe(true)
    expect(filter.allows('__consumer_offsets', true)).toBe(false)
    expect(filter.allows('__mine', true)).toBe(true)
    expect(isInternalTopic('__transaction_state')).toBe(true)
  })

  it('understands what Java writes differently', () => {
    expect(javaRegex('\\Qx.y\\E').test('xzy')).toBe(false)
    expect(javaRegex('\\Qx.y\\E.*').test('x.y-1')).toBe(true)
    expect(javaRegex('(?i)ORDERS').test('orders')).toBe(true)
    expect(javaRegex('\\p{Lower}+').test('abc')).toBe(true)
    expect(javaRegex('\\p{Lower}+').test('aBc')).toBe(false)
  })
})
