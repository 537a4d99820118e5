/** `kt trace`: a proxy between any client and a cluster that tells what they say to each other. */
import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { OK } from '../../cli/exit-codes.ts'
import { formatNamed } from '../../cli/format.ts'
import { nearest } from '../../cli/nearest.ts'
import {
  addConnectionOptions,
  addFormatOption,
  type ConnectionFlags,
  defineCommand,
  targetOfFlags,
} from '../../cli/own-command.ts'
import { type Address, formatAddress, isLoopback, parseAddress } from '../../client/address.ts'
import type { ClientOptions } from '../../client/admin-types.ts'
import { pause } from '../pause.ts'
import { parseSpan } from '../when.ts'
import type { TraceProxy } from './proxy.ts'
import type { Upstream } from './upstream.ts'

interface TraceFlags extends ConnectionFlags {
  readonly listen?: string
  readonly verbose: number
  readonly only?: string
  readonly client?: string
  readonly for?: string
  readonly format?: string
}

/** Where clients connect when nothing is said; another port where this one is taken. */
const USUAL: Address = { host: '127.0.0.1', port: 19092 }

export const trace = defineCommand({
  name: 'trace',
  summary: 'A proxy between any Kafka client and a cluster that tells what they say to each other.',
  examples: [
    { command: 'kt trace', does: 'then point a client at 127.0.0.1:19092; Ctrl-C ends it with a summary' },
    { command: 'kt trace --for 2s --only produce,fetch -v', does: 'records alone: which broker and why, bytes' },
    {
      command: 'kt trace --listen 127.0.0.1:0 --for 2s -vv',
      does: 'a port that is free; every field of every message',
    },
    {
      command: 'kt trace --for 2s --client billing --format json',
      does: 'one client, a line of JSON for each request',
    },
  ],
  configure(command, act) {
    addConnectionOptions(addFormatOption(command))
      .option('--listen <host:port>', 'where clients connect; else 127.0.0.1:19092, or a free port if that is taken')
      .option(
        '-v, --verbose',
        'why each broker is asked, and bytes; -vv: all fields',
        (_, before: number) => before + 1,
        0,
      )
      .option('--only <requests>', 'kinds of requests to tell of, by name or key: produce,fetch')
      .option('--client <id>', 'tell of the client with this client.id alone')
      .option('--for <time>', 'end after this time: 30s, 5m; else Ctrl-C ends it')
      .action(act(runTrace))
  },
})

async function runTrace(_words: readonly string[], flags: TraceFlags, context: CommandContext): Promise<number> {
  const format = formatNamed(flags.format)
  const only = flags.only === undefined ? null : await keysNamed(flags.only)
  const listenAt = flags.listen === undefined ? null : listenAddress(flags.listen)
  const forMs = flags.for === undefined ? null : parseSpan(flags.for, 'for')
  const options = await context.connection(targetOfFlags(flags))
  const [proxies, upstreams, { Teller }, { allApis }] = await Promise.all([
    import('./proxy.ts'),
    import('./upstream.ts'),
    import('./teller.ts'),
    import('../../client/wire-tap.ts'),
  ])
  const detail = Math.min(2, flags.verbose) as 0 | 1 | 2
  const teller = new Teller({
    context,
    colours: await context.colours(),
    detail,
    format,
    only,
    clientId: flags.client ?? null,
  })
  const upstream = new upstreams.Upstream(options)
  const proxy = new proxies.TraceProxy({
    ...{ upstream, apis: await allApis(), now: () => context.clock.monotonic() },
    listener: {
      exchange: (link, event) => teller.exchange(link, event),
      note: (link, text) => teller.note(link, text),
      opened: (link) => teller.opened(link),
      closed: (link) => teller.closed(link),
      listens: (at, broker, nodeId) => teller.listens(at, broker, nodeId),
      warn: (text) => teller.note(null, text),
    },
  })
  const brokers = await lookAround(options, context)
  for (const broker of brokers) teller.knowledge.learnBroker(broker, broker.id)
  try {
    const own = await listen(proxy, listenAt, context)
    sayHello(own, upstream, context)
    for (const broker of brokers) await proxy.expect(broker, broker.id)
    await untilEnd(forMs, context)
  } finally {
    await proxy.close()
  }
  if (context.signal.reason !== 'closed') teller.end()
  return OK
}

