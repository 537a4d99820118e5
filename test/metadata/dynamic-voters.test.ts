import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/base/random.ts'
import { randomUuid } from '../../src/base/uuid.ts'
import {
  formatDynamicVoter,
  parseDynamicVoter,
  parseDynamicVoters,
  voterSetOf,
} from '../../src/metadata/dynamic-voters.ts'

const DIRECTORY = 'JEXY6aqzQY-32P5TStzaFg'
const OTHER = 'MvDxzVmcRsaTz33bUuRU6A'

describe('one voter', () => {
  it('is id, host, port and directory', () => {
    const voter = parseDynamicVoter(` 0@example.com:8082:${DIRECTORY} `)
    expect(voter).toEqual({ id: 0, host: 'example.com', port: 8082, directoryId: DIRECTORY })
  })
  it('takes an IPv6 address in brackets', () => {
    expect(parseDynamicVoter(`7@[::1]:9093:${DIRECTORY}`)).toMatchObject({ host: '::1', port: 9093 })
  })
  it.each([
    ['5', 'No @ found in dynamic voter string.'],
    [`@host:1:${DIRECTORY}`, 'Invalid @ at beginning of dynamic voter string.'],
    [`x@host:1:${DIRECTORY}`, 'Failed to parse node id in dynamic voter string.'],
    [`99999999999@host:1:${DIRECTORY}`, 'Failed to parse node id in dynamic voter string.'],
    [`-2@host:1:${DIRECTORY}`, 'Invalid negative node id -2 in dynamic voter string.'],
    ['5@', 'No hostname found after node id.'],
    [`5@[::1:1:${DIRECTORY}`, 'Hostname began with left bracket, but no right bracket was found.'],
    ['5@host', 'No colon following hostname could be found.'],
    [`5@[::1]x:1:${DIRECTORY}`, 'Port section must start with a colon.'],
    ['5@host:1', 'No colon following port could be found.'],
    [`5@host:x:${DIRECTORY}`, 'Failed to parse port in dynamic voter string.'],
    [`5@host:65536:${DIRECTORY}`, 'Invalid port 65536 in dynamic voter string.'],
    ['5@host:1:short', 'Failed to parse directory ID in dynamic voter string.'],
  ])('refuses %j', (text, message) => {
    expect(() => parseDynamicVoter(text)).toThrow(new RangeError(message))
  })
  it('reads what it writes', () => {
    const host = fc.constantFrom('localhost', '127.0.0.1', '::1', 'a-b.example')
    const property = fc.property(fc.nat(2 ** 31 - 1), host, fc.nat(65_535), fc.nat(), (id, name, port, seed) => {
      const voter = { id, host: name, port, directoryId: randomUuid(seededRandom(seed)) }
      expect(parseDynamicVoter(formatDynamicVoter(voter))).toEqual(voter)
    })
    fc.assert(property)
  })
})

describe('several voters', () => {
  it('are in order of id, empty entries aside', () => {
    const voters = parseDynamicVoters(`2@b:2:${OTHER},,1@a:1:${DIRECTORY}`)
    expect(voters.map(({ id }) => id)).toEqual([1, 2])
  })
  it.each([
    ['', 'No voters given.'],
    [',', 'No voters given.'],
    [`1@a:1:${DIRECTORY},1@b:2:${OTHER}`, 'Node id 1 was specified more than once.'],
  ])('refuses %j', (text, message) => {
    expect(() => parseDynamicVoters(text)).toThrow(new RangeError(message))
  })
  it('become the voters record, on the listener in upper case', () => {
    const voters = voterSetOf(parseDynamicVoters(`1@a:1:${DIRECTORY}`), 'controller')
    expect([...voters]).toEqual([
      [
        1,
        {
          id: 1,
          directoryId: DIRECTORY,
          endpoints: [{ name: 'CONTROLLER', host: 'a', port: 1 }],
          kraftVersions: { min: 0, max: 1 },
        },
      ],
    ])
  })
})
