import { describe, expect, it } from 'vitest'
import { parseOffsetSpec } from '../../../src/commands/get-offsets/offset-spec.ts'

describe('--time', () => {
  it.each([
    ['latest', 'latest'],
    ['-1', 'latest'],
    ['earliest', 'earliest'],
    ['-2', 'earliest'],
    ['max-timestamp', 'max-timestamp'],
    ['-3', 'max-timestamp'],
    ['earliest-local', 'earliest-local'],
    ['-4', 'earliest-local'],
    ['latest-tiered', 'latest-tiered'],
    ['-5', 'latest-tiered'],
    ['earliest-pending-upload', 'earliest-pending-upload'],
    ['-6', 'earliest-pending-upload'],
    ['-7', -7],
    ['0', 0],
    ['1700000000000', 1700000000000],
  ])('%s', (text, expected) => {
    expect(parseOffsetSpec(text)).toBe(expected)
  })

  it.each(['soon', '', '1.5', 'Latest', '99999999999999999999'])('refuses %j', (text) => {
    expect(() => parseOffsetSpec(text)).toThrow(`Malformed time argument ${text}. Please use -1 or latest`)
  })
})
