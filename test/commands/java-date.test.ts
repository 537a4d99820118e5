import { describe, expect, it } from 'vitest'
import { javaDateFormat } from '../../src/commands/java-date.ts'

/** In this machine's zone, whatever that is. */
const AT = new Date(2026, 2, 5, 0, 7, 9, 42).getTime()

describe('dates as SimpleDateFormat prints them (held against Java)', () => {
  it.each([
    ['yyyy-MM-dd HH:mm:ss:SSS', '2026-03-05 00:07:09:042'],
    ['yy/M/d h:m:s.S a', '26/3/5 12:7:9.42 AM'],
    ['EEEE EEE MMMM MMM', 'Thursday Thu March Mar'],
    ['D DDD F u k K kk G', '64 064 1 4 24 0 24 AD'],
    ["'at' HH 'o''clock' ''", "at 00 o'clock '"],
    ['[yyyy]', '[2026]'],
  ])('%s', (pattern, text) => {
    expect(javaDateFormat(pattern)(AT)).toBe(text)
  })

  it('tells the zone', () => {
    expect(javaDateFormat('Z')(AT)).toMatch(/^[+-]\d{4}$/)
    expect(javaDateFormat('XXX')(AT)).toMatch(/^(Z|[+-]\d\d:\d\d)$/)
    expect(javaDateFormat('X')(AT)).toMatch(/^(Z|[+-]\d\d)$/)
    expect(javaDateFormat('z')(AT)).not.toBe('')
  })

  it('refuses what is no pattern', () => {
    expect(() => javaDateFormat('yyyy-b')).toThrow("Illegal pattern character 'b'")
    expect(() => javaDateFormat("yyyy 'x")).toThrow('Unterminated quote')
  })
})
