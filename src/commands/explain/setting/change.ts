/** How a setting is changed: the line to type, or the file and the restart. */
import { BROKER_CONFIGS, needsListenerPrefix } from '../../../metadata/config/broker-configs.ts'
import type { ConfigDefinition } from '../../../metadata/config/definition.ts'
import { TOPIC_CONFIG_SYNONYMS } from '../../../metadata/config/topic-config.ts'
import type { Scope } from '../meaning.ts'
import { readersOf } from './readers.ts'

export interface Change {
  /** When it takes effect, and who it holds for. */
  readonly how: string
  readonly lines: readonly string[]
}

/** `connect` is what the lines need to reach the cluster, ` --bootstrap-server host:9092`; `value` as asked for. */
export function changeOf(
  of: string,
  definition: Pick<ConfigDefinition, 'name' | 'updateMode'>,
  value: string | null,
  { scope, connect }: { scope: Scope; connect: string },
): Change {
  const { name } = definition
  const pair = `${name}=${shown(value)}`
  const alter = (entity: string, change: string): string => `kt configs --alter ${entity} ${change}${connect}`
  switch (of) {
    case 'topic': {
      const entity = `--topic ${scope.topic ?? 'TOPIC'}`
      const synonym = TOPIC_CONFIG_SYNONYMS.get(name)
      const forAll = synonym === undefined ? '' : ` What holds for all other topics is ${synonym} of the brokers.`
      return {
        how: `At once, for the topic.${forAll}`,
        lines: [alter(entity, `--add-config ${pair}`), alter(entity, `--delete-config ${name}`)],
      }
    }
    case 'broker':
      return brokerChange(definition, pair, scope, alter)
    case 'group': {
      const entity = `--group ${scope.group ?? 'GROUP'}`
      return {
        how: `At once, for the group${BROKER_CONFIGS.has(`group.${name}`) ? `; without a value of its own it has group.${name} of the brokers` : ''}.`,
        lines: [alter(entity, `--add-config ${pair}`), alter(entity, `--delete-config ${name}`)],
      }
    }
    case 'quota':
      return {
        how: 'At once, on every broker.',
        lines: [
          name.startsWith('SCRAM')
            ? alter('--user USER', `--add-config '${name}=${value ?? '[password=SECRET]'}'`)
            : alter(quotaEntity(name), `--add-config ${pair}`),
        ],
      }
    case 'client metrics':
      return {
        how: 'At the next question of each client.',
        lines: [alter('--client-metrics NAME', `--add-config ${pair}`)],
      }
    default:
      return { how: clientWay(of, name), lines: clientLines(of, name, pair) }
  }
}

/** As a shell takes it. */
function shown(value: string | null): string {
  if (value === null) return 'VALUE'
  const listed = value.includes(',') ? `[${value}]` : value
  return /^[\w@%+:,./[\]-]*$/.test(listed) ? listed : `'${listed.replaceAll("'", `'\\''`)}'`
}

const quotaEntity = (name: string): string =>
  name === 'connection_creation_rate' ? '--ip ADDRESS' : '--client CLIENT_ID'

/** What `kt cluster` sets for each node by itself. */
const BY_NODE =
  /^(node\.id|broker\.id|process\.roles|listeners|advertised\.listeners|log\.dirs?|metadata\.log\.dir|controller\.(listener\.names|quorum\.(voters|bootstrap\.servers))|listener\.security\.protocol\.map|inter\.broker\.listener\.name)$/

function brokerChange(
  { name, updateMode }: Pick<ConfigDefinition, 'name' | 'updateMode'>,
  pair: string,
  { broker }: Scope,
  alter: (entity: string, change: string) => string,
): Change {
  if (updateMode === 'read-only') {
    const how = `Read at start: ${pair} in the properties file of each node, then a restart of one node after the other (KIP-226 calls it read-only).`
    if (BY_NODE.test(name)) return { how, lines: [] }
    return { how: `${how} On the local cluster:`, lines: ['kt cluster stop', `kt cluster start --override ${pair}`] }
  }
  const full = needsListenerPrefix(name) ? `listener.name.LISTENER.${pair}` : pair
  const one = alter(`--broker ${broker ?? 'ID'}`, `--add-config ${full}`)
  if (updateMode === 'per-broker') return { how: 'At once, for one broker at a time (per-broker).', lines: [one] }
  return {
    how: "At once, for all brokers or for one of them (cluster-wide); one broker's own value is the stronger.",
    lines: [
      alter('--broker-defaults', `--add-config ${pair}`),
      one,
      alter('--broker-defaults', `--delete-config ${name}`),
    ],
  }
}

function clientWay(of: string, name: string): string {
  switch (of) {
    case 'console':
      return 'Of one command line: --reader-property of the producer, --formatter-property of the consumer.'
    case 'Connect worker':
      return "In the worker's properties file, then a restart of the worker."
    case 'connector':
      return "In the connector's settings, with PUT /connectors/NAME/config of a worker; its tasks are started anew."
    case 'Streams':
      return "In the application's StreamsConfig, read when it starts. Settings of its clients go with it, by name or with a prefix: consumer.max.poll.records, producer.linger.ms."
    case 'MirrorMaker':
      return mirrorWay(name)
    default:
      return 'In the properties of the client itself, read when it starts; the cluster does not know what clients have.'
  }
}

function mirrorWay(name: string): string {
  const direction =
    name === 'clusters' || name.startsWith('dedicated') ? '' : `, for all directions or for one: us->eu.${name}`
  return `In the properties file of connect-mirror-maker.sh${direction}, then a restart of the process.`
}

function clientLines(of: string, name: string, pair: string): string[] {
  if (of !== 'client') return []
  const command = readersOf(of, name) === 'producers' ? 'console-producer' : 'console-consumer'
  return [`kt ${command} --topic TOPIC --command-property ${pair}`]
}
