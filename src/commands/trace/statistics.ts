/** What went through the proxy, counted by kind of request. */
import { errorNames } from '../../cli/wire/errors.ts'
import { bytesText, millisecondsText } from '../../cli/wire/text.ts'
import type { WireEvent } from '../../client/trace.ts'
import { CLIENT_LEFT } from './link.ts'

/** Latencies kept of each kind of request: the latest ones, enough for a 99th percentile that stands still. */
const MAX_SAMPLES = 10_000

export interface ApiStatistics {
  readonly api: string
  count: number
  failed: number
  bytesUp: number
  bytesDown: number
  readonly errors: Map<string, number>
  readonly samples: number[]
}

export class Statistics {
  readonly #apis = new Map<string, ApiStatistics>()
  readonly #clients = new Set<string>()
  connections = 0

  count(event: WireEvent): void {
    const { api, response, requestBytes, responseBytes, elapsedMs, failure, clientId } = event
    const of = this.#of(api.name)
    if (of.samples.length < MAX_SAMPLES) of.samples.push(elapsedMs)
    else of.samples[of.count % MAX_SAMPLES] = elapsedMs
    of.count++
    of.bytesUp += requestBytes
    of.bytesDown += responseBytes
    if (this.#clients.size < MAX_SAMPLES) this.#clients.add(clientId ?? '')
    const names = failure === null ? errorNames(response) : failure === CLIENT_LEFT ? [] : ['no answer']
    if (names.length > 0) of.failed++
    for (const name of names) of.errors.set(name, (of.errors.get(name) ?? 0) + 1)
  }

  #of(api: string): ApiStatistics {
    let found = this.#apis.get(api)
    if (found === undefined) {
      found = { api, count: 0, failed: 0, bytesUp: 0, bytesDown: 0, errors: new Map(), samples: [] }
      this.#apis.set(api, found)
    }
    return found
  }

  /** By number of requests, the most first. */
  get apis(): readonly ApiStatistics[] {
    return [...this.#apis.values()].sort((a, b) => b.count - a.count)
  }

  get clients(): readonly string[] {
    return [...this.#clients].sort()
  }
}

/** The latency that `share` of the requests did not exceed, in ms; 0 of none. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
}

/** For a person: a line of each kind of request, and its errors by name. */
export function summaryText(statistics: Statistics): string {
  const { apis, clients, connections } = statistics
  if (apis.length === 0) return `no requests (${connections} connections)\n`
  const total = apis.reduce((sum, { count }) => sum + count, 0)
  const rows = apis.map(({ api, count, failed, samples, bytesUp, bytesDown }) => [
    api,
    String(count),
    String(failed),
    millisecondsText(percentile(samples, 0.5)),
    millisecondsText(percentile(samples, 0.99)),
    bytesText(bytesUp),
    bytesText(bytesDown),
  ])
  const table = columns([['REQUEST', 'COUNT', 'ERRORS', 'P50', 'P99', 'SENT', 'RECEIVED'], ...rows])
  const errors = apis.flatMap(({ api, errors }) =>
    [...errors].map(([name, count]) => `  ${api}: ${name} ${count} times\n`),
  )
  const named = clients.map((client) => (client === '' ? 'one without a name' : client)).join(', ')
  return `${total} requests on ${connections} connections, clients: ${named}\n${table}${errors.join('')}`
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const lines = rows.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
  )
  return `${lines.map((line) => `${line.trimEnd()}\n`).join('')}`
}
