/** Reading DER (X.690): as much of it as key stores need. Lengths are checked before they are believed. */

/** One element: its tag byte and its content. */
export interface DerElement {
  readonly tag: number
  readonly content: Buffer
  /** The element as it stands, tag and length included. */
  readonly whole: Buffer
}

export const DER = { integer: 0x02, octets: 0x04, oid: 0x06, sequence: 0x30, set: 0x31, context0: 0xa0 } as const

/** Bytes that are not DER, or not what stands at this place of the format. */
export class DerError extends Error {
  override readonly name = 'DerError'
}

/** The elements that follow each other in `bytes`. Throws `DerError`. */
export function derElements(bytes: Buffer): DerElement[] {
  const elements: DerElement[] = []
  for (let at = 0; at < bytes.length; ) {
    const element = derElement(bytes, at)
    elements.push(element)
    at += element.whole.length
  }
  return elements
}

/** The one element at `at`. */
export function derElement(bytes: Buffer, at = 0): DerElement {
  if (at + 2 > bytes.length) throw new DerError('it ends too early')
  const first = bytes[at + 1]!
  // 0x80 is the indefinite length of BER, which DER does not have.
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f
  if (first === 0x80 || lengthBytes > 4) throw new DerError('it is not in the DER encoding')
  if (at + 2 + lengthBytes > bytes.length) throw new DerError('it ends too early')
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes)
  const start = at + 2 + lengthBytes
  if (length > bytes.length - start) throw new DerError('it ends too early')
  return {
    tag: bytes[at]!,
    content: bytes.subarray(start, start + length),
    whole: bytes.subarray(at, start + length),
  }
}

/** What a SEQUENCE holds. */
export function derSequence(bytes: Buffer): DerElement[] {
  return derElements(expectTag(derElement(bytes), DER.sequence))
}

/** The content of an element that must be there and have this tag. */
export function expectTag(element: DerElement | undefined, tag: number): Buffer {
  if (element === undefined || element.tag !== tag) throw new DerError(`it lacks an element of type ${tag}`)
  return element.content
}

/** An object identifier in dots: `1.2.840.113549.1.7.1`. */
export function derOid(element: DerElement | undefined): string {
  const arcs: number[] = []
  let value = 0
  for (const byte of expectTag(element, DER.oid)) {
    value = value * 128 + (byte & 0x7f)
    if (byte & 0x80) continue
    // The first two arcs share one number (X.690, 8.19.4).
    if (arcs.length === 0)
      arcs.push(Math.min(2, Math.floor(value / 40)), value - 40 * Math.min(2, Math.floor(value / 40)))
    else arcs.push(value)
    value = 0
  }
  return arcs.join('.')
}

/** A small whole number. */
export function derInteger(element: DerElement | undefined): number {
  const content = expectTag(element, DER.integer)
  if (content.length === 0 || content.length > 6) throw new DerError('a number is too large')
  return content.readIntBE(0, content.length)
}
