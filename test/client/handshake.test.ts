import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { KtError } from '../../src/base/errors.ts'
import { Connection } from '../../src/client/connection.ts'
import { commonVersion, isKRaft, negotiateVersions, requireVersion } from '../../src/client/handshake.ts'
import { encodeResponse } from '../../src/protocol/header.ts'
import { fetch } from '../../src/protocol/messages/01-fetch.ts'
import { metadata } from '../../src/protocol/messages/03-metadata.ts'
import { apiVersions } from '../../src/protocol/messages/18-api-versions.ts'
import { ScriptedBroker } from '../support/scripted-broker.ts'

let broker: ScriptedBroker
let connection: Connection

beforeEach(async () => {
  broker = await ScriptedBroker.start()
  connection = await Connection.open(
    { host: '127.0.0.1', port: broker.port },
    { connectTimeoutMs: 5_000, tls: undefined, clock: systemClock, clientId: 'test' },
  )
})
afterEach(async () => {
  connection.close()
  await broker[Symbol.asyncDispose]()
})

const asked = (): number[] => broker.asked.filter(({ key }) => key === apiVersions.key).map(({ version }) => version)

describe('version negotiation', () => {
  it('takes one round trip with a broker that knows our version', async () => {
    await negotiateVersions(connection, 5_000)
    expect(asked()).toEqual([4])
    expect(connection.versions.get(metadata.key)).toEqual({ min: 0, max: 13 })
  })

  it('says who it is in words the broker accepts (KIP-511)', async () => {
    await negotiateVersions(connection, 5_000)
    const [request] = broker.askedFor(apiVersions)
    for (const text of [request!.clientSoftwareName, request!.clientSoftwareVersion]) {
      expect(text).toMatch(/^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/)
    }
  })

  it.each([
    [3, [4, 3]],
    [2, [4, 2]],
    [0, [4, 0]],
  ])('goes down to what a broker offers: %i', async (max, versions) => {
    broker.ranges.set(apiVersions.key, { min: 0, max })
    broker.on(apiVersions, (_, { version }) => ({
      errorCode: version > max ? 35 : 0,
      apiKeys: [
        { apiKey: apiVersions.key, minVersion: 0, maxVersion: max },
        { apiKey: metadata.key, minVersion: 0, maxVersion: 5 },
      ],
    }))
    await negotiateVersions(connection, 5_000)
    expect(asked()).toEqual(versions)
    expect(connection.versions.get(metadata.key)).toEqual({ min: 0, max: 5 })
  })

  it('goes to version 0 with a broker that does not say what it offers', async () => {
    broker.ranges.set(apiVersions.key, { min: 0, max: 1 })
    broker.on(apiVersions, (_, { version }) => ({ errorCode: version > 1 ? 35 : 0, apiKeys: [] }))
    await negotiateVersions(connection, 5_000)
    expect(asked()).toEqual([4, 0])
  })

  it('gives up on a broker that refuses every version', async () => {
    broker.on(apiVersions, () => encodeUnsupported())
    await expect(negotiateVersions(connection, 5_000)).rejects.toThrow()
    expect(asked().length).toBeLessThanOrEqual(3)
  })

  it('learns the finalized features', async () => {
    broker.on(apiVersions, () => ({
      apiKeys: [],
      finalizedFeatures: [{ name: 'metadata.version', maxVersionLevel: 30, minVersionLevel: 30 }],
    }))
    await negotiateVersions(connection, 5_000)
    expect(connection.features.get('metadata.version')).toBe(30)
  })
})

function encodeUnsupported(): Buffer {
  return Buffer.concat(encodeResponse(apiVersions, 0, 0, { errorCode: 35, apiKeys: [] }))
}

describe('the common version', () => {
  const told = (min: number, max: number) => new Map([[fetch.key, { min, max }]])

  it('is the newest of both, at most the cap', () => {
    expect(commonVersion(fetch, told(0, 99))).toBe(18)
    expect(commonVersion(fetch, told(0, 11))).toBe(11)
    expect(commonVersion(fetch, told(0, 99), 12)).toBe(12)
  })

  it('does not exist where the ranges do not meet', () => {
    expect(commonVersion(fetch, told(0, 3))).toBeNull()
    expect(commonVersion(fetch, told(19, 25))).toBeNull()
    expect(commonVersion(fetch, told(13, 18), 12)).toBeNull()
    expect(commonVersion(fetch, new Map())).toBeNull()
  })

  it('or a KtError that names both', () => {
    connection.versions = told(0, 3)
    try {
      requireVersion(fetch, connection)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(KtError)
      expect((error as KtError).facts).toEqual([
        'kt speaks Fetch versions 4 to 18',
        'the broker serves versions 0 to 3',
      ])
    }
  })
})

it('tells a KRaft broker by what it no longer serves', () => {
  connection.versions = new Map([[3, { min: 0, max: 13 }]])
  expect(isKRaft(connection)).toBe(true)
  connection.versions = new Map([[4, { min: 0, max: 7 }]])
  expect(isKRaft(connection)).toBe(false)
})
