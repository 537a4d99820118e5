import { describe, expect, it } from 'vitest'
import {
  type DescribedTopic,
  describeFields,
  describeText,
  isUnderReplicated,
  type Reassignment,
  type Report,
  replicationFactor,
  shownPartitions,
} from '../../../src/commands/topics/rows.ts'
import { entryOf, topicOf } from '../../support/memory-admin.ts'

const everything: Report = {
  underReplicated: false,
  unavailable: false,
  underMinIsr: false,
  atMinIsr: false,
  onlyOverridden: false,
  liveBrokers: new Set([1, 2]),
}
const minIsr = entryOf('min.insync.replicas', '2', { source: 'DEFAULT_CONFIG' })
/** Partition 0 whole, 1 short of one replica, 2 short of two, 3 without a leader, 4 led by a dead broker. */
const topic: DescribedTopic = {
  description: topicOf('t', ['1:1,2,3:1,2,3', '1:1,2,3:1,2', '2:2,1,3:2', '-1:3,1,2:', '3:3,1,2:3,1,2']),
  configs: [minIsr],
  reassignments: new Map(),
}
const shown = (report: Partial<Report>) =>
  shownPartitions(topic, { ...everything, ...report }).map(({ partition }) => partition)

describe('reports on partitions', () => {
  it('show everything unless asked for less', () => {
    expect(shown({})).toEqual([0, 1, 2, 3, 4])
    expect(shown({ onlyOverridden: true })).toEqual([])
  })

  it('find those that miss replicas, have no live leader, or too few in sync', () => {
    expect(shown({ underReplicated: true })).toEqual([1, 2, 3])
    expect(shown({ unavailable: true })).toEqual([3, 4])
    expect(shown({ underMinIsr: true })).toEqual([2, 3])
    expect(shown({ atMinIsr: true })).toEqual([1])
  })

  it('add up', () => {
    expect(shown({ atMinIsr: true, unavailable: true })).toEqual([1, 3, 4])
  })
})

describe('a reassignment', () => {
  const moving: Reassignment = {
    topic: 't',
    partition: 0,
    replicas: [1, 2, 4],
    addingReplicas: [4],
    removingReplicas: [2],
  }
  const partition = topicOf('t', ['1:1,2,4:1,2']).partitions[0]!

  it('counts the replicas there were before', () => {
    expect(replicationFactor(partition, moving)).toBe(2)
    expect(isUnderReplicated(partition, moving)).toBe(false)
    expect(isUnderReplicated(partition)).toBe(true)
  })

  it('that is over by the time it is looked at does not count', () => {
    const done = topicOf('t', ['1:1,3:1,3']).partitions[0]!
    expect(replicationFactor(done, moving)).toBe(2)
  })

  it('is printed beside the replicas', () => {
    const described = { description: topicOf('t', ['1:1,2,4:1,2']), configs: [], reassignments: new Map([[0, moving]]) }
    expect(describeText([described], everything)).toContain(
      '\tIsr: 1,2\tAdding Replicas: 4\tRemoving Replicas: 2\tElr: ',
    )
    expect(describeFields([described], everything)).toMatchObject([
      { partitions: [{ addingReplicas: [4], removingReplicas: [2] }] },
    ])
  })
})

describe('the text of --describe', () => {
  it('leaves out an id the cluster does not know, and says what older clusters cannot tell', () => {
    const description = { ...topicOf('t', ['-1:1:']), topicId: 'AAAAAAAAAAAAAAAAAAAAAA' }
    const partitions = description.partitions.map((each) => ({ ...each, elr: null, lastKnownElr: null }))
    const old = { description: { ...description, partitions }, configs: [], reassignments: new Map() }
    expect(describeText([old], everything)).toBe(
      'Topic: t\tPartitionCount: 1\tReplicationFactor: 1\tConfigs: \n' +
        '\tTopic: t\tPartition: 0\tLeader: none\tReplicas: 1\tIsr: \tElr: N/A\tLastKnownElr: N/A\n',
    )
  })

  it('lists what was set anywhere, in the cluster’s order, and not the defaults', () => {
    const configs = [
      entryOf('z', '1', { source: 'STATIC_BROKER_CONFIG' }),
      minIsr,
      entryOf('a', null, { source: 'DYNAMIC_DEFAULT_BROKER_CONFIG' }),
    ]
    expect(describeText([{ ...topic, configs }], everything)).toContain('Configs: z=1,a=null\n')
  })

  it('shows topics with overrides without partitions', () => {
    const report = { ...everything, onlyOverridden: true }
    expect(describeText([topic], report)).toBe('')
    const set = { ...topic, configs: [entryOf('retention.ms', '1')] }
    expect(describeText([set], report)).toMatch(/^Topic: t\t.*Configs: retention\.ms=1\n$/)
  })

  it('shows partitions without their topic in a report', () => {
    const text = describeText([topic], { ...everything, atMinIsr: true })
    expect(text.split('\n')).toHaveLength(2)
    expect(text).toMatch(/^\tTopic: t\tPartition: 1\t/)
    expect(describeFields([topic], { ...everything, atMinIsr: true })).toHaveLength(1)
    expect(
      describeFields([{ ...topic, configs: [entryOf('min.insync.replicas', '9')] }], { ...everything, atMinIsr: true }),
    ).toEqual([])
  })
})
