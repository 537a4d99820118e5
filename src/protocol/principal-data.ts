/** Who a forwarded request comes from, as an Envelope carries it: version, then `DefaultPrincipalData` (KIP-590). */
import { Reader, Writer } from '../base/bytes.ts'
import { ProtocolError } from '../base/errors.ts'
import { decode, encode } from './codec.ts'
import { boolean, type Schema, string } from './schema.ts'

const VERSION = 0

const defaultPrincipalData = {
  name: 'DefaultPrincipalData',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: { type: string(), name: string(), tokenAuthenticated: boolean() },
} as const satisfies Schema

/** `User:alice` as bytes. */
export function encodePrincipal(principal: string): Buffer {
  const colon = principal.indexOf(':')
  const body = { type: principal.slice(0, colon), name: principal.slice(colon + 1), tokenAuthenticated: false }
  const writer = new Writer()
  writer.int16(VERSION)
  encode(defaultPrincipalData, VERSION, body, writer)
  return writer.toBuffer()
}

/** Throws `ProtocolError` when the bytes are no principal of a version we know. */
export function decodePrincipal(data: Buffer): string {
  const reader = new Reader(data)
  const version = reader.int16()
  if (version !== VERSION) throw new ProtocolError(`a principal of version ${version}`)
  const { type, name } = decode(defaultPrincipalData, VERSION, reader)
  return `${type}:${name}`
}
