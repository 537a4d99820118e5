import { describe, expect, it } from 'vitest'
import { parseReplicaAssignment } from '../../../src/commands/topics/replica-assignment.ts'

describe('a replica assignment', () => {
  it('lists brokers by partition', () => {
    expect(parseReplicaAssignment('1:2, 2:3 ,3:1')).toEqual([
      [1, 2],
      [2, 3],
      [3, 1],
    ])
    expect(parseReplicaAssignment('7')).toEqual([[7]])
    expect(parseReplicaAssignment('1,2,')).toEqual([[1], [2]])
  })

  it.each([
    ['1:1', 'Partition replica lists may not contain duplicate entries: 1'],
    ['1:2,2:2:1:1', 'Partition replica lists may not contain duplicate entries: 2,1'],
    ['1:2,3', 'Partition 1 has different replication factor: [3]'],
    ['1,2:3', 'Partition 1 has different replication factor: [2, 3]'],
    ['one', 'For input string: "one"'],
    ['1::2', 'For input string: ""'],
  ])('is not %s', (text, message) => {
    expect(() => parseReplicaAssignment(text)).toThrow(message)
  })
})
