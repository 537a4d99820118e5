/** Errors of the protocol: by name, by number, or by the name of Java's exception. */
import { nearest } from '../../../cli/nearest.ts'
import { ErrorCode, type ErrorName, errorInfo } from '../../../protocol/error-codes.ts'
import { errorAdvice } from '../../error-advice.ts'
import type { Meaning } from '../meaning.ts'

const NAMES = Object.keys(ErrorCode) as ErrorName[]
const simpleName = (exception: string): string => exception.replace(/^.*[.$]/, '')

export async function meanings(subject: string): Promise<Meaning[]> {
  const simple = simpleName(subject)
  const isIt = (name: ErrorName): boolean =>
    name === subject.toUpperCase() ||
    String(ErrorCode[name]) === subject ||
    (/^[A-Z]/.test(simple) && simpleName(errorInfo(ErrorCode[name]).exception ?? '') === simple)
  return NAMES.filter(isIt).map((name) => meaningOf(subject, name))
}

function meaningOf(term: string, name: ErrorName): Meaning {
  const { code, retriable, exception, message } = errorInfo(ErrorCode[name])
  const { sender, advice } = errorAdvice().get(name)!
  const rows: [string, string][] = [
    ['error', `${name}, code ${code}`],
    ...(exception === null ? [] : [['Java', `org.apache.kafka.common.errors.${exception}`] as [string, string]]),
    ...(code === 0
      ? []
      : ([
          ['sent by', sender],
          [
            'again?',
            retriable
              ? 'yes: the same request may succeed later, and clients repeat it'
              : 'no: asking again does not help',
          ],
        ] as [string, string][])),
  ]
  return {
    ...{ term, kind: 'error', of: null, title: 'error', meaning: message },
    sections: [
      { title: '', rows },
      { title: 'What is behind it', texts: [advice] },
    ],
    details: { name, code, retriable, exception, sender, advice },
  }
}

export async function near(subject: string): Promise<string[]> {
  if (/^[A-Z]+(_[A-Z]+)+$/.test(subject)) return nearest(subject, NAMES)
  if (!/(Exception|Error)$/.test(subject)) return []
  const classes = NAMES.flatMap((name) => errorInfo(ErrorCode[name]).exception ?? [])
  return nearest(simpleName(subject), classes)
}
