import { requireOptions } from '../../cli/check-options.ts'
import type { CommandContext } from '../../cli/context.ts'
import { integer, type OptionDeclaration, text, UsageError } from '../../cli/options.ts'
import { CONNECTION_OPTIONS, type Given } from '../../cli/script-command.ts'
import { printNotice } from '../deprecation.ts'

/** The script lets these stand without a value. */
const size = (description: string): OptionDeclaration<number> => ({
  ...integer('bytes', description, { default: '0' }),
  optionalArgument: true,
})

export const E2E_LATENCY_OPTIONS = {
  ...CONNECTION_OPTIONS,
  topic: text('topic', 'The topic to send to and read from; made with one partition if it does not exist.'),
  'num-records': integer('count', 'How many records to send, one after the other.'),
  'producer-acks': text('1|all', 'Who must have a record: 1 the leader, all every replica in sync.', {
    choices: ['1', 'all'],
  }),
  'record-size': integer('bytes', 'Size of the values, random letters.'),
  'record-key-size': size('Size of the keys.'),
  'num-headers': { ...size('How many headers each record has.'), argument: 'count' },
  'record-header-key-size': size('Size of the keys of headers.'),
  'record-header-size': size('Size of the values of headers; -1: null.'),
}
export type GivenE2eLatency = Given<typeof E2E_LATENCY_OPTIONS>

export interface LatencySettings {
  readonly bootstrapServer: string | undefined
  readonly commandConfig: string | undefined
  readonly topic: string
  readonly records: number
  readonly acks: '1' | 'all'
  readonly recordSize: number
  readonly keySize: number
  readonly headers: number
  readonly headerKeySize: number
  /** -1: null. */
  readonly headerSize: number
}

const NAMED = ['bootstrap-server', 'topic', 'num-records', 'producer-acks', 'record-size'] as const
const POSITIONAL = [
  'bootstrap-server',
  'topic',
  'num-records',
  'producer-acks',
  'record-size',
  'command-config',
] as const

/** Words of the older kind are taken for the options they stood for. Throws `UsageError` for a wrong number of them. */
export function withPositions(given: GivenE2eLatency): GivenE2eLatency {
  if (NAMED.some((name) => given.has(name))) return given
  const { words } = given
  if (words.length !== 5 && words.length !== 6) {
    throw new UsageError(
      `Invalid number of arguments. Expected 5 or 6 positional arguments, but got ${words.length}. Usage: bootstrap-server topic num-records producer-acks record-size [optional] command-config`,
    )
  }
  return words.reduce((filled, word, at) => filled.with(POSITIONAL[at]!, word) as GivenE2eLatency, given)
}

/** The script's checks, in its order. */
export function checkE2eLatency(line: GivenE2eLatency, context: CommandContext): void {
  const isPositional = line.words.length > 0 && !NAMED.some((name) => line.has(name))
  const given = isPositional ? withPositions(line) : line
  if (isPositional) {
    const named = POSITIONAL.map((name) => `--${name}`).join(', ')
    printNotice(
      `WARNING: Positional argument usage is deprecated and will be removed in Apache Kafka 5.0. Please use named arguments instead: ${named}`,
      context,
    )
  }
  requireOptions(given, context.asScript ? NAMED : NAMED.slice(1))
  if (!['1', 'all'].includes(given.value('producer-acks')!)) {
    throw new UsageError(
      "Invalid value for --producer-acks. Latency testing requires synchronous acknowledgement. Please use '1' or 'all'.",
    )
  }
  const atLeast = (name: keyof typeof E2E_LATENCY_OPTIONS, least: number, what: string): void => {
    if ((given.value(name) as number) < least) throw new UsageError(`Value for --${name} must be a ${what}.`)
  }
  atLeast('num-records', 1, 'positive integer')
  atLeast('record-size', 0, 'non-negative integer')
  atLeast('record-key-size', 0, 'non-negative integer')
  atLeast('record-header-key-size', 0, 'non-negative integer')
  atLeast('record-header-size', -1, 'non-negative integer or -1 for null header value')
  atLeast('num-headers', 0, 'non-negative integer')
}

/** What the checked command line asks for. */
export function latencySettings(line: GivenE2eLatency): LatencySettings {
  const given = withPositions(line)
  return {
    bootstrapServer: given.value('bootstrap-server'),
    commandConfig: given.value('command-config'),
    topic: given.value('topic')!,
    records: given.value('num-records')!,
    acks: given.value('producer-acks') as '1' | 'all',
    recordSize: given.value('record-size')!,
    keySize: given.value('record-key-size')!,
    headers: given.value('num-headers')!,
    headerKeySize: given.value('record-header-key-size')!,
    headerSize: given.value('record-header-size')!,
  }
}
