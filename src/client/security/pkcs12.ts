/** Reading PKCS#12 (RFC 7292): the certificates and the first private key, as keytool and openssl write them. */
import { createDecipheriv, createHmac, hash as hashOf, pbkdf2Sync, timingSafeEqual } from 'node:crypto'
import {
  DER,
  type DerElement,
  DerError,
  derElement,
  derElements,
  derInteger,
  derOid,
  derSequence,
  expectTag,
} from './der.ts'
import { type StoreContents, StoreError } from './store-contents.ts'

const OID = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  safeContentsBag: '1.2.840.113549.1.12.10.1.6',
  localKeyId: '1.2.840.113549.1.9.21',
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  tripleDesPbe: '1.2.840.113549.1.12.1.3',
} as const

/** What a MAC of each kind has. */
const MAC_BYTES: Readonly<Record<string, number>> = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 }
const DIGESTS: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}
const PRFS: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
}
const CIPHERS: Readonly<Record<string, { readonly name: string; readonly keyBytes: number }>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyBytes: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyBytes: 24 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyBytes: 32 },
  '1.2.840.113549.3.7': { name: 'des-ede3-cbc', keyBytes: 24 },
}

/** What Java allows at most; more only burns time. */
const MAX_ITERATIONS = 5_000_000
/** Safe contents may hold safe contents: no store that a tool wrote nests at all. */
const MAX_NESTING = 4

interface Bag {
  readonly kind: 'key' | 'certificate'
  readonly der: Buffer
  readonly keyId: string | null
}

/** Reads a store. `keyPassword` opens its key; with null its keys stay closed. Throws `StoreError`. */
export function readPkcs12(bytes: Buffer, password: string, keyPassword: string | null): StoreContents {
  try {
    const [, content, mac] = derSequence(bytes)
    const safe = dataOf(expectTag(content, DER.sequence))
    if (mac !== undefined) checkMac(expectTag(mac, DER.sequence), safe, password)
    const authenticatedSafe = expectTag(derElement(safe), DER.sequence)
    return sort(bagsOfAll(authenticatedSafe, password, keyPassword))
  } catch (error) {
    if (error instanceof DerError) throw new StoreError('unreadable', `not a PKCS#12 store: ${error.message}`)
    throw error
  }
}

/** Of a ContentInfo of type data: SEQUENCE content already opened. */
function dataOf(contentInfo: Buffer): Buffer {
  const type = derElement(contentInfo)
  if (derOid(type) !== OID.data) throw new StoreError('unreadable', 'a PKCS#12 store that is signed, not MACed')
  const explicit = expectTag(derElement(contentInfo, type.whole.length), DER.context0)
  return expectTag(derElement(explicit), DER.octets)
}

function checkMac(macData: Buffer, safe: Buffer, password: string): void {
  const [digestInfo, saltElement, iterations] = derElements(macData)
  const [algorithm, expected] = derElements(expectTag(digestInfo, DER.sequence))
  const hash = DIGESTS[derOid(derElement(expectTag(algorithm, DER.sequence)))]
  if (hash === undefined) throw new StoreError('unreadable', 'its MAC is of a kind that kt does not know')
  const salt = expectTag(saltElement, DER.octets)
  const count = iterations === undefined ? 1 : derInteger(iterations)
  const want = expectTag(expected, DER.octets)
  // Before anything is computed: the key is made as long as the MAC is said to be.
  if (want.length !== MAC_BYTES[hash]) throw new StoreError('unreadable', 'its MAC has not the length of its kind')
  const key = deriveKey({ hash, purpose: 3, password, salt, iterations: count, bytes: want.length })
  const found = createHmac(hash, key).update(safe).digest()
  if (!timingSafeEqual(found, want)) {
    throw new StoreError('password', 'the password does not open it')
  }
}

