/** Errors in answers: every code that is none of NONE, with where it stands and what it means. */
import { ErrorCode, errorInfo, errorName } from '../../protocol/error-codes.ts'
import { nameOf } from './generic.ts'
import type { WireKnowledge } from './knowledge.ts'

const MAX_ERRORS = 5

export function errorsOf(answer: unknown, path = '', names: Pick<WireKnowledge, 'topicName'> | null = null): string[] {
  if (Array.isArray(answer)) {
    return answer.flatMap((each, at) => errorsOf(each, `${path}[${nameOf(each, names) ?? at}]`, names))
  }
  if (typeof answer !== 'object' || answer === null || ArrayBuffer.isView(answer)) return []
  return Object.entries(answer).flatMap(([name, value]) => {
    const here = path === '' ? name : `${path}.${name}`
    // `partitionErrorCode` and `acknowledgeErrorCode` as well.
    if (!/errorCode$/i.test(name)) return errorsOf(value, here, names)
    if (value === ErrorCode.NONE || typeof value !== 'number') return []
    const said = (answer as Record<string, unknown>)[name.replace(/Code$/, 'Message')]
    const meaning = typeof said === 'string' && said !== '' ? said : errorInfo(value).message
    const where = name === 'errorCode' ? path : here
    return [`${where === '' ? '' : `${where} `}error ${value} ${errorName(value)}: ${meaning}`]
  })
}

/** The names of the errors of an answer, each once: for lines and for counting. */
export function errorNames(answer: unknown): string[] {
  const codes = errorsOf(answer).map((text) => /error -?\d+ (\w+)/.exec(text)?.[1] ?? 'UNKNOWN')
  return [...new Set(codes)]
}

/** `no error`, or the first ones and how many more. */
export function errorsText(answer: unknown, names: Pick<WireKnowledge, 'topicName'> | null): string {
  const errors = errorsOf(answer, '', names)
  if (errors.length === 0) return 'no error'
  const more = errors.length > MAX_ERRORS ? ` and ${errors.length - MAX_ERRORS} more` : ''
  return `${errors.slice(0, MAX_ERRORS).join('; ')}${more}`
}
