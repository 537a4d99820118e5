import type { OptionTable } from './options.ts'

/** A command line in today's words, and one line for each old word that was translated. */
export interface Translation {
  readonly args: readonly string[]
  readonly notices: readonly string[]
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/
const BROKER_PORT = 9092

/** Options that Kafka dropped long ago and tutorials still show. */
const OLD_OPTIONS: Readonly<Record<string, (value: string) => { replacement: string[]; why: string }>> = {
  zookeeper: fromZookeeper,
  'broker-list': (value) => ({
    replacement: ['--bootstrap-server', value],
    why: 'the option was renamed in Kafka 2.5 and removed in 4.0',
  }),
  'bootstrap-servers': (value) => ({ replacement: ['--bootstrap-server', value], why: 'the option has no s' }),
  authorizer: () => ({ replacement: [], why: 'the cluster itself is asked since Kafka 4.0' }),
  'authorizer-properties': (value) => fromZookeeper(value.replace(/^zookeeper\.connect=/, '')),
  whitelist: (value) => ({ replacement: ['--include', value], why: 'the option was renamed in Kafka 2.7' }),
}

/** ZooKeeper is gone: the brokers are asked instead, on the same hosts; on this machine, whatever cluster is local. */
function fromZookeeper(value: string): { replacement: string[]; why: string } {
  const why = 'Kafka 4 has no ZooKeeper; tools talk to brokers'
  const hosts = value
    .replace(/\/.*$/, '')
    .split(',')
    .map((server) => server.trim().replace(/:\d+$/, ''))
    .filter((host) => host !== '')
  if (hosts.every((host) => LOOPBACK.test(host))) return { replacement: [], why: `${why}, here the local cluster` }
  return { replacement: ['--bootstrap-server', hosts.map((host) => `${host}:${BROKER_PORT}`).join(',')], why }
}

/**
 * Rewrites options of older Kafka versions. An option the command still has is left alone, and a connection named in
 * today's words wins over an old one.
 */
export function translateLegacyOptions(args: readonly string[], table: OptionTable): Translation {
  const end = args.indexOf('--')
  const options = end < 0 ? args : args.slice(0, end)
  if (!options.some((word) => oldName(word, table) !== undefined)) return { args, notices: [] }
  const hasServer = options.some((word) => /^--?bootstrap-server(=|$)/.test(word))
  const result: string[] = []
  const notices: string[] = []
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!
    const name = end >= 0 && at >= end ? undefined : oldName(word, table)
    if (name === undefined) {
      result.push(word)
      continue
    }
    const equals = word.indexOf('=')
    const value = equals < 0 ? (args[++at] ?? '') : word.slice(equals + 1)
    const { replacement, why } = OLD_OPTIONS[name]!(value)
    const kept = hasServer && replacement[0] === '--bootstrap-server' ? [] : replacement
    result.push(...kept)
    const now = kept.length === 0 ? 'left out' : `read as ${kept.join(' ')}`
    notices.push(`--${name} ${value}: ${now} (${why})`)
  }
  return { args: result, notices }
}

function oldName(word: string, table: OptionTable): string | undefined {
  const name = /^--?([a-z-]+)(=|$)/.exec(word)?.[1]
  if (name === undefined || !Object.hasOwn(OLD_OPTIONS, name) || Object.hasOwn(table, name)) return undefined
  const target =
    name === 'whitelist' ? 'include' : name.startsWith('authorizer') ? 'allow-principal' : 'bootstrap-server'
  return Object.hasOwn(table, target) ? name : undefined
}
