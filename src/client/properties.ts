/**
 * Java client properties -> `ClientOptions`. Only connection and security settings are understood here; producer and
 * consumer settings are read by their own modules from the same map. What nobody understands is listed, never lost.
 */
import { KtError } from '../base/errors.ts'
import { type FileSystem, nodeFileSystem } from '../base/file-system.ts'
import type { ClientOptions } from './admin-types.ts'
import { parseProperties } from './java-properties.ts'
import { integerProperty } from './property-values.ts'
import { SASL_PROPERTIES, saslOptions } from './security/sasl-properties.ts'
import { TLS_PROPERTIES, tlsOptions } from './security/tls-properties.ts'

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
  ...SASL_PROPERTIES,
  ...TLS_PROPERTIES,
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
    requestTimeoutMs: integerProperty(properties, 'request.timeout.ms'),
    apiTimeoutMs: integerProperty(properties, 'default.api.timeout.ms'),
    connectTimeoutMs: integerProperty(properties, 'socket.connection.setup.timeout.ms'),
    tls: protocol.endsWith('SSL') ? tlsOptions(properties, files) : undefined,
    sasl: protocol.startsWith('SASL_') ? saslOptions(properties, files) : undefined,
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
