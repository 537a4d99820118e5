import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { startForCommand } from '../../src/cluster/local-cluster.ts'
import { localNodes } from '../../src/cluster/local-nodes.ts'

function home(): string {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-local-cluster-'))
  onTestFinished(() => fs.rmSync(directory, { recursive: true }))
  return directory
}

it('makes no cluster for a slip of the pen in KT_CLUSTER', async () => {
  const env = { KT_HOME: home(), KT_CLUSTER: 'quorm' }
  const error = await startForCommand(env).catch((each: unknown) => each)
  expect(error).toMatchObject({
    kind: 'not-found',
    message: "there is no local cluster 'quorm', which KT_CLUSTER names",
    facts: ['those there are: none'],
    next: 'kt cluster start --name quorm',
  })
  expect(fs.readdirSync(env.KT_HOME)).toEqual([])
})

it('means the cluster of KT_CLUSTER in every command for nodes', () => {
  expect(() => localNodes({ env: { KT_HOME: home(), KT_CLUSTER: 'quorum' } })).toThrow("no cluster 'quorum'")
  expect(() => localNodes({ env: { KT_HOME: home() } })).toThrow("no cluster 'local'")
})
