/** Delegation tokens (KIP-48): create, renew, expire, describe. */
import { ErrorCode, errorName, KafkaError } from '../../protocol/error-codes.ts'
import { ANY, type ClusterClient, CONTROLLER } from '../cluster-client.ts'
import type { DelegationToken, Principal, TokenAdmin } from '../security-types.ts'

const wire = ({ type, name }: Principal) => ({ principalType: type, principalName: name })

function throwIfRefused(code: number): void {
  if (code !== ErrorCode.NONE) throw new KafkaError(errorName(code))
}

type NewToken = Parameters<TokenAdmin['createDelegationToken']>[0]

/** A token for who asks, or for the owner that is named. */
export function createDelegationToken(client: ClusterClient, token: NewToken): Promise<DelegationToken> {
  const { owner, renewers, maxLifetimeMs } = token
  return client.retrying('CreateDelegationToken', async () => {
    const { createDelegationToken: api } = await import('../../protocol/messages/38-create-delegation-token.ts')
    const answer = await client.send(CONTROLLER, api, (version) => ({
      ...(version < 3 || owner === undefined ? {} : { ownerPrincipalType: owner.type, ownerPrincipalName: owner.name }),
      ...(version < 3 || owner !== undefined ? {} : { ownerPrincipalType: null, ownerPrincipalName: null }),
      renewers: renewers.map(wire),
      maxLifetimeMs: BigInt(maxLifetimeMs),
    }))
    throwIfRefused(answer.errorCode)
    const owned = { type: answer.principalType, name: answer.principalName }
    return {
      tokenId: answer.tokenId,
      hmac: answer.hmac,
      owner: owned,
      requester: requesterOf(answer.tokenRequesterPrincipalType, answer.tokenRequesterPrincipalName, owned),
      renewers,
      issuedAtMs: Number(answer.issueTimestampMs),
      expiresAtMs: Number(answer.expiryTimestampMs),
      endsAtMs: Number(answer.maxTimestampMs),
    }
  })
}

/** Before KIP-373 a token was always asked for by its owner. */
function requesterOf(type: string, name: string, owner: Principal): Principal {
  return type === '' ? owner : { type, name }
}

/** When it expires now. */
export function renewDelegationToken(client: ClusterClient, hmac: Buffer, periodMs: number): Promise<number> {
  return client.retrying('RenewDelegationToken', async () => {
    const { renewDelegationToken: api } = await import('../../protocol/messages/39-renew-delegation-token.ts')
    const answer = await client.send(CONTROLLER, api, { hmac, renewPeriodMs: BigInt(periodMs) })
    throwIfRefused(answer.errorCode)
    return Number(answer.expiryTimestampMs)
  })
}

/** When it expires now; a negative period is at once. */
export function expireDelegationToken(client: ClusterClient, hmac: Buffer, periodMs: number): Promise<number> {
  return client.retrying('ExpireDelegationToken', async () => {
    const { expireDelegationToken: api } = await import('../../protocol/messages/40-expire-delegation-token.ts')
    const answer = await client.send(CONTROLLER, api, { hmac, expiryTimePeriodMs: BigInt(periodMs) })
    throwIfRefused(answer.errorCode)
    return Number(answer.expiryTimestampMs)
  })
}

/** Tokens of these owners; of all that may be seen when left out. */
export function describeDelegationTokens(
  client: ClusterClient,
  owners?: readonly Principal[],
): Promise<DelegationToken[]> {
  return client.retrying('DescribeDelegationToken', async () => {
    const { describeDelegationToken: api } = await import('../../protocol/messages/41-describe-delegation-token.ts')
    const answer = await client.send(ANY, api, { owners: owners === undefined ? null : owners.map(wire) })
    throwIfRefused(answer.errorCode)
    return answer.tokens.map((token) => {
      const owner = { type: token.principalType, name: token.principalName }
      return {
        tokenId: token.tokenId,
        hmac: token.hmac,
        owner,
        requester: requesterOf(token.tokenRequesterPrincipalType, token.tokenRequesterPrincipalName, owner),
        renewers: token.renewers.map(({ principalType: type, principalName: name }) => ({ type, name })),
        issuedAtMs: Number(token.issueTimestamp),
        expiresAtMs: Number(token.expiryTimestamp),
        endsAtMs: Number(token.maxTimestamp),
      }
    })
  })
}
