/**
 * Compiles a schema and version to straight-line JavaScript with `new Function`: one function that reads, one that
 * writes, nested structures inlined, no version tests left. About as fast as code written by hand.
 *
 * The code keeps no track of where it is. When something is wrong it throws anything at all, and `codec.ts` runs the
 * interpreter over the same input for the exact message.
 */
import { MAX_STRING_BYTES, type Reader, Writer } from '../base/bytes.ts'
import { ProtocolError } from '../base/errors.ts'
import { defaultOf, type FieldLayout, fixedBytes, isDefault, layoutOf, type StructLayout } from './layout.ts'
import type { Field, Schema } from './schema.ts'

export interface CompiledCodec {
  decode(reader: Reader): unknown
  encode(value: unknown, writer: Writer): void
}

/** Compiles both directions; throws EvalError where the process forbids code generation. */
export function compileCodec(schema: Schema, version: number): CompiledCodec {
  const layout = layoutOf(schema, version)
  const constants: unknown[] = []
  const title = `// ${schema.name} v${version}`
  const decodeSource = decoderSource(layout, constants)
  const encodeSource = encoderSource(layout, constants)
  const source = `'use strict'\n${title}\nreturn {\n${decodeSource},\n${encodeSource},\n}`
  return new Function('Writer', 'helpers', 'constants', source)(Writer, HELPERS, constants) as CompiledCodec
}

/** The generated source, for people and tests. */
export function compiledSource(schema: Schema, version: number): string {
  const layout = layoutOf(schema, version)
  const constants: unknown[] = []
  return `${decoderSource(layout, constants)},\n${encoderSource(layout, constants)}`
}

const HELPERS = {
  isDefault,
  fail(reason: string): never {
    throw new ProtocolError(reason)
  },
  emptyBytes: Buffer.alloc(0),
  emptyArray: Object.freeze([]),
  emptyStruct: Object.freeze({}),
}

class Source {
  private readonly lines: string[] = []
  private depth = 1
  readonly constants: unknown[]

  constructor(constants: unknown[]) {
    this.constants = constants
  }

  line(text: string): void {
    this.lines.push('  '.repeat(this.depth) + text)
  }

  block(head: string, body: () => void, tail = '}'): void {
    this.line(`${head} {`)
    this.depth++
    body()
    this.depth--
    this.line(tail)
  }

  /** An expression for a value that has no literal. */
  constant(value: unknown): string {
    return `constants[${this.constants.push(value) - 1}]`
  }

  toString(): string {
    return this.lines.join('\n')
  }
}

// --- Reading ---

const FIXED_READS: Record<string, string> = {
  boolean: 'view.getInt8(pos) !== 0',
  int8: 'view.getInt8(pos)',
  int16: 'view.getInt16(pos)',
  uint16: 'view.getUint16(pos)',
  int32: 'view.getInt32(pos)',
  uint32: 'view.getUint32(pos)',
  int64: 'view.getBigInt64(pos)',
  float64: 'view.getFloat64(pos)',
}

/**
 * The position is a local variable: the optimiser keeps it in a register. DataView itself refuses to read behind the
 * frame; what lies between the reader's end and the frame's is caught by the last line.
 */
function decoderSource(layout: StructLayout, constants: unknown[]): string {
  const source = new Source(constants)
  source.block('decode(reader)', () => {
    source.line('const { buffer, view, end } = reader')
    source.line('let pos = reader.position')
    source.line('let n = 0')
    readStruct(source, layout, 'const v', 'v')
    source.line("if (pos > end) helpers.fail('cut short')")
    source.line('reader.position = pos')
    source.line('return v')
  })
  return source.toString()
}

/** `target` is what the structure is assigned to, `name` the prefix of its members' variables. */
function readStruct(source: Source, layout: StructLayout, target: string, name: string): void {
  for (const field of layout.fields) {
    const variable = `${name}_${field.name}`
    if (field.placement === 'body') readField(source, field, variable, `let ${variable}`)
    else source.line(`let ${variable} = ${defaultExpression(source, field.field)}`)
  }
  if (layout.flexible) readTags(source, layout, name)
  const members = layout.fields.map((field) => `${field.name}: ${name}_${field.name}`)
  source.line(`${target} = { ${members.join(', ')} }`)
}

