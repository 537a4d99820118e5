import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/protocol/error-codes.ts'
import { apiVersions } from '../../../src/protocol/messages/18-api-versions.ts'
import { RawClient } from '../../support/raw-client.ts'
import { TestBroker } from '../../support/test-broker.ts'

let test: TestBroker
let client: RawClient

beforeAll(async () => {
  test = await TestBroker.start()
  client = await RawClient.connect(test.port)
})

afterAll(async () => {
  client[Symbol.dispose]()
  await test.close()
})

const software = { clientSoftwareName: 'kt-test', clientSoftwareVersion: '1.0' }

/** What a broker of Apache Kafka 4.3.1 advertises, for the keys this one serves. */
const LIVE =
  '0:0-13 1:4-18 2:1-11 3:0-13 8:2-10 9:1-10 10:0-6 11:0-9 12:0-4 13:0-5 14:0-5 15:0-6 16:0-5 18:0-4 19:2-7 20:1-6 ' +
  '21:0-2 22:0-5 23:2-4 32:1-4 33:0-2 34:1-2 35:1-5 37:0-3 42:0-2 43:0-2 44:0-1 45:0-1 46:0-0 47:0-0 55:0-2 57:0-2 60:0-2 ' +
  '64:0-0 74:0-1 75:0-0 80:0-1 81:0-0'

describe('ApiVersions', () => {
  it.each([0, 1, 2, 3, 4])('lists what is served, with the ranges of a live broker, in version %i', async (version) => {
    const response = await client.request(apiVersions, version, software)
    expect(response.errorCode).toBe(0)
    const listed = response.apiKeys.map(({ apiKey, minVersion, maxVersion }) => `${apiKey}:${minVersion}-${maxVersion}`)
    expect(listed.join(' ')).toBe(LIVE)
  })

  it('tells no feature whose APIs are not served', async () => {
    const { supportedFeatures } = await client.request(apiVersions, 4, software)
    const names = supportedFeatures.map(({ name }) => name)
    expect(names).toContain('metadata.version')
    for (const name of ['group.version', 'transaction.version', 'share.version', 'streams.version']) {
      expect(names).not.toContain(name)
    }
  })

  it('tells the level of kraft.version, which is in no image', async () => {
    const { finalizedFeatures } = await client.request(apiVersions, 4, software)
    expect(finalizedFeatures).toContainEqual({ name: 'kraft.version', maxVersionLevel: 1, minVersionLevel: 1 })
  })

  it.each(['', '-kt', 'kt-', 'with space', 'ünicode'])('refuses the software name %j', async (clientSoftwareName) => {
    const response = await client.request(apiVersions, 3, { ...software, clientSoftwareName })
    expect(response).toMatchObject({ errorCode: ErrorCode.INVALID_REQUEST, apiKeys: [] })
    const version = await client.request(apiVersions, 3, { ...software, clientSoftwareVersion: clientSoftwareName })
    expect(version.errorCode).toBe(ErrorCode.INVALID_REQUEST)
  })
})
