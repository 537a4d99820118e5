import { describe, expect, it } from 'vitest'
import { parseStep, VERBS } from '../../../src/commands/transact/parse-step.ts'

describe('a step', () => {
  it.each<[string, unknown]>([
    ['', null],
    ['  # a remark', null],
    ['begin', { producer: null, action: { verb: 'begin' } }],
    ['A> begin', { producer: 'A', action: { verb: 'begin' } }],
    ['as B> commit # now', { producer: 'B', action: { verb: 'commit' } }],
    ['B>abort', { producer: 'B', action: { verb: 'abort' } }],
    ['B>', { producer: 'B', action: { verb: 'as' } }],
    ['as B', { producer: 'B', action: { verb: 'as' } }],
    ['as B pay-1', { producer: 'B', action: { verb: 'as', transactionalId: 'pay-1' } }],
    ['quit', { producer: null, action: { verb: 'exit' } }],
    [
      "write orders a:1 :empty-key 'no key: b' plain",
      {
        producer: null,
        action: {
          verb: 'write',
          records: [
            { topic: 'orders', key: 'a', value: '1' },
            { topic: 'orders', key: '', value: 'empty-key' },
            { topic: 'orders', key: 'no key', value: ' b' },
            { topic: 'orders', key: null, value: 'plain' },
          ],
        },
      },
    ],
    [
      'plain> write o.r-d_1:12 a:b:c',
      {
        producer: 'plain',
        action: { verb: 'write', records: [{ topic: 'o.r-d_1', key: 'a', value: 'b:c', partition: 12 }] },
      },
    ],
    [
      'offsets g orders:0=5 pay:11=0',
      {
        producer: null,
        action: {
          verb: 'offsets',
          groupId: 'g',
          offsets: [
            { topic: 'orders', partition: 0, offset: 5 },
            { topic: 'pay', partition: 11, offset: 0 },
          ],
        },
      },
    ],
  ])('%j', (line, step) => expect(parseStep(line)).toEqual(step))

  it.each([
    'write',
    'write orders',
    'write a/b x',
    'offsets g',
    'offsets g orders=1',
    'as',
    'as 1',
    'as B c d',
    'begin now',
  ])('%j is told how it is written', (line) => {
    const verb = line.split(' ')[0]!
    expect(() => parseStep(line)).toThrow(expect.objectContaining({ kind: 'usage', facts: [VERBS[verb]] }))
  })
  it('that is none is told what there is', () => {
    expect(() => parseStep('comit')).toThrow("'comit' is no step")
    expect(() => parseStep('write orders a>b')).toThrow('cannot read: write orders a>b')
    expect(() => parseStep('write orders "a')).toThrow('cannot read')
  })
})