function readField(source: Source, field: FieldLayout, name: string, target: string, tagged = false): void {
  const fixed = FIXED_READS[field.kind]
  if (fixed !== undefined) {
    source.line(`${target} = ${fixed}`)
    source.line(`pos += ${fixedBytes(field.kind)}`)
    return
  }
  if (field.kind === 'uuid') readUuid(source, target)
  else if (field.kind === 'struct') readNullableStruct(source, field, name, target, tagged)
  else if (field.kind === 'array') readArray(source, field, name, target)
  else readSlice(source, field, name, target)
}

function readUuid(source: Source, target: string): void {
  source.line("if (end - pos < 16) helpers.fail('cut short')")
  source.line(`${target} = buffer.toString('base64url', pos, pos += 16)`)
}

function readUvarint(source: Source): void {
  source.line('n = view.getUint8(pos++)')
  source.line('if (n > 127) { reader.position = pos - 1; n = reader.uvarint(); pos = reader.position }')
}

function readLength(source: Source, field: FieldLayout): void {
  if (field.compact) {
    readUvarint(source)
    source.line('n--')
  } else if (field.kind === 'string') source.line('n = view.getInt16(pos); pos += 2')
  else source.line('n = view.getInt32(pos); pos += 4')
}

/** A string, bytes or records: a length, then as many bytes. */
function readSlice(source: Source, field: FieldLayout, name: string, target: string): void {
  readLength(source, field)
  const isString = field.kind === 'string'
  const read = isString ? "buffer.toString('utf8', pos, pos += n)" : 'buffer.subarray(pos, pos += n)'
  const limit = isString && field.compact ? `n > end - pos || n > ${MAX_STRING_BYTES}` : 'n > end - pos'
  source.line(`if (${limit}) helpers.fail('length of ${name}')`)
  if (!field.nullable) source.line(`if (n < 0) helpers.fail('null ${name}')`)
  const value = isString ? `n === 0 ? '' : ${read}` : read
  source.line(`${target} = ${field.nullable ? `n < 0 ? null : ${value}` : value}`)
}

function readArray(source: Source, field: FieldLayout, name: string, target: string): void {
  const element = field.element!
  readLength(source, field)
  // What a count claims must fit in the bytes that are there, before anything is allocated.
  source.line(`if (n * ${Math.max(1, element.minBytes)} > end - pos) helpers.fail('count of ${name}')`)
  if (!field.nullable) source.line(`if (n < 0) helpers.fail('null ${name}')`)
  source.line(`${target} = ${field.nullable ? 'n < 0 ? null : []' : '[]'}`)
  source.block(`for (let ${name}_i = 0, ${name}_n = n; ${name}_i < ${name}_n; ${name}_i++)`, () => {
    readField(source, element, `${name}_e`, `const ${name}_e`)
    source.line(`${name}.push(${name}_e)`)
  })
}

function readNullableStruct(source: Source, field: FieldLayout, name: string, target: string, tagged: boolean): void {
  if (!field.nullable) {
    readStruct(source, field.struct!, target, name)
    return
  }
  source.line(`${target} = null`)
  if (tagged) readUvarint(source)
  else source.line('n = view.getInt8(pos++)')
  source.block(tagged ? 'if (n > 0)' : 'if (n >= 0)', () => readStruct(source, field.struct!, name, name))
}

