/**
 * Java client properties -> `ClientOptions`. Only connection and security settings are understood here; producer and
 * consumer settings are read by their own modules from the same map. What nobody understands is listed, never lost.
 */
import { KtError } from '../base/errors.ts'
import { type FileSystem, nodeFileSystem } from '../base/file-system.ts'
import type { ClientOptions } from './admin-types.ts'
import { parseJaas } from './jaas.ts'
import { parseProperties } from './java-properties.ts'

export type Properties = ReadonlyMap<string, string>

/** Reads a Java properties file. Throws a `not-found` or `usage` `KtError`. */
export function loadProperties(path: string, files: FileSystem = nodeFileSystem): Map<string, string> {
  let text: string
  try {
    text = files.readFile(path).toString('utf8')
  } catch (error) {
    throw new KtError('not-found', `Cannot read the properties file ${path}`, {
      facts: [(error as Error).message],
      cause: error,
    })
  }
  try {
    return parseProperties(text)
  } catch (error) {
    throw new KtError('usage', `${path} is not a Java properties file: ${(error as Error).message}`, { cause: error })
  }
}

const UNDERSTOOD = new Set([
  'bootstrap.servers',
  'client.id',
  'request.timeout.ms',
  'default.api.timeout.ms',
  'socket.connection.setup.timeout.ms',
  'security.protocol',
  'sasl.mechanism',
  'sasl.jaas.config',
  'ssl.truststore.type',
  'ssl.truststore.location',
  'ssl.truststore.certificates',
  'ssl.keystore.type',
  'ssl.keystore.location',
  'ssl.keystore.password',
  'ssl.keystore.key',
  'ssl.keystore.certificate.chain',
  'ssl.key.password',
  'ssl.endpoint.identification.algorithm',
])

export interface FromPropertiesOptions {
  /** Wins over `bootstrap.servers` of the properties. */
  readonly bootstrapServers?: readonly string[]
  /** Keys that the caller reads itself, for example those of the producer. */
  readonly alsoUnderstood?: ReadonlySet<string>
  readonly files?: FileSystem
}

/** Translates Java property names. Throws a usage `KtError` for values that cannot be. */
export function clientOptionsFromProperties(
  properties: Properties,
  options: FromPropertiesOptions = {},
): ClientOptions {
  const files = options.files ?? nodeFileSystem
  const protocol = securityProtocol(properties)
  const servers = options.bootstrapServers ?? (properties.get('bootstrap.servers') ?? '').split(',')
  const ignored = [...properties.keys()].filter((key) => !UNDERSTOOD.has(key) && !options.alsoUnderstood?.has(key))
  return {
    bootstrapServers: servers.map((server) => server.trim()).filter((server) => server !== ''),
    clientId: properties.get('client.id'),
    requestTimeoutMs: milliseconds(properties, 'request.timeout.ms'),
    apiTimeoutMs: milliseconds(properties, 'default.api.timeout.ms'),
    connectTimeoutMs: milliseconds(properties, 'socket.connection.setup.timeout.ms'),
    tls: protocol.endsWith('SSL') ? tlsOptions(properties, files) : undefined,
    sasl: protocol.startsWith('SASL_') ? saslOptions(properties) : undefined,
    ignoredProperties: ignored,
  }
}

const PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL']

function securityProtocol(properties: Properties): string {
  const text = (properties.get('security.protocol') ?? 'PLAINTEXT').trim().toUpperCase()
  if (PROTOCOLS.includes(text)) return text
  throw new KtError('usage', `Invalid value ${text} for configuration security.protocol`, {
    facts: [`it must be one of ${PROTOCOLS.join(', ')}`],
  })
}

function milliseconds(properties: Properties, key: string): number | undefined {
  const text = properties.get(key)?.trim()
  if (text === undefined) return undefined
  if (/^\d+$/.test(text) && Number(text) <= 2 ** 31 - 1) return Number(text)
  throw new KtError('usage', `Invalid value ${text} for configuration ${key}: Not a number of type INT`)
}

type TlsOptions = NonNullable<ClientOptions['tls']>

