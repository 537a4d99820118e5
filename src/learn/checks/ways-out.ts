/**
 * States from which a goal is never reached by going on, and what leads out of them. Who made a topic is in the journal:
 * what the learner made may be made anew, what the lesson made comes back with `reset` alone.
 */
import type { Event } from '../journal.ts'
import type { Lesson, Look } from '../lesson.ts'
import { lessonOf } from '../names.ts'
import type { WayOut } from '../verdict.ts'

/** What happened to the topic itself, oldest first. */
function changesOf(topic: string, events: readonly Event[]): ('made' | 'gone')[] {
  return events.flatMap((event) =>
    event.kind === 'partition' && event.partition === `${topic}-0` ? [event.change] : [],
  )
}

/** The learner has made it: it was not there when the lesson began. */
export function isLearners(topic: string, events: readonly Event[]): boolean {
  return changesOf(topic, events)[0] === 'made'
}

/** `kt learn reset 1` for what has a name of lesson 1. */
export function resetLine(name: string): string {
  return `kt learn reset ${lessonOf(name) ?? 'N'}`
}

/** The topic has to be another one: deleted by the learner who made it, or made by the lesson once more. */
export function madeAnew(topic: string, why: string, events: readonly Event[]): WayOut {
  return isLearners(topic, events)
    ? { why: `${why}: delete it and make it anew`, next: `kt topics --delete --topic ${topic}` }
    : begunAnew(topic, why)
}

/** The lesson has to be begun anew; `name` is any one of its names. */
export function begunAnew(name: string, why: string): WayOut {
  return { why: `${why}: begin the lesson anew`, next: resetLine(name) }
}

/** What keeps a whole lesson from being done: a cluster or a topic that is not any more what it began with. */
export async function wayOutOf(lesson: Lesson, look: Look): Promise<WayOut | null> {
  if (lesson.withoutCluster === true) return null
  return lostTopic(lesson, look) ?? (await tooFewBrokers(lesson, look)) ?? deadBroker(lesson, look)
}

/** A topic of the set-up that was deleted: what the lesson had put in is gone, also when somebody made it again. */
function lostTopic({ number, watch }: Lesson, { journal }: Look): WayOut | null {
  const lost = (watch?.topics ?? []).find((topic) => changesOf(topic, journal.events)[0] === 'gone')
  if (lost === undefined) return null
  const again = changesOf(lost, journal.events).at(-1) === 'made' ? ' and made anew' : ''
  const why = `${lost} was deleted${again}, and with it what the lesson had put in: begin the lesson anew`
  return { why, next: `kt learn reset ${number}` }
}

async function tooFewBrokers({ needs = [] }: Lesson, { facts }: Look): Promise<WayOut | null> {
  const nodes = facts.nodes()
  // Elsewhere a broker that is missing may only be restarted: it comes back without us.
  if (nodes === null) return null
  const { length } = nodes.filter(({ isBroker }) => isBroker)
  const need = needs.find((each) => each.kind === 'brokers' && each.atLeast > length)
  if (need?.kind !== 'brokers') return null
  return {
    why: `the lesson needs ${need.atLeast} brokers, and the cluster has ${length} by now`,
    next: 'kt cluster add',
  }
}

/** In a lesson that kills nobody a dead broker is an accident. */
function deadBroker({ where }: Lesson, { facts }: Look): WayOut | null {
  if (where === 'local') return null
  const nodes = facts.nodes() ?? []
  const roleOf = (isBroker: boolean): string => (isBroker ? 'broker' : 'controller')
  const dead = nodes.find(({ state }) => state === 'stopped')
  if (dead !== undefined) {
    return { why: `${roleOf(dead.isBroker)} ${dead.nodeId} does not run`, next: 'kt cluster start' }
  }
  const paused = nodes.find(({ state }) => state === 'paused')
  if (paused === undefined) return null
  return { why: `${roleOf(paused.isBroker)} ${paused.nodeId} is paused`, next: `kt cluster resume ${paused.nodeId}` }
}
