import { describe, expect, it } from 'vitest'
import { valueInUnits } from '../../../src/commands/explain/units.ts'

describe('a number of a setting in units', () => {
  it.each([
    ['retention.ms', '60000', '1 minute'],
    ['retention.ms', '604800000', '7 days'],
    ['retention.ms', '90000000', '1 day 1 hour'],
    ['retention.ms', '90061000', 'about 1 day 1 hour'],
    ['retention.ms', '86460000', 'about 1 day'],
    ['retention.ms', '-1', 'no limit'],
    ['linger.ms', '1500', '1 second 500 milliseconds'],
    ['flush.ms', '9223372036854775807', 'as good as no limit'],
    ['log.retention.hours', '168', '7 days'],
    ['log.roll.minutes', '1', '1 minute'],
    ['retention.bytes', '1073741824', '1 GiB'],
    ['max.message.bytes', '1048588', 'about 1.0 MiB'],
    ['batch.size', '16384', '16 KiB'],
    ['buffer.memory', '33554432', '32 MiB'],
    ['producer_byte_rate', '1048576', '1 MiB'],
    ['retries', '2147483647', 'as good as no limit'],
  ])('%s=%s: %s', (name, value, text) => {
    expect(valueInUnits(name, value)).toBe(text)
  })

  it.each([
    ['linger.ms', '5'],
    ['linger.ms', '0'],
    ['retention.bytes', '500'],
    ['num.partitions', '3'],
    ['retention.ms', 'soon'],
    ['cleanup.policy', 'compact'],
    ['flush.messages', '-1'],
  ])('%s=%s says it all', (name, value) => {
    expect(valueInUnits(name, value)).toBeUndefined()
  })
})
