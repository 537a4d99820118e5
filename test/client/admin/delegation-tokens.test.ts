import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAdmin } from '../../../src/client/admin.ts'
import type { Admin } from '../../../src/client/admin-types.ts'
import { createDelegationToken } from '../../../src/protocol/messages/38-create-delegation-token.ts'
import { renewDelegationToken } from '../../../src/protocol/messages/39-renew-delegation-token.ts'
import { expireDelegationToken } from '../../../src/protocol/messages/40-expire-delegation-token.ts'
import { describeDelegationToken } from '../../../src/protocol/messages/41-describe-delegation-token.ts'
import { ScriptedBroker } from '../../support/scripted-broker.ts'

let broker: ScriptedBroker
let admin: Admin

beforeEach(async () => {
  broker = await ScriptedBroker.start()
  admin = createAdmin({ bootstrapServers: [broker.address] })
})
afterEach(async () => {
  await admin.close()
  await broker[Symbol.asyncDispose]()
})

const user = (name: string) => ({ type: 'User', name })
const OWNER = { principalType: 'User', principalName: 'a' }
const REQUESTER = { tokenRequesterPrincipalType: 'User', tokenRequesterPrincipalName: 'b' }
const HMAC = Buffer.from('secret')

describe('delegation tokens', () => {
  it('are created, for oneself or for another', async () => {
    broker.on(createDelegationToken, () => ({
      ...OWNER,
      ...REQUESTER,
      issueTimestampMs: 1n,
      expiryTimestampMs: 2n,
      maxTimestampMs: 3n,
      tokenId: 'id',
      hmac: HMAC,
    }))
    expect(await admin.createDelegationToken({ renewers: [user('r')], maxLifetimeMs: -1 })).toEqual({
      tokenId: 'id',
      hmac: HMAC,
      owner: user('a'),
      requester: user('b'),
      renewers: [user('r')],
      issuedAtMs: 1,
      expiresAtMs: 2,
      endsAtMs: 3,
    })
    await admin.createDelegationToken({ owner: user('o'), renewers: [], maxLifetimeMs: 5 })
    expect(broker.askedFor(createDelegationToken)).toMatchObject([
      { ownerPrincipalName: null, renewers: [{ principalType: 'User', principalName: 'r' }], maxLifetimeMs: -1n },
      { ownerPrincipalType: 'User', ownerPrincipalName: 'o', maxLifetimeMs: 5n },
    ])
  })

  it('belong to who asks with an older broker', async () => {
    broker.ranges.set(38, { min: 1, max: 2 })
    broker.on(createDelegationToken, () => ({ ...OWNER, tokenId: 'id', hmac: HMAC }))
    const token = await admin.createDelegationToken({ renewers: [], maxLifetimeMs: -1 })
    expect(token.requester).toEqual(user('a'))
  })

  it('are renewed and expired', async () => {
    broker.on(renewDelegationToken, () => ({ expiryTimestampMs: 10n }))
    broker.on(expireDelegationToken, () => ({ expiryTimestampMs: 9n }))
    expect(await admin.renewDelegationToken(HMAC, 5)).toBe(10)
    expect(await admin.expireDelegationToken(HMAC, -1)).toBe(9)
    expect(broker.askedFor(renewDelegationToken)).toMatchObject([{ hmac: HMAC, renewPeriodMs: 5n }])
    expect(broker.askedFor(expireDelegationToken)).toMatchObject([{ hmac: HMAC, expiryTimePeriodMs: -1n }])
  })

  it('are described: of owners, or all', async () => {
    const token = { ...OWNER, ...REQUESTER, tokenId: 'id', hmac: HMAC, renewers: [OWNER], maxTimestamp: 3n }
    broker.on(describeDelegationToken, () => ({ tokens: [token] }))
    expect(await admin.describeDelegationTokens()).toMatchObject([
      { tokenId: 'id', owner: user('a'), requester: user('b'), renewers: [user('a')], endsAtMs: 3 },
    ])
    await admin.describeDelegationTokens([user('a')])
    expect(broker.askedFor(describeDelegationToken)).toEqual([{ owners: null }, { owners: [OWNER] }])
  })

  it('do not exist where nobody logs in', async () => {
    broker.on(describeDelegationToken, () => ({ errorCode: 64 }))
    await expect(admin.describeDelegationTokens()).rejects.toMatchObject({
      kind: 'kafka',
      facts: ['DescribeDelegationToken was answered with DELEGATION_TOKEN_REQUEST_NOT_ALLOWED'],
    })
  })
})
