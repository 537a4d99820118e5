import { describe, expect, it } from 'vitest'
import { levelText, parseFeatureLevel, parseMetadataVersion } from '../../../src/commands/features/levels.ts'

describe('a feature and its level', () => {
  it('are written name=level', () => {
    expect(parseFeatureLevel('group.version=1')).toEqual({ feature: 'group.version', level: 1 })
    expect(parseFeatureLevel(' group.version = +1 ')).toEqual({ feature: 'group.version', level: 1 })
    expect(parseFeatureLevel('x=-32768')).toEqual({ feature: 'x', level: -32768 })
  })

  it.each([
    ['group.version', "Can't parse feature=level string group.version: equals sign not found."],
    ['a=', "Can't parse feature=level string a=: unable to parse  as a short."],
    ['a=x', "Can't parse feature=level string a=x: unable to parse x as a short."],
    ['a=1=2', "Can't parse feature=level string a=1=2: unable to parse 1=2 as a short."],
    ['a=32768', "Can't parse feature=level string a=32768: unable to parse 32768 as a short."],
  ])('are not %s', (text, message) => {
    expect(() => parseFeatureLevel(text)).toThrow(message)
  })
})

it('names levels of the metadata alone', () => {
  expect(levelText('metadata.version', 30)).toBe('4.3-IV0')
  expect(levelText('metadata.version', 3)).toBe('UNKNOWN 3')
  expect(levelText('group.version', 1)).toBe('1')
})

it('lists the versions when one is not known', () => {
  expect(parseMetadataVersion('4.1')).toBe(27)
  expect(() => parseMetadataVersion('9.9')).toThrow(
    /^Unknown metadata.version '9.9'. Supported metadata.version are: 3.3-IV3, 3.4-IV0, .*, 4.4-IV0$/,
  )
})
