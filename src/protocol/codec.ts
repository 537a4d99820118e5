/** Encode and decode of every declared message: the one door to the compiled codecs and the interpreter behind them. */
import type { Reader } from '../base/bytes.ts'
import { Writer } from '../base/bytes.ts'
import { ProtocolError } from '../base/errors.ts'
import { type CompiledCodec, compileCodec } from './compile.ts'
import { interpretDecode, interpretEncode } from './interpret.ts'
import type { Schema, SchemaInput, SchemaValue } from './schema.ts'

const codecs = new WeakMap<Schema, CompiledCodec[]>()

/**
 * Uses of a codec before it is compiled. Compiling costs about a millisecond, walking the declaration a tenth of that: a
 * one-shot command, which sends each message once, is faster without.
 */
const INTERPRETED_USES = 2

/** The codec of a version: the interpreter at first, compiled when it is used again. */
function codecOf(schema: Schema, version: number): CompiledCodec {
  let versions = codecs.get(schema)
  if (versions === undefined) {
    versions = []
    codecs.set(schema, versions)
  }
  let codec = versions[version]
  if (codec === undefined) {
    codec = firstUses(schema, version, versions)
    versions[version] = codec
  }
  return codec
}

function interpretingCodec(schema: Schema, version: number): CompiledCodec {
  return {
    decode: (reader) => interpretDecode(schema, version, reader),
    encode: (value, writer) => interpretEncode(schema, version, value, writer),
  }
}

/** Interprets, and puts the compiled codec in its own place when it has been used often enough. */
function firstUses(schema: Schema, version: number, versions: CompiledCodec[]): CompiledCodec {
  const interpreter = interpretingCodec(schema, version)
  let uses = 0
  const count = (): void => {
    uses += 1
    if (uses === INTERPRETED_USES) versions[version] = makeCodec(schema, version)
  }
  return {
    decode(reader) {
      count()
      return interpreter.decode(reader)
    },
    encode(value, writer) {
      count()
      interpreter.encode(value, writer)
    },
  }
}

function makeCodec(schema: Schema, version: number): CompiledCodec {
  try {
    return compileCodec(schema, version)
  } catch (error) {
    // `node --disallow-code-generation-from-strings`: slower, but works.
    if (!(error instanceof EvalError)) throw error
    return interpretingCodec(schema, version)
  }
}

/**
 * Reads one message at the reader's position and moves it behind the message; what follows is the caller's business.
 * Strings are copied, `bytes` and `records` are views of the reader's buffer. Throws ProtocolError, which names message,
 * version and field; the reader's position is then where it was.
 */
export function decode<S extends Schema>(schema: S, version: number, reader: Reader): SchemaValue<S> {
  const codec = codecOf(schema, version)
  const start = reader.position
  try {
    return codec.decode(reader) as SchemaValue<S>
  } catch (error) {
    reader.position = start
    return explainDecode(schema, version, reader, error)
  }
}

/** Compiled code does not say where it failed; the interpreter does. */
function explainDecode(schema: Schema, version: number, reader: Reader, cause: unknown): never {
  const start = reader.position
  try {
    interpretDecode(schema, version, reader)
  } finally {
    reader.position = start
  }
  throw new ProtocolError(`${schema.name} v${version}: ${(cause as Error).message}`, { cause })
}

/**
 * Writes one message; what `value` leaves out takes its default. Throws ProtocolError, which names message, version and
 * field: null where it is not allowed, a number out of range, a value this version has no place for (unless the field is
 * ignorable). The writer is then to be thrown away.
 */
export function encode<S extends Schema>(schema: S, version: number, value: SchemaInput<S>, writer: Writer): void {
  const codec = codecOf(schema, version)
  try {
    codec.encode(value, writer)
  } catch (cause) {
    interpretEncode(schema, version, value, new Writer())
    throw new ProtocolError(`${schema.name} v${version}: ${(cause as Error).message}`, { cause })
  }
}

/** `encode` to one buffer, for records and tests. */
export function encodeToBuffer<S extends Schema>(schema: S, version: number, value: SchemaInput<S>): Buffer {
  const writer = new Writer()
  encode(schema, version, value, writer)
  return writer.toBuffer()
}
