import { describe, expect, it } from 'vitest'
import type { NodeAction } from '../../../src/cluster/local-nodes.ts'
import type { ClusterStatus } from '../../../src/cluster/local-status.ts'
import type { NodeProcess } from '../../../src/cluster/node-process.ts'
import type { Before } from '../../../src/commands/cluster/consequences.ts'
import { actionFields, faultFields, startFields, stoppedFields } from '../../../src/commands/cluster/documents.ts'
import { runCommand } from '../../support/run-command.ts'

const PROCESS: NodeProcess = {
  ...{ nodeId: 2, roles: 'broker', pid: 4711, startTicks: '1', startedAtMs: 0, host: '127.0.0.1' },
  ...{ port: 9093, controllerPort: null, ready: true, timeline: '/tmp/socket' },
}
const BEFORE: Before = {
  status: {} as ClusterStatus,
  leadership: { led: ['orders-0'], total: 3, alone: ['orders-0'] },
  quorum: null,
}
const ACTION: NodeAction = {
  ...{ nodeId: 2, roles: 'broker', before: PROCESS, after: null, done: true, forced: false },
}

describe('the document of', () => {
  it('a start has addresses and process ids, and nothing of how processes are told apart', () => {
    const where = { name: 'local', clusterId: 'id', directory: '/d', bootstrapServers: '127.0.0.1:9093' }
    const result = { ...where, created: true, started: [PROCESS], running: [], notes: ['by the way'] }
    expect(startFields(result, 1_234.5)).toEqual({
      ...{ ...where, isNew: true, durationMs: 1_235, running: [], notes: ['by the way'] },
      started: [{ nodeId: 2, roles: 'broker', pid: 4711, host: '127.0.0.1', port: 9093, controllerPort: null }],
    })
  })

  it('a deed tells what the node led, and null where nobody was asked', () => {
    const done = { nodeId: 2, roles: 'broker', isDone: true, isForced: false, pidBefore: 4711, pidAfter: null }
    expect(actionFields(ACTION, BEFORE)).toEqual({
      ...done,
      leadershipBefore: { led: ['orders-0'], onlyInSync: ['orders-0'], partitionCount: 3 },
      wasActiveController: null,
    })
    const unasked = { leadershipBefore: null, wasActiveController: null }
    expect(actionFields(ACTION, undefined)).toEqual({ ...done, ...unasked })
    expect(actionFields({ ...ACTION, before: null, done: false }, { ...BEFORE, leadership: null })).toEqual({
      ...{ ...done, isDone: false, pidBefore: null, ...unasked },
    })
    expect(stoppedFields({ nodeId: 2, roles: 'broker', pid: 4711, outcome: 'stopped' })).toEqual({
      ...{ ...done, ...unasked },
    })
  })

  it('cut nodes tells from whom, and who has not confirmed', () => {
    const nodes = [
      { nodeId: 1, roles: 'broker' },
      { nodeId: 2, roles: 'broker' },
    ]
    const outcome = { cuts: new Map([[2, { nodes: true, clients: false }]]), changed: [2], silent: [2] }
    expect(faultFields(nodes, outcome)).toEqual([
      { nodeId: 1, roles: 'broker', isChanged: false, cutOffFrom: [], isConfirmed: true },
      { nodeId: 2, roles: 'broker', isChanged: true, cutOffFrom: ['nodes'], isConfirmed: false },
    ])
    expect(faultFields([nodes[1]!], outcome, new Map([[2, BEFORE]]))[0]).toMatchObject({
      ...{ leadershipBefore: { led: ['orders-0'] }, wasActiveController: null },
    })
  })
})

describe('kt cluster --format', () => {
  const kt = (...args: string[]) => runCommand(['cluster', ...args, '--name', 'documents'])

  it.each([
    ...[['start'], ['stop'], ['reset'], ['logs'], ['add'], ['heal']],
    ...['kill', 'pause', 'resume', 'restart', 'stop', 'remove', 'isolate'].map((verb) => [verb, '1']),
  ])('%s refuses a format we do not have before it does anything', async (...args) => {
    const { code, stdout, stderr } = await kt(...args.filter(Boolean), '--format', 'xml')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain("Unknown format 'xml'")
  })

  it('is a document alone on stdout, where nothing runs too', async () => {
    const stopped = await kt('stop', '--format', 'json')
    const head = { apiVersion: 'kt/v1', name: 'documents' }
    expect([stopped.code, JSON.parse(stopped.stdout)]).toEqual([0, { ...head, kind: 'NodesStopped', nodes: [] }])
    const { code, stdout } = await kt('reset', '--yes', '--format', 'json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ ...head, kind: 'LocalClusterDeleted', isDeleted: false })
  })

  it('tells the life of a cluster', async () => {
    const document = async (...args: string[]) => {
      const { code, stdout, stderr } = await kt(...args, '--format', 'json')
      expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' })
      return JSON.parse(stdout)
    }
    try {
      const started = await document('start', '--brokers', '1', '--port', '0')
      const [{ pid }] = started.started
      expect(started).toMatchObject({ kind: 'LocalClusterStarted', isNew: true, running: [] })
      expect(await document('start')).toMatchObject({ isNew: false, started: [], running: [{ pid }] })
      expect(await document('pause', '1')).toMatchObject({ kind: 'NodesPaused', nodes: [{ nodeId: 1, isDone: true }] })
      expect(await document('resume', '1')).toMatchObject({ kind: 'NodesResumed', nodes: [{ pidAfter: pid }] })
      expect(await document('isolate', '1', '--from', 'clients')).toMatchObject({
        ...{ kind: 'NodesIsolated' },
        nodes: [{ nodeId: 1, isChanged: true, cutOffFrom: ['clients'], isConfirmed: true }],
      })
      expect(await document('heal')).toMatchObject({ kind: 'NodesHealed', nodes: [{ cutOffFrom: [] }] })
      expect(await document('kill', '1')).toMatchObject({
        ...{ kind: 'NodesKilled' },
        nodes: [{ nodeId: 1, isDone: true, pidBefore: pid, pidAfter: null, leadershipBefore: { partitionCount: 0 } }],
      })
      const dead = await kt('pause', '1', '--format', 'json')
      expect([dead.code, JSON.parse(dead.stdout).nodes]).toMatchObject([1, [{ isDone: false, pidBefore: null }]])
      expect(await document('restart', '1')).toMatchObject({
        nodes: [{ pidBefore: null, pidAfter: expect.any(Number) }],
      })
      const refused = await kt('remove', '1', '--format', 'json')
      expect(refused.code).not.toBe(0)
      const logs = await kt('logs', '-n', '2', '--format', 'json')
      const lines = logs.stdout.trimEnd().split('\n')
      expect(lines.map((line) => JSON.parse(line))).toMatchObject(lines.map(() => ({ kind: 'LogLine', nodeId: 1 })))
      expect(await document('stop')).toMatchObject({ kind: 'NodesStopped', nodes: [{ nodeId: 1, isDone: true }] })
    } finally {
      expect(await document('reset', '--yes')).toMatchObject({ kind: 'LocalClusterDeleted', isDeleted: true })
    }
  })
})
