import { describe, expect, it } from 'vitest'
import { Reader } from '../../src/base/bytes.ts'
import { encodeToBuffer } from '../../src/protocol/codec.ts'
import { interpretDecode } from '../../src/protocol/interpret.ts'
import { metadata } from '../../src/protocol/messages/03-metadata.ts'
import { apiVersions } from '../../src/protocol/messages/18-api-versions.ts'

describe('the observer of decoding', () => {
  it('is told of every field, its value and its bytes, inner ones first', () => {
    const bytes = encodeToBuffer(metadata.request, 8, { topics: [{ name: 'ab' }, { name: 'c' }] })
    const seen: [string, unknown, string][] = []
    interpretDecode(metadata.request, 8, new Reader(bytes), (path, value, start, end) => {
      seen.push([path, value, bytes.subarray(start, end).toString('hex')])
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

  it('is told of tagged fields', () => {
    const bytes = encodeToBuffer(apiVersions.response, 3, { finalizedFeaturesEpoch: 5n })
    const paths: string[] = []
    interpretDecode(apiVersions.response, 3, new Reader(bytes), (path) => paths.push(path))
    expect(paths).toEqual(['errorCode', 'apiKeys', 'throttleTimeMs', 'finalizedFeaturesEpoch'])
  })
})
