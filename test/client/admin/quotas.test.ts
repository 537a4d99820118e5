import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAdmin } from '../../../src/client/admin.ts'
import type { Admin, QuotaEntity } from '../../../src/client/admin-types.ts'
import { describeClientQuotas } from '../../../src/protocol/messages/48-describe-client-quotas.ts'
import { alterClientQuotas } from '../../../src/protocol/messages/49-alter-client-quotas.ts'
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

const entity = (entries: [string, string | null][]): QuotaEntity => ({ entries: new Map(entries) })

describe('client quotas', () => {
  it('are described by name, by default and by any', async () => {
    broker.on(describeClientQuotas, () => ({
      errorMessage: null,
      entries: [
        {
          entity: [
            { entityType: 'user', entityName: 'alice' },
            { entityType: 'client-id', entityName: null },
          ],
          values: [{ key: 'producer_byte_rate', value: 1024 }],
        },
      ],
    }))
    const found = await admin.describeClientQuotas({
      components: [
        { entityType: 'user', match: { name: 'alice' } },
        { entityType: 'client-id', match: 'default' },
        { entityType: 'ip', match: 'any' },
      ],
      strict: true,
    })
    expect(broker.askedFor(describeClientQuotas)[0]).toEqual({
      components: [
        { entityType: 'user', matchType: 0, match: 'alice' },
        { entityType: 'client-id', matchType: 1, match: null },
        { entityType: 'ip', matchType: 2, match: null },
      ],
      strict: true,
    })
    expect(found).toEqual([
      {
        entity: entity([
          ['user', 'alice'],
          ['client-id', null],
        ]),
        quotas: new Map([['producer_byte_rate', 1024]]),
      },
    ])
  })

  it('are set and removed, with an outcome per entity whatever order the answer has', async () => {
    broker.on(alterClientQuotas, ({ entries }) => ({
      entries: entries
        .map((entry) => ({
          entity: [...entry.entity].reverse(),
          errorCode: entry.entity.length > 1 ? 42 : 0,
          errorMessage: entry.entity.length > 1 ? 'no such quota' : null,
        }))
        .reverse(),
    }))
    const outcomes = await admin.alterClientQuotas([
      {
        entity: entity([
          ['user', 'a'],
          ['client-id', null],
        ]),
        ops: [{ key: 'k', value: 1.5 }],
      },
      { entity: entity([['user', 'b']]), ops: [{ key: 'k', value: null }] },
    ])
    expect(outcomes).toMatchObject([{ ok: false, error: { message: 'no such quota' } }, { ok: true }])
    expect(broker.askedFor(alterClientQuotas)[0]!.entries.map(({ ops }) => ops)).toEqual([
      [{ key: 'k', value: 1.5, remove: false }],
      [{ key: 'k', value: 0, remove: true }],
    ])
  })

  it('that may not be seen are an error of the call', async () => {
    broker.on(describeClientQuotas, () => ({ errorCode: 31, errorMessage: null, entries: null }))
    await expect(admin.describeClientQuotas({ components: [], strict: false })).rejects.toMatchObject({
      kind: 'authorization',
    })
  })
})
