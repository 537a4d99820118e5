import { describe, expect, it } from 'vitest'
import { loadColours, noColours } from '../../../src/cli/colour.ts'
import { loadTableDrawer } from '../../../src/cli/table.ts'
import type { Picture, TopicStatus } from '../../../src/commands/describe/model.ts'
import { render, replicasText } from '../../../src/commands/describe/render.ts'
import { topicOf } from '../../support/memory-admin.ts'

const draw = await loadTableDrawer()
const statusOf = (name: string, partitions: string[]): TopicStatus => {
  const topic = topicOf(name, partitions)
  return {
    ...topic,
    configs: new Map(),
    partitions: topic.partitions.map((each) => ({
      ...each,
      earliestOffset: 0,
      latestOffset: 5,
      sizeBytes: 100,
      isReassigning: false,
    })),
  }
}

describe('render', () => {
  it('is pure: the same picture gives the same text', () => {
    const picture: Picture = { kind: 'topics', topics: [statusOf('t', ['1:1,2:1,2'])] }
    expect(render(picture, draw, noColours)).toBe(render(picture, draw, noColours))
  })

  it('says when a partition is led by another than the preferred broker, or on the move', () => {
    const status = statusOf('t', ['2:1,2:1,2', '1:1,2:1,2'])
    const moving = {
      ...status,
      partitions: status.partitions.map((each) => ({ ...each, isReassigning: each.partition === 1 })),
    }
    const text = render({ kind: 'topics', topics: [moving] }, draw, noColours)
    expect(text).toContain('ok, preferred leader is 1')
    expect(text).toContain('reassigning')
  })

  it('says when there is nothing', () => {
    expect(render({ kind: 'topics', topics: [] }, draw, noColours)).toBe('No topics.\n')
    expect(render({ kind: 'groups', groups: [] }, draw, noColours)).toBe('No groups.\n')
    const empty: Picture = { kind: 'cluster', clusterId: 'c', controllerId: 1, brokers: [], topics: [] }
    expect(render(empty, draw, noColours)).toContain('No topics yet.')
  })

  it('says when all is well', () => {
    const picture: Picture = {
      kind: 'cluster',
      clusterId: 'c',
      controllerId: 1,
      brokers: [],
      topics: [statusOf('t', ['1:1:1'])],
    }
    expect(render(picture, draw, noColours)).toContain('every partition has a leader and all its replicas in sync\n')
  })

  it('colours offline replicas red and late ones yellow; marks show without colour too', async () => {
    const colours = await loadColours({}, true)
    const partition = { replicas: [1, 2, 3], isr: [1], offlineReplicas: [3] }
    expect(replicasText(partition, colours)).toBe('1,\x1b[33m2?\x1b[39m,\x1b[31m3!\x1b[39m')
    expect(replicasText(partition, noColours)).toBe('1,2?,3!')
  })
})
