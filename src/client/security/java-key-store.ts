/**
 * Reading JKS, Java's own key store format: magic, version, entries, and a SHA-1 over all of it. Keys are hidden by Sun's
 * key protector, a key stream of chained SHA-1. A store whose password is not given is read without the check, as Java does.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { DER, DerError, derOid, derSequence, expectTag } from './der.ts'
import { type StoreContents, StoreError } from './store-contents.ts'

export const JKS_MAGIC = 0xfeedfeed
const KEY_ENTRY = 1
const CERTIFICATE_ENTRY = 2
const DIGEST_BYTES = 20
const KEY_PROTECTOR = '1.3.6.1.4.1.42.2.17.1.1'
/** Hashed between password and store: a constant of the format. */
const WHITENER = 'Mighty Aphrodite'

interface KeyEntry {
  readonly protectedKey: Buffer
  readonly chain: readonly Buffer[]
}

/** Reads a store. `keyPassword` opens its first key; with null its keys stay closed. Throws `StoreError`. */
export function readJavaKeyStore(
  bytes: Buffer,
  password: string | undefined,
  keyPassword: string | null,
): StoreContents {
  if (bytes.length < 12 + DIGEST_BYTES || bytes.readUInt32BE(0) !== JKS_MAGIC) {
    throw new StoreError('unreadable', 'not a JKS store')
  }
  if (password !== undefined) checkDigest(bytes, password)
  const { keys, trusted } = readEntries(new StoreReader(bytes.subarray(0, -DIGEST_BYTES)))
  const first = keys[0]
  // What is trusted of a key entry is its own certificate, as Java's trust managers see it.
  const own = keys.flatMap(({ chain }) => chain.slice(0, 1))
  if (first === undefined || keyPassword === null) return { key: null, certificates: [...own, ...trusted] }
  return { key: unprotect(first.protectedKey, keyPassword), certificates: first.chain }
}

function checkDigest(bytes: Buffer, password: string): void {
  const hash = createHash('sha1').update(utf16(password)).update(WHITENER)
  const found = hash.update(bytes.subarray(0, -DIGEST_BYTES)).digest()
  if (!timingSafeEqual(found, bytes.subarray(-DIGEST_BYTES))) {
    throw new StoreError('password', 'the password does not open it')
  }
}

function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16()
}

function readEntries(reader: StoreReader): { keys: KeyEntry[]; trusted: Buffer[] } {
  reader.uint32()
  const version = reader.uint32()
  if (version !== 1 && version !== 2) throw new StoreError('unreadable', `a JKS store of version ${version}`)
  const keys: KeyEntry[] = []
  const trusted: Buffer[] = []
  for (let left = reader.uint32(); left > 0; left--) {
    const tag = reader.uint32()
    reader.text()
    reader.bytes(8) // when it was made
    if (tag === KEY_ENTRY) keys.push(readKeyEntry(reader, version))
    else if (tag === CERTIFICATE_ENTRY) trusted.push(readCertificate(reader, version))
    else throw new StoreError('unreadable', `a JKS store with an entry of type ${tag}`)
  }
  return { keys, trusted }
}

function readKeyEntry(reader: StoreReader, version: number): KeyEntry {
  const protectedKey = reader.bytes(reader.uint32())
  const chain: Buffer[] = []
  for (let left = reader.uint32(); left > 0; left--) chain.push(readCertificate(reader, version))
  return { protectedKey, chain }
}

function readCertificate(reader: StoreReader, version: number): Buffer {
  if (version === 2) reader.text() // X.509
  return reader.bytes(reader.uint32())
}

/** Salt, the key XORed with the key stream, and a digest that tells whether the password was right. */
function unprotect(encryptedPrivateKeyInfo: Buffer, password: string): Buffer {
  const data = protectedBytes(encryptedPrivateKeyInfo)
  if (data.length < 2 * DIGEST_BYTES) throw new StoreError('unreadable', 'a JKS store with a key that is cut off')
  const secret = utf16(password)
  const sha1 = (...parts: Buffer[]): Buffer => createHash('sha1').update(Buffer.concat(parts)).digest()
  const key = Buffer.from(data.subarray(DIGEST_BYTES, -DIGEST_BYTES))
  let stream = data.subarray(0, DIGEST_BYTES)
  for (let at = 0; at < key.length; at++) {
    if (at % DIGEST_BYTES === 0) stream = sha1(secret, stream)
    key[at]! ^= stream[at % DIGEST_BYTES]!
  }
  if (!timingSafeEqual(sha1(secret, key), data.subarray(-DIGEST_BYTES))) {
    throw new StoreError('password', 'the key password does not open its key')
  }
  return key
}

function protectedBytes(encryptedPrivateKeyInfo: Buffer): Buffer {
  try {
    const [algorithm, data] = derSequence(encryptedPrivateKeyInfo)
    const oid = derOid(derSequence(algorithm?.whole ?? Buffer.alloc(0))[0])
    if (oid !== KEY_PROTECTOR) throw new StoreError('cipher', 'its key is protected in a way that kt does not know')
    return expectTag(data, DER.octets)
  } catch (error) {
    if (error instanceof DerError) throw new StoreError('unreadable', `a JKS store with a bad key: ${error.message}`)
    throw error
  }
}

/** Big-endian numbers and counted bytes, as Java's DataInputStream reads them. */
class StoreReader {
  private readonly source: Buffer
  private at = 0

  constructor(source: Buffer) {
    this.source = source
  }

  bytes(count: number): Buffer {
    if (count > this.source.length - this.at) throw new StoreError('unreadable', 'a JKS store that is cut off')
    this.at += count
    return this.source.subarray(this.at - count, this.at)
  }

  uint32(): number {
    return this.bytes(4).readUInt32BE(0)
  }

  text(): string {
    return this.bytes(this.bytes(2).readUInt16BE(0)).toString('utf8')
  }
}
