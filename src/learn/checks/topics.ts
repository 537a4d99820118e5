/** Predicates over topics and their partitions, as they are at the moment of the look. */
import type { PartitionDescription, TopicDescription } from '../../client/admin-types.ts'
import type { Check, Look } from '../lesson.ts'
import { seen, type Verdict } from '../verdict.ts'
import { isLearners, madeAnew } from './ways-out.ts'

export const describe = (topic: string): string => `kt topics --describe --topic ${topic}`

type TopicCheck = (topic: TopicDescription) => Omit<Verdict & { state: 'done' | 'not-yet' }, 'state' | 'show'> & {
  readonly done: boolean
}

/** A check of a topic that exists; one that does not is what was observed. */
export function ofTopic(name: string, expected: string, look: TopicCheck): Check {
  return async ({ facts }) => {
    const topic = await facts.topic(name)
    if (topic === null) return seen(false, { expected, observed: `no topic ${name}`, show: 'kt topics --list' })
    const { done, ...rest } = look(topic)
    return seen(done, { ...rest, show: describe(name) })
  }
}

export function topicExists(name: string): Check {
  const expected = `a topic ${name}`
  return ofTopic(name, expected, () => ({ done: true, expected, observed: expected }))
}

export function partitionCount(name: string, count: number): Check {
  const expected = partitionsText(count)
  const check = ofTopic(name, expected, ({ partitions: { length } }) => ({
    done: length === count,
    expected,
    observed: partitionsText(length),
  }))
  return async (look) => {
    const verdict = await check(look)
    const found = (await look.facts.topic(name))?.partitions.length ?? count
    if (verdict.state !== 'not-yet' || found === count) return verdict
    const why = `${name} has ${partitionsText(found)}`
    if (found > count) {
      return { ...verdict, wayOut: madeAnew(name, `${why}, and a topic never gets fewer`, look.journal.events) }
    }
    // Where the lesson has made it, more of them is what there is to find.
    if (!isLearners(name, look.journal.events)) return verdict
    const next = `kt topics --alter --topic ${name} --partitions ${count}`
    return { ...verdict, wayOut: { why: `${why}: the missing ones can be added`, next } }
  }
}

export function replicationFactor(name: string, count: number): Check {
  const expected = `${count} replicas of each partition`
  const check = ofTopic(name, expected, ({ partitions }) => {
    const others = partitions.filter(({ replicas }) => replicas.length !== count)
    const observed = others.map(({ partition, replicas }) => `partition ${partition} has ${replicas.length}`)
    return { done: others.length === 0, expected, observed: observed.join(', ') || expected }
  })
  return async (look) => {
    const verdict = await check(look)
    // Of a topic that the lesson has made, moving replicas is the task.
    if (verdict.state !== 'not-yet' || !isLearners(name, look.journal.events)) return verdict
    if ((await look.facts.topic(name)) === null) return verdict
    const why = `${name} was made with other replicas, and --alter does not change how often a partition is kept`
    return { ...verdict, wayOut: madeAnew(name, why, look.journal.events) }
  }
}

/** Every replica is in sync: it comes by itself, a moment after the brokers are there. */
export function inSync(name: string): Check {
  const expected = 'every replica in the ISR'
  const check = ofTopic(name, expected, ({ partitions }) => {
    const behind = partitions.filter(({ isr, replicas }) => isr.length < replicas.length)
    const observed = behind.map(
      ({ partition, isr, replicas }) => `partition ${partition}: ${isr.length} of ${replicas.length}`,
    )
    const done = behind.length === 0
    const waiting = done
      ? {}
      : { waitingFor: `the ISR of ${behind.length} ${behind.length === 1 ? 'partition' : 'partitions'}` }
    return { done, expected, observed: observed.join(', ') || expected, ...waiting }
  })
  return async (look) => {
    const verdict = await check(look)
    if (verdict.state !== 'not-yet' || verdict.waitingFor === undefined) return verdict
    // Of a broker that is dead nothing comes by itself.
    const dead = await outOfService((await look.facts.topic(name))?.partitions ?? [], look)
    return dead.length === 0 ? verdict : { ...verdict, waitingFor: `${brokersText(dead)}, out of service` }
  }
}

/** Replicas that are missing in an ISR because their brokers are not there. */
async function outOfService(partitions: readonly PartitionDescription[], { facts }: Look): Promise<number[]> {
  const missing = partitions.flatMap(({ isr, replicas }) => replicas.filter((id) => !isr.includes(id)))
  const inService = (await facts.cluster()).brokers.map(({ id }) => id)
  return [...new Set(missing)].filter((id) => !inService.includes(id)).sort((a, b) => a - b)
}

/** Every partition is led by its first replica. */
export function preferredLeaders(name: string): Check {
  const expected = 'each partition led by its preferred replica, the first one'
  return ofTopic(name, expected, ({ partitions }) => {
    const others = partitions.filter(({ leader, replicas }) => leader !== replicas[0])
    const observed = others.map(
      ({ partition, leader, replicas }) => `partition ${partition}: leader ${leader}, preferred ${replicas[0]}`,
    )
    return { done: others.length === 0, expected, observed: observed.join('; ') || expected }
  })
}

/** Partitions without a leader are these and no others. */
export function leaderless(name: string, which: (partition: PartitionDescription) => boolean, expected: string): Check {
  return ofTopic(name, expected, ({ partitions }) => {
    const without = partitions.filter(({ leader }) => leader === -1)
    const done = without.length > 0 && partitions.every((each) => (each.leader === -1) === which(each))
    return {
      done,
      expected,
      observed: listed(
        without.map(({ partition }) => partition),
        'no partition',
      ),
    }
  })
}

/** The partitions hold at least so many records together. */
export function holdsRecords(name: string, atLeast: number): Check {
  const expected = `${recordsText(atLeast)} or more`
  return async ({ facts }) => {
    const show = `kt get-offsets --topic ${name}`
    if ((await facts.topic(name)) === null) {
      return seen(false, { expected, observed: `no topic ${name}`, show: 'kt topics --list' })
    }
    const count = await facts.recordCount(name)
    return seen(count >= atLeast, { expected, observed: recordsText(count), show })
  }
}

/** A setting of the topic has this value, given for the topic itself. */
export function topicSetting(name: string, key: string, value: string): Check {
  const expected = `${key}=${value}`
  return async ({ facts }) => {
    const entry = (await facts.topicConfig(name)).get(key)
    const observed =
      entry === undefined
        ? `no topic ${name}`
        : `${key}=${entry.value}${entry.source === 'DYNAMIC_TOPIC_CONFIG' ? '' : ' (the default)'}`
    const show = `kt configs --describe --topic ${name}`
    return seen(entry?.value === value && entry.source === 'DYNAMIC_TOPIC_CONFIG', { expected, observed, show })
  }
}

export function partitionsText(count: number): string {
  return `${count} ${count === 1 ? 'partition' : 'partitions'}`
}

/** `broker 2`, `brokers 2, 3` */
function brokersText(ids: readonly number[]): string {
  return `${ids.length === 1 ? 'broker' : 'brokers'} ${ids.join(', ')}`
}

export function recordsText(count: number): string {
  return `${count} ${count === 1 ? 'record' : 'records'}`
}

export function listed(numbers: readonly number[], none: string): string {
  return numbers.length === 0 ? none : `partition ${numbers.join(', ')}`
}
