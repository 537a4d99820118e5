import { describe, expect, it } from 'vitest'
import { loadColours, noColours } from '../../../src/cli/colour.ts'
import { loadTableDrawer } from '../../../src/cli/table.ts'
import type { BrokerStatus, ControllerStatus, Picture, TopicStatus } from '../../../src/commands/describe/model.ts'
import { lagText, render, replicasText } from '../../../src/commands/describe/render.ts'
import { topicOf } from '../../support/memory-admin.ts'

const draw = await loadTableDrawer()
const statusOf = (name: string, partitions: string[]): TopicStatus => {
  const topic = topicOf(name, partitions)
  return {
    ...topic,
    configs: new Map(),
    minInsyncReplicas: null,
    uncleanElection: null,
    partitions: topic.partitions.map((each) => ({
      ...each,
      earliestOffset: 0,
      latestOffset: 5,
      sizeBytes: 100,
      isReassigning: false,
      followers: null,
    })),
  }
}
const topicsOf = (...topics: TopicStatus[]): Picture => ({ kind: 'topics', topics, liveBrokers: [1, 2, 3] })
const brokerOf = (id: number, more: Partial<BrokerStatus> = {}): BrokerStatus => ({
  id,
  host: 'h',
  port: 9092,
  rack: null,
  isController: false,
  leaderCount: 1,
  replicaCount: 2,
  logDirs: [],
  configs: new Map(),
  ...more,
})
const clusterOf = (
  brokers: BrokerStatus[],
  controller: ControllerStatus | null,
  ...topics: TopicStatus[]
): Picture => ({
  kind: 'cluster',
  clusterId: 'c',
  controller,
  brokers,
  topics,
})

describe('render', () => {
  it('is pure: the same picture gives the same text', () => {
    const picture: Picture = topicsOf(statusOf('t', ['1:1,2:1,2']))
    expect(render(picture, draw, noColours)).toBe(render(picture, draw, noColours))
  })

  it('says when a partition is led by another than the preferred broker, or on the move', () => {
    const status = statusOf('t', ['2:1,2:1,2', '1:1,2:1,2'])
    const moving = {
      ...status,
      partitions: status.partitions.map((each) => ({ ...each, isReassigning: each.partition === 1 })),
    }
    const text = render(topicsOf(moving), draw, noColours)
    expect(text).toContain('ok, preferred leader is 1')
    expect(text).toContain('reassigning')
  })

  it('says when there is nothing', () => {
    expect(render(topicsOf(), draw, noColours)).toBe('No topics.\n')
    expect(render({ kind: 'groups', groups: [] }, draw, noColours)).toBe('No groups.\n')
    const empty: Picture = { kind: 'cluster', clusterId: 'c', controller: { id: 1, epoch: 3 }, brokers: [], topics: [] }
    expect(render(empty, draw, noColours)).toContain('No topics yet.')
  })

  it('says when all is well', () => {
    const picture: Picture = {
      kind: 'cluster',
      clusterId: 'c',
      controller: { id: 1, epoch: 3 },
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

describe('a failure', () => {
  const [first, second, third] = statusOf('orders', ['2:1,2:2:1', '1:1,2:1,2', '-1:2,3::2,3']).partitions
  const failing: TopicStatus = {
    ...statusOf('orders', []),
    partitions: [
      { ...first!, leaderEpoch: 5, followers: [{ broker: 1, lag: null }] },
      { ...second!, followers: [{ broker: 2, lag: 0 }] },
      { ...third!, elr: [3], followers: [] },
    ],
  }

  it('is told in an overview, partition by partition', () => {
    const brokers = [brokerOf(1, { isFenced: true }), brokerOf(2, { isController: true })]
    const text = render(clusterOf(brokers, { id: 2, epoch: 7 }, failing), draw, noColours)
    expect(text).toContain('1 partition without a leader, 2 partitions under-replicated\n')
    expect(text).toMatch(/^Cluster c {2}2 brokers, 1 fenced, 1 topic\n/)
    expect(text).toMatch(/^ +1 +h:9092 +- +fenced /m)
    expect(text).toMatch(/^ +2 +h:9092 +- +controller /m)
    expect(text).toMatch(/^orders-0 +2 +5 +1!,2 +2 +1: \? +offline 1, under-replicated$/m)
    expect(text).toMatch(/^orders-2 +none +0 +2!,3! +- +no leader, offline 2,3, under-replicated, eligible 3$/m)
    expect(text).not.toContain('orders-1')
  })

  it('of many partitions is cut short', () => {
    const many = statusOf('t', Array(40).fill('-1:1:'))
    expect(render(clusterOf([], null, many), draw, noColours)).toContain('... 28 partitions more\n')
  })

  it('names a controller that is no broker', () => {
    const separate = clusterOf([brokerOf(1)], { id: 100, epoch: 7 })
    expect(render(separate, draw, noColours)).toContain('0 topics, active controller 100\n')
    expect(render(separate, draw, noColours, (mark) => mark === 'controller')).toContain('active controller 100*\n')
    expect(render(clusterOf([brokerOf(1)], null), draw, noColours)).toMatch(/^Cluster c {2}1 broker, 0 topics\n/)
  })

  it('counts fenced brokers among the registered, and says how many they are', () => {
    const fenced = [1, 2, 3].map((id) => brokerOf(id, { isFenced: id > 1 }))
    expect(render(clusterOf(fenced, null), draw, noColours)).toMatch(/^Cluster c {2}3 brokers, 2 fenced, 0 topics\n/)
    const told = [brokerOf(1, { isFenced: false }), brokerOf(2)]
    expect(render(clusterOf(told, null), draw, noColours)).toMatch(/^Cluster c {2}2 brokers, 0 topics\n/)
  })

  it('says of a broker alone that it is fenced', () => {
    const picture: Picture = { kind: 'brokers', brokers: [brokerOf(3, { isFenced: true })] }
    expect(render(picture, draw, noColours)).toMatch(/^Broker 3 {2}h:9092, fenced\n/)
  })

  it('marks what is new, with a star where there is no colour', async () => {
    const fresh = new Set(['orders-0/leader', 'orders-0/epoch', 'orders-1/isr', 'orders-0/latest'])
    const isNew = (mark: string): boolean => fresh.has(mark)
    const text = render(topicsOf(failing), draw, noColours, isNew)
    expect(text).toMatch(/^ +0 +2\* +5\* +1!,2 +2 +1: \? +0 +5\* /m)
    expect(text).toMatch(/^ +1 +1 +0 +1,2 +1,2\* +0 /m)
    const painted = render(topicsOf(failing), draw, await loadColours({}, true), isNew)
    expect(painted).toContain('\x1b[7m5\x1b[27m')
  })

  it('tells which followers are behind, and by how much', () => {
    const lag = (...lags: (number | null)[]) =>
      lagText({ followers: lags.map((each, at) => ({ broker: at + 2, lag: each })) }, noColours)
    expect(lag(0, 0)).toBe('0')
    expect(lag(0, 1234)).toBe('3: 1,234')
    expect(lag(7, null)).toBe('2: 7 3: ?')
    expect(lag()).toBe('-')
    expect(lagText({ followers: null }, noColours)).toBe('-')
  })
})
