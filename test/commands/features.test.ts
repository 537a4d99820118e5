import { describe, expect, it } from 'vitest'
import type { Admin, ClientOptions, FeatureUpdate } from '../../src/client/admin-types.ts'
import { memoryAdmin, ok, refused } from '../support/memory-admin.ts'
import { type RunOptions, runCommand } from '../support/run-command.ts'

const accept: Admin['updateFeatures'] = async (updates) =>
  new Map(updates.map(({ feature }) => [feature, ok(undefined)]))

async function run(line: string, methods: Partial<Admin> = {}, options: RunOptions = {}) {
  const memory = memoryAdmin({
    describeFeatures: async () => ({
      supported: new Map([
        ['metadata.version', { min: 7, max: 30 }],
        ['group.version', { min: 0, max: 1 }],
      ]),
      finalized: new Map([['metadata.version', { min: 30, max: 30 }]]),
      epoch: 12,
    }),
    updateFeatures: accept,
    ...methods,
  })
  const connected: ClientOptions[] = []
  const createAdmin = (given: ClientOptions) => {
    connected.push(given)
    return memory.createAdmin()
  }
  const result = await runCommand(['features', ...line.split(' ')], { createAdmin, ...options })
  const calls = memory.calls.filter(({ method }) => method !== 'close')
  return { ...result, asked: calls.map(({ args }) => args), connected }
}

const SERVER = '--bootstrap-server a:1'

describe('kt features describe', () => {
  it('prints a line per feature as the script does', async () => {
    const { code, stdout, asked } = await run(`${SERVER} describe`)
    expect({ code, asked }).toEqual({ code: 0, asked: [[{}]] })
    expect(stdout.split('\n').map((line) => line.replace(/ +/g, ' '))).toEqual([
      'Feature: group.version SupportedMinVersion: 0 SupportedMaxVersion: 1 FinalizedVersionLevel: 0 Epoch: 12',
      'Feature: metadata.version SupportedMinVersion: 3.3-IV3 SupportedMaxVersion: 4.3-IV0 FinalizedVersionLevel: 4.3-IV0 Epoch: 12',
      '',
    ])
    expect(stdout.indexOf('SupportedMinVersion')).toBe(51)
  })

  it('asks the node that is named', async () => {
    expect((await run(`${SERVER} describe --node-id 4`)).asked).toEqual([[{ nodeId: 4 }]])
    const { code, stderr, asked } = await run(`${SERVER} describe --node-id -4`)
    expect({ code, asked }).toEqual({ code: 1, asked: [] })
    expect(stderr).toContain('Invalid node id -4: must be non-negative.')
  })

  it('has no epoch where nothing is finalized', async () => {
    const describeFeatures = async () => ({
      supported: new Map([['a', { min: 0, max: 1 }]]),
      finalized: new Map(),
      epoch: null,
    })
    expect((await run(`${SERVER} describe`, { describeFeatures })).stdout).toMatch(/Epoch: -\n$/)
  })

  it('has a table and a document', async () => {
    const { stdout } = await run(`${SERVER} describe`, {}, { terminal: true })
    expect(stdout.split('\n').map((line) => line.replace(/ {2,}/g, '  '))).toEqual([
      'FEATURE  LEVEL  SUPPORTED',
      'group.version  off  0 to 1  1 is possible',
      'metadata.version  4.3-IV0  3.3-IV3 to 4.3-IV0',
      '',
    ])
    const document = JSON.parse((await run(`${SERVER} describe --format json`)).stdout)
    expect(document).toMatchObject({ kind: 'FeatureList', epoch: 12, features: [{ name: 'group.version' }, {}] })
  })

  it('asks controllers', async () => {
    const { connected } = await run('--bootstrap-controller c:1 describe')
    expect(connected).toMatchObject([{ bootstrapServers: ['c:1'], toControllers: true }])
  })
})

