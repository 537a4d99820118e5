/** The whole command on a disk; comparisons with the script are in test/interop. */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nodeFileSystem } from '../../src/base/file-system.ts'
import { readMetaProperties } from '../../src/log/meta-properties.ts'
import { readBootstrapRecords } from '../../src/metadata/format.ts'
import { runCommand } from '../support/run-command.ts'

const DIRECTORY = 'JEXY6aqzQY-32P5TStzaFg'
const SNAPSHOT = '__cluster_metadata-0/00000000000000000000-0000000000.checkpoint'

let home: string
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-storage-'))
})
afterEach(() => fs.rmSync(home, { recursive: true, force: true }))

function properties(roles: string, changes: Readonly<Record<string, string>> = {}): string {
  const lines = {
    'process.roles': roles,
    'node.id': roles === 'broker' ? '1' : '100',
    listeners: roles === 'broker' ? 'PLAINTEXT://127.0.0.1:9092' : 'CONTROLLER://127.0.0.1:9093',
    'controller.listener.names': 'CONTROLLER',
    'controller.quorum.bootstrap.servers': '127.0.0.1:9093',
    'log.dirs': path.join(home, 'data'),
    ...changes,
  }
  const file = path.join(home, 'server.properties')
  const given = Object.entries(lines).filter(([, value]) => value !== '')
  fs.writeFileSync(file, given.map(([name, value]) => `${name}=${value}\n`).join(''))
  return file
}

const format = (file: string, ...flags: string[]) =>
  runCommand(['storage', 'format', '--cluster-id', 'a-cluster', '--config', file, ...flags])
const files = (): string[] =>
  fs
    .readdirSync(home, { recursive: true, encoding: 'utf8' })
    .filter((name) => fs.statSync(path.join(home, name)).isFile())
    .sort()
const meta = (directory = 'data') => readMetaProperties(nodeFileSystem, path.join(home, directory))

