import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { clusterDirectory, openClusterDirectory } from '../../src/cluster/cluster-directory.ts'
import { checkNamedCluster } from '../../src/cluster/local-cluster.ts'
import { localNodes } from '../../src/cluster/local-nodes.ts'

function home(): string {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-local-cluster-'))
  onTestFinished(() => fs.rmSync(directory, { recursive: true }))
  return directory
}

it('makes no cluster for a slip of the pen in KT_CLUSTER', () => {
  const env = { KT_HOME: home(), KT_CLUSTER: 'quorm' }
  expect(() => checkNamedCluster(env)).toThrow(
    expect.objectContaining({
      kind: 'not-found',
      message: "there is no local cluster 'quorm', which KT_CLUSTER names",
      facts: ['those there are: none'],
      next: 'kt cluster start --name quorm',
    }),
  )
  expect(fs.readdirSync(env.KT_HOME)).toEqual([])
})

it('is content with a cluster that is there, or where none is named', () => {
  const KT_HOME = home()
  openClusterDirectory(clusterDirectory({ KT_HOME }, 'quorum'), 'quorum')
  checkNamedCluster({ KT_HOME, KT_CLUSTER: 'quorum' })
  checkNamedCluster({ KT_HOME, KT_CLUSTER: '' })
  checkNamedCluster({ KT_HOME })
})

it('means the cluster of KT_CLUSTER in every command for nodes', () => {
  expect(() => localNodes({ env: { KT_HOME: home(), KT_CLUSTER: 'quorum' } })).toThrow("no cluster 'quorum'")
  expect(() => localNodes({ env: { KT_HOME: home() } })).toThrow("no cluster 'local'")
})
