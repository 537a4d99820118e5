/** What preparations of lessons may do to the nodes of the local cluster: that of `kt cluster`. */
import * as fs from 'node:fs'
import type { CommandContext } from '../../cli/context.ts'
import type { StageNodes } from '../../learn/stage.ts'

const load = () => import('../../cluster/local-nodes.ts')

export function stageNodesOf({ env, clock }: Pick<CommandContext, 'env' | 'clock'>): StageNodes {
  return {
    async startAll() {
      const { startLocalCluster } = await import('../../cluster/local-cluster.ts')
      await startLocalCluster({ env })
    },
    async heal() {
      const { localClusterStatus } = await import('../../cluster/local-status.ts')
      const { nodes } = localClusterStatus({ env })
      const paused = nodes.filter(({ state }) => state === 'paused').map(({ nodeId }) => nodeId)
      const { localNodes, resumeNodes } = await load()
      if (paused.length > 0) await resumeNodes(localNodes({ env }), paused)
      if (nodes.every(({ cutOffFrom }) => cutOffFrom.length === 0)) return
      const { healNodes } = await import('../../cluster/local-faults.ts')
      await healNodes(localNodes({ env }), [])
    },
    async kill(nodeIds) {
      const { killNodes, localNodes } = await load()
      await killNodes(localNodes({ env }), nodeIds)
    },
    async pause(nodeIds) {
      const { localNodes, pauseNodes } = await load()
      await pauseNodes(localNodes({ env }), nodeIds)
    },
    async stop(nodeIds) {
      const { localNodes, stopChosenNodes } = await load()
      await stopChosenNodes(localNodes({ env }), nodeIds)
    },
    async remove(nodeId) {
      const { localNodes } = await load()
      const cluster = localNodes({ env })
      if (!cluster.nodes.some((node) => node.nodeId === nodeId)) return
      const { removeBroker } = await import('../cluster/membership.ts')
      await removeBroker(nodeId, { cluster, reference: { env } }, { clock })
    },
    async advertise(nodeId, port) {
      const { localNodes, restartNodes } = await load()
      const cluster = localNodes({ env })
      const node = cluster.nodes.find((each) => each.nodeId === nodeId)
      if (node === undefined || node.brokerPort === null) return
      const { nodePaths } = await import('../../cluster/cluster-directory.ts')
      const { reachableHost, plaintextListener } = await import('../../cluster/server-properties.ts')
      const file = nodePaths(cluster.directory, nodeId).properties
      const text = fs.readFileSync(file, 'utf8')
      const told = plaintextListener(reachableHost(node.host), port === 'own' ? node.brokerPort : port)
      const wanted = text.replace(/^advertised\.listeners=.*$/m, `advertised.listeners=${told}`)
      if (wanted === text) return
      fs.writeFileSync(file, wanted)
      await restartNodes(cluster, [nodeId])
    },
  }
}
