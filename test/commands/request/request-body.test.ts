import { describe, expect, it } from 'vitest'
import { fieldLines, requestFields } from '../../../src/commands/request/request-body.ts'
import { array, boolean, bytes, float64, int8, int64, string, struct, uuid } from '../../../src/protocol/schema.ts'

const fields = {
  name: string('0+', { nullable: '1+' }),
  small: int8(),
  big: int64(),
  ratio: float64(),
  flag: boolean('1+'),
  id: uuid(),
  data: bytes(),
  list: array({ inner: string() }),
  one: struct({ inner: int8() }),
}
const read = (body: unknown, version = 1) => requestFields(fields, body, version)

describe('requestFields', () => {
  it('reads every kind', () => {
    const body = { name: 'n', small: -128, big: '9223372036854775807', ratio: 0.5, flag: true, data: 'AP8=' }
    expect(read({ ...body, list: [{ inner: 'x' }], one: { inner: 1 } })).toEqual({
      ...body,
      big: 9223372036854775807n,
      data: Buffer.from([0, 255]),
      list: [{ inner: 'x' }],
      one: { inner: 1 },
    })
    expect(read({})).toEqual({})
    expect(read({ name: null, big: 5 })).toEqual({ name: null, big: 5n })
  })

  it.each([
    [[], 'the request: an object is wanted, not []'],
    [{ nmae: 'x' }, 'nmae is unknown: did you mean name?'],
    [{ small: 128 }, 'small: int8 is wanted, not 128'],
    [{ small: 1.5 }, 'small: int8 is wanted, not 1.5'],
    [{ big: '9223372036854775808' }, 'big: int64 is wanted'],
    [{ flag: 'true' }, 'flag: true or false is wanted, not "true"'],
    [{ list: {} }, 'list: a list is wanted'],
    [{ list: [{}, { inner: 1 }] }, 'list[1].inner: text is wanted, not 1'],
    [{ one: { other: 1 } }, 'one.other is unknown'],
    [{ data: 1 }, 'data: bytes as base64 text are wanted'],
    [{ small: null }, 'small: int8 that may not be null is wanted'],
  ])('refuses %j', (body, message) => {
    expect(() => read(body)).toThrow(message)
  })

  it('knows versions', () => {
    expect(() => read({ flag: true }, 0)).toThrow('flag is not in version 0')
    expect(() => read({ name: null }, 0)).toThrow('name: string that may not be null is wanted')
  })
})

it('lists fields with their kinds', () => {
  expect(fieldLines(fields, 1)).toEqual([
    'name: string or null',
    'small: int8',
    'big: int64',
    'ratio: float64',
    'flag: boolean',
    'id: uuid',
    'data: bytes',
    'list: list of struct',
    '  inner: string',
    'one: struct',
    '  inner: int8',
  ])
  expect(fieldLines(fields, 0)).not.toContain('flag: boolean')
})
