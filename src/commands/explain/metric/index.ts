/** Metrics by the names that JMX and clients have for them. */
import { nearest } from '../../../cli/nearest.ts'
import type { Meaning } from '../meaning.ts'
import { METRICS } from './metrics.ts'

export async function meanings(subject: string): Promise<Meaning[]> {
  const meaning = Object.hasOwn(METRICS, subject) ? METRICS[subject] : undefined
  if (meaning === undefined) return []
  return [{ term: subject, kind: 'metric', of: null, title: 'metric', meaning, sections: [], details: {} }]
}

export async function near(subject: string): Promise<string[]> {
  return /^[\w-]+([._-][\w-]+)+$/.test(subject) ? nearest(subject, Object.keys(METRICS)) : []
}
