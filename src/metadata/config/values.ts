/** Values of configurations: from text to a typed value and back, with Kafka's `ConfigDef` rules and error texts. */
import { KafkaError } from '../../protocol/error-codes.ts'

export type ConfigType = 'BOOLEAN' | 'STRING' | 'INT' | 'SHORT' | 'LONG' | 'DOUBLE' | 'LIST' | 'CLASS' | 'PASSWORD'

/** LONG is bigint, so that Long.MAX_VALUE, Kafka's word for "never", survives the way to text and back. */
export type ConfigValue = boolean | string | number | bigint | readonly string[] | null

const TYPES = new Set<string>(['BOOLEAN', 'STRING', 'INT', 'SHORT', 'LONG', 'DOUBLE', 'LIST', 'CLASS', 'PASSWORD'])

export function isConfigType(text: string): text is ConfigType {
  return TYPES.has(text)
}

/** Kafka's ConfigException: `Invalid value X for configuration N: why`. */
export function invalidValue(name: string, value: unknown, why: string): KafkaError {
  return new KafkaError('INVALID_CONFIG', `Invalid value ${javaText(value)} for configuration ${name}: ${why}`)
}

/** A value as Java's `toString` shows it inside an error text. */
function javaText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.join(', ')}]`
  return String(value)
}

const INTEGER = /^[+-]?\d+$/
const DECIMAL = /^[+-]?(NaN|Infinity|(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[fFdD]?)$/
const LIMITS = { SHORT: 2n ** 15n, INT: 2n ** 31n, LONG: 2n ** 63n } as const

function parseInteger(name: string, type: keyof typeof LIMITS, text: string): bigint {
  const notANumber = (): KafkaError => invalidValue(name, text, `Not a number of type ${type}`)
  const trimmed = text.trim()
  if (!INTEGER.test(trimmed)) throw notANumber()
  const value = BigInt(trimmed.startsWith('+') ? trimmed.slice(1) : trimmed)
  if (value >= LIMITS[type] || value < -LIMITS[type]) throw notANumber()
  return value
}

function parseDouble(name: string, text: string): number {
  const trimmed = text.trim()
  if (!DECIMAL.test(trimmed)) throw invalidValue(name, text, 'Not a number of type DOUBLE')
  return Number(trimmed.replace(/(?<=[\d.])[fFdD]$/, ''))
}

function parseBoolean(name: string, text: string): boolean {
  const lower = text.trim().toLowerCase()
  if (lower === 'true') return true
  if (lower === 'false') return false
  throw invalidValue(name, text, 'Expected value to be either true or false')
}

/** Type check of one text; null stays null. Throws `KafkaError` INVALID_CONFIG. */
export function parseConfigText(name: string, type: ConfigType, text: string | null): ConfigValue {
  if (text === null) return null
  switch (type) {
    case 'BOOLEAN':
      return parseBoolean(name, text)
    case 'INT':
    case 'SHORT':
      return Number(parseInteger(name, type, text))
    case 'LONG':
      return parseInteger(name, type, text)
    case 'DOUBLE':
      return parseDouble(name, text)
    case 'LIST': {
      const trimmed = text.trim()
      return trimmed === '' ? [] : trimmed.split(/\s*,\s*/)
    }
    default:
      return text.trim()
  }
}

/** The text Kafka shows for a value; what DescribeConfigs answers. */
export function configText(value: ConfigValue, type: ConfigType): string | null {
  if (value === null) return null
  if (typeof value === 'object') return value.join(',')
  if (typeof value === 'number' && type === 'DOUBLE') return javaDoubleText(value)
  return String(value)
}

/** Java's `Double.toString`: `0.5`, `1.0`, `1.7976931348623157E308`. */
function javaDoubleText(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  const magnitude = Math.abs(value)
  if (magnitude === 0 || (magnitude >= 1e-3 && magnitude < 1e7)) {
    return Number.isInteger(value) ? `${value}.0` : String(value)
  }
  const [mantissa, exponent] = value.toExponential().split('e') as [string, string]
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${Number(exponent)}`
}
