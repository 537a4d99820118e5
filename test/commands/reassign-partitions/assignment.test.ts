import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Assignment,
  assignmentFields,
  assignmentJson,
  checkExecutable,
  comparePartitions,
  compareReplicas,
  parseAssignment,
  parseBrokerList,
  parseTopicsToMove,
} from '../../../src/commands/reassign-partitions/assignment.ts'
import { ScriptFailure } from '../../../src/commands/script-failure.ts'

const at = (topic: string, partition: number, ...replicas: number[]) => ({ topic, partition, replicas })
const of = (...partitions: ReturnType<typeof at>[]): Assignment => ({ partitions, directories: [] })

describe('a file of assignments', () => {
  it('is read back as it was written', () => {
    const replicas = fc.uniqueArray(fc.nat(99), { minLength: 1, maxLength: 4 })
    const directory = fc.option(fc.constantFrom('/a', '/data/kafka b', 'C:\\logs'), { nil: undefined })
    const entry = fc.tuple(fc.stringMatching(/^[a-zA-Z0-9._-]{1,9}$/), fc.nat(50), replicas, fc.array(directory))
    const nameOf = ([topic, partition]: readonly [string, number, ...unknown[]]): string => `${topic} ${partition}`
    fc.assert(
      fc.property(fc.uniqueArray(entry, { selector: nameOf }), (entries) => {
        const partitions = entries
          .map(([topic, partition, list]) => at(topic, partition, ...list))
          .sort(comparePartitions)
        const directories = partitions.flatMap((each, index) =>
          each.replicas.flatMap((broker, place) => {
            const path = entries[index]![3][place]
            return path === undefined ? [] : [{ topic: each.topic, partition: each.partition, broker, path }]
          }),
        )
        expect(parseAssignment(assignmentJson({ partitions, directories }))).toEqual({ partitions, directories })
      }),
    )
  })

  it('is written as the script writes it', () => {
    const directories = [{ topic: 'b', partition: 0, broker: 2, path: '/d/2' }]
    const partitions = [at('b', 10, 3), at('b', 0, 1, 2), at('a', 0, 1)]
    expect(assignmentJson({ partitions, directories })).toBe(
      '{"version":1,"partitions":[{"topic":"a","partition":0,"replicas":[1],"log_dirs":["any"]},' +
        '{"topic":"b","partition":0,"replicas":[1,2],"log_dirs":["any","/d/2"]},' +
        '{"topic":"b","partition":10,"replicas":[3],"log_dirs":["any"]}]}',
    )
    expect(assignmentFields({ partitions: [at('b', 0, 1, 2)], directories })).toEqual([
      { topic: 'b', partition: 0, replicas: [1, 2], logDirs: [null, '/d/2'] },
    ])
  })

  it('may leave out version, partitions and log_dirs', () => {
    expect(parseAssignment('{}')).toEqual(of())
    expect(parseAssignment('{"partitions":[{"topic":"a","partition":0,"replicas":[2,1]}]}')).toEqual(
      of(at('a', 0, 2, 1)),
    )
  })

  it.each([
    ['{"version": 2}', 'Not supported version field value 2'],
    ['{"version": "1"}', 'Expected `Integer` value, received "1"'],
    [
      '{"partitions":[{"topic":"a","partition":0,"replicas":[1,2],"log_dirs":["any"]}]}',
      'Size of replicas list [1, 2] is different from size of log dirs list [any] for partition a-0',
    ],
    [
      '{"partitions":[{"topic":"a","partition":0,"replicas":[1],"log_dirs":[1]}]}',
      'Expected `String` value, received 1',
    ],
    ['{"partitions":[{"topic":"a","partition":0}]}', 'No such field exists: `replicas`'],
    ['nonsense', 'Not valid JSON: "nonsense", which is no value, at line 1, column 1'],
    [' ', 'Expected JSON object, received '],
  ])('%j is refused', (text, message) => {
    expect(() => parseAssignment(text)).toThrow(message)
  })

  it('that is empty is refused with all that the script prints', () => {
    const failure = (): unknown => {
      try {
        return parseAssignment('')
      } catch (error) {
        return error
      }
    }
    expect(failure()).toBeInstanceOf(ScriptFailure)
    expect(failure()).toMatchObject({
      message: "The input string shouldn't be empty",
      scriptText: "The input string shouldn't be empty\n at [Source: UNKNOWN; byte offset: #UNKNOWN]",
    })
  })

  it('names a replica twice: the last directory counts', () => {
    const text = '{"partitions":[{"topic":"a","partition":0,"replicas":[1,1],"log_dirs":["/x","/y"]}]}'
    expect(parseAssignment(text).directories).toEqual([{ topic: 'a', partition: 0, broker: 1, path: '/y' }])
  })
})

