/**
 * `--explain` and `KT_TRACE`: which request went to which broker at what version, what it asks, and what the answer meant;
 * on stderr. `KT_TRACE=full` adds request and answer as JSON. Bytes are counted, never shown: keys and passwords are among them.
 */
import { machineMs } from '../base/timeline.ts'
import { formatAddress } from '../client/address.ts'
import { type WireEvent, watchWire, wireWatcher } from '../client/trace.ts'
import { ErrorCode, errorInfo, errorName } from '../protocol/error-codes.ts'
import { InnerTimeline, type InnerTimelineOptions } from './inner-timeline.ts'

/** What a request is for, in a few words, by the name of its API. */
const PURPOSES: Readonly<Record<string, string>> = {
  ApiVersions: 'which requests the broker understands, at which versions',
  SaslHandshake: 'whether the broker offers this way to log in',
  SaslAuthenticate: 'one step of logging in',
  Metadata: 'which brokers there are, and who leads which partition',
  Produce: 'store these batches, at the leader of their partitions',
  Fetch: 'what stands behind these offsets',
  ListOffsets: 'the offset of a point in time, or of beginning and end',
  FindCoordinator: 'which broker keeps the state of these groups or transactions',
  OffsetFetch: 'what a group has committed',
  OffsetCommit: 'remember how far a group has read',
  OffsetDelete: 'forget what a group has committed',
  JoinGroup: 'take me into the group',
  SyncGroup: 'which partitions are mine',
  Heartbeat: 'I am still here',
  LeaveGroup: 'I am leaving the group',
  ListGroups: 'which groups this broker coordinates',
  DescribeGroups: 'state and members of groups',
  ConsumerGroupDescribe: 'state and members of groups of the new protocol (KIP-848)',
  CreateTopics: 'create topics; the controller does it',
  DeleteTopics: 'delete topics; the controller does it',
  CreatePartitions: 'add partitions; the controller does it',
  DeleteRecords: 'forget records before these offsets',
  DescribeTopicPartitions: 'partitions of topics, page by page',
  DescribeCluster: 'brokers and controller',
  DescribeConfigs: 'settings and where they come from',
  IncrementalAlterConfigs: 'change settings; the controller does it',
  DescribeLogDirs: 'what is on the disks of this broker',
  AlterPartitionReassignments: 'move partitions to other brokers',
  ListPartitionReassignments: 'which partitions are on the move',
  ElectLeaders: 'choose leaders anew',
  DescribeQuorum: 'the quorum of controllers',
  UpdateFeatures: 'raise or lower feature levels',
  InitProducerId: 'an id by which the broker knows this producer (duplicates are recognised)',
}

const MAX_NAMES = 5
const MAX_ERRORS = 5

/**
 * Watches the wire from now on; `level` is what KT_TRACE says. Nothing is shown for `0` and the empty text. The nodes of a
 * cluster of this machine tell what they do inside as well. What it returns is to be awaited when the command has ended.
 */
export function logWire(level: string, options: InnerTimelineOptions): () => Promise<void> {
  const outer = wireWatcher()
  watchWire(null)
  if (level === '' || level === '0' || level === 'false') return async () => undefined
  const brokers = new Map<string, number>()
  const inner = new InnerTimeline(options)
  watchWire((event) => {
    learnBrokers(event, brokers)
    const endMs = machineMs()
    const startMs = endMs - event.elapsedMs
    const { asked, answer } = wireTexts(event, brokers, level === 'full')
    inner.exchange({ startMs, endMs, asked, answer, names: [...namesIn(event.request), ...namesIn(event.response)] })
  })
  return async () => {
    // Inside another command, as in the tour, its watching goes on.
    watchWire(outer)
    await inner.finish()
  }
}

const NAMING =
  /^(name|topic|topicName|topics|topicNames|groupId|groupIds|group|groupNames|groupsNames|key|coordinatorKeys|resourceName)$/

/** Topics and groups that a message speaks of. */
export function namesIn(message: unknown, isName = false): string[] {
  if (typeof message === 'string') return isName ? [message] : []
  if (typeof message !== 'object' || message === null || ArrayBuffer.isView(message)) return []
  if (Array.isArray(message)) return message.flatMap((each) => namesIn(each, isName))
  return Object.entries(message).flatMap(([name, value]) => namesIn(value, NAMING.test(name)))
}

/** Broker ids by address, as answers tell them. */
function learnBrokers({ response }: WireEvent, known: Map<string, number>): void {
  const { brokers } = (response ?? {}) as { brokers?: unknown }
  if (!Array.isArray(brokers)) return
  for (const each of brokers as { nodeId?: number; brokerId?: number; host: string; port: number }[]) {
    const id = each.nodeId ?? each.brokerId
    if (id !== undefined && typeof each.host === 'string') known.set(formatAddress(each), id)
  }
}

/** A request and its answer in three lines; `brokers` names those that are known. */
export function wireText(event: WireEvent, brokers: ReadonlyMap<string, number>, full: boolean): string {
  const { asked, answer } = wireTexts(event, brokers, full)
  return `${asked}${answer}`
}

