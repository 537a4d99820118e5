/** Our assignors against Kafka's own: the same groups, the same partitions for every member. */
import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/base/random.ts'
import { BROKER_ASSIGNORS, CLIENT_ASSIGNORS } from '../../src/protocol/assignors/index.ts'
import { apacheKafkaHome } from '../support/apache-kafka.ts'
import { type AssignorCase, assignmentLine, caseLine, randomCase } from '../support/assignor-cases.ts'

const kafkaHome = await apacheKafkaHome()
const CASES = Number(process.env.KT_ASSIGNOR_CASES ?? 400)
/** Some of them with Kafka's answers, kept so that machines without Java hold to them too; written with KT_GOLDEN=1. */
const GOLDEN = path.join(import.meta.dirname, '../golden/assignors.txt')
const GOLDEN_CASES = 8

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-assignors-'))
afterAll(() => fs.rmSync(directory, { recursive: true }))

const ASSIGNORS = [
  ...CLIENT_ASSIGNORS.map((assignor) => ({ ...assignor, javaName: assignor.name })),
  ...BROKER_ASSIGNORS.map((assignor) => ({ ...assignor, javaName: `broker-${assignor.name}` })),
]

function askKafka(lines: readonly string[]): string[] {
  fs.writeFileSync(path.join(directory, 'cases'), lines.join('\n'))
  const java = path.join(import.meta.dirname, 'java/Assignors.java')
  execFileSync('java', ['-cp', path.join(kafkaHome!, 'libs', '*'), java, 'cases', 'answers'], {
    cwd: directory,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  return fs.readFileSync(path.join(directory, 'answers'), 'utf8').trimEnd().split('\n')
}

describe.skipIf(kafkaHome === null)('groups as Kafka shares them out', () => {
  const golden: string[] = []

  it.each(ASSIGNORS.flatMap((assignor) => [true, false].map((mixed) => ({ ...assignor, mixed }))))(
    '$javaName, members of different topics: $mixed',
    ({ javaName, assign, mixed }) => {
      const random = seededRandom(848)
      const cases: AssignorCase[] = Array.from({ length: CASES }, () => randomCase(random, { mixed }))
      const lines = cases.map((each) => caseLine(javaName, each))
      const theirs = askKafka(lines)
      for (const [at, each] of cases.entries()) {
        expect(assignmentLine(each, assign(each.members, each.topics)), lines[at]).toBe(theirs[at])
      }
      golden.push(...lines.slice(0, GOLDEN_CASES).flatMap((line, at) => [line, theirs[at]!]))
    },
    120_000,
  )

  afterAll(() => {
    if (process.env.KT_GOLDEN === '1') fs.writeFileSync(GOLDEN, `${golden.join('\n')}\n`)
  })
})
