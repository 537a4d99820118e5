import { describe, expect, it } from 'vitest'
import { apiVersionsResponse } from '../../src/broker/api-versions.ts'
import type { Handler } from '../../src/broker/handler.ts'
import { EMPTY_IMAGE } from '../../src/metadata/image.ts'

const handlers = [
  { api: { key: 0 }, versions: { min: 3, max: 13 } },
  { api: { key: 1 }, versions: { min: 4, max: 18 } },
] as unknown as Handler[]

const supported = [
  { name: 'metadata.version', min: 7, max: 30 },
  { name: 'kraft.version', min: 0, max: 1 },
  { name: 'group.version', min: 0, max: 1 },
]

function told(kraftVersion: number, features: readonly [string, number][] = []) {
  const image = { ...EMPTY_IMAGE, offset: 42, features: new Map(features) }
  return apiVersionsResponse(handlers, { supported, kraftVersion: () => kraftVersion }, image)
}
const level = (name: string, value: number) => ({ name, maxVersionLevel: value, minVersionLevel: value })

describe('what ApiVersions tells', () => {
  it('is what is served, in the versions of each handler', () => {
    expect(told(0).apiKeys).toEqual([
      { apiKey: 0, minVersion: 3, maxVersion: 13 },
      { apiKey: 1, minVersion: 4, maxVersion: 18 },
    ])
  })

  it('is what levels the cluster has, kraft.version with them when it is raised', () => {
    const features: [string, number][] = [
      ['metadata.version', 30],
      ['eligible.leader.replicas.version', 0],
      ['group.version', 1],
    ]
    expect(told(0, features).finalizedFeatures).toEqual([level('metadata.version', 30)])
    expect(told(1, features).finalizedFeatures).toEqual([level('metadata.version', 30), level('kraft.version', 1)])
    expect(told(1).finalizedFeaturesEpoch).toBe(42n)
  })

  it('is no feature whose APIs are not served', () => {
    expect(told(0).supportedFeatures?.map(({ name }) => name)).toEqual(['metadata.version', 'kraft.version'])
  })
})
