import { describe, expect, it } from 'vitest'
import { activationRecords, updateFeatures } from '../../src/controller/feature-control.ts'
import { defaultBootstrapRecords } from '../../src/metadata/format.ts'
import { EMPTY_IMAGE } from '../../src/metadata/image.ts'
import { errorName } from '../../src/protocol/error-codes.ts'
import { feature, imageOf } from '../metadata/support.ts'
import { brief, viewOf } from './support.ts'

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

describe('UpdateFeatures', () => {
  const update = (name: string, maxVersionLevel: number, options: { upgradeType?: number; version?: number } = {}) => {
    const featureUpdates = [
      { feature: name, maxVersionLevel, allowDowngrade: false, upgradeType: options.upgradeType ?? 1 },
    ]
    const request = { timeoutMs: 1, featureUpdates, validateOnly: false }
    return updateFeatures(viewOf(), options.version ?? 1, request)
  }

  it('raises a level', () => {
    const { records, response } = update('group.version', 1)
    expect(brief(records)).toEqual(['featureLevel {"name":"group.version","featureLevel":1}'])
    expect(response).toMatchObject({ errorCode: 0, results: [{ feature: 'group.version', errorCode: 0 }] })
    expect(update('group.version', 1, { version: 2 }).response.results).toEqual([])
  })

  it('leaves a level that is there already', () => {
    expect(update('metadata.version', 30).records).toEqual([])
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
      'Invalid update version -1 for feature group.version. A negative upgrade level is not allowed.',
    ],
    [
      'eligible.leader.replicas.version',
      0,
      "Can't downgrade the version of this feature without setting the upgrade type",
    ],
  ])('refuses %s %d', (name, level, message) => {
    const { records, response } = update(name, level)
    expect(records).toEqual([])
    expect(errorName(response.errorCode!)).toBe('INVALID_UPDATE_VERSION')
    expect(response.errorMessage).toContain(message)
  })

  it('lowers a level when told that it may', () => {
    const { records } = update('eligible.leader.replicas.version', 0, { upgradeType: 2 })
    expect(brief(records)).toEqual(['featureLevel {"name":"eligible.leader.replicas.version","featureLevel":0}'])
    expect(update('metadata.version', 29, { upgradeType: 2 }).response.errorMessage).toContain('not supported here')
    expect(update('kraft.version', 0, { upgradeType: 2 }).response.errorMessage).toContain('not supported here')
  })
})
