/** Membership of a share group (KIP-932): heartbeats to the coordinator, which assigns partitions. */
import { randomUuid } from '../../base/uuid.ts'
import {
  type ShareGroupHeartbeatResponse,
  shareGroupHeartbeat,
} from '../../protocol/messages/76-share-group-heartbeat.ts'
import { type ClusterClient, toBroker } from '../cluster-client.ts'
import { JOINING_EPOCH, LEAVING_EPOCH, MemberHeartbeat } from '../group/member-heartbeat.ts'
import type { ShareTarget } from './share-session.ts'

export interface ShareMembershipEvents {
  readonly onAssigned: (partitions: readonly ShareTarget[]) => void
  /** Membership has ended for good. */
  readonly onFailed: (error: Error) => void
}

export class ShareMembership {
  readonly memberId = randomUuid()
  readonly #heartbeat: MemberHeartbeat<ShareGroupHeartbeatResponse>

  constructor(client: ClusterClient, groupId: string, topics: readonly string[], events: ShareMembershipEvents) {
    this.#heartbeat = new MemberHeartbeat(client, {
      request: 'ShareGroupHeartbeat',
      groupId,
      leavingEpoch: LEAVING_EPOCH,
      // Nothing is committed by readers of a share group: they wait for the coordinator as long as they are let.
      patienceMs: Number.POSITIVE_INFINITY,
      send: (coordinator, memberEpoch) =>
        client.send(toBroker(coordinator), shareGroupHeartbeat, {
          groupId,
          memberId: this.memberId,
          memberEpoch,
          rackId: null,
          // Told once; afterwards null means that nothing has changed.
          subscribedTopicNames: memberEpoch === JOINING_EPOCH ? [...topics] : null,
        }),
      onAnswer: ({ assignment }) => {
        if (assignment !== null) events.onAssigned(targetsOf(assignment))
      },
      onLost: () => events.onAssigned([]),
      onFailed: events.onFailed,
    })
  }

  /** Joins; rejects with what the cluster has against it. */
  start(): Promise<void> {
    return this.#heartbeat.start()
  }

  /** Leaves the group, within about `timeoutMs`. */
  close(timeoutMs: number): Promise<void> {
    return this.#heartbeat.close(timeoutMs)
  }
}

function targetsOf({ topicPartitions }: NonNullable<ShareGroupHeartbeatResponse['assignment']>): ShareTarget[] {
  return topicPartitions.flatMap(({ topicId, partitions }) => partitions.map((partition) => ({ topicId, partition })))
}
