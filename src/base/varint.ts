/**
 * Variable-length integers (protocol guide, "VARINT", "VARLONG", "UNSIGNED_VARINT"): seven bits a byte, low bits first,
 * signed ones zig-zag. Plain functions over a byte array, for record batches; messages use Reader and Writer.
 */

/** Bytes of an unsigned varint, 0 to 2^32 - 1. */
export function sizeOfUvarint(value: number): number {
  if (value < 0x80) return 1
  if (value < 0x4000) return 2
  if (value < 0x200000) return 3
  return value < 0x10000000 ? 4 : 5
}

/** Bytes of a zig-zag varint, 32-bit signed. */
export function sizeOfVarint(value: number): number {
  return sizeOfUvarint(((value << 1) ^ (value >> 31)) >>> 0)
}

/** Bytes of a zig-zag varlong; exact for every integer a number holds exactly. */
export function sizeOfVarlong(value: number): number {
  if ((value | 0) === value) return sizeOfVarint(value)
  let size = 1
  for (let rest = zigZagLong(value); rest >= 0x80n; rest >>= 7n) size++
  return size
}

/** Writes at `at` and returns the position behind it. */
export function writeUvarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = value
  let position = at
  while (rest > 0x7f) {
    bytes[position++] = (rest & 0x7f) | 0x80
    rest >>>= 7
  }
  bytes[position++] = rest
  return position
}

/** Writes a zig-zag varint at `at` and returns the position behind it. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  return writeUvarint(bytes, at, ((value << 1) ^ (value >> 31)) >>> 0)
}

/** Writes a zig-zag varlong at `at` and returns the position behind it. */
export function writeVarlong(bytes: Uint8Array, at: number, value: number): number {
  if ((value | 0) === value) return writeVarint(bytes, at, value)
  let rest = zigZagLong(value)
  let position = at
  for (; rest >= 0x80n; rest >>= 7n) bytes[position++] = Number(rest & 0x7fn) | 0x80
  bytes[position++] = Number(rest)
  return position
}

function zigZagLong(value: number): bigint {
  const whole = BigInt(value)
  return BigInt.asUintN(64, (whole << 1n) ^ (whole >> 63n))
}
