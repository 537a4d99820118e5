import * as fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { KtError } from '../../src/base/errors.ts'
import { nodeFileSystem } from '../../src/base/file-system.ts'
import {
  formatCheckpoint,
  offsetCheckpointLines,
  parseCheckpoint,
  readCheckpoint,
  readOffsetCheckpoint,
  writeCheckpoint,
} from '../../src/log/checkpoint-file.ts'
import { failingFileSystem } from '../support/failing-file-system.ts'
import { scratchDirectory } from './support.ts'

describe('checkpoint files', () => {
  it('are version, count and lines, as Kafka writes them', () => {
    expect(formatCheckpoint([])).toBe('0\n0\n')
    expect(formatCheckpoint(['orders 0 12', 'orders 1 7'])).toBe('0\n2\norders 0 12\norders 1 7\n')
  })

  it('come back as they were written; an absent one is empty', () => {
    const path = join(scratchDirectory(), 'recovery-point-offset-checkpoint')
    expect(readCheckpoint(nodeFileSystem, path)).toEqual([])
    const entries = [
      { topic: 'orders', partition: 0, offset: 12 },
      { topic: 'a-b.c_d', partition: 31, offset: 2 ** 40 },
    ]
    writeCheckpoint(nodeFileSystem, path, offsetCheckpointLines(entries))
    expect(Object.fromEntries(readOffsetCheckpoint(nodeFileSystem, path))).toEqual({
      'orders-0': 12,
      'a-b.c_d-31': 2 ** 40,
    })
    expect(fs.existsSync(`${path}.tmp`)).toBe(false)
  })

  it.each([
    ['', 'version'],
    ['1\n0\n', 'version'],
    ['0\n', 'count'],
    ['0\nx\n', 'count'],
    ['0\n2\nonly one\n', 'promises 2'],
    ['0\n0\nsurplus\n', 'promises 0'],
    ['0', 'version'],
    ['0\n0', 'count'],
    ['0\n1\n0 12', 'promises 1'],
    ['0\n0\n0', 'cut off'],
  ])('are refused when malformed: %j', (text, why) => {
    expect(() => parseCheckpoint(text, 'file')).toThrow(why)
    expect(() => parseCheckpoint(text, 'file')).toThrow(KtError)
  })

  it('are refused wherever they were cut off, so that no number is half a number', () => {
    const whole = formatCheckpoint(['0 0', '12 34567'])
    for (let length = 0; length < whole.length; length++) {
      expect(() => parseCheckpoint(whole.slice(0, length), 'file'), `${length} bytes`).toThrow(KtError)
    }
    expect(parseCheckpoint(whole, 'file')).toEqual(['0 0', '12 34567'])
  })

  it('are refused when a line is no offset', () => {
    const path = join(scratchDirectory(), 'checkpoint')
    fs.writeFileSync(path, '0\n1\norders zero 1\n')
    expect(() => readOffsetCheckpoint(nodeFileSystem, path)).toThrow('orders zero 1')
  })

  it.each(['write', 'fsync', 'rename'] as const)('keep the old content when %s fails', (operation) => {
    const path = join(scratchDirectory(), 'checkpoint')
    const files = failingFileSystem()
    writeCheckpoint(files, path, ['a 0 1'])
    files.fail({ operation, partialBytes: 3 })
    expect(() => writeCheckpoint(files, path, ['a 0 2'])).toThrow('injected')
    expect(readCheckpoint(files, path)).toEqual(['a 0 1'])
  })
})
