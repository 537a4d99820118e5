/** The course on Apache Kafka, as far as lessons can be done there: five minutes, so only with `KT_LONG=1`. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COURSE } from '../../src/learn/lessons/index.ts'
import { prove } from '../lessons/prove.ts'
import { LessonWorld } from '../lessons/world.ts'
import { apacheCluster } from '../support/apache-cluster.ts'
import { apacheConnectHome, apacheKafkaHome } from '../support/apache-kafka.ts'

const kafkaHome = await apacheKafkaHome()
/** Retention is looked at every five minutes. */
const LESSON_LIMIT_MS = 420_000
const lessons = await Promise.all(COURSE.map((entry) => entry.load()))
const anywhere = COURSE.filter((_, at) => lessons[at]!.where === 'anywhere')

const isWanted = kafkaHome !== null && process.env.KT_LONG === '1'

describe.skipIf(!isWanted)('the lessons on Apache Kafka', () => {
  let world: LessonWorld
  beforeAll(async () => {
    const { bootstrapServers } = await apacheCluster(kafkaHome!)
    world = await LessonWorld.on(bootstrapServers, await apacheConnectHome())
  }, LESSON_LIMIT_MS)
  afterAll(() => world[Symbol.asyncDispose]())

  it.each(anywhere.map((entry) => [entry.number, entry.title, entry] as const))(
    '%i. %s',
    async (_number, _title, entry) => {
      const { failures } = await prove(entry, world)
      expect(failures.join('\n')).toBe('')
    },
    LESSON_LIMIT_MS,
  )
})