/** The tag section (KIP-482): tags ascend, each at most once; those we do not know are stepped over. */
function readTags(source: Source, layout: StructLayout, name: string): void {
  readUvarint(source)
  source.block(`for (let ${name}_tags = n, ${name}_last = -1; ${name}_tags > 0; ${name}_tags--)`, () => {
    readUvarint(source)
    source.line(`const ${name}_tag = n`)
    source.line(`if (n <= ${name}_last) helpers.fail('order of tags')`)
    source.line(`${name}_last = n`)
    readUvarint(source)
    source.line("if (n > end - pos) helpers.fail('size of a tag')")
    source.line(`const ${name}_end = pos + n`)
    source.block(`switch (${name}_tag)`, () => {
      for (const field of layout.tagged) readTagged(source, field, name)
      for (const tag of layout.tagsOfOtherVersions) source.line(`case ${tag}: helpers.fail('tag of another version')`)
      source.line(`default: pos = ${name}_end`)
    })
    source.line(`if (pos !== ${name}_end) helpers.fail('size of a tag')`)
  })
}

function readTagged(source: Source, field: FieldLayout, name: string): void {
  const variable = `${name}_${field.name}`
  source.block(`case ${field.tag}:`, () => {
    readField(source, field, variable, variable, true)
    source.line('break')
  })
}

// --- Writing ---

function encoderSource(layout: StructLayout, constants: unknown[]): string {
  const source = new Source(constants)
  source.block('encode(v, writer)', () => writeStruct(source, layout, 'v', 'writer'))
  return source.toString()
}

function writeStruct(source: Source, layout: StructLayout, value: string, writer: string): void {
  const wanted = layout.fields.filter((field) => !(field.placement === 'absent' && field.ignorable))
  const members = wanted.map((field) => `${field.name}: ${value}_${field.name}${initializer(source, field)}`)
  source.line(`const { ${members.join(', ')} } = ${value}`)
  for (const field of wanted) {
    const variable = `${value}_${field.name}`
    if (field.placement === 'body') writeField(source, field, variable, writer)
    else if (field.placement === 'absent') {
      source.line(`if (${isSet(source, field, variable)}) helpers.fail('${field.name} is not of this version')`)
    }
  }
  if (!layout.flexible) return
  if (layout.tagged.length === 0) source.line(`${writer}.int8(0)`)
  else writeTags(source, layout, value, writer)
}

/** What a member that was left out becomes; the absent and the tagged stay undefined. */
function initializer(source: Source, field: FieldLayout): string {
  if (field.placement !== 'body') return ''
  const declared = field.field.options.default
  if (field.kind === 'records' && !field.nullable) return ' = helpers.emptyBytes'
  if (declared === null || field.kind === 'records') return ' = null'
  if (field.kind === 'bytes') return ' = helpers.emptyBytes'
  if (field.kind === 'array') return ' = helpers.emptyArray'
  if (field.kind === 'struct') return ' = helpers.emptyStruct'
  return ` = ${defaultExpression(source, field.field)}`
}

/** An expression for a fresh default value. */
function defaultExpression(source: Source, field: Field<unknown>): string {
  const value = defaultOf(field)
  if (value === null) return 'null'
  if (field.kind === 'array') return '[]'
  if (field.kind === 'bytes') return 'helpers.emptyBytes'
  if (field.kind === 'struct') {
    const members = Object.entries(field.fields!).map(
      ([name, member]) => `${name}: ${defaultExpression(source, member)}`,
    )
    return `{ ${members.join(', ')} }`
  }
  return typeof value === 'bigint' ? `${value}n` : JSON.stringify(value)
}

/** A condition: the member holds something else than its default. */
function isSet(source: Source, field: FieldLayout, variable: string): string {
  const { kind } = field
  if (kind === 'array' || kind === 'struct' || kind === 'bytes' || kind === 'records') {
    return `${variable} !== undefined && !helpers.isDefault(${source.constant(field.field)}, ${variable})`
  }
  return `${variable} !== undefined && ${variable} !== ${defaultExpression(source, field.field)}`
}

const INTEGER_CHECKS: Record<string, (value: string) => string> = {
  int8: (value) => `(${value} << 24 >> 24) !== ${value}`,
  int16: (value) => `(${value} << 16 >> 16) !== ${value}`,
  uint16: (value) => `(${value} & 0xffff) !== ${value}`,
  int32: (value) => `(${value} | 0) !== ${value}`,
  uint32: (value) => `(${value} >>> 0) !== ${value}`,
  boolean: (value) => `typeof ${value} !== 'boolean'`,
  float64: (value) => `typeof ${value} !== 'number'`,
  int64: (value) => `typeof ${value} !== 'bigint'`,
}

