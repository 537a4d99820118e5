/** `kt request API [JSON]`: any request of Kafka's protocol, as it is, to a broker of choice. For learning and for finding out. */
import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { OK } from '../../cli/exit-codes.ts'
import { formatDocument, formatNamed, type Structure } from '../../cli/format.ts'
import { nearest } from '../../cli/nearest.ts'
import {
  addConnectionOptions,
  addFormatOption,
  type ConnectionFlags,
  defineCommand,
  targetOfFlags,
} from '../../cli/own-command.ts'
import { ANY, ClusterClient, CONTROLLER, type Route, toBroker } from '../../client/cluster-client.ts'
import { toJson } from '../../protocol/json.ts'
import { loadAllApis } from '../../protocol/registry.ts'
import { type Api, parseVersions } from '../../protocol/schema.ts'
import { prettyJson } from '../console-consumer/json-text.ts'
import { type JsonNode, JsonNumber, readJson } from '../json-reader.ts'
import { readStdin } from '../read-stdin.ts'
import { fieldLines, fieldTree, requestFields } from './request-body.ts'

interface RequestFlags extends ConnectionFlags {
  readonly broker?: string
  readonly controller?: boolean
  readonly apiVersion?: string
  readonly fields?: boolean
  readonly list?: boolean
  readonly format?: string
}

export const request = defineCommand({
  name: 'request',
  summary: 'Send any request of the Kafka protocol, with its fields as JSON, and show the answer',
  examples: [
    { command: 'kt request Metadata \'{"topics":[{"name":"orders"}]}\'', does: 'what a client asks first' },
    { command: 'kt request DescribeCluster', does: 'fields that are left out have their defaults' },
    { command: 'kt request Fetch --fields', does: 'the fields of a request at its newest version' },
    { command: 'kt request --list', does: 'every request with its versions' },
  ],
  configure(command, act) {
    addConnectionOptions(
      addFormatOption(command)
        .argument('[api]', 'name or key of the request: Metadata, 3')
        .argument('[json]', "its fields; '-' reads them from standard input"),
    )
      .option('--broker <id>', 'the broker to ask; else any')
      .option('--controller', 'the active controller')
      .option('--api-version <number>', 'version of the request; else the newest that broker and kt know')
      .option('--fields', 'show the fields of the request instead of sending it')
      .option('--list', 'show every request with its versions')
      .action(act(runRequest))
  },
})

async function runRequest(words: readonly string[], flags: RequestFlags, context: CommandContext): Promise<number> {
  const format = formatNamed(flags.format)
  const apis = await loadAllApis()
  const [name, json] = words
  if (flags.list === true || name === undefined) {
    if (format !== undefined) {
      const list = apis.map(({ key, name, validVersions }) => ({ apiKey: key, name, ...rangeOf(validVersions) }))
      context.stdout.write(formatDocument(format, 'RequestList', { apis: list }))
      return OK
    }
    const lines = apis.map((api) => `${String(api.key).padStart(3)}  ${api.name}  ${api.validVersions}\n`)
    context.stdout.write(lines.join(''))
    return OK
  }
  const api = find(name, apis)
  const wanted = versionOf(api, flags.apiVersion)
  if (flags.fields === true) {
    const version = wanted ?? parseVersions(api.validVersions).max
    if (format !== undefined) {
      const of = (side: 'request' | 'response') => fieldTree(api[side].fields, version) as unknown as Structure
      const fields = { name: api.name, apiKey: api.key, version, request: of('request'), response: of('response') }
      context.stdout.write(formatDocument(format, 'RequestFields', fields))
      return OK
    }
    const side = (title: string, fields: Api['request']['fields']): string =>
      `${title}, version ${version}\n${fieldLines(fields, version, '  ').join('\n')}\n`
    context.stdout.write(side(`${api.name}Request`, api.request.fields) + side('Response', api.response.fields))
    return OK
  }
  const { version, response } = await send(api, wanted, await bodyOf(json, context), flags, context)
  if (format === undefined) {
    context.stderr.write(`${api.name} version ${version}\n`)
    context.stdout.write(`${prettyJson(response)}\n`)
  } else {
    const fields = { name: api.name, apiKey: api.key, version, response: structureOf(readJson(response) ?? null) }
    context.stdout.write(formatDocument(format, 'Response', fields))
  }
  return OK
}

async function send(
  api: Api,
  wanted: number | undefined,
  body: unknown,
  flags: RequestFlags,
  context: CommandContext,
): Promise<{ readonly version: number; readonly response: string }> {
  const client = new ClusterClient(await context.connection(targetOfFlags(flags)))
  try {
    const connection = await client.connection(routeOf(flags))
    let version = -1
    const answer = await client.sendOn(
      connection,
      api,
      (negotiated) => {
        if (wanted !== undefined && wanted !== negotiated) throw notServed(api, wanted, negotiated)
        version = negotiated
        return requestFields(api.request.fields, body, negotiated) as never
      },
      wanted === undefined ? {} : { maxVersion: wanted },
    )
    return { version, response: toJson(api.response, answer as never, version) }
  } finally {
    client.close()
  }
}

/** int64 keeps its digits. */
function structureOf(node: JsonNode): Structure {
  if (node instanceof JsonNumber) return /^-?\d+$/.test(node.text) ? BigInt(node.text) : Number(node.text)
  if (node === null || typeof node !== 'object') return node
  if (node instanceof Map) return new Map([...node].map(([name, each]) => [name, structureOf(each)]))
  return (node as readonly JsonNode[]).map(structureOf)
}

function rangeOf(validVersions: string): { minVersion: number; maxVersion: number } {
  const { min, max } = parseVersions(validVersions)
  return { minVersion: min, maxVersion: max }
}

function find(name: string, apis: readonly Api[]): Api {
  const word = name.toLowerCase().replace(/request$/, '')
  const found = apis.find((api) => api.name.toLowerCase() === word || String(api.key) === word)
  if (found !== undefined) return found
  const near = nearest(
    name,
    apis.map((api) => api.name),
  )
  throw new KtError('usage', `Kafka has no request '${name}'`, {
    facts: near.length === 0 ? [] : [`did you mean ${near.join(' or ')}?`],
    next: 'all of them: kt request --list',
  })
}

function versionOf(api: Api, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const { min, max } = parseVersions(api.validVersions)
  const version = Number(text)
  if (Number.isInteger(version) && version >= min && version <= max) return version
  throw new KtError('usage', `${api.name} has the versions ${min} to ${max}, not ${text}`)
}

function notServed(api: Api, wanted: number, negotiated: number): KtError {
  return new KtError('usage', `The broker does not serve version ${wanted} of ${api.name}`, {
    facts: [`the nearest it serves is ${negotiated}`],
  })
}

/** As long as a request may be that a broker takes by default (socket.request.max.bytes), in JSON. */
const MAX_BODY_BYTES = 200 * 1024 * 1024

async function bodyOf(json: string | undefined, { stdin }: CommandContext): Promise<unknown> {
  const text = json === '-' ? await readStdin(stdin, MAX_BODY_BYTES) : (json ?? '{}')
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new KtError('usage', `The fields are not JSON: ${(error as Error).message}`)
  }
}

function routeOf({ broker, controller }: RequestFlags): Route {
  if (controller === true) return CONTROLLER
  if (broker === undefined) return ANY
  if (/^\d+$/.test(broker)) return toBroker(Number(broker))
  throw new KtError('usage', `--broker ${broker} is no broker id`)
}
