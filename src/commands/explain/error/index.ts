/** Errors of the protocol: by name, by number, or by the name of Java's exception. */
import { ErrorCode, type ErrorName, errorInfo } from '../../../protocol/error-codes.ts'
import type { Meaning } from '../meaning.ts'

export async function meanings(subject: string): Promise<Meaning[]> {
  const simple = subject.replace(/^.*\./, '')
  const isIt = (name: ErrorName): boolean =>
    name === subject ||
    String(ErrorCode[name]) === subject ||
    (/Exception$/.test(simple) && errorInfo(ErrorCode[name]).exception?.replace(/^.*\./, '') === simple)
  return (Object.keys(ErrorCode) as ErrorName[]).filter(isIt).map((name) => ({
    ...{ term: subject, kind: 'error' as const, of: null, title: 'error', sections: [], details: {} },
    meaning: `${name}, code ${ErrorCode[name]}: ${errorInfo(ErrorCode[name]).message} More: kt error ${name}.`,
  }))
}
