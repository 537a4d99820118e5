import { describe, expect, it } from 'vitest'
import { parseOptions } from '../../../src/cli/parse-options.ts'
import { changesOf, parseAddConfig } from '../../../src/commands/configs/changes.ts'
import { type ConfigsGiven, configsOptions } from '../../../src/commands/configs/options.ts'

describe('--add-config', () => {
  it.each([
    ['a=1', { a: '1' }],
    ['a=1,b=2', { a: '1', b: '2' }],
    ['a = 1 , b= 2', { a: '1', b: '2' }],
    ['a=', { a: '' }],
    ['a=[1,2,3],b=4', { a: '1,2,3', b: '4' }],
    ['a=[x=1,y=2]', { a: 'x=1,y=2' }],
    ['a=[]', { a: '' }],
    ['SCRAM-SHA-256=[iterations=8192,password=p]', { 'SCRAM-SHA-256': 'iterations=8192,password=p' }],
  ])('%s', (text, expected) => {
    expect(Object.fromEntries(parseAddConfig(text))).toEqual(expected)
  })

  it.each(['a', 'a=1,b', 'a=b=c', ''])('refuses %j', (text) => {
    expect(() => parseAddConfig(text)).toThrow('all configs to be added must be in the format "key=val"')
  })

  it('refuses keys with strange characters', async () => {
    const given = parseOptions(['--add-config', 'a b=1'], configsOptions) as unknown as ConfigsGiven
    await expect(changesOf(given)).rejects.toThrow('Invalid character found for config key: a b')
  })
})
