import type { LessonEntry } from '../../src/learn/lessons/index.ts'

/** Lessons by the controllers that they need: a bundled cluster is made with as many as it will ever have. */
export async function byControllers(entries: readonly LessonEntry[]): Promise<Map<number, LessonEntry[]>> {
  const found = new Map<number, LessonEntry[]>()
  for (const entry of entries) {
    const { needs = [] } = await entry.load()
    const need = needs.find((each) => each.kind === 'controllers')
    const controllers = need?.atLeast ?? 1
    found.set(controllers, [...(found.get(controllers) ?? []), entry])
  }
  return found
}
