import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { nodeFileSystem } from '../../src/base/file-system.ts'
import { formatIfNew } from '../../src/cluster/node-directory.ts'
import { readMetaProperties } from '../../src/log/meta-properties.ts'
import { NodeConfig } from '../../src/metadata/config/index.ts'

const DIRECTORY = 'JEXY6aqzQY-32P5TStzaFg'
const MARKER = { name: 'c', clusterId: 'a-cluster', voters: `100@127.0.0.1:9192:${DIRECTORY}` }
const SNAPSHOT = '__cluster_metadata-0/00000000000000000000-0000000000.checkpoint'

let home: string
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-format-'))
})
afterEach(() => fs.rmSync(home, { recursive: true, force: true }))

function config(roles: string, nodeId: number): NodeConfig {
  return new NodeConfig({
    ...{ 'process.roles': roles, 'node.id': String(nodeId), 'log.dirs': path.join(home, 'data') },
    'controller.listener.names': 'CONTROLLER',
  })
}
const meta = () => readMetaProperties(nodeFileSystem, path.join(home, 'data'))
const hasVoters = (): boolean => fs.existsSync(path.join(home, 'data', SNAPSHOT))

it('gives a first voter its directory id and the voters', () => {
  formatIfNew(config('controller', 100), MARKER)
  expect(meta()).toEqual({ clusterId: 'a-cluster', nodeId: 100, directoryId: DIRECTORY })
  expect(hasVoters()).toBe(true)
})

it('leaves a formatted directory alone', () => {
  formatIfNew(config('controller', 100), MARKER)
  formatIfNew(config('controller', 100), { ...MARKER, clusterId: 'another' })
  expect(meta()!.clusterId).toBe('a-cluster')
})

it('writes no voters for a broker, for a controller that joins later, or for a static quorum', () => {
  for (const [roles, nodeId, marker] of [
    ['broker', 1, MARKER],
    ['controller', 101, MARKER],
    ['broker,controller', 1, { clusterId: 'a-cluster' }],
  ] as const) {
    formatIfNew(config(roles, nodeId), marker)
    expect(meta()).toMatchObject({ clusterId: 'a-cluster', nodeId })
    expect(meta()!.directoryId).not.toBe(DIRECTORY)
    expect(hasVoters()).toBe(false)
    fs.rmSync(path.join(home, 'data'), { recursive: true })
  }
})