describe('format', () => {
  it('makes a broker’s directory', async () => {
    const { code, stdout, stderr } = await format(properties('broker'))
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^Bootstrap metadata: BootstrapMetadata\(records=\[.*source=format command\)\n/)
    expect(stdout).toContain(`Formatting metadata directory ${home}/data with metadata.version 4.3-IV0.\n`)
    expect(files()).toEqual(['data/bootstrap.checkpoint', 'data/meta.properties', 'server.properties'])
    expect(meta()).toMatchObject({ clusterId: 'a-cluster', nodeId: 1 })
  })

  it('makes a first controller the only voter', async () => {
    const { code, stdout } = await format(properties('controller'), '--standalone')
    expect(code).toBe(0)
    expect(stdout).toContain('Formatting dynamic metadata voter directory')
    expect(files()).toContain(`data/${SNAPSHOT}`)
    const snapshot = fs.readFileSync(path.join(home, 'data', SNAPSHOT))
    expect(snapshot.includes(Buffer.from(meta()!.directoryId, 'base64url'))).toBe(true)
  })

  it('gives one of several first voters the directory id it is listed with', async () => {
    const voters = `100@127.0.0.1:9093:${DIRECTORY},101@127.0.0.1:9094:MvDxzVmcRsaTz33bUuRU6A`
    await format(properties('controller'), '--initial-controllers', voters)
    expect(meta()!.directoryId).toBe(DIRECTORY)
    fs.rmSync(path.join(home, 'data'), { recursive: true })
    const joined = await format(properties('controller', { 'node.id': '102' }), '-I', voters)
    expect(joined.stdout).toContain('Formatting dynamic metadata directory ')
    expect(meta()!.directoryId).not.toBe(DIRECTORY)
  })

  it('makes a controller that joins later, and one of a static quorum, without voters', async () => {
    const joining = await format(properties('controller'), '--no-initial-controllers')
    expect(joining.stdout).toContain('Formatting metadata directory')
    fs.rmSync(path.join(home, 'data'), { recursive: true })
    const staticQuorum = { 'controller.quorum.voters': '100@127.0.0.1:9093', 'controller.quorum.bootstrap.servers': '' }
    expect((await format(properties('controller', staticQuorum))).code).toBe(0)
    expect(files()).not.toContain(`data/${SNAPSHOT}`)
  })

  it('formats every directory, and the metadata’s as such', async () => {
    const directories = { 'log.dirs': `${home}/b,${home}/a`, 'metadata.log.dir': `${home}/m` }
    const { stdout } = await format(properties('controller', directories), '-s')
    expect(stdout.match(/^Formatting .* directory/gm)).toEqual([
      'Formatting data directory',
      'Formatting data directory',
      'Formatting dynamic metadata voter directory',
    ])
    expect(files().filter((name) => name.endsWith('checkpoint'))).toContain(`m/${SNAPSHOT}`)
    const ids = ['a', 'b', 'm'].map((name) => meta(name)!.directoryId)
    expect(new Set(ids).size).toBe(3)
  })

  it('begins with the levels and credentials it is told', async () => {
    const scram = 'SCRAM-SHA-256=[name=alice,password=secret]'
    await format(properties('controller'), '-s', '-r', '4.0', '-f', 'share.version=0', '--add-scram', scram)
    const records = readBootstrapRecords(nodeFileSystem, path.join(home, 'data'))
    expect(records.map(({ record, body }) => [record, (body as { name: string }).name])).toEqual([
      ['featureLevelRecord', 'metadata.version'],
      ['featureLevelRecord', 'group.version'],
      ['featureLevelRecord', 'transaction.version'],
      ['userScramCredentialRecord', 'alice'],
    ])
    expect(records[0]!.body).toMatchObject({ featureLevel: 25 })
  })

  it('leaves what is formatted alone, and refuses it unless told to', async () => {
    const file = properties('broker')
    await format(file)
    const before = meta()
    const again = await format(file)
    expect([again.code, again.stdout]).toEqual([1, ''])
    expect(again.stderr).toContain('is already formatted. Use --ignore-formatted to ignore this directory')
    const ignored = await format(file, '--ignore-formatted')
    expect([ignored.code, ignored.stdout]).toEqual([0, 'All of the log directories are already formatted.\n'])
    expect(meta()).toEqual(before)
  })

  it('refuses the directory of another cluster or node', async () => {
    await format(properties('broker'))
    const cluster = await runCommand(['storage', 'format', '-t', 'b', '-c', `${home}/server.properties`, '-g'])
    expect(cluster.stderr).toContain('meta.properties. Expected b, but read a-cluster')
    const node = await format(properties('broker', { 'node.id': '2' }), '-g')
    expect(node.stderr).toContain("Stored node id 1 doesn't match previous node id 2")
  })

  it.each([
    ['controller', [], 'Because controller.quorum.voters is not set on this controller, you must specify one of'],
    ['broker', ['-s'], 'You can only use --standalone on a controller.'],
    ['controller', ['-s', '-N'], 'argument --no-initial-controllers/-N: not allowed with argument --standalone/-s'],
    ['controller', ['-I', '5@'], 'No hostname found after node id.'],
    ['controller', ['-s', '-r', '9.9'], "Unknown metadata.version '9.9'."],
    ['controller', ['-s', '-r', '3.3', '-S', 'SCRAM-SHA-256=[name=a,password=b]'], 'SCRAM is only supported in'],
  ])('a %s with %j: nothing is written', async (roles, flags, message) => {
    const { code, stdout, stderr } = await format(properties(roles), ...flags)
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain(message)
    expect(files()).toEqual(['server.properties'])
  })

  it('refuses a file with which no node could start, and one that is not there', async () => {
    const { stderr } = await format(properties('broker', { listeners: 'nonsense' }))
    expect(stderr).toContain('Unable to parse nonsense to a broker endpoint')
    expect((await format(path.join(home, 'none'))).code).toBe(1)
  })
})

describe('documents', () => {
  it('tell whose directories they are, and the levels of a release', async () => {
    const file = properties('broker')
    const before = await runCommand(['storage', 'info', '-c', file, '--format', 'json'])
    expect(before.code).toBe(1)
    expect(JSON.parse(before.stdout)).toMatchObject({
      ...{ kind: 'StorageInfo', directories: [], metadata: null },
      problems: [`${home}/data does not exist`],
    })
    await format(file)
    const { stdout } = await runCommand(['storage', '--format', 'json', 'info', '-c', file])
    expect(JSON.parse(stdout)).toMatchObject({
      directories: [`${home}/data`],
      problems: [],
      metadata: { 'cluster.id': 'a-cluster', 'node.id': '1' },
    })
    const mapping = await runCommand(['storage', 'version-mapping', '--release-version', '4.3', '--format', 'json'])
    expect(JSON.parse(mapping.stdout)).toMatchObject({
      ...{ kind: 'FeatureMapping', releaseVersion: '4.3' },
      features: { 'metadata.version': 30 },
    })
  })
})

