import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Admin, ClientOptions, QuorumDescription } from '../../src/client/admin-types.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { memoryAdmin } from '../support/memory-admin.ts'
import { type RunOptions, runCommand } from '../support/run-command.ts'

const DIRECTORY = 'TyTicvzNTUGBF4oTeBNZ6A'
const NODE = { directoryId: DIRECTORY, lastFetchTimestampMs: 100, lastCaughtUpTimestampMs: 100 }
const QUORUM: QuorumDescription = {
  leaderId: 1,
  leaderEpoch: 3,
  highWatermark: 9,
  voters: [{ id: 1, logEndOffset: 10, ...NODE }],
  observers: [{ id: 4, logEndOffset: 8, ...NODE, lastFetchTimestampMs: null }],
  endpoints: new Map([[1, [{ name: 'C', host: 'h', port: 9093 }]]]),
}

async function run(line: string, methods: Partial<Admin> = {}, options: RunOptions = {}) {
  const memory = memoryAdmin({
    describeCluster: async () => ({ clusterId: 'cluster', controllerId: 1, brokers: [] }),
    describeMetadataQuorum: async () => QUORUM,
    ...methods,
  })
  const connected: ClientOptions[] = []
  const createAdmin = (given: ClientOptions) => {
    connected.push(given)
    return memory.createAdmin()
  }
  const result = await runCommand(['metadata-quorum', ...line.split(' ')], { createAdmin, ...options })
  return { ...result, calls: memory.calls.map(({ method, args }) => [method, ...args]), connected }
}

const SERVER = '--bootstrap-server a:1'

describe('kt metadata-quorum describe', () => {
  it('prints the status as the script does', async () => {
    const { code, stdout } = await run(`${SERVER} describe --status`)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^ClusterId: {14}cluster\nLeaderId: {15}1\n/)
    expect(stdout).toContain(`[{"id": 1, "directoryId": "${DIRECTORY}", "endpoints": ["C://h:9093"]}]\n`)
  })

  it('prints the replication as the script does', async () => {
    const { stdout } = await run(`${SERVER} describe --replication`)
    expect(stdout.split('\n').map((row) => row.split('\t').map((cell) => cell.trim()))).toEqual([
      ['NodeId', 'DirectoryId', 'LogEndOffset', 'Lag', 'LastFetchTimestamp', 'LastCaughtUpTimestamp', 'Status', ''],
      ['1', DIRECTORY, '10', '0', '100', '100', 'Leader', ''],
      ['4', DIRECTORY, '8', '2', '-1', '100', 'Observer', ''],
      [''],
    ])
  })

  it('tells how long ago when asked to', async () => {
    const clock = new ManualClock(600)
    const { stdout } = await run(`${SERVER} describe --replication --human-readable`, {}, { clock })
    expect(stdout).toContain('500 ms ago')
  })

  it('has tables for people', async () => {
    const clock = new ManualClock(600)
    const status = await run(`${SERVER} describe --status`, {}, { terminal: true, clock })
    expect(status.stdout).toContain('Node 1 leads in epoch 3')
    expect(status.stdout).toMatch(/^ +4 {2}Observer +2 {2}-$/m)
    const replication = await run(`${SERVER} describe --replication`, {}, { terminal: true, clock, columns: 120 })
    expect(replication.stdout).toMatch(/^ +4 {2}Observer +8 +2 +- +500 ms ago/m)
  })

  it('has documents', async () => {
    const status = JSON.parse((await run(`${SERVER} describe --status --format json`)).stdout)
    expect(status).toMatchObject({ kind: 'QuorumStatus', clusterId: 'cluster', voters: [{ nodeId: 1 }] })
    const replication = JSON.parse((await run(`${SERVER} --format json describe --replication`)).stdout)
    expect(replication).toMatchObject({
      kind: 'QuorumReplication',
      replicas: [
        { nodeId: 1, lag: 0 },
        { nodeId: 4, lag: 2 },
      ],
    })
  })

  it('asks controllers where those are given', async () => {
    const { connected } = await run('--bootstrap-controller c:9093 describe --status')
    expect(connected).toMatchObject([{ bootstrapServers: ['c:9093'], toControllers: true }])
  })

  it.each([
    ['describe', 'One of --status or --replication must be specified'],
    ['describe --status --replication', 'Only one of --status or --replication'],
    ['describe --status --human-readable', 'only supported along with --replication'],
  ])('%s: refuses before anything is asked', async (line, message) => {
    const { code, stdout, stderr, connected } = await run(`${SERVER} ${line}`)
    expect({ code, stdout, connected }).toEqual({ code: 1, stdout: '', connected: [] })
    expect(stderr).toContain(message)
  })
})

