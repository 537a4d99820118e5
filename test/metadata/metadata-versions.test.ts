import { describe, expect, it } from 'vitest'
import { BOOTSTRAP_FEATURES, METADATA_VERSION_LEVEL, SUPPORTED_FEATURES } from '../../src/metadata/features.ts'
import {
  defaultFeatureLevel,
  METADATA_VERSION_NAMES,
  metadataVersionLevel,
  metadataVersionName,
  PRODUCTION_FEATURES,
} from '../../src/metadata/metadata-versions.ts'

const levelIn = (feature: string, version: string): number =>
  defaultFeatureLevel(PRODUCTION_FEATURES.find(({ name }) => name === feature)!, metadataVersionLevel(version)!)

describe('versions of the metadata', () => {
  it('are named by their level', () => {
    expect(metadataVersionName(7)).toBe('3.3-IV3')
    expect(metadataVersionName(METADATA_VERSION_LEVEL)).toBe('4.3-IV0')
    expect(metadataVersionName(6)).toBeNull()
    expect(metadataVersionName(7 + METADATA_VERSION_NAMES.length)).toBeNull()
  })

  it.each([
    ['3.3-IV3', 7],
    ['4.0-IV1', 23],
    ['4.0', 25],
    ['4.0.1', 25],
    ['4.3', 30],
    ['4.3-IV0.1', 30],
    ['4.4-IV0', 31],
    // Not released yet: it cannot be meant by its number.
    ['4.4', null],
    ['3.2', null],
    ['4', null],
    ['4.0-IV', null],
    ['4.0-IV9', null],
    ['', null],
  ])('are found by what people write: %s', (text, level) => {
    expect(metadataVersionLevel(text)).toBe(level)
  })

  it('go from the oldest that is supported to beyond the newest', () => {
    const range = SUPPORTED_FEATURES.get('metadata.version')!
    expect(metadataVersionName(range.min)).not.toBeNull()
    expect(metadataVersionName(range.min - 1)).toBeNull()
    expect(metadataVersionName(range.max)).not.toBeNull()
  })
})

describe('features', () => {
  it('came with a version each', () => {
    expect(levelIn('kraft.version', '3.8')).toBe(0)
    expect(levelIn('kraft.version', '3.9')).toBe(1)
    expect(levelIn('transaction.version', '4.0-IV1')).toBe(0)
    expect(levelIn('transaction.version', '4.0-IV2')).toBe(2)
    expect(levelIn('group.version', '4.0-IV0')).toBe(1)
    expect(levelIn('eligible.leader.replicas.version', '4.0')).toBe(0)
    expect(levelIn('eligible.leader.replicas.version', '4.1')).toBe(1)
    expect(levelIn('share.version', '4.2-IV0')).toBe(1)
    expect(levelIn('streams.version', '4.2-IV0')).toBe(0)
    expect(levelIn('streams.version', '4.2-IV1')).toBe(1)
  })

  it('of the newest version are what a new cluster starts with', () => {
    for (const feature of PRODUCTION_FEATURES.filter(({ name }) => name !== 'kraft.version')) {
      expect(defaultFeatureLevel(feature, METADATA_VERSION_LEVEL)).toBe(BOOTSTRAP_FEATURES.get(feature.name))
    }
  })

  it('have no level beyond what is supported', () => {
    for (const { name, since } of PRODUCTION_FEATURES) {
      expect(since.length - 1).toBe(SUPPORTED_FEATURES.get(name)!.max)
    }
  })
})
