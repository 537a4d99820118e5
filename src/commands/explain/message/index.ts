/** Messages of Kafka's that are pasted: the errors of the first weeks, with what the cluster shows of them. */
import { systemClock } from '../../../base/clock.ts'
import { answer, stepText } from '../../beginner-errors/explain.ts'
import { Look } from '../../beginner-errors/look.ts'
import { recognise } from '../../beginner-errors/recognise.ts'
import type { Meaning, Question, Scope, Section } from '../meaning.ts'

const MAX_TERM = 160

/** The message that the text holds; empty where it is none that is known. */
export async function meanings(subject: string, { scope, live, connect, env = {} }: Question): Promise<Meaning[]> {
  const found = recognise({ text: subject, args: wordsOf(scope) })
  if (found === null) return []
  const look = new Look({ live, env, now: () => systemClock.now() })
  const { why, facts, next } = await answer(found, look, systemClock)
  const sections: Section[] = [
    ...(facts.length > 0 ? [{ title: 'Seen here', texts: facts }] : []),
    { title: 'Next', lines: next.map((step) => stepText(step, connect)) },
  ]
  const { id, title } = found.row
  const details = { id, facts, next: next.map(({ run = null, does = null }) => ({ run, does })) }
  return [{ term: termOf(subject), kind: 'message', of: null, title, meaning: why, sections, details }]
}

function wordsOf({ topic, group }: Scope): readonly string[] {
  return [...(topic === undefined ? [] : ['--topic', topic]), ...(group === undefined ? [] : ['--group', group])]
}

function termOf(text: string): string {
  const line = text.trim().split('\n')[0]!
  return line.length > MAX_TERM ? `${line.slice(0, MAX_TERM)}...` : line
}