function writeField(source: Source, field: FieldLayout, value: string, writer: string): void {
  const wrong = INTEGER_CHECKS[field.kind]
  if (wrong !== undefined) {
    source.line(`if (${wrong(value)}) helpers.fail('${value}')`)
    source.line(`${writer}.${field.kind}(${value})`)
  } else if (field.kind === 'uuid') source.line(`${writer}.uuid(${value})`)
  else if (field.kind === 'struct') writeNullableStruct(source, field, value, writer)
  else writeSized(source, field, value, writer)
}

/** A string, bytes, records or array: a length, -1 for null, and the content. */
function writeSized(source: Source, field: FieldLayout, value: string, writer: string): void {
  const { kind, compact } = field
  if (kind === 'string') {
    if (!field.nullable) source.line(`if (${value} === null) helpers.fail('null ${value}')`)
    source.line(`${writer}.string(${value}, ${compact})`)
    return
  }
  const write = () => {
    source.line(`${writer}.bytesLength(${value}.length, ${compact})`)
    if (kind !== 'array') source.line(`${writer}.bytes(${value})`)
    else writeElements(source, field.element!, value, writer)
  }
  if (!field.nullable) {
    write()
    return
  }
  source.line(`if (${value} === null) ${writer}.bytesLength(-1, ${compact})`)
  source.block('else', write)
}

function writeElements(source: Source, element: FieldLayout, value: string, writer: string): void {
  source.block(`for (let ${value}_i = 0; ${value}_i < ${value}.length; ${value}_i++)`, () => {
    source.line(`const ${value}_e = ${value}[${value}_i]`)
    writeField(source, element, `${value}_e`, writer)
  })
}

function writeNullableStruct(source: Source, field: FieldLayout, value: string, writer: string): void {
  if (!field.nullable) {
    source.block('', () => writeStruct(source, field.struct!, value, writer))
    return
  }
  source.line(`if (${value} === null) ${writer}.int8(-1)`)
  source.block('else', () => {
    source.line(`${writer}.int8(1)`)
    writeStruct(source, field.struct!, value, writer)
  })
}

/** Only what differs from its default travels, by ascending tag, each with its size in front. */
function writeTags(source: Source, layout: StructLayout, value: string, writer: string): void {
  const conditions = layout.tagged.map((field) => {
    const condition = `${value}_${field.name}_set`
    source.line(`const ${condition} = ${isSet(source, field, `${value}_${field.name}`)}`)
    return condition
  })
  source.line(`${writer}.uvarint(${conditions.map((condition) => `(${condition} ? 1 : 0)`).join(' + ')})`)
  layout.tagged.forEach((field, index) => {
    source.block(`if (${conditions[index]})`, () => writeTagged(source, field, `${value}_${field.name}`, writer))
  })
}

function writeTagged(source: Source, field: FieldLayout, value: string, writer: string): void {
  source.line(`${writer}.uvarint(${field.tag})`)
  const fixed = fixedBytes(field.kind)
  if (fixed !== undefined) {
    source.line(`${writer}.uvarint(${fixed})`)
    writeField(source, field, value, writer)
    return
  }
  const inner = `${value}_writer`
  source.line(`const ${inner} = new Writer()`)
  if (field.kind === 'struct' && field.nullable) {
    // Presence of a nullable struct is an unsigned varint here, not the int8 it is in the body.
    source.line(`${inner}.uvarint(${value} === null ? 0 : 1)`)
    source.block(`if (${value} !== null)`, () => writeStruct(source, field.struct!, value, inner))
  } else if (field.kind === 'struct') writeStruct(source, field.struct!, value, inner)
  else writeField(source, field, value, inner)
  source.line(`${writer}.uvarint(${inner}.size)`)
  source.line(`for (const chunk of ${inner}.chunks()) ${writer}.bytes(chunk)`)
}
