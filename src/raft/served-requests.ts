/** Which requests of other nodes the quorum answers, and where each is answered. */
import { KafkaError } from '../protocol/error-codes.ts'
import { fetch } from '../protocol/messages/01-fetch.ts'
import { vote } from '../protocol/messages/52-vote.ts'
import { beginQuorumEpoch } from '../protocol/messages/53-begin-quorum-epoch.ts'
import { endQuorumEpoch } from '../protocol/messages/54-end-quorum-epoch.ts'
import { describeQuorum } from '../protocol/messages/55-describe-quorum.ts'
import { fetchSnapshot } from '../protocol/messages/59-fetch-snapshot.ts'
import { addRaftVoter } from '../protocol/messages/80-add-raft-voter.ts'
import { removeRaftVoter } from '../protocol/messages/81-remove-raft-voter.ts'
import { updateRaftVoter } from '../protocol/messages/82-update-raft-voter.ts'
import type { Api, RequestOf } from '../protocol/schema.ts'
import type { RaftCore } from './core.ts'
import { handleDescribeQuorum } from './describe-quorum.ts'
import type { FetchRequests, RequestContext } from './fetch-requests.ts'
import { handleBeginEpoch, handleEndEpoch, handleVote } from './peer-requests.ts'
import { handleFetchSnapshot } from './snapshot-requests.ts'
import type { VoterRequests } from './voter-requests.ts'

export const SERVED_APIS: readonly Api[] = [
  fetch,
  vote,
  beginQuorumEpoch,
  endQuorumEpoch,
  describeQuorum,
  fetchSnapshot,
  addRaftVoter,
  removeRaftVoter,
  updateRaftVoter,
] as readonly Api[]

export interface RequestParts {
  readonly core: RaftCore
  readonly fetches: FetchRequests
  readonly voterRequests: VoterRequests
}

/** The answer, or a promise of it. Throws UNSUPPORTED_VERSION for a key that is not among `SERVED_APIS`. */
export function answerRequest(
  { core, fetches, voterRequests }: RequestParts,
  key: number,
  version: number,
  request: unknown,
  context: RequestContext,
): unknown {
  const { listenerName } = context
  switch (key) {
    case fetch.key:
      return fetches.handle(version, request as RequestOf<typeof fetch>, context)
    case vote.key:
      return handleVote(core, request as RequestOf<typeof vote>, listenerName)
    case beginQuorumEpoch.key:
      return handleBeginEpoch(core, request as RequestOf<typeof beginQuorumEpoch>, listenerName)
    case endQuorumEpoch.key:
      return handleEndEpoch(core, request as RequestOf<typeof endQuorumEpoch>, listenerName)
    case describeQuorum.key:
      return handleDescribeQuorum(core, request as RequestOf<typeof describeQuorum>)
    case fetchSnapshot.key:
      return handleFetchSnapshot(core, version, request as RequestOf<typeof fetchSnapshot>, listenerName)
    case addRaftVoter.key:
      return voterRequests.add(request as RequestOf<typeof addRaftVoter>)
    case removeRaftVoter.key:
      return voterRequests.remove(request as RequestOf<typeof removeRaftVoter>)
    case updateRaftVoter.key:
      return voterRequests.update(request as RequestOf<typeof updateRaftVoter>, listenerName)
    default:
      throw new KafkaError('UNSUPPORTED_VERSION', `the quorum does not serve API key ${key}`)
  }
}
