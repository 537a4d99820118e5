import { describe, expect, it } from 'vitest'
import { parseElectionData } from '../../../src/commands/leader-election/election-file.ts'

const entry = (topic: string, partition: number) => ({ topic, partition })

describe('the file of partitions to elect leaders for', () => {
  it('lists partitions; other fields are not looked at', () => {
    const text = JSON.stringify({ version: 1, partitions: [{ ...entry('a', 1), why: 'because' }, entry('b', 0)] })
    expect(parseElectionData(text)).toEqual([entry('a', 1), entry('b', 0)])
    expect(parseElectionData('{"partitions": []}')).toEqual([])
  })

  it('may name a partition once', () => {
    const partitions = [entry('b', 0), entry('a', 0), entry('a', 0), entry('b', 0), entry('a', 0)]
    expect(() => parseElectionData(JSON.stringify({ partitions }))).toThrow(
      'Replica election data contains duplicate partitions: [a-0, b-0]',
    )
  })

  it.each([
    ['', 'Replica election data is empty'],
    ['{"partitions": [', 'Replica election data is empty'],
    ['{}', 'Replica election data is missing "partitions" field'],
    ['[]', 'Expected JSON object, received []'],
    ['{"partitions": 1}', 'Expected JSON array, received 1'],
    ['{"partitions": [{"partition": 0}]}', 'No such field exists: `topic`'],
    ['{"partitions": [{"topic": "t", "partition": "0"}]}', 'Expected `Integer` value, received "0"'],
  ])('%j is refused', (text, message) => {
    expect(() => parseElectionData(text)).toThrow(message)
  })

  it('says what is wrong with the JSON', () => {
    const failure = (): unknown => {
      try {
        return parseElectionData('{"partitions": [')
      } catch (error) {
        return error
      }
    }
    expect(failure()).toMatchObject({ facts: ['Not valid JSON: no ] for the [ at line 1, column 16'] })
  })
})
