/** A cluster of plain data for what lessons ask and do. */
import { systemClock } from '../../src/base/clock.ts'
import type { Admin } from '../../src/client/admin-types.ts'
import { type ClusterAccess, Facts, type NodeFact } from '../../src/learn/facts/facts.ts'
import { Journal } from '../../src/learn/journal.ts'
import type { Lesson, Look } from '../../src/learn/lesson.ts'
import { names } from '../../src/learn/names.ts'
import { Stage, type StageNodes, type StageParts } from '../../src/learn/stage.ts'
import { Teacher } from '../../src/learn/teacher.ts'
import { seen } from '../../src/learn/verdict.ts'
import { type MemoryAdmin, memoryAdmin } from './memory-admin.ts'

export interface FakeCluster {
  readonly access: ClusterAccess
  readonly memory: MemoryAdmin
}

/** What a test does not hand in is an error when it is asked. */
export function fakeCluster(methods: Partial<Admin>): FakeCluster {
  const memory = memoryAdmin(methods)
  const access = { admin: memory.createAdmin, connection: async () => ({ bootstrapServers: ['fake:9092'] }) }
  return { access, memory }
}

export interface FakeLook {
  readonly nodes?: readonly NodeFact[] | null
  readonly journal?: Journal
  readonly answers?: Readonly<Record<string, string>>
}

export function factsOf(methods: Partial<Admin>, nodes: readonly NodeFact[] | null = null): Facts {
  const localNodes = nodes === null ? null : () => nodes
  return new Facts({ cluster: fakeCluster(methods).access, clock: systemClock, localNodes })
}

export function lookAt(
  methods: Partial<Admin>,
  { nodes = null, journal = new Journal(), answers = {} }: FakeLook = {},
): Look {
  return { facts: factsOf(methods, nodes), journal, answers: new Map(Object.entries(answers)) }
}

export function fakeNode(nodeId: number, state: NodeFact['state'] = 'running'): NodeFact {
  return {
    nodeId,
    isBroker: nodeId < 100,
    isController: nodeId >= 100,
    state,
    pid: 4_000 + nodeId,
    directory: `/n${nodeId}`,
  }
}

/** Nodes that keep what is done to them. */
export function fakeStageNodes(done: string[]): StageNodes {
  const note = (what: string) => async (ids?: readonly number[]) =>
    void done.push(ids === undefined ? what : `${what} ${ids}`)
  const advertise = async (id: number, port: number | 'own') => void done.push(`advertise ${id} ${port}`)
  const remove = async (id: number) => void done.push(`remove ${id}`)
  return {
    ...{
      remove,
      startAll: note('start'),
      heal: note('heal'),
      kill: note('kill'),
      pause: note('pause'),
      stop: note('stop'),
    },
    advertise,
  }
}

export function stageOf(methods: Partial<Admin>, more: Partial<StageParts> = {}): Stage {
  return new Stage({
    cluster: fakeCluster(methods).access,
    names: names(5),
    nodes: null,
    write: async () => undefined,
    ...more,
  })
}

/** Lesson 5 with one goal that is reached when there is a topic kt-05-orders. */
export function fakeLesson(more: Partial<Lesson> = {}): Lesson {
  return {
    number: 5,
    name: 'fake',
    title: 'A lesson of a test',
    inShort: 'A topic has a name.',
    where: 'anywhere',
    text: 'Make a topic.',
    type: ['kt topics --create --topic kt-05-orders'],
    watch: { topics: ['kt-05-orders'] },
    goals: [
      {
        name: 'there is a topic',
        check: async ({ facts }) => {
          const done = (await facts.topicNames()).includes('kt-05-orders')
          return seen(done, { expected: 'a topic', observed: done ? 'it' : 'none', show: 'kt topics --list' })
        },
        hints: ['nudge', 'idea', 'kt topics --create --topic kt-05-orders'],
      },
    ],
    solution: [{ line: 'topics --create --topic kt-05-orders' }],
    after: async () => 'It is there.',
    ...more,
  }
}

export interface FakeTeacher {
  readonly teacher: Teacher
  readonly journal: Journal
  readonly memory: MemoryAdmin
  /** What was done to nodes. */
  readonly done: string[]
}

export function teacherOf(
  lesson: Lesson,
  methods: Partial<Admin>,
  nodes: (() => readonly NodeFact[]) | null = null,
): FakeTeacher {
  const { access, memory } = fakeCluster(methods)
  const journal = new Journal()
  const done: string[] = []
  const stageNodes = nodes === null ? null : fakeStageNodes(done)
  const stage = new Stage({
    cluster: access,
    names: names(lesson.number),
    nodes: stageNodes,
    write: async () => undefined,
  })
  const facts = { cluster: access, clock: systemClock, localNodes: nodes }
  return { teacher: new Teacher({ lesson, facts, stage, journal }), journal, memory, done }
}
