import { describe, expect, it } from 'vitest'
import { parseValidator } from '../../../src/metadata/config/validators.ts'
import { type ConfigType, parseConfigText } from '../../../src/metadata/config/values.ts'

/** The text of the complaint, null when the value is fine. */
function complaint(limits: string, type: ConfigType, text: string | null): string | null {
  try {
    parseValidator(limits)('x', parseConfigText('x', type, text), type)
    return null
  } catch (error) {
    return (error as Error).message
  }
}

describe('limits of configurations', () => {
  it.each([
    ['[1,...]', 'INT', '0', 'Invalid value 0 for configuration x: Value must be at least 1'],
    ['[1,...]', 'INT', '1', null],
    ['[-1,...]', 'LONG', '-2', 'Invalid value -2 for configuration x: Value must be at least -1'],
    ['[0,...,1]', 'DOUBLE', '1.5', 'Invalid value 1.5 for configuration x: Value must be no more than 1'],
    ['[0,...,1]', 'DOUBLE', '2', 'Invalid value 2.0 for configuration x: Value must be no more than 1'],
    ['[0,...,0.5]', 'DOUBLE', '0.6', 'Invalid value 0.6 for configuration x: Value must be no more than 0.5'],
    ['[1,...]', 'INT', null, 'Invalid value null for configuration x: Value must be non-null'],
  ] as const)('range %s of %s %s', (limits, type, text, expected) => {
    expect(complaint(limits, type, text)).toBe(expected)
  })

  it('one of some texts', () => {
    expect(complaint('one of a, b', 'STRING', 'b')).toBeNull()
    expect(complaint('one of a, b', 'STRING', 'c')).toBe(
      'Invalid value c for configuration x: String must be one of: a, b',
    )
  })

  it('one of some texts in any case', () => {
    expect(complaint('one of (any case) DISABLED, UPGRADE', 'STRING', 'upGrade')).toBeNull()
    expect(complaint('one of (any case) DISABLED, UPGRADE', 'STRING', 'no')).toBe(
      'Invalid value no for configuration x: String must be one of (case insensitive): DISABLED, UPGRADE',
    )
  })

  it.each([
    ['list of compact, delete', 'compact,delete', null],
    ['list of compact, delete', '', null],
    ['list of compact, delete', 'x', 'Invalid value x for configuration x: String must be one of: compact, delete'],
    ['list of compact, delete', 'delete,delete', "Configuration 'x' values must not be duplicated."],
    ['list; non-empty', '', "Configuration 'x' must not be empty. Valid values include: any non-empty value"],
    ['list of a, b; non-empty', '', "Configuration 'x' must not be empty. Valid values include: [a, b]"],
    ['list', 'a,,b', "Configuration 'x' values must not be empty."],
    ['list; non-empty nullable', null, null],
    ['list', null, "Configuration 'x' values must not be null."],
  ] as const)('%s of %j', (limits, text, expected) => {
    expect(complaint(limits, 'LIST', text)).toBe(expected)
  })

  it('compression level of gzip', () => {
    expect(complaint('[1,...,9] or -1', 'INT', '-1')).toBeNull()
    expect(complaint('[1,...,9] or -1', 'INT', '0')).toBe(
      'Invalid value 0 for configuration x: Value must be between 1 and 9 or equal to -1',
    )
  })

  it.each([
    ['*', null],
    ['', null],
    ['0:1,1:2', null],
    ['0-1', 'x must be the literal'],
    ['*,0:1', 'x must be the literal'],
  ])('throttled replicas %j', (text, expected) => {
    const found = complaint('throttled replicas', 'LIST', text)
    if (expected === null) expect(found).toBeNull()
    else expect(found).toContain(expected)
  })

  it.each([
    ['latest', true],
    ['earliest', true],
    ['by_duration:PT1H', true],
    ['by_duration:P1DT2H3M4.5S', true],
    ['by_duration:P', false],
    ['by_duration:1h', false],
    ['none', false],
  ])('share offset reset %s is %s', (text, valid) => {
    expect(complaint('share offset reset', 'STRING', text) === null).toBe(valid)
  })

  it.each([
    ['1@host:9093', null],
    ['1@[::1]:9093,2@b:1', null],
    ['host:9093', 'Invalid configuration value for x. Each entry should be in the form `{id}@{host}:{port}`.'],
    ['a@host:1', 'Failed to parse voter ID as an integer from a'],
    ['1@host', 'Failed to parse host port from entry 1@host for the configuration x'],
  ])('voters %s', (text, expected) => {
    const found = complaint('voters', 'LIST', text)
    if (expected === null) expect(found).toBeNull()
    else expect(found).toContain(expected)
  })

  it('bootstrap servers', () => {
    expect(complaint('bootstrap servers', 'LIST', 'a:1,[::1]:2')).toBeNull()
    expect(complaint('bootstrap servers', 'LIST', 'a')).toContain('Failed to parse host name from a')
  })

  it('texts that must be something', () => {
    expect(complaint('non-empty', 'STRING', '')).toContain('String must be non-empty')
    expect(complaint('non-empty', 'STRING', null)).toBeNull()
    expect(complaint('non-null', 'STRING', null)).toContain('entry must be non null')
  })

  it('takes no limits it does not know', () => {
    expect(() => parseValidator('odd numbers')).toThrow('unknown limits')
  })
})
