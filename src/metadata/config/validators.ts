/** Limits of configuration values, with the texts of Kafka's `ConfigDef` validators. */
import { KafkaError } from '../../protocol/error-codes.ts'
import { type ConfigType, type ConfigValue, configText, invalidValue } from './values.ts'

/** Throws `KafkaError` INVALID_CONFIG when the value of configuration `name` is outside the limits. */
export type Validator = (name: string, value: ConfigValue, type: ConfigType) => void

function range(min: number | null, max: number | null): Validator {
  return (name, value, type) => {
    if (value === null) throw invalidValue(name, null, 'Value must be non-null')
    const number = Number(value)
    const text = configText(value, type)
    if (min !== null && number < min) throw invalidValue(name, text, `Value must be at least ${min}`)
    if (max !== null && number > max) throw invalidValue(name, text, `Value must be no more than ${max}`)
  }
}

function oneOf(allowed: readonly string[]): Validator {
  return (name, value) => {
    if (!allowed.includes(value as string)) {
      throw invalidValue(name, value, `String must be one of: ${allowed.join(', ')}`)
    }
  }
}

function oneOfAnyCase(allowed: readonly string[]): Validator {
  return (name, value) => {
    if (typeof value !== 'string' || !allowed.includes(value.toUpperCase())) {
      throw invalidValue(name, value, `String must be one of (case insensitive): ${allowed.join(', ')}`)
    }
  }
}

interface ListRules {
  readonly allowed: readonly string[]
  readonly emptyAllowed: boolean
  readonly nullAllowed: boolean
}

/** A list without duplicates or empty values (KIP-1161). */
function list({ allowed, emptyAllowed, nullAllowed }: ListRules): Validator {
  const each = allowed.length > 0 ? oneOf(allowed) : null
  return (name, value) => {
    const refuse = (why: string): KafkaError => new KafkaError('INVALID_CONFIG', `Configuration '${name}' ${why}`)
    if (value === null) {
      if (nullAllowed) return
      throw refuse('values must not be null.')
    }
    const values = value as readonly string[]
    if (!emptyAllowed && values.length === 0) {
      const valid = allowed.length === 0 ? 'any non-empty value' : `[${allowed.join(', ')}]`
      throw refuse(`must not be empty. Valid values include: ${valid}`)
    }
    if (new Set(values).size !== values.length) throw refuse('values must not be duplicated.')
    for (const item of values) {
      if (item === '') throw refuse('values must not be empty.')
      each?.(name, item, 'STRING')
    }
  }
}

const nonEmpty: Validator = (name, value) => {
  if (value === '') throw invalidValue(name, value, 'String must be non-empty')
}

const nonNull: Validator = (name, value) => {
  if (value === null) throw invalidValue(name, null, 'entry must be non null')
}

const GZIP_DEFAULT_LEVEL = -1
const gzipLevel: Validator = (name, value) => {
  const level = value as number
  if (level === null) throw invalidValue(name, null, 'Value must be non-null')
  if ((level > 9 || level < 1) && level !== GZIP_DEFAULT_LEVEL) {
    throw invalidValue(name, value, `Value must be between 1 and 9 or equal to ${GZIP_DEFAULT_LEVEL}`)
  }
}

const throttledReplicas: Validator = (name, value) => {
  const proposed = (value as readonly string[]).map((item) => item.trim())
  if (proposed.every((item) => /^([0-9]+:[0-9]+)?$/.test(item)) || proposed.join('') === '*') return
  const format = '[partitionId]:[brokerId],[partitionId]:[brokerId],...'
  throw invalidValue(
    name,
    value,
    `${name} must be the literal '*' or a list of replicas in the following format: ${format}`,
  )
}

/** ISO-8601 durations as `java.time.Duration` reads them, not negative. */
const DURATION = /^P(?!$)(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d{1,9})?S)?)?$/i

const shareOffsetReset: Validator = (name, value) => {
  const strategy = String(value)
  const duration = /^by_duration:(.*)$/.exec(strategy.toLowerCase())
  if (duration !== null ? DURATION.test(duration[1]!) : strategy === 'earliest' || strategy === 'latest') return
  const why = `The value must be either 'earliest', 'latest' or of the format 'by_duration:<PnDTnHnMn.nS>'.`
  throw invalidValue(name, value, `Invalid value \`${strategy}\` for configuration ${name}. ${why}`)
}

/** Of consumers, whose `none` makes an error of a missing offset. */
const clientOffsetReset: Validator = (name, value, type) => {
  if (value === 'none') return
  try {
    shareOffsetReset(name, value, type)
  } catch {
    throw invalidValue(name, value, 'it is latest, earliest, none or by_duration:PnDTnHnMn.nS')
  }
}

/** Host and port as Kafka's `Utils.getHost`: a bare name or IPv6 in brackets. */
const HOST_PORT = /^(?:\[([0-9a-zA-Z\-%._:]+)\]|([0-9a-zA-Z\-%._]+)):(\d+)$/

const voters: Validator = (name, value) => {
  for (const entry of value as readonly string[]) {
    const at = entry.split('@')
    const form = 'Each entry should be in the form `{id}@{host}:{port}`.'
    if (at.length !== 2) throw new KafkaError('INVALID_CONFIG', `Invalid configuration value for ${name}. ${form}`)
    if (!/^[+-]?\d+$/.test(at[0]!)) {
      throw new KafkaError('INVALID_CONFIG', `Failed to parse voter ID as an integer from ${at[0]}`)
    }
    if (!HOST_PORT.test(at[1]!)) {
      const part = /:\d+$/.test(at[1]!) ? 'host name' : 'host port'
      const message = `Failed to parse ${part} from entry ${entry} for the configuration ${name}. ${form}`
      throw new KafkaError('INVALID_CONFIG', message)
    }
  }
}

const bootstrapServers: Validator = (name, value) => {
  for (const entry of value as readonly string[]) {
    if (HOST_PORT.test(entry)) continue
    const message = `Failed to parse host name from ${entry} for the configuration ${name}. Each entry should be in the form "{host}:{port}"`
    throw new KafkaError('INVALID_CONFIG', message)
  }
}

const NAMED: ReadonlyMap<string, Validator> = new Map([
  ['non-empty', nonEmpty],
  ['non-null', nonNull],
  ['[1,...,9] or -1', gzipLevel],
  ['throttled replicas', throttledReplicas],
  ['share offset reset', shareOffsetReset],
  ['client offset reset', clientOffsetReset],
  ['voters', voters],
  ['bootstrap servers', bootstrapServers],
])

const names = (text: string): string[] => text.split(', ').filter((name) => name !== '')

/** Reads the limits column of a definition table; unknown limits are a defect and throw. */
export function parseValidator(text: string): Validator {
  const named = NAMED.get(text)
  if (named !== undefined) return named
  const bounds = /^\[(-?[\d.]+),\.\.\.(?:,(-?[\d.]+))?\]$/.exec(text)
  if (bounds !== null) return range(Number(bounds[1]), bounds[2] === undefined ? null : Number(bounds[2]))
  if (text.startsWith('one of (any case) ')) return oneOfAnyCase(names(text.slice('one of (any case) '.length)))
  if (text.startsWith('one of ')) return oneOf(names(text.slice('one of '.length)))
  const listed = /^list(?: of ([^;]*))?(?:; (.*))?$/.exec(text)
  if (listed === null) throw new Error(`unknown limits: ${text}`)
  const flags = (listed[2] ?? '').split(' ')
  const allowed = names(listed[1] ?? '')
  return list({ allowed, emptyAllowed: !flags.includes('non-empty'), nullAllowed: flags.includes('nullable') })
}
