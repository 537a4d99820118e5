import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { expect, it } from 'vitest'
import { readTextFile } from '../../src/commands/text-file.ts'

it('reads a file as text', () => {
  const file = path.join(os.tmpdir(), `kt-text-${process.pid}`)
  fs.writeFileSync(file, 'Zürich')
  expect(readTextFile(file)).toBe('Zürich')
  fs.rmSync(file)
})

it('names the file it cannot read', () => {
  expect(() => readTextFile('/no/such/file')).toThrow('Unable to read file /no/such/file')
})
