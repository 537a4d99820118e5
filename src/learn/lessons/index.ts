/** The course: how each lesson is found without loading the others. */
import type { Lesson } from '../lesson.ts'

export interface LessonEntry {
  readonly number: number
  readonly title: string
  load(): Promise<Lesson>
}

type Row = readonly [number: number, title: string, load: () => Promise<{ lesson: Lesson }>]

const ROWS: readonly Row[] = [
  [0, 'A cluster in one command', () => import('./00-cluster/index.ts')],
  [1, 'A topic is partitions, and a partition is a directory', () => import('./01-topic/index.ts')],
  [15, 'Kill the leader', () => import('./15-kill-the-leader/index.ts')],
]

/** In the order of the course. */
export const COURSE: readonly LessonEntry[] = ROWS.map(([number, title, load]) => ({
  number,
  title,
  load: async () => (await load()).lesson,
}))
