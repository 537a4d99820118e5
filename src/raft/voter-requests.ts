/** AddRaftVoter, RemoveRaftVoter and UpdateRaftVoter: answered by the leader, sent by those who need them (KIP-853). */
import { ZERO_UUID } from '../base/uuid.ts'
import { ErrorCode, type ErrorName, errorInfo, errorName, KafkaError } from '../protocol/error-codes.ts'
import { apiVersions } from '../protocol/messages/18-api-versions.ts'
import {
  type AddRaftVoterRequest,
  type AddRaftVoterResponseInput,
  addRaftVoter,
} from '../protocol/messages/80-add-raft-voter.ts'
import {
  type RemoveRaftVoterRequest,
  type RemoveRaftVoterResponseInput,
  removeRaftVoter,
} from '../protocol/messages/81-remove-raft-voter.ts'
import {
  type UpdateRaftVoterRequest,
  type UpdateRaftVoterResponseInput,
  updateRaftVoter,
} from '../protocol/messages/82-update-raft-voter.ts'
import type { PeerAddress } from '../protocol/peers.ts'
import { leaderOnlyError } from './answers.ts'
import { currentLeader, leaderNodes, type RaftCore } from './core.ts'
import type { PeerChannels } from './peer-channels.ts'
import type { MembershipAction, VoterChange } from './state.ts'
import { addressOf, SUPPORTED_KRAFT_VERSIONS, type Voter } from './voters.ts'

const API_VERSIONS_VERSION = 4
const KRAFT_VERSION_FEATURE = 'kraft.version'

interface Outcome {
  readonly error: ErrorName
  readonly message: string | null
}

/** Owner of the requests that wait for their voter change. */
export class VoterRequests {
  private readonly core: RaftCore
  private readonly channels: PeerChannels | null
  private readonly waiting = new Map<number, (outcome: Outcome) => void>()
  private nextRequestId = 1

  constructor(core: RaftCore, channels: PeerChannels | null) {
    this.core = core
    this.channels = channels
  }

  async add(request: AddRaftVoterRequest): Promise<AddRaftVoterResponseInput> {
    const { voterId: id, voterDirectoryId: directoryId, listeners } = request
    const refusal = this.refusalOf(request.clusterId) ?? keyRefusal(id, directoryId, 'Add')
    if (refusal !== null) return answer(refusal)
    if (!listeners.some(({ name }) => name === this.core.listenerName)) {
      const given = listeners.map(({ name, host, port }) => `${name}://${host}:${port}`).join(', ')
      const message = `Add voter request didn't include the endpoint (${given}) for the default listener ${this.core.listenerName}`
      return answer({ error: 'INVALID_REQUEST', message })
    }
    const voter = { id, directoryId, endpoints: listeners, kraftVersions: SUPPORTED_KRAFT_VERSIONS }
    return answer(await this.change('add', voter, request.ackWhenCommitted))
  }

  async remove(request: RemoveRaftVoterRequest): Promise<RemoveRaftVoterResponseInput> {
    const { voterId: id, voterDirectoryId: directoryId } = request
    const refusal = this.refusalOf(request.clusterId) ?? keyRefusal(id, directoryId, 'Remove')
    if (refusal !== null) return answer(refusal)
    const voter = { id, directoryId, endpoints: [], kraftVersions: SUPPORTED_KRAFT_VERSIONS }
    return answer(await this.change('remove', voter, true))
  }

  async update(request: UpdateRaftVoterRequest, listenerName: string): Promise<UpdateRaftVoterResponseInput> {
    const { voterId: id, voterDirectoryId: directoryId, listeners } = request
    const { minSupportedVersion: min, maxSupportedVersion: max } = request.kRaftVersionFeature
    const { clusterId, state } = this.core
    if (request.clusterId !== null && clusterId !== null && request.clusterId !== clusterId) {
      return this.updateAnswer('INCONSISTENT_CLUSTER_ID', listenerName)
    }
    const error = leaderOnlyError(state, request.currentLeaderEpoch)
    if (error !== null) return this.updateAnswer(error, listenerName)
    const isValid = id >= 0 && directoryId !== ZERO_UUID && min >= 0 && max >= min
    if (!isValid || !listeners.some(({ name }) => name === this.core.listenerName)) {
      return this.updateAnswer('INVALID_REQUEST', listenerName)
    }
    const voter = { id, directoryId, endpoints: listeners, kraftVersions: { min, max } }
    return this.updateAnswer((await this.change('update', voter, false)).error, listenerName)
  }

  private updateAnswer(error: ErrorName, listenerName: string): UpdateRaftVoterResponseInput {
    const node = leaderNodes(this.core, listenerName)[0]
    const { host, port } = node ?? { host: '', port: 0 }
    return { errorCode: ErrorCode[error], currentLeader: { ...currentLeader(this.core), host, port } }
  }

  private refusalOf(clusterId: string | null): Outcome | null {
    const { clusterId: ours, state } = this.core
    if (clusterId !== null && ours !== null && clusterId !== ours) {
      const message = `The given id "${clusterId}" doesn't match the cluster id "${ours}"`
      return { error: 'INCONSISTENT_CLUSTER_ID', message }
    }
    const error = leaderOnlyError(state, state.epoch)
    return error === null ? null : { error, message: null }
  }

