import { describe, expect, it } from 'vitest'
import { createAdmin } from '../../../src/client/admin.ts'
import { ErrorCode } from '../../../src/protocol/error-codes.ts'
import { apiVersions } from '../../../src/protocol/messages/18-api-versions.ts'
import { updateFeatures } from '../../../src/protocol/messages/57-update-features.ts'
import { ScriptedBroker, Topology } from '../../support/scripted-broker.ts'

function withFeatures(broker: ScriptedBroker, max: number, epoch = 12n): void {
  const answer = broker.answerOf(apiVersions)
  broker.on(apiVersions, (request, call) => ({
    ...(answer(request, call) as object),
    supportedFeatures: [{ name: 'group.version', minVersion: 0, maxVersion: max }],
    finalizedFeatures: [{ name: 'group.version', minVersionLevel: 1, maxVersionLevel: 1 }],
    finalizedFeaturesEpoch: epoch,
  }))
}

describe('features', () => {
  it('are described by whoever answers', async () => {
    await using broker = await ScriptedBroker.start()
    withFeatures(broker, 2)
    const admin = createAdmin({ bootstrapServers: [broker.address] })
    expect(await admin.describeFeatures()).toEqual({
      supported: new Map([['group.version', { min: 0, max: 2 }]]),
      finalized: new Map([['group.version', { min: 1, max: 1 }]]),
      epoch: 12,
    })
    await admin.close()
  })

  it('are described by the node that is named', async () => {
    const topology = new Topology()
    await using first = await ScriptedBroker.start({ id: 1, topology })
    await using second = await ScriptedBroker.start({ id: 2, topology })
    withFeatures(first, 1)
    withFeatures(second, 7, -1n)
    const admin = createAdmin({ bootstrapServers: [first.address] })
    const found = await admin.describeFeatures({ nodeId: 2 })
    expect(found).toMatchObject({ supported: new Map([['group.version', { min: 0, max: 7 }]]), epoch: null })
    await expect(admin.describeFeatures({ nodeId: 3 })).rejects.toMatchObject({ kind: 'kafka' })
    await admin.close()
  })

  it('are updated all together: one answer is each feature’s', async () => {
    await using broker = await ScriptedBroker.start()
    const errorMessage = 'no such level'
    broker.on(updateFeatures, ({ validateOnly }) =>
      validateOnly ? {} : { errorCode: ErrorCode.INVALID_UPDATE_VERSION, errorMessage },
    )
    const admin = createAdmin({ bootstrapServers: [broker.address] })
    const updates = [
      { feature: 'a', level: 1, upgradeType: 'UPGRADE' },
      { feature: 'b', level: 0, upgradeType: 'UNSAFE_DOWNGRADE' },
    ] as const
    const outcomes = await admin.updateFeatures(updates)
    const error = { code: ErrorCode.INVALID_UPDATE_VERSION, name: 'INVALID_UPDATE_VERSION', message: errorMessage }
    expect(outcomes).toEqual(
      new Map([
        ['a', { ok: false, error }],
        ['b', { ok: false, error }],
      ]),
    )
    const tried = await admin.updateFeatures(updates, { validateOnly: true })
    expect([...tried.values()]).toEqual([
      { ok: true, value: undefined },
      { ok: true, value: undefined },
    ])
    expect(broker.askedFor(updateFeatures)[0]!.featureUpdates).toMatchObject([
      { feature: 'a', maxVersionLevel: 1, upgradeType: 1 },
      { feature: 'b', maxVersionLevel: 0, upgradeType: 3 },
    ])
    await admin.close()
  })

  it('have answers of their own from older controllers, which know downgrades only', async () => {
    await using broker = await ScriptedBroker.start()
    broker.ranges.set(updateFeatures.key, { min: 0, max: 0 })
    broker.on(updateFeatures, ({ featureUpdates }) => ({
      errorMessage: null,
      results: featureUpdates.map(({ feature, allowDowngrade }) => ({
        feature,
        errorCode: allowDowngrade ? ErrorCode.NONE : ErrorCode.FEATURE_UPDATE_FAILED,
        errorMessage: null,
      })),
    }))
    const admin = createAdmin({ bootstrapServers: [broker.address] })
    const outcomes = await admin.updateFeatures([
      { feature: 'a', level: 1, upgradeType: 'UPGRADE' },
      { feature: 'b', level: 1, upgradeType: 'SAFE_DOWNGRADE' },
    ])
    expect([...outcomes.values()].map(({ ok }) => ok)).toEqual([false, true])
    await admin.close()
  })
})
