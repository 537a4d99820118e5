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
  /** Steps over `count` tags, none of which this version knows (KIP-482); `others` are those of other versions. */
  skipTags(reader: Reader, count: number, others: readonly number[]): void {
    let last = -1
    for (let i = 0; i < count; i++) {
      const tag = reader.uvarint()
      if (tag <= last) throw new ProtocolError('order of tags')
      if (others.includes(tag)) throw new ProtocolError('tag of another version')
      last = tag
      reader.skip(reader.uvarint())
    }
  },
  fail(reason: string): never {
    throw new ProtocolError(reason)
  },
  emptyBytes: Buffer.alloc(0),
  emptyArray: Object.freeze([]),
  emptyStruct: Object.freeze({}),
}

/** Names that generated code uses itself, and words that a variable cannot have. */
const TAKEN = [
  ...['buffer', 'view', 'end', 'pos', 'n', 'reader', 'writer', 'value', 'constants', 'helpers', 'Writer'],
  ...['default', 'delete', 'new', 'switch', 'case', 'in', 'null', 'true', 'false', 'this', 'typeof', 'void', 'with'],
  ...['break', 'const', 'let', 'var', 'for', 'do', 'while', 'if', 'else', 'return', 'throw', 'try', 'catch', 'class'],
  ...['enum', 'export', 'extends', 'finally', 'function', 'import', 'instanceof', 'super', 'package', 'interface'],
  ...['implements', 'private', 'protected', 'public', 'static', 'yield', 'await', 'eval', 'arguments', 'continue'],
]

class Source {
  private readonly lines: string[] = []
  private depth = 1
  readonly constants: unknown[]
  private readonly names = new Set(TAKEN)

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

  /** A variable's name that nothing else in the function has: the field's own, as long as it is free. */
  name(wanted: string): string {
    let name = wanted
    for (let i = 2; this.names.has(name); i++) name = `${wanted}${i}`
    this.names.add(name)
    return name
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
    readStruct(source, layout, 'const value')
    source.line("if (pos > end) helpers.fail('cut short')")
    source.line('reader.position = pos')
    source.line('return value')
  })
  return source.toString()
}

/** `target` is what the structure is assigned to: `x`, `let x` or `const x`. */
function readStruct(source: Source, layout: StructLayout, target: string): void {
  const variables = new Map(layout.fields.map((field) => [field, source.name(field.name)]))
  for (const [field, variable] of variables) {
    if (field.placement === 'body') readField(source, field, variable, `let ${variable}`)
    else source.line(`let ${variable} = ${defaultExpression(source, field.field)}`)
  }
  if (layout.flexible) readTags(source, layout, variables)
  const members = [...variables].map(([{ name }, variable]) => (name === variable ? name : `${name}: ${variable}`))
  source.line(`${target} = { ${members.join(', ')} }`)
}

function readField(source: Source, field: FieldLayout, name: string, target: string, tagged = false): void {
  const fixed = FIXED_READS[field.kind]
  if (fixed !== undefined) {
    source.line(`${target} = ${fixed}`)
    source.line(`pos += ${fixedBytes(field.kind)}`)
  } else if (field.kind === 'uuid') readUuid(source, target)
  else if (field.kind === 'struct') readNullableStruct(source, field, name, target, tagged)
  else if (field.kind === 'array') readArray(source, field, name, target)
  else readSlice(source, field, name, target)
}

function readUuid(source: Source, target: string): void {
  source.line("if (end - pos < 16) helpers.fail('cut short')")
  source.line(`${target} = buffer.toString('base64url', pos, pos += 16)`)
}

/** Into `n`; one byte is the usual case. */
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
  const left = source.name(`${name}Left`)
  const item = source.name(`${name}Item`)
  source.block(`for (let ${left} = n; ${left} > 0; ${left}--)`, () => {
    readField(source, element, item, `const ${item}`)
    source.line(`${name}.push(${item})`)
  })
}

function readNullableStruct(source: Source, field: FieldLayout, name: string, target: string, tagged: boolean): void {
  if (!field.nullable) {
    readStruct(source, field.struct!, target)
    return
  }
  source.line(`${target} = null`)
  if (tagged) readUvarint(source)
  else source.line('n = view.getInt8(pos++)')
  source.block(tagged ? 'if (n > 0)' : 'if (n >= 0)', () => readStruct(source, field.struct!, name))
}

