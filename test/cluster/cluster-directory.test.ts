import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  clusterDirectory,
  ktHome,
  nodeIds,
  openClusterDirectory,
  readMarker,
} from '../../src/cluster/cluster-directory.ts'

let home: string
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-directory-'))
})
afterEach(() => fs.rmSync(home, { recursive: true, force: true }))

describe('where clusters live', () => {
  it('is KT_HOME, else ~/.kt', () => {
    expect(ktHome({ KT_HOME: '/k', HOME: '/h' })).toBe('/k')
    expect(ktHome({ HOME: '/h' })).toBe('/h/.kt')
    expect(ktHome({ KT_HOME: '', HOME: '/h' })).toBe('/h/.kt')
  })
  it('is the cluster that KT_CLUSTER names, where none is named otherwise', () => {
    const env = { KT_HOME: '/k', KT_CLUSTER: 'quorum' }
    expect(clusterDirectory(env)).toBe('/k/clusters/quorum')
    expect(clusterDirectory(env, 'b')).toBe('/k/clusters/b')
    expect(clusterDirectory({ KT_HOME: '/k', KT_CLUSTER: '' })).toBe('/k/clusters/local')
    expect(() => clusterDirectory({ KT_HOME: '/k', KT_CLUSTER: '../up' })).toThrow('cannot name a cluster')
  })
  it.each(['', '..', '../up', 'a/b', '.hidden', 'x'.repeat(65)])('refuses %j as a name', (name) => {
    expect(() => clusterDirectory({ KT_HOME: '/k' }, name)).toThrow('cannot name a cluster')
  })
})

describe('openClusterDirectory', () => {
  it('makes a new cluster once and finds it again', () => {
    const directory = path.join(home, 'c')
    const made = openClusterDirectory(directory, 'c')
    expect(made.clusterId).toMatch(/^[A-Za-z0-9_-]{22}$/)
    expect(openClusterDirectory(directory, 'c')).toEqual(made)
    expect(readMarker(directory)).toEqual(made)
  })
  it('leaves a directory of somebody else alone', () => {
    fs.writeFileSync(path.join(home, 'precious'), 'x')
    expect(() => openClusterDirectory(home, 'c')).toThrow('is not a cluster of kt')
    expect(fs.readdirSync(home)).toEqual(['precious'])
  })
  it('says when its own file is damaged', () => {
    fs.writeFileSync(path.join(home, 'cluster.json'), '{')
    expect(() => openClusterDirectory(home, 'c')).toThrow('cannot be read')
  })
})

it('nodeIds reads the folders, in order', () => {
  for (const name of ['node-10', 'node-2', 'node-x', 'cluster.json']) fs.mkdirSync(path.join(home, name))
  expect(nodeIds(home)).toEqual([2, 10])
  expect(nodeIds(path.join(home, 'missing'))).toEqual([])
})
