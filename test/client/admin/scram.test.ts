import { pbkdf2Sync } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAdmin } from '../../../src/client/admin.ts'
import type { Admin } from '../../../src/client/admin-types.ts'
import { describeUserScramCredentials } from '../../../src/protocol/messages/50-describe-user-scram-credentials.ts'
import { alterUserScramCredentials } from '../../../src/protocol/messages/51-alter-user-scram-credentials.ts'
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

describe('SCRAM credentials', () => {
  it('are described without secrets, for all or for some', async () => {
    broker.on(describeUserScramCredentials, ({ users }) => ({
      errorMessage: null,
      results: (users ?? [{ name: 'alice' }]).map(({ name }) => ({
        user: name,
        errorCode: name === 'alice' ? 0 : 91,
        errorMessage: null,
        credentialInfos: [
          { mechanism: 1, iterations: 4096 },
          { mechanism: 2, iterations: 8192 },
        ],
      })),
    }))
    expect(await admin.describeScramCredentials('all')).toEqual(
      new Map([
        [
          'alice',
          {
            ok: true,
            value: [
              { mechanism: 'SCRAM-SHA-256', iterations: 4096 },
              { mechanism: 'SCRAM-SHA-512', iterations: 8192 },
            ],
          },
        ],
      ]),
    )
    expect((await admin.describeScramCredentials(['bob'])).get('bob')).toMatchObject({
      error: { name: 'RESOURCE_NOT_FOUND' },
    })
    expect(broker.askedFor(describeUserScramCredentials).map(({ users }) => users)).toEqual([null, [{ name: 'bob' }]])
  })

  it('travel salted and hashed, never as a password', async () => {
    broker.on(alterUserScramCredentials, ({ upsertions, deletions }) => ({
      results: [...upsertions, ...deletions].map(({ name }) => ({ user: name, errorMessage: null })),
    }))
    const outcomes = await admin.alterScramCredentials([
      { user: 'a', mechanism: 'SCRAM-SHA-256', iterations: 4096, password: 'open sesame' },
      { user: 'b', mechanism: 'SCRAM-SHA-512', iterations: 5000, password: 'open sesame' },
      { user: 'c', mechanism: 'SCRAM-SHA-512', delete: true },
    ])
    expect([...outcomes.values()].every(({ ok }) => ok)).toBe(true)
    const [request] = broker.askedFor(alterUserScramCredentials)
    expect(request!.deletions).toEqual([{ name: 'c', mechanism: 2 }])
    const [first, second] = request!.upsertions
    expect(first!.saltedPassword.equals(pbkdf2Sync('open sesame', first!.salt, 4096, 32, 'sha256'))).toBe(true)
    expect(second!.saltedPassword.equals(pbkdf2Sync('open sesame', second!.salt, 5000, 64, 'sha512'))).toBe(true)
    expect(first!.salt.equals(second!.salt)).toBe(false)
    expect(first!.salt).toHaveLength(32)
  })
})
