/** Every kind of document that the code prints is described for those who read it. */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { describe, expect, it } from 'vitest'

const SRC = path.resolve(import.meta.dirname, '../../src')

function kindsPrinted(): string[] {
  const files = fs.readdirSync(path.join(SRC, 'commands'), { recursive: true, encoding: 'utf8' })
  return files
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => [
      ...fs.readFileSync(path.join(SRC, 'commands', name), 'utf8').matchAll(/formatDocument\(\s*[\w.]+,\s*'(\w+)'/g),
    ])
    .map(([, kind]) => kind!)
}

describe('the kinds of --format', () => {
  const readme = fs.readFileSync(path.join(SRC, 'commands/README.md'), 'utf8')

  it.each([...new Set(kindsPrinted())].sort())('%s is described in the README of the commands', (kind) => {
    expect(readme).toContain(`\`${kind}\``)
  })
})
