/** A lesson's page and its end as text, for the plain commands and for the full screen. */
import { FIRST_INCIDENT } from '../../learn/lessons/index.ts'
import type { Desk } from './desk.ts'
import { afterText, lessonText, type Page } from './render.ts'
import type { Seeing, Sitting } from './sitting.ts'

/** Incidents are not counted. What a learner reads before typing anything; `hasPrompt` where it can be typed below the text. */
export function openText({ lesson, progress }: Sitting, desk: Desk, page: Page, hasPrompt = false): string {
  const last = Math.max(...desk.course.map(({ number }) => number).filter((number) => number < FIRST_INCIDENT))
  return lessonText({ lesson, progress, last, flags: desk.place.flags, hasPrompt }, page)
}

/** What happened and why, and how it goes on. */
export function passedText({ lesson }: Sitting, { after }: Seeing, desk: Desk, page: Page): string {
  return afterText(lesson, after ?? '', desk.after(lesson.number), page)
}
