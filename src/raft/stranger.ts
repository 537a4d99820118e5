/** A node that asks for the leader and can never be served: another one has its id, or the quorum is another cluster's. */
import { KtError } from '../base/errors.ts'
import type { ErrorName } from '../protocol/error-codes.ts'
import type { PeerAddress } from '../protocol/peers.ts'
import type { RaftCore } from './core.ts'
import type { LeaderHint } from './state.ts'
import { isVoter } from './voters.ts'

/**
 * One per node, asked about every answer. Whoever was served once is no stranger: what contradicts that later is another
 * node's mistake, and passes.
 */
export class Stranger {
  private readonly core: RaftCore
  private served = false
  /** When the first of the answers came that all said the same; ms. */
  private sinceMs: number | null = null

  constructor(core: RaftCore) {
    this.core = core
  }

  /**
   * Why we do not belong to whoever answers at `address`: `final` when nothing else was heard for two fetch timeouts, in
   * which a leader of the past that had our id and another disk would have been replaced. null when all is well.
   */
  objection(address: PeerAddress, error: ErrorName, hint: LeaderHint): { why: KtError; final: boolean } | null {
    const why = this.served ? null : this.contradiction(address, error, hint)
    if (why === null) {
      this.sinceMs = null
      return null
    }
    const nowMs = this.core.clock.monotonic()
    this.sinceMs ??= nowMs
    return { why, final: nowMs - this.sinceMs >= 2 * this.core.state.timeouts.fetchTimeoutMs }
  }

  /** The leader has sent what we asked for. */
  wasServed(): void {
    this.served = true
  }

  private contradiction({ host, port }: PeerAddress, error: ErrorName, hint: LeaderHint): KtError | null {
    const { clusterId, state } = this.core
    const { id } = state.local
    if (error === 'INCONSISTENT_CLUSTER_ID') {
      return new KtError('conflict', `the controller at ${host}:${port} belongs to another cluster`, {
        facts: [`this node's directory was formatted for cluster ${clusterId}`],
        next: `kt cluster cluster-id --bootstrap-controller ${host}:${port}   (the cluster that is there)`,
      })
    }
    if (hint.leaderId !== id || state.leaderId === id || isVoter(state.quorum.voters, state.local)) return null
    return new KtError('conflict', `another node has the id ${id} already: it leads the metadata quorum`, {
      facts: [`so says the controller at ${host}:${port}`, 'every broker and every controller needs an id of its own'],
      next: 'give this node another node.id, and a directory formatted for it',
    })
  }
}
