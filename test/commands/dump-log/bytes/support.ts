/** What `--bytes --format json` prints, and the rule that holds for it. */
import * as fs from 'node:fs'
import { expect } from 'vitest'

export interface NamedBytes {
  readonly kind: string
  readonly file: string
  readonly unit: string
  readonly title: string
  readonly space: 'file' | 'decompressed'
  readonly broken: string | null
  readonly fields: readonly {
    readonly name: string
    readonly type: string
    readonly position: number
    readonly sizeInBytes: number
    readonly hex: string
    readonly value: unknown
    readonly notes: readonly string[]
  }[]
}

export function namedBytes(stdout: string): NamedBytes[] {
  const lines = stdout.split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line) as NamedBytes)
}

/** Every byte of the file has one name, in order, and the bytes shown are those of the file. */
export function expectEveryByteNamed(units: readonly NamedBytes[], file: string): void {
  const bytes = fs.readFileSync(file)
  let position = 0
  let unpacked = 0
  for (const { space, fields, kind } of units) {
    expect(kind).toBe('NamedBytes')
    if (space === 'file') unpacked = 0
    for (const field of fields) {
      const shown = field.hex.length / 2
      expect(shown).toBeLessThanOrEqual(field.sizeInBytes)
      if (space === 'decompressed') {
        expect(field.position).toBe(unpacked)
        unpacked += field.sizeInBytes
        continue
      }
      expect(field.position, `${field.name} in ${file}`).toBe(position)
      if (bytes.length > 0) expect(field.hex).toBe(bytes.toString('hex', position, position + shown))
      position += field.sizeInBytes
    }
  }
  expect(position, file).toBe(bytes.length)
}
