import { afterEach, describe, expect, it, vi } from 'vitest'
import { Reader, Writer } from '../../src/base/bytes.ts'
import { decode, encode } from '../../src/protocol/codec.ts'
import { compiledSource } from '../../src/protocol/compile.ts'
import { metadata } from '../../src/protocol/messages/03-metadata.ts'
import { array, int32, type Schema, string } from '../../src/protocol/schema.ts'

afterEach(() => vi.unstubAllGlobals())

describe('generated code', () => {
  it('names variables after fields and tests no versions', () => {
    const source = compiledSource(metadata.response, 12)
    expect(source).toContain('let brokers = []')
    expect(source).toContain('{ nodeId, host, port, rack }')
    expect(source).not.toMatch(/\bversion\b(?!')/)
  })

  it('keeps apart fields of one name and fields named like its own variables', () => {
    const schema = {
      name: 'Clash',
      validVersions: '0',
      flexibleVersions: '0+',
      fields: {
        pos: int32(),
        n: string(),
        reader: string(),
        default: int32(),
        name: string(),
        items: array({ name: string(), pos: int32(), items: array(int32()) }),
      },
    } as const satisfies Schema
    const items = [{ name: 'inner', pos: 7, items: [1, 2] }]
    const value = { pos: 1, n: 'n', reader: 'r', default: 5, name: 'outer', items }
    const writer = new Writer()
    encode(schema, 0, value, writer)
    expect(decode(schema, 0, new Reader(writer.toBuffer()))).toEqual(value)
  })
})

describe('where code generation is forbidden', () => {
  it('the interpreter does the work', () => {
    vi.stubGlobal('Function', function refuse() {
      throw new EvalError('Code generation from strings disallowed for this context')
    })
    const schema = {
      name: 'Interpreted',
      validVersions: '0',
      flexibleVersions: 'none',
      fields: { topic: string() },
    } as const satisfies Schema
    const writer = new Writer()
    encode(schema, 0, { topic: 'orders' }, writer)
    expect(decode(schema, 0, new Reader(writer.toBuffer()))).toEqual({ topic: 'orders' })
    expect(() => decode(schema, 0, new Reader(Buffer.from([0, 9])))).toThrow('Interpreted v0, topic: 9 bytes wanted')
  })
})
