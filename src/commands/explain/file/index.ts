/** Files and directories of a data directory. */
import type { Meaning } from '../meaning.ts'
import { FILES } from './files.ts'

export async function meanings(subject: string): Promise<Meaning[]> {
  const name = subject.replace(/^.*\//, '')
  const found = FILES.find(([pattern]) => pattern.test(name))
  if (found === undefined) return []
  return [{ term: subject, kind: 'file', of: null, title: 'file', meaning: found[1], sections: [], details: {} }]
}