describe('what may be executed', () => {
  it('names each partition and each of its brokers once', () => {
    expect(() => checkExecutable(of(at('a', 0, 1, 2), at('a', 1, 2, 1)))).not.toThrow()
  })

  it.each([
    [of(), 'Partition reassignment list cannot be empty'],
    [of(at('a', 0, 1), at('a', 1)), 'Partition replica list cannot be empty'],
    [of(at('a', 0, 1), at('a', 0, 2)), 'Partition reassignment contains duplicate topic partitions: a-0'],
    [
      of(at('a', 0, 1, 1, 18, 2, 18), at('a', 1, 3), at('a', 2, 3, 3)),
      'Partition replica lists may not contain duplicate entries: a-0 contains multiple entries for 1,18. a-2 contains multiple entries for 3',
    ],
  ])('%#', (assignment, message) => {
    expect(() => checkExecutable(assignment)).toThrow(message)
  })
})

describe('a file of topics', () => {
  it('lists them', () => {
    expect(parseTopicsToMove('{"version":1,"topics":[{"topic":"b"},{"topic":"a"}]}')).toEqual(['b', 'a'])
    expect(parseTopicsToMove('{}')).toEqual([])
  })

  it.each([
    ['', 'The input string is not a valid JSON'],
    ['{"topics":', 'The input string is not a valid JSON'],
    ['{"version":3}', 'Not supported version field value 3'],
    [
      '{"topics":[{"topic":"Er1"},{"topic":"Er1"},{"topic":"Er2"},{"topic":"Er2"}]}',
      'List of topics to reassign contains duplicate entries: [Er2, Er1]',
    ],
    ['{"topics":["a"]}', 'Expected JSON object, received "a"'],
  ])('%j is refused', (text, message) => {
    expect(() => parseTopicsToMove(text)).toThrow(message)
  })
})

describe('a list of brokers', () => {
  it('keeps its order', () => {
    expect(parseBrokerList('3,1,2')).toEqual([3, 1, 2])
    expect(parseBrokerList('3,')).toEqual([3])
  })

  it('holds numbers, each once', () => {
    expect(() => parseBrokerList('1,x')).toThrow('For input string: "x"')
    expect(() => parseBrokerList('1, 2')).toThrow('For input string: " 2"')
    expect(() => parseBrokerList('2,1,1,2,2,3')).toThrow('Broker list contains duplicate entries: [1, 2]')
  })
})

describe('orders', () => {
  it('of partitions: by topic as text, then by number', () => {
    const sorted = [at('b', 0), at('a', 10), at('a', 9), at('B', 1)].sort(comparePartitions)
    expect(sorted.map(({ topic, partition }) => `${topic}${partition}`)).toEqual(['B1', 'a9', 'a10', 'b0'])
  })

  it('of replicas: by broker first', () => {
    const replica = (broker: number, topic: string) => ({ topic, partition: 0, broker })
    const sorted = [replica(10, 'a'), replica(9, 'b'), replica(9, 'a')].sort(compareReplicas)
    expect(sorted.map(({ broker, topic }) => `${broker}${topic}`)).toEqual(['9a', '9b', '10a'])
  })
})
