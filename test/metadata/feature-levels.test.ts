import { describe, expect, it } from 'vitest'
import {
  checkFeatureLevels,
  FEATURE_NAMES,
  featureDependencies,
  hasFeatureLevel,
  isProductionVersion,
  LATEST_PRODUCTION,
  requireMetadataVersionLevel,
  requireMetadataVersionName,
  supportsScram,
} from '../../src/metadata/feature-levels.ts'

describe('metadata versions', () => {
  it.each([
    ['4.3', 30],
    ['4.3.1', 30],
    ['4.0', 25],
    ['4.0-IV1', 23],
    ['3.3-IV3', 7],
  ])('%s is level %d', (release, level) => {
    expect(requireMetadataVersionLevel(release, false)).toBe(level)
  })
  it('are listed for a release nobody knows, those under development only when wanted', () => {
    expect(() => requireMetadataVersionLevel('9.9', false)).toThrow(/^Unknown metadata.version '9.9'.*4\.3-IV0$/)
    expect(() => requireMetadataVersionLevel('9.9', true)).toThrow(/4\.4-IV0$/)
    expect(() => requireMetadataVersionLevel('4.4-IV0', false)).toThrow(RangeError)
    expect(requireMetadataVersionLevel('4.4-IV0', true)).toBe(31)
  })
  it('have names by level', () => {
    expect(requireMetadataVersionName(17)).toBe('3.7-IV2')
    expect(() => requireMetadataVersionName(77)).toThrow(
      new RangeError('No MetadataVersion with feature level 77. Valid feature levels are from 7 to 31.'),
    )
    expect(LATEST_PRODUCTION).toBe('4.3-IV0')
    expect([30, 31].map(isProductionVersion)).toEqual([true, false])
    expect([10, 11].map(supportsScram)).toEqual([false, true])
  })
})

describe('features', () => {
  it('have the levels of 4.3.1, in the order of the scripts', () => {
    expect(FEATURE_NAMES).toEqual([
      'kraft.version',
      'transaction.version',
      'group.version',
      'eligible.leader.replicas.version',
      'share.version',
      'streams.version',
    ])
    expect(hasFeatureLevel('transaction.version', 2)).toBe(true)
    expect(hasFeatureLevel('transaction.version', 3)).toBe(false)
    expect(hasFeatureLevel('nothing', 0)).toBe(false)
  })
  it('depend on each other', () => {
    expect(featureDependencies('eligible.leader.replicas.version', 1)).toEqual([['metadata.version', 23]])
    expect(featureDependencies('eligible.leader.replicas.version', 0)).toEqual([])
    const levels = (metadata: number): Map<string, number> =>
      new Map([
        ['metadata.version', metadata],
        ['eligible.leader.replicas.version', 1],
      ])
    expect(() => checkFeatureLevels(levels(23))).not.toThrow()
    expect(() => checkFeatureLevels(levels(22))).toThrow(
      'eligible.leader.replicas.version could not be set to 1 because it depends on metadata.version level 23',
    )
    expect(() => checkFeatureLevels(new Map([['group.version', 7]]))).toThrow(
      'No feature:group.version with feature level 7',
    )
  })
})
