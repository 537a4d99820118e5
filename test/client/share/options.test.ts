import { expect, it } from 'vitest'
import { shareOptionsFromProperties } from '../../../src/client/share/options.ts'

const read = (properties: Record<string, string>) => shareOptionsFromProperties(new Map(Object.entries(properties)))

it('takes the settings that a share consumer has', () => {
  expect(read({})).toMatchObject({ maxPollRecords: 500, checkCrcs: true })
  expect(read({ 'max.poll.records': '7', 'fetch.max.wait.ms': '9', 'fetch.max.bytes': '11' })).toMatchObject({
    maxPollRecords: 7,
    maxWaitMs: 9,
    maxBytes: 11,
  })
})

it.each(['0', 'many', '-1'])('refuses max.poll.records=%s', (text) => {
  expect(() => read({ 'max.poll.records': text })).toThrow('for configuration max.poll.records')
})
