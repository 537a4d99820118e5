/** What lessons make of a cluster that was put back to a snapshot: nothing is claimed that it no longer shows. */
import { progressOf, restored } from './progress.ts'
import type { LearnStore } from './store.ts'

export interface Restore {
  /** Of the cluster that was put back. */
  readonly clusterId: string
  readonly snapshot: string
  /** When the snapshot was taken, in ms since 1970. */
  readonly takenAt: number
  /** When it was put back. */
  readonly at: number
}

/** Numbers of lessons. */
export interface RestoredLessons {
  /** Begun after the snapshot, so that the cluster has nothing of them: they are set up anew when they are opened. */
  readonly begunAnew: readonly number[]
  /** Begun before: they stand where they stood. */
  readonly putBack: readonly number[]
}

/**
 * Puts the journals of this cluster's lessons back as well. What was learned stays learned: a lesson that was passed is
 * passed, and answers and hints are the learner's own.
 */
export function putBack(store: LearnStore, { clusterId, snapshot, takenAt, at }: Restore): RestoredLessons {
  const places = store.readPlaces()
  const found = Object.keys(places.setUpOn).filter((number) => places.setUpOn[number] === clusterId)
  if (found.length === 0) return { begunAnew: [], putBack: [] }
  const numbers = found.map(Number).sort((a, b) => a - b)
  const progress = store.readProgress()
  const isBefore = (lesson: number): boolean => (progressOf(progress, lesson)?.startedAt ?? at) <= takenAt
  // Told first: a terminal that shows a lesson opens it anew, and writes nothing of what it saw.
  store.writeProgress(numbers.reduce((all, lesson) => restored(all, lesson, at), progress))
  const setUpOn = Object.entries(places.setUpOn).filter(([lesson, id]) => id !== clusterId || isBefore(Number(lesson)))
  store.writePlaces({ ...places, setUpOn: Object.fromEntries(setUpOn) })
  for (const lesson of numbers.filter(isBefore)) {
    const journal = store.readJournal(lesson)
    journal.restored(snapshot, takenAt, at)
    store.writeJournal(lesson, journal)
  }
  return { begunAnew: numbers.filter((lesson) => !isBefore(lesson)), putBack: numbers.filter(isBefore) }
}
