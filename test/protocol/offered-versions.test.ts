import { describe, expect, it } from 'vitest'
import { encodeToBuffer } from '../../src/protocol/codec.ts'
import { apiVersions } from '../../src/protocol/messages/18-api-versions.ts'
import { narrowVersions } from '../../src/protocol/offered-versions.ts'
import { loadAllApis } from '../../src/protocol/registry.ts'
import { type Api, parseVersions } from '../../src/protocol/schema.ts'

const apis: ReadonlyMap<number, Api> = new Map((await loadAllApis()).map((api) => [api.key, api]))
const frameOf = (version: number, value: object): Buffer =>
  Buffer.concat([Buffer.from('head'), encodeToBuffer(apiVersions.response, version, value as never)])
const narrowed = (version: number, frame: Buffer) =>
  narrowVersions({ api: apiVersions as Api, version, apis }, frame, 4)

describe('offered versions', () => {
  it('are no newer than ours, in every version of the answer', () => {
    const { min, max } = parseVersions(apiVersions.validVersions)
    for (let version = min; version <= max; version++) {
      const all = [...apis.values()].map(({ key }) => ({ apiKey: key, minVersion: 0, maxVersion: 500 }))
      const { frame, changes } = narrowed(version, frameOf(version, { apiKeys: all }))
      const ours = [...apis.values()].map(({ key, validVersions }) => ({
        ...{ apiKey: key, minVersion: 0, maxVersion: parseVersions(validVersions).max },
      }))
      expect(frame).toEqual(frameOf(version, { apiKeys: ours }))
      expect(changes).toHaveLength(apis.size)
    }
  })

  it('stay where they are ours, where the request is not known, and where nothing of it is', () => {
    const apiKeys = [
      { apiKey: 3, minVersion: 0, maxVersion: 5 },
      { apiKey: 1234, minVersion: 0, maxVersion: 500 },
      { apiKey: 1, minVersion: 400, maxVersion: 500 },
    ]
    const frame = frameOf(3, { apiKeys })
    expect(narrowed(3, frame)).toEqual({ frame, changes: [] })
  })

  it('are read in version 0 where the broker did not know the version that was asked', () => {
    const frame = frameOf(0, { errorCode: 35, apiKeys: [{ apiKey: 18, minVersion: 0, maxVersion: 99 }] })
    expect(narrowed(4, frame).changes).toEqual([expect.stringMatching(/^ApiVersions 99 to/)])
  })
})
