/** Names that lessons use: each lesson has its own, and touches no others. */

/** What a lesson's topics and groups are called. */
export interface LessonNames {
  readonly number: number
  readonly prefix: string
  /** `name('orders')` is `kt-15-orders`. */
  name(word: string): string
}

/** The names of lesson `number`: only these are ever made, changed or deleted. */
export function names(number: number): LessonNames {
  const prefix = `kt-${String(number).padStart(2, '0')}-`
  return { number, prefix, name: (word) => `${prefix}${word}` }
}

/** The lesson whose name it is; null for a name that is nobody's. */
export function lessonOf(name: string): number | null {
  const found = /^kt-(\d{2,3})-/.exec(name)
  return found === null ? null : Number(found[1])
}
