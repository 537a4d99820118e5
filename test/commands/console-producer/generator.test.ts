import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import { parseGenerator } from '../../../src/commands/console-producer/generator.ts'

const SEED = 7

function rows(template: string, count: number): string[] {
  const generate = parseGenerator(template, 'template')
  const random = seededRandom(SEED)
  return Array.from({ length: count }, (_, index) => generate({ index, nowMs: 1000, random }))
}

describe('parseGenerator', () => {
  it('counts', () => {
    expect(rows('a{{seq}}-{{ seq 100 }}', 3)).toEqual(['a1-100', 'a2-101', 'a3-102'])
  })

  it.each([
    ['{{int 1 6}}', /^[1-6]$/],
    ['{{int}}', /^\d{1,3}$/],
    ['{{float 2 3}}', /^(2(\.\d{1,6})?|3)$/],
    ['{{bool}}', /^(true|false)$/],
    ['{{pick red green}}', /^(red|green)$/],
    ['{{uuid}}', /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/],
    ['{{hex 4}}', /^[0-9a-f]{8}$/],
    ['{{string 5}}', /^[a-z0-9]{5}$/],
    ['{{word}}', /^[a-z]+$/],
    ['{{name}}', /^[A-Z][a-z]+ [A-Z][a-z]+$/],
    ['{{email}}', /^[a-z]+\.\d+@example\.com$/],
    ['{{now}} {{timestamp}}', /^1970-01-01T00:00:01\.000Z 1000$/],
    ['{"a":{"b":{{int 1 1}} }}', /^\{"a":\{"b":1 \}\}$/],
  ])('makes up %s', (template, shape) => {
    for (const row of rows(template, 50)) expect(row).toMatch(shape)
  })

  it('reaches both ends of a range, and is the same for a seed', () => {
    expect(new Set(rows('{{int 1 3}}', 100))).toEqual(new Set(['1', '2', '3']))
    expect(rows('{{uuid}} {{name}}', 5)).toEqual(rows('{{uuid}} {{name}}', 5))
  })

  it.each([
    ['{{nope}}', '{{nope}} is not known'],
    ['{{}}', '{{}} is not known'],
    ['{{int a 2}}', "{{int a 2}} takes numbers, not 'a'"],
    ['{{int 2 1}}', '{{int 2 1}} goes from the smaller number to the larger'],
    ['{{pick}}', '{{pick}} needs words to pick from'],
    ['{{hex -1}}', '{{hex -1}} takes a length'],
    ['{{string 1e9}}', '{{string 1e9}} takes a length'],
  ])('refuses %s', (template, message) => {
    expect(() => parseGenerator(template, 'template')).toThrow(`--template: ${message}`)
  })
})
