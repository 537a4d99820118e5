import { describe, expect, it } from 'vitest'
import { entityTitle, quotaEntity, quotaLine, quotasOf } from '../../../src/commands/configs/quotas.ts'
import { memoryAdmin } from '../../support/memory-admin.ts'

describe('quotas', () => {
  it('name their entity, the empty name being the default', () => {
    const entity = quotaEntity(['client-id', 'user'], ['', 'ann'])
    expect(entity.entries).toEqual(
      new Map([
        ['client-id', null],
        ['user', 'ann'],
      ]),
    )
    expect(entityTitle(entity)).toBe("user-principal 'ann', the default client-id")
    expect(entityTitle(quotaEntity(['ip'], ['1.2.3.4']))).toBe("ip '1.2.3.4'")
  })

  it('print as Kafka was seen to print them', () => {
    const quotas = new Map([
      ['request_percentage', 99999999],
      ['producer_byte_rate', 1024],
    ])
    expect(quotaLine({ entity: quotaEntity(['user'], ['ann']), quotas })).toBe(
      "Quota configs for user-principal 'ann' are request_percentage=9.9999999E7, producer_byte_rate=1024.0\n",
    )
  })

  it('are asked for by exactly the kinds that were named', async () => {
    const { admin, calls } = memoryAdmin({ describeClientQuotas: async () => [] })
    await quotasOf(admin, { types: ['users', 'clients'], names: ['ann'] })
    expect(calls[0]!.args[0]).toEqual({
      components: [
        { entityType: 'user', match: { name: 'ann' } },
        { entityType: 'client-id', match: 'any' },
      ],
      strict: true,
    })
    await expect(quotasOf(admin, { types: ['users'], names: ['a', 'b'] })).rejects.toThrow(
      'More entity names specified than entity types',
    )
  })
})