/** The tag section (KIP-482): tags ascend, each at most once; those we do not know are stepped over. */
function readTags(source: Source, layout: StructLayout, variables: ReadonlyMap<FieldLayout, string>): void {
  readUvarint(source)
  const others = JSON.stringify(layout.tagsOfOtherVersions)
  if (layout.tagged.length === 0) {
    source.line(`if (n > 0) { reader.position = pos; helpers.skipTags(reader, n, ${others}); pos = reader.position }`)
    return
  }
  const [left, tag, last, tagEnd] = ['tagsLeft', 'tag', 'lastTag', 'tagEnd'].map((name) => source.name(name))
  source.block(`for (let ${left} = n, ${last} = -1; ${left} > 0; ${left}--)`, () => {
    readUvarint(source)
    source.line(`const ${tag} = n`)
    source.line(`if (${tag} <= ${last}) helpers.fail('order of tags')`)
    source.line(`${last} = ${tag}`)
    readUvarint(source)
    source.line("if (n > end - pos) helpers.fail('size of a tag')")
    source.line(`const ${tagEnd} = pos + n`)
    source.block(`switch (${tag})`, () => {
      for (const field of layout.tagged) readTagged(source, field, variables.get(field)!)
      for (const other of layout.tagsOfOtherVersions)
        source.line(`case ${other}: helpers.fail('tag of another version')`)
      source.line(`default: pos = ${tagEnd}`)
    })
    source.line(`if (pos !== ${tagEnd}) helpers.fail('size of a tag')`)
  })
}

function readTagged(source: Source, field: FieldLayout, variable: string): void {
  source.block(`case ${field.tag}:`, () => {
    readField(source, field, variable, variable, true)
    source.line('break')
  })
}

// --- Writing ---

function encoderSource(layout: StructLayout, constants: unknown[]): string {
  const source = new Source(constants)
  source.block('encode(value, writer)', () => writeStruct(source, layout, 'value', 'writer'))
  return source.toString()
}

function writeStruct(source: Source, layout: StructLayout, value: string, writer: string): void {
  const wanted = layout.fields.filter((field) => !(field.placement === 'absent' && field.ignorable))
  const variables = new Map(wanted.map((field) => [field, source.name(field.name)]))
  const members = [...variables].map(([field, variable]) => {
    const member = field.name === variable ? variable : `${field.name}: ${variable}`
    return member + initializer(source, field)
  })
  source.line(`const { ${members.join(', ')} } = ${value}`)
  for (const [field, variable] of variables) {
    if (field.placement === 'body') writeField(source, field, variable, writer)
    else if (field.placement === 'absent') {
      source.line(`if (${isSet(source, field, variable)}) helpers.fail('${field.name} is not of this version')`)
    }
  }
  if (!layout.flexible) return
  if (layout.tagged.length === 0) source.line(`${writer}.int8(0)`)
  else writeTags(source, layout, variables, writer)
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
  const index = source.name(`${value}At`)
  const item = source.name(`${value}Item`)
  source.block(`for (let ${index} = 0; ${index} < ${value}.length; ${index}++)`, () => {
    source.line(`const ${item} = ${value}[${index}]`)
    writeField(source, element, item, writer)
  })
}

function writeNullableStruct(source: Source, field: FieldLayout, value: string, writer: string): void {
  if (!field.nullable) {
    writeStruct(source, field.struct!, value, writer)
    return
  }
  source.line(`if (${value} === null) ${writer}.int8(-1)`)
  source.block('else', () => {
    source.line(`${writer}.int8(1)`)
    writeStruct(source, field.struct!, value, writer)
  })
}

/** Only what differs from its default travels, by ascending tag, each with its size in front. */
function writeTags(
  source: Source,
  layout: StructLayout,
  variables: ReadonlyMap<FieldLayout, string>,
  writer: string,
): void {
  const conditions = layout.tagged.map((field) => {
    const variable = variables.get(field)!
    const condition = source.name(`${variable}IsSet`)
    source.line(`const ${condition} = ${isSet(source, field, variable)}`)
    return condition
  })
  source.line(`${writer}.uvarint(${conditions.map((condition) => `(${condition} ? 1 : 0)`).join(' + ')})`)
  layout.tagged.forEach((field, index) => {
    source.block(`if (${conditions[index]})`, () => writeTagged(source, field, variables.get(field)!, writer))
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
  const inner = source.name(`${value}Writer`)
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
