import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { reportHints } from '../../cli/errors.ts'
import { OK } from '../../cli/exit-codes.ts'
import { formatDocument } from '../../cli/format.ts'
import { presentationOf } from '../../cli/script-command.ts'
import { drawTable } from '../../cli/table.ts'
import type { BrokerNode } from '../../client/admin-types.ts'
import { hashMapOrderBy } from '../java-text.ts'
import { refusedWith } from '../kafka-refusal.ts'
import { type EndpointsGiven, verbTarget } from './verb-options.ts'

/** `kt cluster list-endpoints` */
export async function listEndpoints(given: EndpointsGiven, context: CommandContext): Promise<number> {
  const target = verbTarget(given, context)
  const ofControllers = target.bootstrapController !== undefined
  const includeFenced = given.has('include-fenced-brokers')
  if (includeFenced && ofControllers) {
    throw new KtError('usage', 'The option --include-fenced-brokers is only supported with --bootstrap-server option')
  }
  const admin = await context.admin(target)
  let nodes: readonly BrokerNode[]
  try {
    nodes = (await admin.describeCluster({ includeFenced })).brokers
  } catch (error) {
    if (!isNoAnswer(error, ofControllers)) throw error
    writeNoAnswer(error, given, context)
    return OK
  }
  await write(nodes, ofControllers, given, context)
  return OK
}

/** The script prints this where the endpoints would be, and is content. */
function writeNoAnswer(error: KtError, given: EndpointsGiven, context: CommandContext): void {
  const presentation = presentationOf(given, context)
  if (presentation === 'json' || presentation === 'yaml') {
    context.stdout.write(formatDocument(presentation, 'EndpointList', { endpoints: null, error: error.message }))
  } else {
    context.stdout.write(`${error.message}\n`)
  }
  reportHints(error, context)
}

/** The node is too old, or is a controller where brokers were asked. */
function isNoAnswer(error: unknown, ofControllers: boolean): error is KtError {
  const names = ofControllers ? ['UNSUPPORTED_VERSION'] : ['UNSUPPORTED_VERSION', 'MISMATCHED_ENDPOINT_TYPE']
  return error instanceof KtError && refusedWith(error, ...names)
}

async function write(
  nodes: readonly BrokerNode[],
  ofControllers: boolean,
  given: EndpointsGiven,
  context: CommandContext,
): Promise<void> {
  const presentation = presentationOf(given, context)
  if (presentation === 'script') {
    context.stdout.write(endpointsText(nodes, ofControllers))
  } else if (presentation === 'terminal') {
    const { dim, good, warning } = await context.colours()
    const state = ({ isFenced }: BrokerNode): string => (isFenced === true ? warning('fenced') : good('unfenced'))
    const rows = nodes.map((node) => [
      String(node.id),
      `${node.host}:${node.port}`,
      node.rack ?? '-',
      ofControllers ? 'controller' : state(node),
    ])
    const head = ['NODE', 'ENDPOINT', 'RACK', ofControllers ? 'ROLE' : 'STATE'].map(dim)
    context.stdout.write(await drawTable({ head, rows, rightAligned: [0] }))
  } else {
    const endpoints = nodes.map(({ id, host, port, rack, isFenced }) => ({
      nodeId: id,
      host,
      port,
      rack,
      endpointType: ofControllers ? 'controller' : 'broker',
      isFenced: ofControllers ? null : isFenced === true,
    }))
    context.stdout.write(formatDocument(presentation, 'EndpointList', { endpoints, error: null }))
  }
}

/** Java's default for a HashMap. */
const DEFAULT_CAPACITY = 16
/** Widths of columns that nothing stands in. */
const NO_HOSTS_WIDTH = 100
const NO_RACKS_WIDTH = 10

/** The script's table: columns as wide as what is in them, even where the title is wider. */
export function endpointsText(nodes: readonly BrokerNode[], ofControllers: boolean): string {
  const widest = (texts: readonly string[], none: number): number =>
    texts.length === 0 ? none : Math.max(...texts.map((text) => text.length))
  const hostWidth = widest(
    nodes.map(({ host }) => host),
    NO_HOSTS_WIDTH,
  )
  const racks = nodes.flatMap(({ rack }) => rack ?? [])
  const widths = [10, hostWidth, 10, widest(racks, NO_RACKS_WIDTH), ...(ofControllers ? [] : [10]), 15]
  const head = ['ID', 'HOST', 'PORT', 'RACK', ...(ofControllers ? [] : ['STATE']), 'ENDPOINT_TYPE']
  const cells = hashMapOrderBy(nodes, ({ id }) => id, DEFAULT_CAPACITY).map(({ id, host, port, rack, isFenced }) => {
    const state = isFenced === true ? 'fenced' : 'unfenced'
    const end = ofControllers ? ['controller'] : [state, 'broker']
    return [String(id), host, String(port), String(rack), ...end]
  })
  const line = (texts: readonly string[]): string =>
    `${texts.map((text, column) => text.padEnd(widths[column]!)).join(' ')}\n`
  return [head, ...cells].map(line).join('')
}
