import { describe, expect, it } from 'vitest'
import { Reader } from '../../src/base/bytes.ts'
import { encodeToBuffer } from '../../src/protocol/codec.ts'
import { type ByteRange, interpretDecode } from '../../src/protocol/interpret.ts'
import { metadata } from '../../src/protocol/messages/03-metadata.ts'
import { apiVersions } from '../../src/protocol/messages/18-api-versions.ts'

describe('the observer of decoding', () => {
  it('is told of every field, its value and its bytes, inner ones first', () => {
    const bytes = encodeToBuffer(metadata.request, 8, { topics: [{ name: 'ab' }, { name: 'c' }] })
    const seen: [string, unknown, string][] = []
    interpretDecode(metadata.request, 8, new Reader(bytes), {
      onField: (path, value, start, end) => {
        seen.push([path, value, bytes.subarray(start, end).toString('hex')])
      },
    })
    expect(seen.map(([path, , hex]) => [path, hex])).toEqual([
      ['topics[0].name', '00026162'],
      ['topics[1].name', '000163'],
      ['topics', '00000002' + '00026162' + '000163'],
      ['allowAutoTopicCreation', '01'],
      ['includeClusterAuthorizedOperations', '00'],
      ['includeTopicAuthorizedOperations', '00'],
    ])
    expect(seen[0]?.[1]).toBe('ab')
  })

  it('is told of every byte once, in order', () => {
    const value = { errorCode: 3, apiKeys: [{ apiKey: 1, minVersion: 0, maxVersion: 9 }], finalizedFeaturesEpoch: 5n }
    const bytes = encodeToBuffer(apiVersions.response, 3, value)
    const ranges: ByteRange[] = []
    interpretDecode(apiVersions.response, 3, new Reader(bytes), { onBytes: (range) => ranges.push(range) })
    expect(ranges.map(({ path, part, type, value: read }) => [path, part, type, read])).toEqual([
      ['errorCode', 'value', 'int16', 3],
      ['apiKeys', 'count', 'uvarint', 1],
      ['apiKeys[0].apiKey', 'value', 'int16', 1],
      ['apiKeys[0].minVersion', 'value', 'int16', 0],
      ['apiKeys[0].maxVersion', 'value', 'int16', 9],
      ['apiKeys[0]', 'tagCount', 'uvarint', 0],
      ['throttleTimeMs', 'value', 'int32', 0],
      ['', 'tagCount', 'uvarint', 1],
      ['', 'tag', 'uvarint', 1],
      ['', 'tagSize', 'uvarint', 8],
      ['finalizedFeaturesEpoch', 'value', 'int64', 5n],
    ])
    expect(ranges.map(({ start }) => start)).toEqual([0, ...ranges.map(({ end }) => end).slice(0, -1)])
    expect(ranges.at(-1)!.end).toBe(bytes.length)
  })

  it('is told of what was read before reading fails', () => {
    const bytes = encodeToBuffer(metadata.request, 8, { topics: [{ name: 'ab' }] })
    const ranges: ByteRange[] = []
    const cut = new Reader(bytes.subarray(0, bytes.length - 2))
    const read = (): unknown => interpretDecode(metadata.request, 8, cut, { onBytes: (range) => ranges.push(range) })
    expect(read).toThrow('includeClusterAuthorizedOperations')
    expect(ranges.map(({ path, part }) => `${path} ${part}`)).toEqual([
      'topics count',
      'topics[0].name length',
      'topics[0].name value',
      'allowAutoTopicCreation value',
    ])
  })

  it('is told of tagged fields', () => {
    const bytes = encodeToBuffer(apiVersions.response, 3, { finalizedFeaturesEpoch: 5n })
    const paths: string[] = []
    interpretDecode(apiVersions.response, 3, new Reader(bytes), { onField: (path) => paths.push(path) })
    expect(paths).toEqual(['errorCode', 'apiKeys', 'throttleTimeMs', 'finalizedFeaturesEpoch'])
  })
})