interface WireTexts {
  readonly asked: string
  readonly answer: string
}

/** Both halves: what was asked of whom, and what came back. */
function wireTexts(event: WireEvent, brokers: ReadonlyMap<string, number>, full: boolean): WireTexts {
  const { address, api, version, correlationId, request, requestBytes, response } = event
  const where = formatAddress(address)
  const id = brokers.get(where)
  const broker = id === undefined ? where : `broker ${id} (${where})`
  const purpose = Object.hasOwn(PURPOSES, api.name) ? `: ${PURPOSES[api.name]}` : ''
  const asked = [
    `${api.name} v${version} to ${broker}${purpose}`,
    `    asked  #${correlationId}, ${requestBytes} bytes: ${fieldsText(request) || 'nothing in particular'}`,
  ]
  const answer = [`    ${answerText(event)}`]
  if (full) {
    answer.push(`    request  ${fullText(request)}`)
    if (response !== null) answer.push(`    response ${fullText(response)}`)
  }
  return { asked: `${asked.join('\n')}\n`, answer: `${answer.join('\n')}\n` }
}

function answerText({ response, responseBytes, elapsedMs, failure }: WireEvent): string {
  if (failure !== null) return `no answer: ${failure}`
  if (response === null) return 'no answer is expected (acks=0)'
  const errors = errorsOf(response)
  const shown = errors.slice(0, MAX_ERRORS).join('; ')
  const more = errors.length > MAX_ERRORS ? ` and ${errors.length - MAX_ERRORS} more` : ''
  const meaning = errors.length === 0 ? 'no error' : `${shown}${more}`
  const fields = fieldsText(response)
  const time = `${Math.round(elapsedMs * 10) / 10} ms`
  return `answer after ${time}, ${responseBytes} bytes: ${fields === '' ? '' : `${fields}; `}${meaning}`
}

/** Every error code that is none of NONE, with where it stands and what it means. */
export function errorsOf(answer: unknown, path = ''): string[] {
  if (Array.isArray(answer)) return answer.flatMap((each, at) => errorsOf(each, `${path}[${nameOf(each) ?? at}]`))
  if (typeof answer !== 'object' || answer === null || ArrayBuffer.isView(answer)) return []
  return Object.entries(answer).flatMap(([name, value]) => {
    const here = path === '' ? name : `${path}.${name}`
    // `partitionErrorCode` and `acknowledgeErrorCode` as well.
    if (!/errorCode$/i.test(name)) return errorsOf(value, here)
    if (value === ErrorCode.NONE || typeof value !== 'number') return []
    const said = (answer as Record<string, unknown>)[name.replace(/Code$/, 'Message')]
    const meaning = typeof said === 'string' && said !== '' ? said : errorInfo(value).message
    const where = name === 'errorCode' ? path : here
    return [`${where === '' ? '' : `${where} `}error ${value} ${errorName(value)}: ${meaning}`]
  })
}

function nameOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null) return undefined
  const { name, topic, groupId, partitionIndex, partition } = item as Record<string, unknown>
  const found = [name, topic, groupId, partitionIndex, partition].find((each) => each !== undefined && each !== '')
  return found === undefined || found === null ? undefined : String(found)
}

/** What is at the top of a message: lists by their names or counts, and everything that says something. */
function fieldsText(message: unknown): string {
  if (typeof message !== 'object' || message === null) return ''
  return Object.entries(message)
    .flatMap(([name, value]) => {
      const text = name === 'errorCode' || name === 'errorMessage' ? null : valueText(name, value)
      return text === null ? [] : [text]
    })
    .join(', ')
}

/** null for what says nothing: empty, zero, the default of many fields. */
function valueText(name: string, value: unknown): string | null {
  if (value === null || value === undefined || value === '' || value === 0 || value === 0n) return null
  if (value === -1 || value === -1n || value === false) return null
  if (ArrayBuffer.isView(value)) return `${name} ${value.byteLength} bytes`
  if (Array.isArray(value)) return value.length === 0 ? null : listText(name, value)
  if (typeof value === 'object') return null
  return `${name}=${String(value)}`
}

function listText(name: string, items: readonly unknown[]): string {
  const names = items.map((each) => (typeof each === 'object' ? nameOf(each) : String(each)))
  if (items.length > MAX_NAMES || names.some((each) => each === undefined)) return `${items.length} ${name}`
  return `${name} ${names.join(' ')}`
}

const SECRET = /password|secret|jaas|credential|token|private|\.key$/i

/** JSON with exact digits as text, bytes as their number, and secrets as nothing. */
function fullText(message: unknown): string {
  return JSON.stringify(message, function (this: unknown, name, value: unknown) {
    // Buffers have turned themselves into objects by the time they come here.
    const own = (this as Record<string, unknown>)[name]
    if (ArrayBuffer.isView(own)) return `<${own.byteLength} bytes>`
    if (typeof value === 'bigint') return value.toString()
    const { name: ofSetting } = this as { name?: unknown }
    if (name === 'value' && typeof ofSetting === 'string' && SECRET.test(ofSetting)) return '<hidden>'
    return value
  })
}
