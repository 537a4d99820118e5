import { describe, expect, it } from 'vitest'
import type { BearerToken } from '../../../src/client/admin-types.ts'
import { prefixed, readToken, renewing, unsecuredToken } from '../../../src/client/security/bearer-token.ts'
import { ManualClock } from '../../support/manual-clock.ts'

const NONE = new Map<string, string>()
const claims = (token: BearerToken): unknown =>
  JSON.parse(Buffer.from(token.value.split('.')[1]!, 'base64url').toString())
const options = (given: Record<string, string>): Map<string, string> => new Map(Object.entries(given))

describe('a token', () => {
  it('that is a JWT tells principal and end', () => {
    const payload = Buffer.from(JSON.stringify({ sub: 'alice', client: 'a1', exp: 1234 })).toString('base64url')
    expect(readToken(`h.${payload}.s`, NONE)).toMatchObject({ principal: 'alice', expiresAtMs: 1_234_000 })
    expect(readToken(`h.${payload}.s`, NONE, 'client').principal).toBe('a1')
  })

  it.each(['opaque', 'a.b.c', 'a.bnVsbA.c', ''])('that is none (%s) is left to the broker to judge', (value) => {
    expect(readToken(value, NONE, 'sub', 77)).toMatchObject({ value, principal: null, expiresAtMs: 77 })
  })
})

describe('an unsecured token', () => {
  it('has the claims of the JAAS options, and no signature', () => {
    const token = unsecuredToken(
      options({
        unsecuredLoginStringClaim_sub: 'alice',
        unsecuredLoginNumberClaim_level: '7',
        unsecuredLoginListClaim_scope: '|read|write',
        unsecuredLoginListClaim_empty: '',
        unsecuredLoginExtension_cluster: 'lkc-1',
        unsecuredLoginLifetimeSeconds: '60',
      }),
      5_000,
    )
    expect(claims(token)).toEqual({ exp: 65, iat: 5, sub: 'alice', level: 7, scope: ['read', 'write'], empty: [] })
    expect(token.value.split('.')[2]).toBe('')
    expect(token).toMatchObject({
      principal: 'alice',
      expiresAtMs: 65_000,
      extensions: new Map([['cluster', 'lkc-1']]),
    })
  })

  it('may name its principal by another claim', () => {
    const token = unsecuredToken(
      options({ unsecuredLoginPrincipalClaimName: 'user', unsecuredLoginStringClaim_user: 'bob' }),
      0,
    )
    expect(token.principal).toBe('bob')
  })

  it.each<[string, Record<string, string>, RegExp]>([
    ['without a principal', {}, /unsecuredLoginStringClaim_sub/],
    ['that sets its own end', { unsecuredLoginNumberClaim_exp: '1' }, /the claim exp cannot be set/],
    ['with a number that is none', { unsecuredLoginNumberClaim_x: 'many' }, /many is not a number/],
    ['with a strange life', { unsecuredLoginLifetimeSeconds: 'long' }, /LifetimeSeconds/],
  ])('%s is refused', (_, given, reason) => {
    expect(() => unsecuredToken(options(given), 0)).toThrow(reason)
  })
})

describe('renewing', () => {
  function source(lifeMs: number | null, clock: ManualClock) {
    const state = { asked: 0, broken: false }
    const ask = renewing(async () => {
      state.asked += 1
      if (state.broken) throw new Error('the issuer is away')
      return {
        value: `token-${state.asked}`,
        principal: null,
        extensions: NONE,
        expiresAtMs: lifeMs === null ? null : clock.now() + lifeMs,
      }
    }, clock)
    return { state, ask }
  }

  it('asks once for many, and again after four fifths of a token’s life', async () => {
    const clock = new ManualClock()
    const { state, ask } = source(1_000, clock)
    const both = await Promise.all([ask(), ask()])
    expect(both.map(({ value }) => value)).toEqual(['token-1', 'token-1'])
    await clock.advance(799)
    expect((await ask()).value).toBe('token-1')
    await clock.advance(1)
    expect((await ask()).value).toBe('token-2')
    expect(state.asked).toBe(2)
  })

  it('lives with the old one while it is good and the issuer is away', async () => {
    const clock = new ManualClock()
    const { state, ask } = source(1_000, clock)
    await ask()
    state.broken = true
    await clock.advance(900)
    expect((await ask()).value).toBe('token-1')
    await clock.advance(100)
    await expect(ask()).rejects.toThrow('the issuer is away')
    state.broken = false
    expect((await ask()).value).toMatch(/^token-/)
  })

  it('does not remember a failure', async () => {
    const { state, ask } = source(1_000, new ManualClock())
    state.broken = true
    await expect(ask()).rejects.toThrow('away')
    state.broken = false
    expect((await ask()).value).toBe('token-2')
  })

  it('keeps a token that never says when it ends', async () => {
    const clock = new ManualClock()
    const { state, ask } = source(null, clock)
    await ask()
    await clock.advance(86_400_000)
    await ask()
    expect(state.asked).toBe(1)
  })
})

it('options of a prefix lose it', () => {
  expect(prefixed(options({ a_x: '1', a_: '2', b: '3' }), 'a_')).toEqual(new Map([['x', '1']]))
})
