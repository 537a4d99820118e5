/** Any message by what is at its top: lists by their names or counts, and every field that says something. */
import { elementCount } from '../../protocol/stream-decoder.ts'
import type { WireKnowledge } from './knowledge.ts'
import { isMessage, listed } from './text.ts'

const MAX_NAMES = 5
const MAX_TEXT = 120
/** Fields that mean the same in every message, and are told apart. */
const TOLD_ELSEWHERE = new Set(['errorCode', 'errorMessage', 'throttleTimeMs'])

export function genericText(message: unknown, knowledge: Pick<WireKnowledge, 'topicName'> | null = null): string {
  if (!isMessage(message)) return ''
  return Object.entries(message)
    .flatMap(([name, value]) => {
      const text = TOLD_ELSEWHERE.has(name) ? null : valueText(name, value, knowledge)
      return text === null ? [] : [text]
    })
    .join(', ')
}

type Names = Pick<WireKnowledge, 'topicName'> | null

/** null for what says nothing: empty, zero, the default of many fields. */
function valueText(name: string, value: unknown, names: Names): string | null {
  if (value === null || value === undefined || value === '' || value === 0 || value === 0n) return null
  if (value === -1 || value === -1n || value === false || value === -2147483648) return null
  if (ArrayBuffer.isView(value)) return value.byteLength === 0 ? null : `${name} ${value.byteLength} bytes`
  if (Array.isArray(value)) return value.length === 0 ? null : listText(name, value, names)
  if (typeof value === 'object') return null
  const text = String(value)
  return `${name}=${text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}...` : text}`
}

function listText(name: string, items: readonly unknown[], names: Names): string {
  const shown = items.slice(0, MAX_NAMES).map((each) => (typeof each === 'object' ? nameOf(each, names) : String(each)))
  const total = elementCount(items)
  if (shown.some((each) => each === undefined)) return `${total} ${name}`
  const more = total > MAX_NAMES ? ` and ${total - MAX_NAMES} more` : ''
  return `${name} ${listed(shown as string[])}${more}`
}

const NAMING = [
  'name',
  'topic',
  'topicName',
  'groupId',
  'transactionalId',
  'key',
  'partitionIndex',
  'partition',
  'nodeId',
  'brokerId',
] as const

/** By what a structure of a list is known. */
export function nameOf(item: unknown, names: Names = null): string | undefined {
  if (!isMessage(item)) return undefined
  const found = NAMING.map((name) => item[name]).find((each) => each !== undefined && each !== '' && each !== null)
  if (found !== undefined) return String(found)
  return typeof item.topicId === 'string' && names !== null ? names.topicName(item.topicId) : undefined
}
