/** Random values of any schema and version, from a seed. */
import type { Random } from '../../src/base/random.ts'
import { defaultOf, type FieldLayout, layoutOf, type StructLayout } from '../../src/protocol/layout.ts'
import type { FieldKind, Schema, SchemaValue } from '../../src/protocol/schema.ts'

const MAX_ELEMENTS = 3
const TEXTS = ['a', 'topic-1', 'größer', '汉字', '😀 rocket', 'x'.repeat(150)]

/** A value whose fields are random where `version` has them and defaults where it has not: what decoding must give back. */
export function randomMessage<S extends Schema>(schema: S, version: number, random: Random): SchemaValue<S> {
  return randomStruct(layoutOf(schema, version), random) as SchemaValue<S>
}

function randomStruct(layout: StructLayout, random: Random): Record<string, unknown> {
  return Object.fromEntries(
    layout.fields.map((field) => [
      field.name,
      field.placement === 'absent' || (field.placement === 'tagged' && random.next() < 0.3)
        ? defaultOf(field.field)
        : randomField(field, random),
    ]),
  )
}

function randomField(field: FieldLayout, random: Random): unknown {
  if (field.nullable && random.next() < 0.25) return null
  switch (field.kind) {
    case 'boolean':
      return random.next() < 0.5
    case 'int64':
      return BigInt.asIntN(64 - Math.floor(random.next() * 64), random.bytes(8).readBigInt64BE())
    case 'float64':
      return (random.next() - 0.5) * 10 ** Math.floor(random.next() * 40 - 20)
    case 'uuid':
      return random.bytes(16).toString('base64url')
    case 'string':
      return random.next() < 0.1
        ? ''
        : TEXTS[Math.floor(random.next() * TEXTS.length)]! + Math.floor(random.next() * 100)
    case 'bytes':
    case 'records':
      return random.bytes(random.next() < 0.05 ? 3000 : Math.floor(random.next() * 200))
    case 'struct':
      return randomStruct(field.struct!, random)
    case 'array': {
      const count = Math.floor(random.next() * (MAX_ELEMENTS + 1))
      return Array.from({ length: count }, () => randomField(field.element!, random))
    }
    default:
      return randomInteger(field.kind, random)
  }
}

const BITS: Partial<Record<FieldKind, number>> = { int8: 8, int16: 16, uint16: 16, int32: 32, uint32: 32 }

/** Of every magnitude, edges included. */
function randomInteger(kind: FieldKind, random: Random): number {
  const bits = BITS[kind]!
  const signed = kind.startsWith('i')
  const edge = random.next()
  if (edge < 0.05) return signed ? -(2 ** (bits - 1)) : 2 ** bits - 1
  if (edge < 0.1) return signed ? 2 ** (bits - 1) - 1 : 0
  const magnitude = Math.floor(random.next() * 2 ** Math.floor(random.next() * (signed ? bits : bits + 1)))
  const value = signed ? Math.min(magnitude, 2 ** (bits - 1) - 1) : Math.min(magnitude, 2 ** bits - 1)
  return signed && random.next() < 0.3 ? -value - 1 : value
}
