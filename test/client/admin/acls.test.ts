import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAdmin } from '../../../src/client/admin.ts'
import type { Admin } from '../../../src/client/admin-types.ts'
import type { AclBinding } from '../../../src/client/security-types.ts'
import { describeAcls } from '../../../src/protocol/messages/29-describe-acls.ts'
import { createAcls } from '../../../src/protocol/messages/30-create-acls.ts'
import { deleteAcls } from '../../../src/protocol/messages/31-delete-acls.ts'
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

const RULE: AclBinding = {
  resource: { resourceType: 'TOPIC', name: 'orders', patternType: 'PREFIXED' },
  entry: { principal: 'User:a', host: '*', operation: 'READ', permission: 'ALLOW' },
}
const WIRE = { principal: 'User:a', host: '*', operation: 3, permissionType: 3 }
const RESOURCE = { resourceType: 2, resourceName: 'orders', patternType: 4 }

describe('rules of the authorizer', () => {
  it('are described; what is left out of the filter matches anything', async () => {
    broker.on(describeAcls, () => ({ errorMessage: null, resources: [{ ...RESOURCE, acls: [WIRE] }] }))
    expect(await admin.describeAcls({})).toEqual([RULE])
    await admin.describeAcls({ resourceType: 'GROUP', name: 'g', patternType: 'MATCH', entry: { principal: 'User:b' } })
    expect(broker.askedFor(describeAcls)).toEqual([
      {
        resourceTypeFilter: 1,
        resourceNameFilter: null,
        patternTypeFilter: 1,
        principalFilter: null,
        hostFilter: null,
        operation: 1,
        permissionType: 1,
      },
      {
        resourceTypeFilter: 3,
        resourceNameFilter: 'g',
        patternTypeFilter: 2,
        principalFilter: 'User:b',
        hostFilter: null,
        operation: 1,
        permissionType: 1,
      },
    ])
  })

  it('of a newer broker are UNKNOWN where we have no word for them', async () => {
    const acls = [{ ...WIRE, operation: 99, permissionType: 9 }]
    broker.on(describeAcls, () => ({ errorMessage: null, resources: [{ ...RESOURCE, patternType: 77, acls }] }))
    expect(await admin.describeAcls({})).toMatchObject([
      { resource: { patternType: 'UNKNOWN' }, entry: { operation: 'UNKNOWN', permission: 'UNKNOWN' } },
    ])
  })

  it('cannot be had from a cluster without an authorizer', async () => {
    broker.on(describeAcls, () => ({ errorCode: 54, errorMessage: 'No Authorizer is configured.' }))
    await expect(admin.describeAcls({})).rejects.toMatchObject({
      kind: 'kafka',
      message: 'No Authorizer is configured.',
      facts: ['DescribeAcls was answered with SECURITY_DISABLED'],
    })
  })

  it('are created, with an outcome each', async () => {
    broker.on(createAcls, () => ({ results: [{ errorCode: 0 }, { errorCode: 42, errorMessage: 'no such host' }] }))
    const outcomes = await admin.createAcls([RULE, RULE, RULE])
    expect(outcomes).toMatchObject([
      { ok: true },
      { ok: false, error: { name: 'INVALID_REQUEST', message: 'no such host' } },
      { ok: false, error: { message: 'The answer does not mention this rule' } },
    ])
    expect(broker.askedFor(createAcls)[0]!.creations[0]).toEqual({
      resourceType: 2,
      resourceName: 'orders',
      resourcePatternType: 4,
      ...WIRE,
    })
  })

  it('are deleted by filters, each of which tells what it removed', async () => {
    broker.on(deleteAcls, ({ filters }) => ({
      filterResults: filters.map(({ resourceNameFilter: name }) =>
        name === 'bad'
          ? { errorCode: 42, errorMessage: 'bad filter' }
          : { matchingAcls: [{ ...RESOURCE, ...WIRE, errorCode: name === 'stuck' ? 41 : 0 }] },
      ),
    }))
    const outcomes = await admin.deleteAcls([{ name: 'orders' }, { name: 'bad' }, { name: 'stuck' }])
    expect(outcomes).toMatchObject([
      { ok: true, value: [RULE] },
      { ok: false, error: { message: 'bad filter' } },
      { ok: false, error: { name: 'NOT_CONTROLLER' } },
    ])
  })
})
