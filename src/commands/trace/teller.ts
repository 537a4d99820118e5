/** Tells what goes through the proxy: lines for a person or documents, at most as fast as they are read. */
import type { Colours } from '../../cli/colour.ts'
import type { CommandContext } from '../../cli/context.ts'
import { FORMAT_VERSION, formatDocument, type Structure, type StructuredFormat } from '../../cli/format.ts'
import { answeredText, isRoutine } from '../../cli/wire/answered.ts'
import { askedText } from '../../cli/wire/asked.ts'
import { errorNames } from '../../cli/wire/errors.ts'
import { answerWords, completeRequest, exchangeText, shortBroker } from '../../cli/wire/exchange-text.ts'
import { fieldValues } from '../../cli/wire/fields.ts'
import { WireKnowledge } from '../../cli/wire/knowledge.ts'
import { millisecondsText } from '../../cli/wire/text.ts'
import { type Address, formatAddress } from '../../client/address.ts'
import type { WireEvent } from '../../client/trace.ts'
import { ApiKey } from '../../protocol/api-keys.ts'
import { CLIENT_LEFT, type Link } from './link.ts'
import { percentile, Statistics, summaryText } from './statistics.ts'

export interface TellerOptions {
  readonly context: Pick<CommandContext, 'stdout' | 'stderr' | 'clock'>
  readonly colours: Colours
  /** 0: two lines of an exchange, without what is routine; 1: why, and bytes; 2: all fields. */
  readonly detail: 0 | 1 | 2
  readonly format: StructuredFormat | undefined
  /** Keys of the requests to tell of; null is all. */
  readonly only: ReadonlySet<number> | null
  /** The client id to tell of; null is all. */
  readonly clientId: string | null
}

/** Kinds of routine that were told once, on all links; above it they are told again. */
const MAX_ROUTINES = 10_000

export class Teller {
  readonly knowledge = new WireKnowledge()
  readonly statistics = new Statistics()
  readonly #options: TellerOptions
  /** What was told once: an empty fetch says nothing new the second time. */
  readonly #routines = new Set<string>()
  /** The reader does not keep up: nothing is told until it does. */
  #isBehind = false
  #untold = 0

  constructor(options: TellerOptions) {
    this.#options = options
  }

  exchange(link: Link, event: WireEvent): void {
    const { detail, format, only, clientId } = this.#options
    const isOurs = clientId === null || event.clientId === clientId
    if (!isOurs || (only !== null && !only.has(event.api.key))) {
      this.knowledge.learn(event)
      return
    }
    this.statistics.count(event)
    const isRepeated = this.#isRepeated(link, event)
    if (detail === 0 && format === undefined && isRepeated) this.knowledge.learn(event)
    else this.#say(() => (format === undefined ? this.#text(link, event) : this.#document(format, link, event)))
  }

  /** Routine is told once for each connection. */
  #isRepeated(link: Link, { api, response, failure }: WireEvent): boolean {
    if (failure === CLIENT_LEFT && api.key === ApiKey.fetch) return true
    if (failure !== null || !isRoutine(api.name, response)) return false
    const key = `${link.id} ${api.name}`
    if (this.#routines.has(key)) return true
    if (this.#routines.size < MAX_ROUTINES) this.#routines.add(key)
    return false
  }

  #text(link: Link, event: WireEvent): string {
    const { detail, colours } = this.#options
    const head = `${this.#time()} ${colours.name(nameOf(link, event.clientId))}`
    if (detail > 0) {
      const { asked } = exchangeText({ ...event, response: null }, this.knowledge, 'words')
      this.knowledge.learn(event)
      const { answer } = exchangeText(event, this.knowledge, detail === 2 ? 'fields' : 'words')
      return `${head} ${asked}${answer}`
    }
    const request = completeRequest(event)
    const asked = `${event.api.name} v${event.version} to ${shortBroker(event, this.knowledge)}: ${askedText(event.api.name, request, this.knowledge)}`
    this.knowledge.learn(event)
    return `${head} ${asked}\n    ${this.#answer(event, request)}\n`
  }