describe('documents of what was done', () => {
  it('tell what was formatted, with which levels and users', async () => {
    const directories = { 'log.dirs': `${home}/a,${home}/b` }
    const scram = 'SCRAM-SHA-512=[name=alice,password=alice-secret]'
    const file = properties('controller', directories)
    const { code, stdout, stderr } = await format(file, '-s', '--add-scram', scram, '--format', 'json')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).not.toContain('secret')
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ kind: 'StorageFormatted', clusterId: 'a-cluster', nodeId: 100, releaseVersion: '4.3-IV0' },
      features: { 'metadata.version': 30 },
      scramUsers: [{ user: 'alice', mechanism: 'SCRAM-SHA-512' }],
      directories: [
        { path: `${home}/a`, kind: 'dynamic metadata voter directory', status: 'formatted' },
        { path: `${home}/b`, kind: 'data directory', status: 'formatted' },
      ],
    })
    fs.rmSync(path.join(home, 'b'), { recursive: true })
    const again = await format(file, '-s', '-g', '--format', 'json')
    expect(JSON.parse(again.stdout).directories.map((each: { status: string }) => each.status)).toEqual([
      ...['already-formatted', 'formatted'],
    ])
  })

  it('tell what was done before a disk failed', async () => {
    fs.mkdirSync(path.join(home, 'b', 'meta.properties.tmp', 'x'), { recursive: true })
    const file = properties('broker', { 'log.dirs': `${home}/a,${home}/b` })
    const text = await format(file)
    fs.rmSync(path.join(home, 'a'), { recursive: true, force: true })
    const { code, stdout, stderr } = await format(file, '--format', 'json')
    expect([code, stderr]).toEqual([text.code, text.stderr])
    expect(code).not.toBe(0)
    const { directories } = JSON.parse(stdout)
    expect(directories.map((each: { status: string }) => each.status)).toEqual(['formatted', 'failed'])
  })

  it('tell what levels need, and a new id', async () => {
    const needs = await runCommand(['storage', 'feature-dependencies', '-f', 'share.version=1', '--format', 'json'])
    expect(JSON.parse(needs.stdout)).toMatchObject({
      ...{ kind: 'FeatureDependencies' },
      features: [{ name: 'share.version', level: 1, dependencies: {} }],
    })
    const wrong = ['storage', 'feature-dependencies', '-f', 'share.version=1', '-f', 'x=1', '--format', 'json']
    expect(await runCommand(wrong)).toMatchObject({ code: 1, stdout: '' })
    const uuid = JSON.parse((await runCommand(['storage', 'random-uuid', '--format', 'json'])).stdout)
    expect(uuid).toMatchObject({ apiVersion: 'kt/v1', kind: 'RandomUuid' })
    expect(uuid.uuid).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_-]{21}$/)
  })
})

describe('info', () => {
  const info = (file: string) => runCommand(['storage', 'info', '-c', file])

  it('tells whose directories they are', async () => {
    const file = properties('broker')
    expect(await info(file)).toMatchObject({ code: 1, stdout: `Found problem:\n  ${home}/data does not exist\n\n` })
    await format(file)
    const { code, stdout } = await info(file)
    expect(code).toBe(0)
    expect(stdout).toBe(
      `Found log directory:\n  ${home}/data\n\nFound metadata: {cluster.id=a-cluster, directory.id=${meta()!.directoryId}, node.id=1, version=1}\n\n`,
    )
  })

  it('finds what does not belong together', async () => {
    const file = properties('broker', { 'log.dirs': `${home}/a,${home}/b,${home}/c` })
    for (const [name, cluster] of [
      ['a', 'one'],
      ['b', 'other'],
    ]) {
      fs.mkdirSync(path.join(home, name!))
      fs.writeFileSync(path.join(home, name!, 'meta.properties'), `version=1\ncluster.id=${cluster}\nnode.id=1\n`)
    }
    fs.writeFileSync(path.join(home, 'c'), 'a file')
    const { code, stdout } = await info(file)
    expect(code).toBe(1)
    expect(stdout).toContain(`Found log directories:\n  ${home}/a\n  ${home}/b\n`)
    expect(stdout).toContain(
      `Found problems:\n  Mismatched cluster IDs between storage directories.\n  ${home}/c is not a directory\n`,
    )
  })
})

it('random-uuid prints an id that no option could be taken for', async () => {
  const { stdout } = await runCommand(['storage', 'random-uuid'])
  expect(stdout).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_-]{21}\n$/)
})
