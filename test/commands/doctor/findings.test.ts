import * as net from 'node:net'
import { describe, expect, it } from 'vitest'
import { KtError } from '../../../src/base/errors.ts'
import type { CommandContext } from '../../../src/cli/context.ts'
import type { NodeStatus } from '../../../src/cluster/local-status.ts'
import {
  clusterFinding,
  connectionFindings,
  environmentFinding,
  homeFinding,
  nodeFinding,
  portFinding,
  terminalFinding,
  tryPort,
} from '../../../src/commands/doctor/findings.ts'

const node = (nodeId: number, state: NodeStatus['state'], cutOffFrom: NodeStatus['cutOffFrom'] = []): NodeStatus => ({
  ...{ nodeId, state, cutOffFrom, roles: 'broker', running: state === 'running', pid: null, port: null },
  ...{ controllerPort: null, uptimeMs: null, memoryBytes: null, log: '' },
})

describe('findings of kt doctor', () => {
  it.each([
    ['v20.20.2', 'ok'],
    ['v22.1.0', 'ok'],
    ['v20.19.9', 'broken'],
    ['v18.20.0', 'broken'],
  ])('node %s is %s', (version, state) => {
    expect(nodeFinding(version).state).toBe(state)
  })

  it('tells where files go, and a place that cannot be written to', () => {
    expect(homeFinding({ KT_HOME: '/tmp/kt-that-is-not-there/deep' })).toMatchObject({ name: 'files' })
    expect(homeFinding({ KT_HOME: '/tmp/kt-that-is-not-there/deep' }).seen).toMatch(/GiB free$/)
    expect(homeFinding({ KT_HOME: `${import.meta.filename}/kt` }).state).toBe('broken')
  })

  it.each([
    [[], 'ok', 'none has been made yet', 'kt cluster start'],
    [[node(1, 'running'), node(2, 'running')], 'ok', '2 of 2 nodes run', undefined],
    [[node(1, 'stopped'), node(2, 'stopped')], 'ok', 'stopped', 'kt cluster start'],
    [[node(1, 'running'), node(2, 'killed')], 'look', '1 of 2 nodes run, 2 killed', 'kt cluster start'],
    [[node(1, 'running'), node(3, 'paused')], 'look', '1 of 2 nodes run, 3 paused', 'kt cluster resume 3'],
    [[node(1, 'running', ['nodes'])], 'look', '1 of 1 nodes run, cut off: 1', 'kt cluster heal 1'],
  ] as const)('sees the nodes of the local cluster: %#', (nodes, state, seen, next) => {
    const found = clusterFinding({ exists: nodes.length > 0, nodes })
    expect(found).toEqual({ name: 'local cluster', state, seen, ...(next === undefined ? {} : { next }) })
  })

  it('says who has the usual port', async () => {
    expect((await portFinding(async () => null)).state).toBe('ok')
    expect(await portFinding(async () => 'pid 7 (java)')).toMatchObject({ state: 'look', seen: /java/ })
  })

  it('knows a terminal that is too small for the lessons', () => {
    const at = (columns: number, rows: number, isTerminal = true) =>
      terminalFinding({ stdout: { columns, rows, isTerminal } as never, env: { TERM: 'xterm' } })
    expect(at(80, 24)).toEqual({ name: 'terminal', state: 'ok', seen: '80x24, with colour' })
    expect(at(60, 20)).toMatchObject({ state: 'look', seen: '60x20, with colour' })
    expect(at(10, 5, false).state).toBe('ok')
  })

  it('names variables that one forgets', () => {
    expect(environmentFinding({ PATH: '/bin' }).seen).toBe('nothing of kt is set')
    expect(environmentFinding({ KT_PROFILE: 'shop', NO_COLOR: '' }).seen).toBe('KT_PROFILE=shop')
  })

  it('tries each broker at the address that it advertises', async () => {
    const server = net.createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as net.AddressInfo
    const brokers = [
      { id: 1, host: '127.0.0.1', port },
      { id: 2, host: '127.0.0.1', port: 1 },
    ]
    const reach = {
      connection: async () => ({ bootstrapServers: ['shop:9092'] }),
      admin: async () => ({ describeCluster: async () => ({ brokers, clusterId: 'abc' }) }),
    } as unknown as Pick<CommandContext, 'connection' | 'admin'>
    const found = await connectionFindings({}, reach)
    server.close()
    expect(found.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'connection ok',
      'broker 1 ok',
      'broker 2 broken',
    ])
    expect(found[0]!.seen).toBe('shop:9092 answers: cluster abc, 2 brokers')
    expect(found[2]!.next).toContain('advertised.listeners of broker 2')
  })

  it('passes on what a failed connection tells, and no defect', async () => {
    const reach = (error: Error) =>
      ({ connection: () => Promise.reject(error) }) as unknown as Pick<CommandContext, 'connection' | 'admin'>
    const refused = new KtError('unreachable', 'nobody there', { facts: ['tried twice'], next: 'kt cluster start' })
    expect(await connectionFindings({}, reach(refused))).toEqual([
      { name: 'connection', state: 'broken', seen: 'nobody there', facts: ['tried twice'], next: 'kt cluster start' },
    ])
    await expect(connectionFindings({}, reach(new TypeError('ours')))).rejects.toThrow('ours')
    expect(await tryPort('127.0.0.1', 1)).toBe('ECONNREFUSED')
  })
})
