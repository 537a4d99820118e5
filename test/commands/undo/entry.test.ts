import { describe, expect, it } from 'vitest'
import { ownSource, quotaTitle, resourceTitle, sameValue } from '../../../src/commands/undo/entry.ts'

describe('sameValue', () => {
  it.each([
    ['060000', '60000'],
    ['+5', '5'],
    ['-1', ' -1 '],
    ['0.50', '.5'],
    ['2e6', '2000000.0'],
    ['TRUE', 'true'],
    ['a, b', 'a,b'],
    ['9223372036854775807', '9223372036854775807'],
    [null, null],
  ])('%s is %s', (left, right) => expect(sameValue(left, right)).toBe(true))

  it.each([
    ['1', '2'],
    ['9223372036854775807', '9223372036854775806'],
    ['a,b', 'b,a'],
    ['delete', 'Delete'],
    ['', null],
    ['0', null],
  ])('%s is not %s', (left, right) => expect(sameValue(left, right)).toBe(false))
})

describe('titles and sources', () => {
  it('names what a person knows', () => {
    expect(resourceTitle({ type: 'TOPIC', name: 'orders' })).toBe('topic orders')
    expect(resourceTitle({ type: 'BROKER', name: '' })).toBe("the brokers' default")
    expect(resourceTitle({ type: 'CLIENT_METRICS', name: 'basics' })).toBe('client-metrics basics')
    expect(quotaTitle({ user: null, 'client-id': 'app' })).toBe('the default user, client-id app')
  })
  it('knows where own settings come from', () => {
    expect(ownSource({ type: 'BROKER', name: '' })).toBe('DYNAMIC_DEFAULT_BROKER_CONFIG')
    expect(ownSource({ type: 'BROKER', name: '1' })).toBe('DYNAMIC_BROKER_CONFIG')
    expect(ownSource({ type: 'GROUP', name: 'g' })).toBe('DYNAMIC_GROUP_CONFIG')
  })
})