/** The usual port may be taken; one that was asked for must be free. */
async function listen(proxy: TraceProxy, wanted: Address | null, context: CommandContext): Promise<Address> {
  try {
    return await proxy.listen(wanted ?? USUAL)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (wanted === null && code === 'EADDRINUSE') {
      context.stderr.write(`kt: port ${USUAL.port} is taken, another one serves\n`)
      return proxy.listen({ ...USUAL, port: 0 })
    }
    throw listenFailure(wanted ?? USUAL, code, message)
  }
}

function listenFailure(address: Address, code: string | undefined, message: string): KtError {
  const where = formatAddress(address)
  if (code === 'EADDRINUSE') {
    return new KtError('conflict', `Cannot listen at ${where}: the port is taken`, {
      facts: ['another process listens there (a broker perhaps, or another kt trace)'],
      next: `choose another one, or any that is free: kt trace --listen ${formatAddress({ ...address, port: 0 })}`,
    })
  }
  const facts = code === 'EACCES' ? ['ports below 1024 are for root alone'] : [message]
  return new KtError('usage', `Cannot listen at ${where}`, { facts, next: 'kt trace --listen 127.0.0.1:0' })
}

/**
 * Who is behind the bootstrap address, before any client comes: a cluster that cannot be reached is told now. A listener
 * that wants a login which we do not have is none of our business: the client's own login goes through.
 */
async function lookAround(options: ClientOptions, context: CommandContext) {
  const { ANY, ClusterClient } = await import('../../client/cluster-client.ts')
  const client = new ClusterClient(options)
  try {
    await client.connection(ANY)
    try {
      await client.refreshMetadata([])
    } catch (error) {
      const { reason, name } = error as { reason?: string; name?: string }
      if (name !== 'ConnectionFailure') throw error
      const what = reason === 'login-expected' ? 'the cluster wants a login, and kt has none' : (error as Error).message
      context.stderr.write(`kt: ${what}; the client's own login goes through\n`)
    }
    return [...client.metadata.brokers].sort((a, b) => a.id - b.id)
  } finally {
    client.close()
  }
}

function sayHello(own: Address, upstream: Upstream, { stderr }: CommandContext): void {
  const servers = upstream.bootstrap.map(formatAddress).join(',')
  stderr.write(`kt trace: clients connect to ${formatAddress(own)}, which stands for ${servers}\n`)
  stderr.write(`  next: kt topics --list --bootstrap-server ${formatAddress(own)}\n  Ctrl-C ends it with a summary\n`)
  if (upstream.security !== 'PLAINTEXT') {
    const login = upstream.logsIn ? ': whoever connects here needs no login and has that of kt' : ''
    stderr.write(`  clients speak PLAINTEXT to kt, kt speaks ${upstream.security} to the cluster${login}\n`)
  }
  if (!isLoopback(own.host)) {
    const what = upstream.logsIn ? 'speaks to the cluster with the login of kt' : 'speaks to the cluster through kt'
    stderr.write(`  ${own.host} is not this machine alone: whoever reaches the port ${what}\n`)
  }
}

async function untilEnd(forMs: number | null, { clock, signal }: CommandContext): Promise<void> {
  const endMs = forMs === null ? Infinity : clock.monotonic() + forMs
  while (!signal.aborted && clock.monotonic() < endMs) await pause(clock, endMs - clock.monotonic(), signal)
}

function listenAddress(text: string): Address {
  const address = parseAddress(/^\d+$/.test(text) ? `${USUAL.host}:${text}` : text.replace(/^:/, `${USUAL.host}:`))
  if (address !== null) return address
  throw new KtError('usage', `--listen ${text} is no address`, {
    facts: ['an address is HOST:PORT; port 0 is any that is free'],
    next: 'kt trace --listen 127.0.0.1:19092',
  })
}

async function keysNamed(text: string): Promise<ReadonlySet<number>> {
  const { loadAllApis } = await import('../../protocol/registry.ts')
  const apis = await loadAllApis()
  const keys = text.split(',').map((word) => {
    const name = word.trim().toLowerCase()
    const found = apis.find((api) => api.name.toLowerCase() === name || String(api.key) === name)
    if (found !== undefined) return found.key
    const near = nearest(
      word,
      apis.map((api) => api.name),
    )
    throw new KtError('usage', `Kafka has no request '${word}'`, {
      facts: near.length === 0 ? [] : [`did you mean ${near.join(' or ')}?`],
      next: 'all of them: kt request --list',
    })
  })
  return new Set(keys)
}
