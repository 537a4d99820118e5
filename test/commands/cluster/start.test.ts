import { describe, expect, it } from 'vitest'
import type { StartResult } from '../../../src/cluster/local-cluster.ts'
import type { NodeProcess } from '../../../src/cluster/node-process.ts'
import { startText } from '../../../src/commands/cluster/start.ts'

function nodeOf(nodeId: number, roles: NodeProcess['roles']): NodeProcess {
  const port = roles === 'controller' ? null : 9091 + nodeId
  const controllerPort = roles === 'broker' ? null : 9192
  return {
    nodeId,
    roles,
    pid: 4711,
    startTicks: '1',
    startedAtMs: 0,
    host: '127.0.0.1',
    port,
    controllerPort,
    ready: true,
  }
}

function resultOf(nodes: readonly NodeProcess[], changes: Partial<StartResult> = {}): StartResult {
  const what = { name: 'local', clusterId: 'id', directory: '/kt/clusters/local', bootstrapServers: '127.0.0.1:9092' }
  return { ...what, created: true, started: nodes, running: [], notes: [], ...changes }
}

const brokers = (count: number): NodeProcess[] => Array.from({ length: count }, (_, at) => nodeOf(at + 1, 'broker'))
const CONTROLLER = nodeOf(100, 'controller')

describe('what a start prints', () => {
  it('is the nodes, where their data is, and the next command', () => {
    expect(startText(resultOf([nodeOf(1, 'broker,controller')], { notes: ['by the way'] }), 1_234)).toBe(
      `Cluster 'local' started in 1.2 s: 127.0.0.1:9092
  started node 1 on 9092 and 9192 (pid 4711)
  data in /kt/clusters/local
  by the way
  next: kt topics --create --topic orders --partitions 3
`,
    )
  })

  it.each([
    [1, ''],
    [2, ' --replication-factor 2'],
    [3, ' --replication-factor 3'],
    [5, ' --replication-factor 3'],
  ])('proposes no more replicas than %i brokers can hold', (count, flag) => {
    const text = startText(resultOf([...brokers(count), CONTROLLER]), 0)
    expect(text).toContain(`  next: kt topics --create --topic orders --partitions 3${flag}\n`)
  })

  it('says what ran before, and names a cluster that commands would not find', () => {
    const again = { created: false, started: [], running: brokers(1) }
    expect(startText(resultOf([], again), 0)).toMatch(/^Cluster 'local' is running already: .*\n {2}broker 1 on 9092 /)
    const repaired = startText(resultOf(brokers(1), { created: false, running: [CONTROLLER] }), 0)
    expect(repaired).toContain("Cluster 'local' is complete again after 0.0 s")
    expect(repaired).toContain('  was running: controller 100 on 9192 (pid 4711)\n')
    expect(startText(resultOf(brokers(1), { name: 'other' }), 0)).toContain(' --bootstrap-server 127.0.0.1:9092\n')
  })
})