function* bagsOfAll(authenticatedSafe: Buffer, password: string, keyPassword: string | null): Generator<Bag> {
  for (const each of derElements(authenticatedSafe)) {
    const contentInfo = expectTag(each, DER.sequence)
    const type = derElement(contentInfo)
    if (derOid(type) === OID.encryptedData) {
      const explicit = expectTag(derElement(contentInfo, type.whole.length), DER.context0)
      yield* bagsOf(decryptContent(explicit, password), keyPassword, 0)
    } else {
      yield* bagsOf(dataOf(contentInfo), keyPassword, 0)
    }
  }
}

function decryptContent(encryptedData: Buffer, password: string): Buffer {
  const [, info] = derSequence(encryptedData)
  const [, algorithm, content] = derElements(expectTag(info, DER.sequence))
  // [0] IMPLICIT OCTET STRING
  if (content?.tag !== 0x80) throw new DerError('its encrypted content is in pieces')
  return decrypt(expectTag(algorithm, DER.sequence), content.content, password)
}

function* bagsOf(safeContents: Buffer, keyPassword: string | null, depth: number): Generator<Bag> {
  if (depth > MAX_NESTING) throw new DerError('it nests too deep')
  for (const element of derSequence(safeContents)) {
    const [id, explicit, attributes] = derElements(expectTag(element, DER.sequence))
    const value = expectTag(explicit, DER.context0)
    const keyId = attributes === undefined ? null : localKeyId(attributes)
    const type = derOid(id)
    if (keyPassword !== null && type === OID.keyBag) yield { kind: 'key', der: value, keyId }
    if (keyPassword !== null && type === OID.shroudedKeyBag) {
      yield { kind: 'key', der: decryptKey(value, keyPassword), keyId }
    }
    if (type === OID.certificateBag) yield { kind: 'certificate', der: certificateOf(value), keyId }
    if (type === OID.safeContentsBag) yield* bagsOf(value, keyPassword, depth + 1)
  }
}

function decryptKey(encryptedPrivateKeyInfo: Buffer, password: string): Buffer {
  const [algorithm, data] = derSequence(encryptedPrivateKeyInfo)
  return decrypt(expectTag(algorithm, DER.sequence), expectTag(data, DER.octets), password)
}

function certificateOf(certificateBag: Buffer): Buffer {
  const [, explicit] = derSequence(certificateBag)
  return expectTag(derElement(expectTag(explicit, DER.context0)), DER.octets)
}

function localKeyId(attributes: DerElement): string | null {
  for (const attribute of derElements(expectTag(attributes, DER.set))) {
    const [id, values] = derElements(expectTag(attribute, DER.sequence))
    if (derOid(id) === OID.localKeyId) return expectTag(values, DER.set).toString('hex')
  }
  return null
}

/** `algorithm` is the content of an AlgorithmIdentifier. */
function decrypt(algorithm: Buffer, data: Buffer, password: string): Buffer {
  const type = derElement(algorithm)
  const parameters = derElement(algorithm, type.whole.length).whole
  const oid = derOid(type)
  if (oid === OID.pbes2) return decryptPbes2(parameters, data, password)
  if (oid !== OID.tripleDesPbe) {
    throw new StoreError('cipher', 'it is encrypted in a way of long ago (RC2 or RC4)')
  }
  const [salt, iterations] = derSequence(parameters)
  const common = { hash: 'sha1', password, salt: expectTag(salt, DER.octets), iterations: derInteger(iterations) }
  const key = deriveKey({ ...common, purpose: 1, bytes: 24 })
  const iv = deriveKey({ ...common, purpose: 2, bytes: 8 })
  return decipher('des-ede3-cbc', key, iv, data)
}

