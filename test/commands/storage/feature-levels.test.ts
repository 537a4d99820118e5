import { describe, expect, it } from 'vitest'
import {
  bootstrapFeatures,
  effectiveFeatureLevels,
  type WantedFeatures,
} from '../../../src/commands/storage/feature-levels.ts'

const levels = (changes: Partial<WantedFeatures> = {}): Map<string, number> =>
  effectiveFeatureLevels({
    ...{ releaseVersion: undefined, features: [], dynamicQuorum: true, unstable: false },
    ...changes,
  })
const written = (changes: Partial<WantedFeatures> = {}): string =>
  bootstrapFeatures(levels(changes))
    .map(([name, level]) => `${name}=${level}`)
    .join(' ')

describe('levels a cluster begins with', () => {
  it('are the newest, metadata.version first, the rest by name', () => {
    expect(written()).toBe(
      'metadata.version=30 eligible.leader.replicas.version=1 group.version=1 share.version=1 streams.version=1 transaction.version=2',
    )
  })
  it('are those of an older release, without what it has not', () => {
    expect(written({ releaseVersion: '4.0' })).toBe('metadata.version=25 group.version=1 transaction.version=2')
    expect(written({ releaseVersion: '3.3' })).toBe('metadata.version=7')
  })
  it('are changed one by one', () => {
    expect(written({ releaseVersion: '4.0', features: ['transaction.version = 1', 'group.version=0'] })).toBe(
      'metadata.version=25 transaction.version=1',
    )
    expect(written({ features: ['metadata.version=7'] })).toBe('metadata.version=7')
  })
  it('have kraft.version by the kind of quorum', () => {
    expect(levels().get('kraft.version')).toBe(1)
    expect(levels({ dynamicQuorum: false }).get('kraft.version')).toBe(0)
    expect(levels({ dynamicQuorum: false, features: ['kraft.version=0'] }).get('kraft.version')).toBe(0)
  })
  it('may be what is under development only where that is allowed', () => {
    expect(levels({ unstable: true, features: ['metadata.version=31'] }).get('metadata.version')).toBe(31)
  })
})

describe('levels no cluster can have', () => {
  it.each<[Partial<WantedFeatures>, string]>([
    [{ features: ['foo'] }, "Can't parse feature=level string foo: equals sign not found."],
    [{ features: ['a=x'] }, "Can't parse feature=level string a=x: unable to parse x as a short."],
    [{ features: ['a=40000'] }, 'unable to parse 40000 as a short.'],
    [
      { features: ['foo=1'] },
      'Unsupported feature: foo. Supported features are: eligible.leader.replicas.version, group',
    ],
    [{ features: ['group.version=7'] }, 'No feature:group.version with feature level 7'],
    [{ features: ['metadata.version=77'] }, 'No MetadataVersion with feature level 77.'],
    [{ features: ['metadata.version=31'] }, 'metadata.version 4.4-IV0 is not yet stable.'],
    [{ releaseVersion: '4.0', features: ['metadata.version=25'] }, 'Use --release-version instead of --feature'],
    [
      { releaseVersion: '3.3', features: ['eligible.leader.replicas.version=1'] },
      'depends on metadata.version level 23',
    ],
    [{ features: ['kraft.version=0'] }, 'Cannot set kraft.version to 0 if controller.quorum.voters is empty'],
    [{ features: ['kraft.version=1'], dynamicQuorum: false }, 'Cannot set kraft.version to 1 unless'],
  ])('%j', (changes, message) => {
    expect(() => levels(changes)).toThrow(message)
  })
})
