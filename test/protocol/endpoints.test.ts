import { describe, expect, it } from 'vitest'
import { Writer } from '../../src/base/bytes.ts'
import { seededRandom } from '../../src/base/random.ts'
import { ApiKey } from '../../src/protocol/api-keys.ts'
import { encodeToBuffer } from '../../src/protocol/codec.ts'
import {
  carriesAddresses,
  findAddresses,
  isLargeWithTail,
  KEYS_WITH_ADDRESSES,
  OTHER_ADDRESSES,
  replaceAddresses,
} from '../../src/protocol/endpoints.ts'
import { decodeResponse, encodeResponse } from '../../src/protocol/header.ts'
import { produce } from '../../src/protocol/messages/00-produce.ts'
import { findCoordinator } from '../../src/protocol/messages/10-find-coordinator.ts'
import { loadAllApis, loadApi } from '../../src/protocol/registry.ts'
import { type Api, type Field, type Fields, includesVersion, parseVersions } from '../../src/protocol/schema.ts'
import { randomMessage } from '../support/random-message.ts'

const SEEDS = 40

/** A response's body alone, as one buffer, behind eleven bytes of something else. */
function bodyOf(api: Api, version: number, value: unknown): Buffer {
  return Buffer.concat([Buffer.from('behind this'), encodeToBuffer(api.response, version, value as never)])
}
const START = 11

function decoded(api: Api, version: number, frame: Buffer): unknown {
  const head = new Writer()
  head.int32(7)
  if (includesVersion(api.flexibleVersions, version) && api.key !== ApiKey.apiVersions) head.uvarint(0)
  return decodeResponse(api, version, Buffer.concat([head.toBuffer(), frame.subarray(START)])).body
}

/** The same value with every address that is one replaced. */
function replaced(value: unknown, replace: (host: string, port: number) => { host: string; port: number }): unknown {
  if (Array.isArray(value)) return value.map((each) => replaced(each, replace))
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  const entries = Object.entries(value).map(([name, each]) => [name, replaced(each, replace)])
  const result = Object.fromEntries(entries)
  const { host, port } = result
  if (typeof host === 'string' && host !== '' && port > 0) Object.assign(result, replace(host, port))
  return result
}

describe('addresses in answers', () => {
  const HOSTS = ['x', '127.0.0.1', '::1', `${'a-long-name.'.repeat(20)}example`]

  for (const key of KEYS_WITH_ADDRESSES) {
    it(`are replaced and nothing else is: ${key}, every version`, async () => {
      const api = (await loadApi(key))!
      const { min, max } = parseVersions(api.validVersions)
      let count = 0
      for (let version = min; version <= max; version++) {
        for (let seed = 0; seed < SEEDS; seed++) {
          const value = randomMessage(api.response, version, seededRandom(seed * 100 + version))
          const frame = bodyOf(api, version, value)
          const before = decoded(api, version, frame)
          const other = (host: string, port: number) => ({
            host: HOSTS[(host.length + port) % HOSTS.length]!,
            port: (port % 65535) + 1,
          })
          const found = findAddresses(api, version, frame, START)
          if (!carriesAddresses(key, version)) expect(found.addresses).toEqual([])
          count += found.addresses.length
          const after = replaceAddresses(frame, found, ({ host, port }) => other(host, port))
          expect(decoded(api, version, after)).toEqual(replaced(before, other))
          expect(replaceAddresses(frame, found, () => null)).toEqual(frame)
        }
      }
      expect(count).toBeGreaterThan(20)
    })
  }

  it('are looked for in every answer that names hosts and ports', async () => {
    const named = (await loadAllApis()).filter((api) => namesAddress(api.response.fields)).map(({ key }) => key)
    expect(named).toEqual([...new Set([...KEYS_WITH_ADDRESSES, ...OTHER_ADDRESSES])].sort((a, b) => a - b))
  })

  it('come with the id of the node, and not where there is none', () => {
    const found = { errorCode: 0, errorMessage: null, nodeId: 3, host: 'b3', port: 9094 }
    const frame = bodyOf(findCoordinator, 4, { coordinators: [{ key: 'g', ...found }] })
    expect(findAddresses(findCoordinator, 4, frame, START).addresses).toMatchObject([
      { nodeId: 3, host: 'b3', port: 9094 },
    ])
    const failed = bodyOf(findCoordinator, 4, {
      coordinators: [{ key: 'g', nodeId: -1, host: '', port: -1, errorCode: 15 }],
    })
    expect(findAddresses(findCoordinator, 4, failed, START).addresses).toEqual([])
    const old = bodyOf(findCoordinator, 1, { ...found })
    expect(findAddresses(findCoordinator, 1, old, START).addresses).toMatchObject([{ nodeId: 3, host: 'b3' }])
  })

  it('leave tags alone that we do not know', () => {
    const nodeEndpoints = [{ nodeId: 1, host: 'broker-one', port: 9092, rack: null }]
    const body = bodyOf(produce, 10, { responses: [], nodeEndpoints })
    // Two tags instead of one: behind the addresses a tag 9 with three bytes.
    const withMore = Buffer.concat([body, Buffer.from([9, 3, 1, 2, 3])])
    const tagCount = withMore.indexOf(1, START + 1 + 4)
    withMore[tagCount] = 2
    const found = findAddresses(produce, 10, withMore, START)
    const after = replaceAddresses(withMore, found, () => ({ host: 'p', port: 1 }))
    expect(after.subarray(-5)).toEqual(Buffer.from([9, 3, 1, 2, 3]))
    expect(decoded(produce, 10, after)).toMatchObject({ nodeEndpoints: [{ nodeId: 1, host: 'p', port: 1 }] })
  })

  it('stand behind the records where the answer may be large', () => {
    expect(isLargeWithTail(ApiKey.fetch, 16)).toBe(true)
    expect(isLargeWithTail(ApiKey.shareFetch, 1)).toBe(true)
    expect(isLargeWithTail(ApiKey.fetch, 15)).toBe(false)
    expect(isLargeWithTail(ApiKey.produce, 10)).toBe(false)
  })

  it('are not looked for in what is no such answer', () => {
    const [frame] = encodeResponse(produce, 9, 1, { responses: [] })
    expect(() => findAddresses(findCoordinator, 4, frame!, 0)).toThrow(/FindCoordinatorResponse v4/)
  })
})

function namesAddress(fields: Fields): boolean {
  if ('host' in fields && 'port' in fields) return true
  return Object.values(fields).some((field: Field<unknown>) => {
    const inner = field.fields ?? field.element?.fields
    return inner !== undefined && namesAddress(inner)
  })
}
