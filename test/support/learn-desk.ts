/** A desk on a cluster of plain data that is not ours, with a course of two lessons: the fifth and the sixth. */
import { systemClock } from '../../src/base/clock.ts'
import type { CommandContext } from '../../src/cli/context.ts'
import type { Admin } from '../../src/client/admin-types.ts'
import { Desk } from '../../src/commands/learn/desk.ts'
import type { Lesson } from '../../src/learn/lesson.ts'
import type { LessonEntry } from '../../src/learn/lessons/index.ts'
import { fakeLesson } from './learn-fakes.ts'
import { memoryAdmin, ok, topicOf } from './memory-admin.ts'
import { KeptOutput } from './run-command.ts'

export const TOPIC = 'kt-05-orders'

/** What there is; a test changes it. */
export interface FakeWorld {
  clusterId: string
  topics: string[]
  /** Thrown by every question; null for none. */
  failure: Error | null
}

export function fakeWorld(clusterId = 'c1'): FakeWorld {
  return { clusterId, topics: [], failure: null }
}

export function courseOf(six: Partial<Lesson> = {}): LessonEntry[] {
  const lessons = [fakeLesson(), fakeLesson({ number: 6, name: 'other', title: 'Another lesson', ...six })]
  return lessons.map((lesson) => ({ number: lesson.number, title: lesson.title, load: async () => lesson }))
}

/** Everything else of the context is an error when it is asked. */
export function deskContext(home: string, world: FakeWorld): CommandContext {
  const answer = async <T>(value: T): Promise<T> => {
    if (world.failure !== null) throw world.failure
    return value
  }
  const methods: Partial<Admin> = {
    describeCluster: () =>
      answer({ clusterId: world.clusterId, controllerId: 1, brokers: [{ id: 1, host: 'h', port: 1 }] } as never),
    describeMetadataQuorum: () => answer({ leaderId: 1, voters: [], observers: [] } as never),
    listTopics: () => answer(world.topics.map((name) => ({ name, isInternal: false })) as never),
    listGroups: () => answer([]),
    describeTopics: () => answer(new Map(world.topics.map((name) => [name, ok(topicOf(name, ['1:1:1']))])) as never),
    listOffsets: (asked) => answer(asked.map(() => ok({ offset: 0 } as never))),
  }
  const { createAdmin } = memoryAdmin(methods)
  return {
    env: { KT_HOME: home },
    clock: systemClock,
    ...{ stdout: new KeptOutput(true), stderr: new KeptOutput(true), signal: new AbortController().signal },
    connection: async () => ({ bootstrapServers: ['shop:9092'] }),
    admin: createAdmin,
  } as unknown as CommandContext
}

export function deskOf(home: string, world: FakeWorld, course = courseOf()): Promise<Desk> {
  const options = { local: false, target: { bootstrapServer: 'shop:9092' }, course, agree: async () => true }
  return Desk.open(options, deskContext(home, world))
}
