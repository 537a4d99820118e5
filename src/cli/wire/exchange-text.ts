/** One request and its answer in words, for `--explain` and `kt trace`. */
import { formatAddress } from '../../client/address.ts'
import type { WireEvent } from '../../client/trace.ts'
import { defaultOf } from '../../protocol/layout.ts'
import { type Fields, includesVersion } from '../../protocol/schema.ts'
import { answeredText } from './answered.ts'
import { askedText } from './asked.ts'
import { errorsText } from './errors.ts'
import { fieldLines } from './fields.ts'
import type { WireKnowledge } from './knowledge.ts'
import { PURPOSES } from './purposes.ts'
import { bytesText, isMessage, type Message, millisecondsText } from './text.ts'

/** `words`: what was asked and answered; `fields`: both messages with all their fields as well. */
export type Detail = 'words' | 'fields'

export interface ExchangeText {
  /** Lines up to what was asked, and the answer's; each ends with a newline. */
  readonly asked: string
  readonly answer: string
}

/** What our own client leaves out of a request takes its default, as on the wire. */
export function completeRequest({ api, version, request }: Pick<WireEvent, 'api' | 'version' | 'request'>): unknown {
  if (!isMessage(request)) return request
  return completed(api.request.fields, version, request)
}

function completed(fields: Fields, version: number, value: Message): Message {
  const present = Object.entries(fields).filter(([, field]) => includesVersion(field.versions, version))
  const all = present.map(([name, field]) => [name, value[name] === undefined ? defaultOf(field) : value[name]])
  return { ...value, ...Object.fromEntries(all) }
}

/** Both halves: what was asked of whom and why of this one, and what came back. */
export function exchangeText(event: WireEvent, knowledge: WireKnowledge, detail: Detail): ExchangeText {
  const { address, api, version, correlationId, requestBytes } = event
  const request = completeRequest(event)
  const why = knowledge.why({ ...event, request })
  const purpose = Object.hasOwn(PURPOSES, api.name) ? `: ${PURPOSES[api.name]}` : ''
  const asked = [
    `${api.name} v${version} to ${knowledge.brokerName(address)}${why === null ? '' : `, ${why}`}${purpose}`,
    `    asked  #${correlationId}, ${bytesText(requestBytes)}: ${askedText(api.name, request, knowledge)}`,
  ]
  const answer = [`    ${answerLine(event, request, knowledge)}`]
  if (event.unread != null) answer.push(`    kt could not read all of it: ${event.unread}`)
  if (detail === 'fields') answer.push(...messageLines(event, request, knowledge))
  return { asked: `${asked.join('\n')}\n`, answer: `${answer.join('\n')}\n` }
}

function messageLines({ api, version, response }: WireEvent, request: unknown, knowledge: WireKnowledge): string[] {
  const side = (title: string, value: unknown): string[] => {
    const schema = title === 'request' ? api.request : api.response
    const lines = fieldLines(schema, version, value, knowledge, '      ')
    return [`    ${title}, version ${version}${lines.length === 0 ? ': no fields' : ''}`, ...lines]
  }
  return [...side('request', request), ...(response === null ? [] : side('response', response))]
}

function answerLine(event: WireEvent, request: unknown, knowledge: WireKnowledge): string {
  const { response, responseBytes, elapsedMs, failure } = event
  if (failure !== null) return `no answer: ${failure}`
  if (response === null) return 'no answer is expected (acks=0)'
  return `answer after ${millisecondsText(elapsedMs)}, ${bytesText(responseBytes)}: ${answerWords(event, request, knowledge)}`
}

/** What the answer said, with its errors; `no error` where there is nothing else. */
export function answerWords({ api, response }: WireEvent, request: unknown, knowledge: WireKnowledge): string {
  const said = answeredText(api.name, response, knowledge, request)
  const throttleMs = isMessage(response) ? Number(response.throttleTimeMs ?? 0) : 0
  const throttled = throttleMs > 0 ? `; throttled for ${millisecondsText(throttleMs)} (a quota)` : ''
  return `${said === '' ? '' : `${said}; `}${errorsText(response, knowledge)}${throttled}`
}

/** The broker's id where it is known, else its address. */
export function shortBroker(event: Pick<WireEvent, 'address'>, knowledge: WireKnowledge): string {
  const id = knowledge.brokerId(event.address)
  return id === null ? formatAddress(event.address) : `broker ${id}`
}
