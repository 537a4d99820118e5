/** The picture of a lesson's cluster, from the facts that its goals have asked for already and a few more. */
import { names } from '../../learn/names.ts'
import { type Picture, takePicture } from '../../learn/picture/picture.ts'
import type { Questions } from '../describe/questions.ts'
import type { Seeing, Sitting } from './sitting.ts'

/** What nobody answers in time is left out; nothing is thrown. */
export function lessonPicture({ lesson }: Sitting, { look }: Seeing, questions: Questions): Promise<Picture> {
  const { topics = [], groups = [] } = lesson.watch ?? {}
  const subject = { topics, groups, prefix: names(lesson.number).prefix }
  return takePicture(look.facts, subject, (key, question) => questions.ask(key, question).catch(() => null))
}