describe('kt features upgrade, downgrade and disable', () => {
  const updatesOf = (asked: unknown[][]) => asked[0]![0] as FeatureUpdate[]

  it('sends what is asked for, and says what became of it', async () => {
    const { stdout, asked } = await run(`${SERVER} upgrade --feature group.version=1 --feature a=2`)
    expect(stdout).toBe('a was upgraded to 2.\ngroup.version was upgraded to 1.\n')
    expect(asked[0]).toEqual([
      expect.arrayContaining([
        { feature: 'a', level: 2, upgradeType: 'UPGRADE' },
        { feature: 'group.version', level: 1, upgradeType: 'UPGRADE' },
      ]),
      { validateOnly: false },
    ])
  })

  it('only tries when it is a dry run', async () => {
    const { stdout, asked } = await run(`${SERVER} disable --feature a --dry-run`)
    expect(stdout).toBe('a can be disabled.\n')
    expect(asked[0]).toEqual([[{ feature: 'a', level: 0, upgradeType: 'SAFE_DOWNGRADE' }], { validateOnly: true }])
  })

  it('lowers levels safely unless told otherwise', async () => {
    const safe = await run(`${SERVER} downgrade --feature a=1`)
    expect(updatesOf(safe.asked)[0]!.upgradeType).toBe('SAFE_DOWNGRADE')
    expect(safe.stdout).toBe('a was downgraded to 1.\n')
    const unsafe = await run(`${SERVER} downgrade --feature a=1 --unsafe`)
    expect(updatesOf(unsafe.asked)[0]!.upgradeType).toBe('UNSAFE_DOWNGRADE')
  })

  it('reports refusals on stdout, and how many on stderr', async () => {
    const updateFeatures: Admin['updateFeatures'] = async (updates) =>
      new Map(updates.map(({ feature }) => [feature, feature === 'a' ? refused('X', 'not that.') : ok(undefined)]))
    const { code, stdout, stderr } = await run(`${SERVER} upgrade --feature a=1 --feature b=1`, { updateFeatures })
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'Could not upgrade a to 1. not that.\nb was upgraded to 1.\n' })
    expect(stderr).toBe('1 out of 2 operation(s) failed.\n')
    const tried = await run(`${SERVER} disable --feature a --dry-run`, { updateFeatures })
    expect(tried.stdout).toBe('Can not disable a. not that.\n')
    const document = await run(`${SERVER} upgrade --feature a=1 --format json`, { updateFeatures })
    expect(JSON.parse(document.stdout)).toMatchObject({
      kind: 'FeaturesUpdated',
      dryRun: false,
      features: [{ name: 'a', level: 1, error: 'not that.' }],
    })
  })

  it('knows what a release had; an upgrade leaves out what it had not', async () => {
    const levels = async (line: string) =>
      Object.fromEntries(
        updatesOf((await run(`${SERVER} ${line}`)).asked).map(({ feature, level }) => [feature, level]),
      )
    expect(await levels('upgrade --release-version 3.9')).toEqual({ 'metadata.version': 21, 'kraft.version': 1 })
    expect(await levels('downgrade --release-version 4.0')).toEqual({
      'metadata.version': 25,
      'kraft.version': 1,
      'transaction.version': 2,
      'group.version': 1,
      'eligible.leader.replicas.version': 0,
      'share.version': 0,
      'streams.version': 0,
    })
  })

  it('still reads --metadata, and says that it is old', async () => {
    const { stdout, asked } = await run(`${SERVER} upgrade --metadata 4.2`)
    expect(stdout).toBe(
      ' `metadata` flag is deprecated and may be removed in a future release.\nmetadata.version was upgraded to 29.\n',
    )
    expect(updatesOf(asked)).toEqual([{ feature: 'metadata.version', level: 29, upgradeType: 'UPGRADE' }])
    const document = await run(`${SERVER} upgrade --metadata 4.2 --format json`)
    expect(JSON.parse(document.stdout).kind).toBe('FeaturesUpdated')
  })

  it.each([
    ['upgrade', 'You must specify at least one feature to upgrade'],
    ['disable', 'You must specify at least one feature to disable'],
    ['upgrade --feature a=-1', 'Cannot specify a negative version level.'],
    ['upgrade --feature =1', 'Provided feature can not be empty.'],
    ['upgrade --feature a=1 --feature a=2', 'Feature a was specified more than once.'],
    ['disable --feature a --feature a', 'Feature a was specified more than once.'],
    ['upgrade --metadata 4.2 --feature metadata.version=1', 'Feature metadata.version was specified more than once.'],
    ['upgrade --release-version 4.2 --feature a=1', 'Can not specify `release-version` with other feature flags.'],
    ['upgrade --release-version 9', "Unknown metadata.version '9'."],
  ])('%s: refuses before anything is asked', async (line, message) => {
    const { code, stderr, connected } = await run(`${SERVER} ${line}`)
    expect({ code, connected }).toEqual({ code: 1, connected: [] })
    expect(stderr).toContain(message)
  })
})

describe('kt features version-mapping and feature-dependencies', () => {
  it('need no cluster', async () => {
    const mapped = await run('version-mapping --release-version 4.1')
    expect(mapped.connected).toEqual([])
    expect(mapped.stdout).toBe(
      'metadata.version=27 (4.1)\nkraft.version=1\ntransaction.version=2\ngroup.version=1\n' +
        'eligible.leader.replicas.version=1\nshare.version=0\nstreams.version=0\n',
    )
    expect((await run('version-mapping')).stdout).toMatch(/^metadata.version=30 \(4.3-IV0\)\n/)
    const found = await run(
      'feature-dependencies --feature eligible.leader.replicas.version=1 --feature metadata.version=8',
    )
    expect(found.stdout).toBe(
      'eligible.leader.replicas.version=1 requires:\n    metadata.version=23 (4.0-IV1)\n' +
        'metadata.version=8 (3.4-IV0) has no dependencies.\n',
    )
  })

  it('have documents', async () => {
    const mapped = JSON.parse((await run('version-mapping --format json')).stdout)
    expect(mapped).toMatchObject({
      kind: 'FeatureMapping',
      releaseVersion: '4.3-IV0',
      features: { 'kraft.version': 1 },
    })
    const found = await run('feature-dependencies --feature eligible.leader.replicas.version=1 --format json')
    expect(JSON.parse(found.stdout)).toMatchObject({
      features: [{ name: 'eligible.leader.replicas.version', level: 1, dependencies: { 'metadata.version': 23 } }],
    })
  })

  it.each([
    ['version-mapping --release-version 3.2', "Unknown metadata.version '3.2'."],
    ['feature-dependencies --feature metadata.version=1', 'Unknown metadata.version 1'],
    ['feature-dependencies --feature nope=1', 'Unknown feature: nope'],
    ['feature-dependencies --feature group.version=2', 'No feature:group.version with feature level 2'],
    ['feature-dependencies --feature group.version=-1', 'No feature:group.version with feature level -1'],
    ['feature-dependencies', 'Command line error: argument --feature is required. Type --help for help.'],
  ])('%s: is refused', async (line, message) => {
    const { code, stderr } = await run(line)
    expect(code).toBe(1)
    expect(stderr).toContain(message)
  })
})
