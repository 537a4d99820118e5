import { describe, expect, it } from 'vitest'
import { activationRecords, type UpgradeKraftVersion, updateFeatures } from '../../src/controller/feature-control.ts'
import { defaultBootstrapRecords } from '../../src/metadata/format.ts'
import { EMPTY_IMAGE } from '../../src/metadata/image.ts'
import { errorName, KafkaError } from '../../src/protocol/error-codes.ts'
import type { MetadataRecordInput } from '../../src/protocol/metadata/index.ts'
import { brokerRecord, config, feature, imageOf, uuidOf } from '../metadata/support.ts'
import { brief, type TestView, viewOf } from './support.ts'

describe('a controller that becomes active', () => {
  it('writes the bootstrap records of an empty log in one transaction', () => {
    expect(brief(activationRecords(EMPTY_IMAGE, false, defaultBootstrapRecords(), 1))).toEqual([
      'beginTransaction {"name":"Bootstrap records"}',
      'featureLevel {"name":"metadata.version","featureLevel":30}',
      'featureLevel {"name":"eligible.leader.replicas.version","featureLevel":1}',
      'featureLevel {"name":"group.version","featureLevel":1}',
      'featureLevel {"name":"share.version","featureLevel":1}',
      'featureLevel {"name":"streams.version","featureLevel":1}',
      'featureLevel {"name":"transaction.version","featureLevel":2}',
      'config {"resourceType":4,"resourceName":"","name":"min.insync.replicas","value":"1"}',
      'endTransaction {}',
    ])
  })

  it('writes no cluster-wide minimum without ELR', () => {
    const records = activationRecords(EMPTY_IMAGE, false, [feature('metadata.version', 30)], 1)
    expect(records.map(({ record }) => record)).not.toContain('configRecord')
  })

  it('writes nothing where the log has begun', () => {
    expect(activationRecords(imageOf(feature('metadata.version', 30)), false, defaultBootstrapRecords(), 1)).toEqual([])
  })

  it('aborts what a predecessor left open', () => {
    const abort = 'abortTransaction {"reason":"Controller failover"}'
    expect(brief(activationRecords(imageOf(feature('metadata.version', 30)), true, [], 1))).toEqual([abort])
    expect(brief(activationRecords(EMPTY_IMAGE, true, defaultBootstrapRecords(), 1)).slice(0, 2)).toEqual([
      abort,
      'beginTransaction {"name":"Bootstrap records"}',
    ])
  })
})

interface Asked {
  readonly upgradeType?: number
  readonly version?: number
  readonly validateOnly?: boolean
  readonly view?: TestView
  readonly upgradeKraftVersion?: UpgradeKraftVersion
}

const [SAFE, UNSAFE] = [2, 3]