describe('kt metadata-quorum add-controller and remove-controller', () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-voters-'))
  const file = path.join(root, 'controller.properties')
  fs.writeFileSync(
    path.join(root, 'meta.properties'),
    `version=1\nnode.id=5\ncluster.id=c\ndirectory.id=${DIRECTORY}\n`,
  )
  fs.writeFileSync(
    file,
    `node.id=5\nprocess.roles=controller\nlisteners=C://h:1,D://i:2\ncontroller.listener.names=C,D\nlog.dirs=${root}\n`,
  )
  afterAll(() => fs.rmSync(root, { recursive: true }))
  const addRaftVoter = async () => undefined
  const removeRaftVoter = async () => undefined

  it('adds the controller of a file', async () => {
    const { stdout, calls } = await run(`${SERVER} --command-config ${file} add-controller`, { addRaftVoter })
    expect(stdout).toBe(`Added controller 5 with directory id ${DIRECTORY} and endpoints: C://h:1, D://i:2\n`)
    const endpoints = [
      { name: 'C', host: 'h', port: 1 },
      { name: 'D', host: 'i', port: 2 },
    ]
    expect(calls).toContainEqual(['addRaftVoter', { id: 5, directoryId: DIRECTORY, endpoints }])
  })

  it('removes a controller', async () => {
    const line = `${SERVER} remove-controller -i 5 -d ${DIRECTORY}`
    const { stdout, calls } = await run(line, { removeRaftVoter })
    expect(stdout).toBe(`Removed  KRaft controller 5 with directory id ${DIRECTORY}\n`)
    expect(calls).toContainEqual(['removeRaftVoter', { id: 5, directoryId: DIRECTORY }])
  })

  it('have documents', async () => {
    const added = await run(`${SERVER} --command-config ${file} add-controller --format json`, { addRaftVoter })
    expect(JSON.parse(added.stdout)).toEqual({
      ...{ apiVersion: 'kt/v1', kind: 'ControllerAdded', controllerId: 5, directoryId: DIRECTORY, dryRun: false },
      endpoints: [
        { listener: 'C', host: 'h', port: 1 },
        { listener: 'D', host: 'i', port: 2 },
      ],
    })
    const removed = await run(`${SERVER} --format yaml remove-controller -i 5 -d ${DIRECTORY} --dry-run`)
    expect(removed.stdout).toBe(
      `apiVersion: kt/v1\nkind: ControllerRemoved\ncontrollerId: 5\ndirectoryId: ${DIRECTORY}\ndryRun: true\n`,
    )
  })

  it('only says what it would do when it is a dry run', async () => {
    const added = await run(`${SERVER} --command-config ${file} add-controller --dry-run`)
    expect(added.stdout).toMatch(/^DRY RUN of adding controller 5 /)
    const removed = await run(`${SERVER} remove-controller -i 5 -d ${DIRECTORY} --dry-run`)
    expect(removed.stdout).toMatch(/^DRY RUN of removing {2}KRaft controller 5 /)
    expect([...added.connected, ...removed.connected]).toEqual([])
  })

  it.each([
    ['add-controller', 'You must supply the configuration file'],
    [`remove-controller -i -5 -d ${DIRECTORY}`, 'Invalid negative --controller-id: -5'],
    ['remove-controller -i 5 -d x/y', 'Failed to parse --controller-directory-id: Illegal base64 character 2f'],
  ])('%s: is refused', async (line, message) => {
    const { code, stderr } = await run(`${SERVER} ${line}`)
    expect(code).toBe(1)
    expect(stderr).toContain(message)
  })
})
