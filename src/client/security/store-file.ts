/** A key store or trust store as a file: PEM, PKCS#12 or JKS, told apart by its first bytes, as Java's own readers do. */
import { KtError } from '../../base/errors.ts'
import type { FileSystem } from '../../base/file-system.ts'
import { JKS_MAGIC, readJavaKeyStore } from './java-key-store.ts'
import { readPkcs12 } from './pkcs12.ts'
import { pem, type StoreContents, StoreError } from './store-contents.ts'

export interface StoreFile {
  /** `ssl.truststore` or `ssl.keystore`: what its properties begin with. */
  readonly prefix: 'ssl.truststore' | 'ssl.keystore'
  readonly path: string
  readonly password: string | undefined
  /** Opens the key of a key store; the store's own password when left out. */
  readonly keyPassword?: string | undefined
}

/** What a store holds, as node's TLS stack takes it. */
export interface StorePem {
  readonly certPem: string
  readonly keyPem: string | undefined
  /** The key is in PEM and still encrypted. */
  readonly keyIsEncrypted: boolean
}

const JCEKS_MAGIC = 0xcececece

/** Reads the file. Throws a `not-found` `KtError` for a file that cannot be read, a `usage` one for what is in it. */
export function readStoreFile(store: StoreFile, files: FileSystem): StorePem {
  const bytes = readBytes(store, files)
  if (!isBinary(bytes)) return pemStore(store, bytes.toString('utf8'))
  try {
    const { key, certificates } = readBinary(store, bytes)
    checkContents(store, key !== null, certificates.length)
    return {
      certPem: certificates.map((each) => pem('CERTIFICATE', each)).join(''),
      keyPem: key === null ? undefined : pem('PRIVATE KEY', key),
      keyIsEncrypted: false,
    }
  } catch (error) {
    throw error instanceof StoreError ? storeFailure(store, error) : error
  }
}

/** The magic of Java's formats, or the SEQUENCE that PKCS#12 begins with; what is shorter than a magic is neither. */
function isBinary(bytes: Buffer): boolean {
  if (bytes.length < 4) return false
  return bytes[0] === 0x30 || [JKS_MAGIC, JCEKS_MAGIC].includes(bytes.readUInt32BE(0))
}

function readBytes({ prefix, path }: StoreFile, files: FileSystem): Buffer {
  try {
    return files.readFile(path)
  } catch (error) {
    throw new KtError('not-found', `Cannot read ${path}`, {
      facts: [`${prefix}.location names it`, (error as Error).message],
      cause: error,
    })
  }
}

function readBinary({ prefix, password, keyPassword }: StoreFile, bytes: Buffer): StoreContents {
  const opensKey = prefix === 'ssl.keystore' ? (keyPassword ?? password ?? '') : null
  const magic = bytes.readUInt32BE(0)
  if (magic === JKS_MAGIC) return readJavaKeyStore(bytes, password, opensKey)
  if (magic === JCEKS_MAGIC) throw new StoreError('cipher', 'it is a JCEKS store')
  return readPkcs12(bytes, password ?? '', opensKey)
}

function pemStore(store: StoreFile, text: string): StorePem {
  const keyPem = /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text) ? text : undefined
  const certificates = text.split('-----BEGIN CERTIFICATE-----').length - 1
  if (certificates === 0 && keyPem === undefined) {
    throw new KtError('usage', `${store.path} is neither PEM nor PKCS#12 nor JKS`, {
      facts: [`${store.prefix}.location names it`],
    })
  }
  checkContents(store, keyPem !== undefined, certificates)
  return { certPem: text, keyPem, keyIsEncrypted: isEncryptedKey(text) }
}

/** PKCS#8 says it in its first line, the older form of openssl in a header. */
export function isEncryptedKey(text: string): boolean {
  return /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text)
}

function checkContents({ prefix, path }: StoreFile, hasKey: boolean, certificates: number): void {
  if (prefix === 'ssl.keystore' && !hasKey) {
    throw new KtError('usage', `${path} holds no private key`, {
      facts: [`ssl.keystore.location is for a client's own key and certificates`],
      next: 'name it in ssl.truststore.location if its certificates are those to trust',
    })
  }
  if (certificates > 0) return
  throw new KtError('usage', `${path} holds no certificate`, { facts: [`${prefix}.location names it`] })
}

function storeFailure({ prefix, path, password }: StoreFile, { reason, message }: StoreError): KtError {
  const facts = [`${prefix}.location names it`]
  if (reason === 'password') {
    const missing = password === undefined
    return new KtError('authentication', `Cannot open ${path}: ${missing ? `no ${prefix}.password` : message}`, {
      facts,
      next: `set ${prefix}.password${prefix === 'ssl.keystore' ? ' (and ssl.key.password, if the key has its own)' : ''}`,
    })
  }
  return new KtError('usage', `Cannot read ${path}: ${message}`, { facts, next: conversion(path, message) })
}

/** One line that makes a store that everybody reads. */
function conversion(path: string, message: string): string {
  if (/JCEKS/.test(message)) {
    return `keytool -importkeystore -srckeystore ${path} -srcstoretype JCEKS -destkeystore store.p12 -deststoretype PKCS12`
  }
  return `openssl pkcs12 -legacy -in ${path} -nodes -out store.pem`
}
