import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import {
  FilePayload,
  MonotonicPayload,
  type PayloadSource,
  RandomPayload,
  readPayloadFile,
} from '../../../src/commands/producer-perf-test/payload.ts'

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-payload-'))
afterAll(() => fs.rmSync(directory, { recursive: true, force: true }))

function values(source: PayloadSource, count: number): string[] {
  return Array.from({ length: count }, () => {
    source.next()
    return source.bytes.toString('utf8', source.start, source.end)
  })
}

function file(text: string): string {
  const name = path.join(directory, `p${text.length}`)
  fs.writeFileSync(name, text)
  return name
}

describe('RandomPayload', () => {
  it('gives capital letters of the size wanted, each time others', () => {
    const some = values(new RandomPayload(100, seededRandom(1)), 50)
    expect(some.every((value) => /^[A-Z]{100}$/.test(value))).toBe(true)
    expect(new Set(some).size).toBe(50)
  })

  it('goes round its pool for ever, large values too', () => {
    const source = new RandomPayload(3_000_000, seededRandom(1))
    expect(values(source, 5).every((value) => value.length === 3_000_000)).toBe(true)
  })
})

it('MonotonicPayload counts', () => {
  expect(values(new MonotonicPayload(), 12)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11'])
})

describe('payload files', () => {
  it('are cut at the delimiter; one at the end ends the last value', () => {
    expect(readPayloadFile(file('one\ntwo\n\nthree\n'), '\\n').map(String)).toEqual(['one', 'two', '', 'three'])
    expect(readPayloadFile(file('é;b;;c'), ';+').map(String)).toEqual(['é', 'b', 'c'])
  })

  it('are drawn from at random', () => {
    const source = new FilePayload([Buffer.from('a'), Buffer.from('bb')], seededRandom(3))
    expect(new Set(values(source, 50))).toEqual(new Set(['a', 'bb']))
  })

  it('must be there and hold something', () => {
    for (const name of [path.join(directory, 'none'), file('')]) {
      expect(() => readPayloadFile(name, '\\n')).toThrow('File does not exist or empty file provided.')
    }
    expect(() => readPayloadFile(file('x'), '(')).toThrow('--payload-delimiter is not a regular expression')
  })
})