describe('UpdateFeatures', () => {
  const updateAll = (levels: Readonly<Record<string, number>>, asked: Asked = {}) => {
    const { upgradeType = 1, version = 1, validateOnly = false, view = viewOf() } = asked
    const featureUpdates = Object.entries(levels).map(([name, maxVersionLevel]) => ({
      feature: name,
      maxVersionLevel,
      allowDowngrade: false,
      upgradeType,
    }))
    const request = { timeoutMs: 1, featureUpdates, validateOnly }
    return updateFeatures(view, version, request, asked.upgradeKraftVersion ?? (() => undefined))
  }
  const update = (name: string, level: number, asked: Asked = {}) => updateAll({ [name]: level }, asked)
  const refusal = (name: string, level: number, asked: Asked = {}): string => {
    const { records, response } = update(name, level, asked)
    expect(records).toEqual([])
    expect(errorName(response.errorCode!)).toBe('INVALID_UPDATE_VERSION')
    const prefix = 'The update failed for all features since the following feature had an error: '
    expect(response.errorMessage).toContain(prefix)
    return response.errorMessage!.slice(prefix.length)
  }

  it('raises a level', () => {
    const { records, response } = update('group.version', 1)
    expect(brief(records)).toEqual(['featureLevel {"name":"group.version","featureLevel":1}'])
    expect(response).toMatchObject({ errorCode: 0, results: [{ feature: 'group.version', errorCode: 0 }] })
    expect(update('group.version', 1, { version: 2 }).response.results).toEqual([])
  })

  it('only validates when that is all it is to do', () => {
    expect(update('group.version', 1, { validateOnly: true }).records).toEqual([])
    expect(refusal('group.version', 5, { validateOnly: true })).toContain('only supports versions')
  })

  it('changes nothing when one of several must not change', () => {
    expect(updateAll({ 'group.version': 1, nonsense: 1 }).records).toEqual([])
  })

  it.each([
    ['nonsense', 1, 'Invalid update version 1 for feature nonsense. Local controller 1 does not support this feature.'],
    [
      'group.version',
      9,
      'Invalid update version 9 for feature group.version. Local controller 1 only supports versions 0-1',
    ],
    [
      'group.version',
      -1,
      'Invalid update version -1 for feature group.version. A feature version cannot be less than 0.',
    ],
    [
      'eligible.leader.replicas.version',
      0,
      "Invalid update version 0 for feature eligible.leader.replicas.version. Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade.",
    ],
  ])('refuses %s %d', (name, level, message) => {
    expect(refusal(name, level)).toBe(message)
  })

  it('knows its own kinds of change only', () => {
    expect(refusal('group.version', 1, { upgradeType: 7 })).toContain('does not support the given upgrade type.')
    const view = viewOf({ records: [feature('group.version', 0)] })
    expect(refusal('group.version', 1, { upgradeType: SAFE, view })).toContain("Can't downgrade to a newer version.")
  })

  it('lowers a level when told that it may', () => {
    const { records } = update('eligible.leader.replicas.version', 0, { upgradeType: SAFE })
    expect(brief(records)).toEqual(['featureLevel {"name":"eligible.leader.replicas.version","featureLevel":0}'])
  })

  it('keeps metadata that a lower level could not hold', () => {
    expect(refusal('metadata.version', 29, { upgradeType: SAFE })).toBe(
      'Unsupported metadata.version downgrade from 30 to 29. Refusing to perform the requested downgrade because it might delete metadata information.',
    )
    expect(refusal('metadata.version', 29, { upgradeType: UNSAFE })).toBe(
      'Unsupported metadata.version downgrade from 30 to 29. Unsafe metadata downgrade is not supported in this version.',
    )
    const view = viewOf({ records: [feature('metadata.version', 29)] })
    expect(brief(update('metadata.version', 24, { upgradeType: SAFE, view }).records)).toEqual([
      'featureLevel {"name":"metadata.version","featureLevel":24}',
    ])
    expect(brief(update('metadata.version', 30, { view }).records)).toEqual([
      'featureLevel {"name":"metadata.version","featureLevel":30}',
    ])
  })

  it('asks every node of the cluster', () => {
    const old = {
      ...brokerRecord(2).body,
      features: [{ name: 'group.version', minSupportedVersion: 0, maxSupportedVersion: 0 }],
    }
    const withOldBroker = viewOf({ records: [{ record: 'registerBrokerRecord', body: old } as MetadataRecordInput] })
    expect(refusal('group.version', 1, { view: withOldBroker })).toContain('Broker 2 does not support this feature.')
    expect(refusal('share.version', 1, { view: withOldBroker })).toContain('Broker 2 does not support this feature.')
    const other: MetadataRecordInput = {
      record: 'registerControllerRecord',
      body: {
        controllerId: 3,
        incarnationId: uuidOf(3),
        features: [{ name: 'metadata.version', minSupportedVersion: 7, maxSupportedVersion: 29 }],
      },
    }
    const view = viewOf({ records: [feature('metadata.version', 28), other] })
    view.voterIds = [1, 3]
    expect(refusal('metadata.version', 30, { view })).toContain('Controller 3 only supports versions 7-29')
    expect(update('metadata.version', 29, { view }).response.errorCode).toBe(0)
    view.voterIds = [1, 3, 4]
    expect(refusal('metadata.version', 29, { view })).toContain(
      'controller 4 has not registered, and may not support this feature',
    )
  })

  it('lets the quorum raise kraft.version', () => {
    const asked: [number, boolean][] = []
    const upgradeKraftVersion = (level: number, validateOnly: boolean) => asked.push([level, validateOnly])
    const { records } = update('kraft.version', 1, { upgradeKraftVersion })
    expect(brief(records)).toEqual(['noOp {}'])
    update('kraft.version', 1, { upgradeKraftVersion, validateOnly: true })
    // Looked at first, so that nothing is raised when another feature is refused.
    const checked = [1, true]
    expect(asked.splice(0)).toEqual([checked, [1, false], checked])
    const both = { 'kraft.version': 1, 'metadata.version': 31 }
    expect(updateAll(both, { upgradeKraftVersion }).response.errorCode).not.toBe(0)
    expect(asked).toEqual([checked])
    const upset = () => {
      throw new KafkaError('INVALID_UPDATE_VERSION', 'a voter does not support it')
    }
    expect(refusal('kraft.version', 1, { upgradeKraftVersion: upset })).toBe('a voter does not support it')
    expect(refusal('kraft.version', 0, { upgradeType: SAFE })).toContain("Can't downgrade the version of this feature.")
  })

  it('makes the minimum of in-sync replicas the same for all before ELR is enabled', () => {
    const minIsr = (resource: string, value: string) => config(4, resource, 'min.insync.replicas', value)
    const view = viewOf({ elr: false, records: [minIsr('3', '2')] })
    expect(brief(update('eligible.leader.replicas.version', 1, { view }).records)).toEqual([
      'config {"resourceType":4,"resourceName":"","name":"min.insync.replicas","value":"1"}',
      'config {"resourceType":4,"resourceName":"3","name":"min.insync.replicas","value":null}',
      'featureLevel {"name":"eligible.leader.replicas.version","featureLevel":1}',
    ])
    const old = viewOf({ elr: false, records: [feature('metadata.version', 22), minIsr('', '2')] })
    expect(refusal('eligible.leader.replicas.version', 1, { view: old })).toContain(
      'eligible.leader.replicas.version could not be set to 1 because it depends on metadata.version level 23',
    )
    const both = { 'metadata.version': 30, 'eligible.leader.replicas.version': 1 }
    expect(updateAll(both, { view: old }).records).toHaveLength(2)
  })
})