function tlsOptions(properties: Properties, files: FileSystem): TlsOptions {
  return {
    ...trustStore(properties, files),
    ...keyStore(properties, files),
    // Java's default is `https`; the empty string switches the check off.
    verifyHostname: properties.get('ssl.endpoint.identification.algorithm')?.trim() !== '',
  }
}

function trustStore(properties: Properties, files: FileSystem): Pick<TlsOptions, 'caPem'> {
  const inline = properties.get('ssl.truststore.certificates')
  if (inline !== undefined) return { caPem: inline }
  const path = properties.get('ssl.truststore.location')
  if (path === undefined) return {}
  const type = storeType(properties, 'ssl.truststore.type', path)
  if (type !== 'PEM') throw unsupportedStore('ssl.truststore', type, path)
  return { caPem: readStore(files, path) }
}

function keyStore(
  properties: Properties,
  files: FileSystem,
): Pick<TlsOptions, 'certPem' | 'keyPem' | 'keyPassword' | 'pfx'> {
  const keyPassword = properties.get('ssl.key.password')
  const key = properties.get('ssl.keystore.key')
  const chain = properties.get('ssl.keystore.certificate.chain')
  if (key !== undefined || chain !== undefined) return { keyPem: key, certPem: chain, keyPassword }
  const path = properties.get('ssl.keystore.location')
  if (path === undefined) return {}
  const type = storeType(properties, 'ssl.keystore.type', path)
  if (type === 'PKCS12') {
    return { pfx: readStoreBytes(files, path), keyPassword: properties.get('ssl.keystore.password') ?? keyPassword }
  }
  if (type !== 'PEM') throw unsupportedStore('ssl.keystore', type, path)
  const pem = readStore(files, path)
  return { keyPem: pem, certPem: pem, keyPassword }
}

/** The declared type; a `.pem` or `.p12` file name speaks for itself where Java would assume JKS. */
function storeType(properties: Properties, key: string, path: string): string {
  const declared = properties.get(key)?.trim().toUpperCase()
  if (declared !== undefined) return declared
  if (/\.(pem|crt|cer)$/i.test(path)) return 'PEM'
  return /\.(p12|pfx)$/i.test(path) ? 'PKCS12' : 'JKS'
}

function unsupportedStore(prefix: string, type: string, path: string): KtError {
  const exported = 'keytool -exportcert -rfc -alias ALIAS -keystore STORE > store.pem'
  return new KtError('usage', `${prefix}.location is a ${type} file, which kt cannot read: ${path}`, {
    facts: [`kt reads ${prefix}.type=PEM${prefix.endsWith('keystore') ? ' and PKCS12' : ''}`],
    next: `convert it, for example: ${exported}`,
  })
}

function readStoreBytes(files: FileSystem, path: string): Buffer {
  try {
    return files.readFile(path)
  } catch (error) {
    throw new KtError('not-found', `Cannot read ${path}`, { facts: [(error as Error).message], cause: error })
  }
}

function readStore(files: FileSystem, path: string): string {
  return readStoreBytes(files, path).toString('utf8')
}

const MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const

function saslOptions(properties: Properties): NonNullable<ClientOptions['sasl']> {
  const wanted = (properties.get('sasl.mechanism') ?? 'GSSAPI').trim()
  const mechanism = MECHANISMS.find((name) => name === wanted)
  if (mechanism === undefined) {
    throw new KtError('usage', `sasl.mechanism ${wanted} is not supported`, {
      facts: [`kt speaks ${MECHANISMS.join(', ')}`],
      next: `set sasl.mechanism to one of them in the properties file`,
    })
  }
  const jaas = properties.get('sasl.jaas.config')
  if (jaas === undefined) {
    throw new KtError('usage', 'sasl.jaas.config is missing', {
      next: 'add sasl.jaas.config=MODULE required username="USER" password="PASSWORD"; to the properties file',
    })
  }
  const { options } = parseJaas(jaas)
  const username = options.get('username')
  const password = options.get('password')
  if (username === undefined || password === undefined) {
    throw new KtError('usage', 'sasl.jaas.config names no username or no password')
  }
  return { mechanism, username, password }
}