  #answer(event: WireEvent, request: unknown): string {
    const { colours } = this.#options
    const { failure, response, elapsedMs } = event
    if (failure === CLIENT_LEFT) return colours.dim(`no answer: ${failure}`)
    if (failure !== null) return colours.bad(`no answer: ${failure}`)
    if (response === null) return 'no answer is expected (acks=0)'
    const words = answerWords(event, request, this.knowledge).replace(/; no error$/, '')
    const text = errorNames(response).length > 0 ? colours.bad(words) : words
    const unread = event.unread == null ? '' : ` (${event.unread})`
    return `${text}${unread}, ${millisecondsText(elapsedMs)}`
  }

  #document(format: StructuredFormat, link: Link, event: WireEvent): string {
    const { api, version, response, failure, clientId } = event
    const request = completeRequest(event)
    const why = this.knowledge.why({ ...event, request })
    const asked = askedText(api.name, request, this.knowledge)
    this.knowledge.learn(event)
    const fields = this.#options.detail < 2 ? {} : this.#fields(event, request)
    return this.#documentOf(format, 'WireExchange', {
      ...{ connection: link.id, client: link.clientAddress, clientId: clientId ?? null },
      ...{ brokerId: this.knowledge.brokerId(event.address), broker: formatAddress(event.address), why },
      ...{ api: api.name, key: api.key, version, correlationId: event.correlationId },
      ...{ requestBytes: event.requestBytes, responseBytes: event.responseBytes },
      elapsedMs: response === null && failure === null ? null : Math.round(event.elapsedMs * 1000) / 1000,
      ...{ asked, answered: answeredText(api.name, response, this.knowledge, request) },
      ...{ errors: errorNames(response), failure, unread: event.unread ?? null, ...fields },
    })
  }

  #fields({ api, version, response }: WireEvent, request: unknown): Record<string, Structure> {
    return {
      request: fieldValues(api.request, version, request),
      response: fieldValues(api.response, version, response),
    }
  }

  #documentOf(format: StructuredFormat, kind: string, fields: Record<string, Structure>): string {
    const all = { timestamp: this.#options.context.clock.now(), ...fields }
    if (format === 'yaml') return `---\n${formatDocument('yaml', kind, all)}`
    return `${JSON.stringify({ apiVersion: FORMAT_VERSION, kind, ...all }, exact)}\n`
  }

  /** What a person should know, whatever is told otherwise. */
  note(link: Link | null, text: string): void {
    const { format, colours } = this.#options
    const who = link === null ? null : nameOf(link, link.clientId)
    this.#say(() =>
      format === undefined
        ? `${this.#time()} ${who === null ? '' : `${colours.name(who)} `}${colours.warning(`! ${text}`)}\n`
        : this.#documentOf(format, 'WireNote', { connection: link?.id ?? null, client: who, text }),
    )
  }

  opened(link: Link): void {
    this.statistics.connections++
    if (this.#options.detail > 0 && this.#options.format === undefined) {
      this.#say(() => `${this.#time()} connection #${link.id} from ${link.clientAddress}\n`)
    }
  }

  closed(link: Link): void {
    for (const name of ['Fetch', 'Heartbeat', 'ConsumerGroupHeartbeat']) this.#routines.delete(`${link.id} ${name}`)
    if (this.#options.detail > 0 && this.#options.format === undefined) {
      this.#say(
        () => `${this.#time()} connection #${link.id} ends: ${link.bytesUp} bytes sent, ${link.bytesDown} received\n`,
      )
    }
  }

  listens(at: Address, broker: Address, nodeId: number): void {
    this.knowledge.learnBroker(broker, nodeId)
    const name = nodeId < 0 ? formatAddress(broker) : `broker ${nodeId} (${formatAddress(broker)})`
    this.#options.context.stderr.write(`  ${name} at ${formatAddress(at)}\n`)
  }

  #time(): string {
    return this.#options.colours.dim(new Date(this.#options.context.clock.now()).toISOString().slice(11, 23))
  }

  /** A slow reader holds nobody up and fills no memory: what it does not take is counted. */
  #say(text: () => string): void {
    if (this.#isBehind) {
      this.#untold++
      return
    }
    const { stdout } = this.#options.context
    let line: string
    // What cannot be told must not end the connection that it is told of.
    try {
      line = text()
    } catch (error) {
      line = `! kt cannot tell what this was: ${(error as Error).message}\n`
    }
    if (stdout.write(line)) return
    this.#isBehind = true
    void stdout.drain().then(() => {
      this.#isBehind = false
    })
  }

  /** The end of it: what was counted. */
  end(): void {
    const { format, context } = this.#options
    if (this.#untold > 0)
      context.stderr.write(`kt: ${this.#untold} lines were not told, the output was too slow for them\n`)
    if (format === undefined) context.stdout.write(`\n${summaryText(this.statistics)}`)
    else context.stdout.write(this.#documentOf(format, 'WireSummary', this.#summary()))
  }

  #summary(): Record<string, Structure> {
    const { apis, clients, connections } = this.statistics
    const requests = apis.map(({ api, count, failed, samples, bytesUp, bytesDown, errors }) => ({
      ...{ api, count, failed, requestBytes: bytesUp, responseBytes: bytesDown },
      p50Ms: percentile(samples, 0.5),
      p99Ms: percentile(samples, 0.99),
      errors: Object.fromEntries(errors),
    }))
    return { connections, clientIds: clients, untold: this.#untold, requests }
  }
}

/** `rdkafka#3`: the client as it calls itself, and its connection. */
function nameOf(link: Link, clientId: string | null | undefined): string {
  // Another's text must not steer the terminal.
  const name = (clientId ?? '').replace(/[^\x20-\x7e]/g, '?').slice(0, 80)
  return `${name === '' ? 'client' : name}#${link.id}`
}

/** JSON has no digits for what is beyond 2^53. */
function exact(_name: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value
  return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()
}
