import { describe, expect, it } from 'vitest'
import { assignorsOf, memberCountOf, topicsOf } from '../../../../src/commands/consumer-groups/what-if/words.ts'

describe('--member-count', () => {
  it('is a number, or more or less than now', () => {
    expect(memberCountOf(undefined, 3)).toBe(3)
    expect(memberCountOf('+2', 3)).toBe(5)
    expect(memberCountOf('-1', 3)).toBe(2)
    expect(memberCountOf('7', 3)).toBe(7)
  })

  it.each(['x', '', '1.5', '+', '-3', '0', '1001', '99999999999999999999'])('refuses %s', (word) => {
    expect(() => memberCountOf(word, 3)).toThrow('--member-count')
  })
})

describe('--assignor', () => {
  it("names them; range is the client's and the broker's", () => {
    expect(assignorsOf(['sticky, uniform']).map(({ name }) => name)).toEqual(['sticky', 'uniform'])
    expect(assignorsOf(['range']).map(({ protocol }) => protocol)).toEqual(['classic', 'consumer'])
    expect(assignorsOf([])).toHaveLength(6)
  })

  it('knows what was meant', () => {
    expect(() => assignorsOf(['stiky'])).toThrow(expect.objectContaining({ facts: ["Did you mean 'sticky'?"] }))
    expect(() => assignorsOf(['zzz'])).toThrow(/there is no 'zzz'/)
  })
})

it('reads topics, once or more, each once', () => {
  expect(topicsOf(['orders,payments', 'orders', ' late '])).toEqual(['orders', 'payments', 'late'])
})
