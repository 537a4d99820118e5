import { expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import { makeRecord } from '../../../src/commands/e2e-latency/round-trips.ts'

it('makes records of the sizes wanted, a letter drawn for each part', () => {
  const settings = {
    bootstrapServer: undefined,
    commandConfig: undefined,
    topic: 't',
    records: 1,
    acks: 'all' as const,
    recordSize: 5,
    keySize: 0,
    headers: 2,
    headerKeySize: 3,
    headerSize: -1,
  }
  const record = makeRecord(settings, seededRandom(7))
  expect(String(record.value)).toMatch(/^([A-Z])\1{4}$/)
  expect(record.key).toHaveLength(0)
  expect(record.headers).toHaveLength(2)
  expect(record.headers![0]!.key).toMatch(/^[A-Z]{3}$/)
  expect(record.headers![0]!.value).toBeNull()
  expect(makeRecord({ ...settings, headerSize: 2 }, seededRandom(7)).headers![1]!.value).toHaveLength(2)
})