/** RFC 8018, section 6.2. */
function decryptPbes2(parameters: Buffer, data: Buffer, password: string): Buffer {
  const [derivation, encryption] = derSequence(parameters)
  const [derivationOid, derivationParameters] = derElements(expectTag(derivation, DER.sequence))
  const [cipherOid, iv] = derElements(expectTag(encryption, DER.sequence))
  const cipher = CIPHERS[derOid(cipherOid)]
  if (derOid(derivationOid) !== OID.pbkdf2 || cipher === undefined) {
    throw new StoreError('cipher', 'it is encrypted in a way that kt does not know')
  }
  const [salt, iterations, ...rest] = derElements(expectTag(derivationParameters, DER.sequence))
  const prf = rest.find(({ tag }) => tag === DER.sequence)
  const hash = prf === undefined ? 'sha1' : PRFS[derOid(derElement(prf.content))]
  if (hash === undefined) throw new StoreError('cipher', 'its key derivation is of a kind that kt does not know')
  const count = checkedIterations(derInteger(iterations))
  const key = pbkdf2Sync(password, expectTag(salt, DER.octets), count, cipher.keyBytes, hash)
  return decipher(cipher.name, key, expectTag(iv, DER.octets), data)
}

const IV_BYTES: Readonly<Record<string, number>> = { 'des-ede3-cbc': 8 }
const AES_IV_BYTES = 16

function decipher(cipher: string, key: Buffer, iv: Buffer, data: Buffer): Buffer {
  if (iv.length !== (IV_BYTES[cipher] ?? AES_IV_BYTES)) {
    throw new StoreError('unreadable', 'it begins its cipher with the wrong number of bytes')
  }
  try {
    const decryption = createDecipheriv(cipher, key, iv)
    return Buffer.concat([decryption.update(data), decryption.final()])
  } catch {
    throw new StoreError('password', 'the password does not open it')
  }
}

function checkedIterations(count: number): number {
  if (count >= 1 && count <= MAX_ITERATIONS) return count
  throw new StoreError('unreadable', `it asks for ${count} iterations of its key derivation`)
}

interface KeyDerivation {
  readonly hash: string
  /** 1 a key, 2 an initialization vector, 3 a MAC key. */
  readonly purpose: 1 | 2 | 3
  readonly password: string
  readonly salt: Buffer
  readonly iterations: number
  readonly bytes: number
}

/** RFC 7292, appendix B.2. */
export function deriveKey({ hash, purpose, password, salt, iterations, bytes }: KeyDerivation): Buffer {
  checkedIterations(iterations)
  const block = hash === 'sha384' || hash === 'sha512' ? 128 : 64
  const diversifier = Buffer.alloc(block, purpose)
  // A BMPString with its end: two zero bytes.
  const secret = Buffer.from(`${password}\0`, 'utf16le').swap16()
  const input = Buffer.concat([stretch(salt, block), stretch(secret, block)])
  const output: Buffer[] = []
  for (let made = 0; made < bytes; ) {
    let digest = hashOf(hash, Buffer.concat([diversifier, input]), 'buffer')
    for (let round = 1; round < iterations; round++) digest = hashOf(hash, digest, 'buffer')
    output.push(digest)
    made += digest.length
    const addend = stretch(digest, block).subarray(0, block)
    for (let at = 0; at < input.length; at += block) addPlusOne(input.subarray(at, at + block), addend)
  }
  return Buffer.concat(output).subarray(0, bytes)
}

/** Repeats bytes up to a multiple of the block; nothing stays nothing. */
function stretch(bytes: Buffer, block: number): Buffer {
  return Buffer.alloc(Math.ceil(bytes.length / block) * block, bytes.length === 0 ? 0 : bytes)
}

function addPlusOne(target: Buffer, addend: Buffer): void {
  let carry = 1
  for (let at = target.length - 1; at >= 0; at--) {
    const sum = target[at]! + addend[at]! + carry
    target[at] = sum & 0xff
    carry = sum >> 8
  }
}

/** The key's own certificate stands first in its chain, wherever the store keeps it. */
function sort(bags: Iterable<Bag>): StoreContents {
  const all = [...bags]
  const key = all.find(({ kind }) => kind === 'key')
  const certificates = all.filter(({ kind }) => kind === 'certificate')
  const own = certificates.filter(({ keyId }) => keyId !== null && keyId === key?.keyId)
  const ordered = [...own, ...certificates.filter((each) => !own.includes(each))]
  return { key: key?.der ?? null, certificates: ordered.map(({ der }) => der) }
}