  private change(kind: VoterChange['kind'], voter: Voter, answerWhenCommitted: boolean): Promise<Outcome> {
    const requestId = this.nextRequestId++
    return new Promise((resolve) => {
      this.waiting.set(requestId, resolve)
      this.core.input({ type: 'change-voters', kind, requestId, voter, answerWhenCommitted })
    })
  }

  /** The algorithm has decided; a request that was answered already stays answered. */
  answer(requestId: number, outcome: Outcome): void {
    const resolve = this.waiting.get(requestId)
    this.waiting.delete(requestId)
    resolve?.(outcome)
  }

  /** Asks a voter-to-be which versions of kraft.version it supports, and by that whether it is there. */
  probe(requestId: number, voter: Voter): void {
    void this.kraftVersionsOf(voter).then(({ error, kraftVersions }) => {
      const { core } = this
      if (core.closed) return
      core.input({ type: 'voter-probed', requestId, error, kraftVersions, nowMs: core.clock.now() })
    })
  }

  private async kraftVersionsOf(
    voter: Voter,
  ): Promise<{ error: ErrorName; kraftVersions: Voter['kraftVersions'] | null }> {
    const { core } = this
    const address = addressOf(voter.endpoints, core.listenerName)
    if (address === null || this.channels === null) return { error: 'BROKER_NOT_AVAILABLE', kraftVersions: null }
    const request = { clientSoftwareName: 'kafka-toolkit', clientSoftwareVersion: '1' }
    try {
      const channel = this.channels.to(address, 'requests')
      const { requestTimeoutMs } = core.state.timeouts
      const { errorCode, supportedFeatures } = await channel.send(
        apiVersions,
        API_VERSIONS_VERSION,
        request,
        requestTimeoutMs,
      )
      const feature = supportedFeatures.find(({ name }) => name === KRAFT_VERSION_FEATURE)
      const kraftVersions = feature === undefined ? null : { min: feature.minVersion, max: feature.maxVersion }
      return { error: errorName(errorCode), kraftVersions }
    } catch (error) {
      return { error: error instanceof KafkaError ? error.errorName : 'UNKNOWN_SERVER_ERROR', kraftVersions: null }
    }
  }

  /** As a follower: asks the leader to change what the voters know of us. */
  updateMembership(action: MembershipAction): void {
    const { core, channels } = this
    const address = addressOf(core.state.leaderEndpoints, core.listenerName)
    if (address === null || channels === null) return
    void this.sendMembership(address, channels, action).then(
      (errorCode) => {
        if (!core.closed) this.membershipAnswered(action, errorName(errorCode))
      },
      (error) => core.logger.warn(`request to ${action.type} this voter did not reach the leader: ${String(error)}`),
    )
  }

  private membershipAnswered(action: MembershipAction, error: ErrorName): void {
    const { core } = this
    const isSettled = action.type === 'update' && (error === 'NONE' || error === 'UNSUPPORTED_VERSION')
    if (isSettled) core.input({ type: 'leader-updated' })
    else if (error !== 'NONE')
      core.logger.info(`the leader answered the request to ${action.type} this voter with ${error}`)
  }

  private async sendMembership(
    address: PeerAddress,
    channels: PeerChannels,
    action: MembershipAction,
  ): Promise<number> {
    const { clusterId, state } = this.core
    const { id: voterId, directoryId: voterDirectoryId, endpoints: listeners, kraftVersions } = state.local
    const channel = channels.to(address, 'requests')
    const timeoutMs = state.timeouts.requestTimeoutMs
    switch (action.type) {
      case 'add': {
        const request = { clusterId, timeoutMs, voterId, voterDirectoryId, listeners, ackWhenCommitted: false }
        return (await channel.send(addRaftVoter, 1, request, timeoutMs)).errorCode
      }
      case 'remove': {
        const request = { clusterId, voterId: action.voter.id, voterDirectoryId: action.voter.directoryId }
        return (await channel.send(removeRaftVoter, 0, request, timeoutMs)).errorCode
      }
      case 'update': {
        const { min: minSupportedVersion, max: maxSupportedVersion } = kraftVersions
        const kRaftVersionFeature = { minSupportedVersion, maxSupportedVersion }
        const voter = { voterId, voterDirectoryId, listeners, kRaftVersionFeature }
        const request = { clusterId, currentLeaderEpoch: state.epoch, ...voter }
        return (await channel.send(updateRaftVoter, 0, request, timeoutMs)).errorCode
      }
    }
  }
}

function keyRefusal(id: number, directoryId: string, what: string): Outcome | null {
  if (id >= 0 && directoryId !== ZERO_UUID) return null
  return { error: 'INVALID_REQUEST', message: `${what} voter request didn't include a valid voter` }
}

function answer({ error, message }: Outcome): { errorCode: number; errorMessage: string | null } {
  const errorCode = ErrorCode[error]
  return { errorCode, errorMessage: error === 'NONE' ? null : (message ?? errorInfo(errorCode).message) }
}
