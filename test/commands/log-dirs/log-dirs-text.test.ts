import { describe, expect, it } from 'vitest'
import { logDirsJson } from '../../../src/commands/log-dirs/log-dirs-text.ts'

const directory = (path: string) => ({ path, error: null, replicas: [], totalBytes: -1, usableBytes: -1 })

/** Directories in the order of the script's line, by their last letter. */
function order(path: string, ...names: readonly string[]): string {
  const directories = names.map((name) => directory(`${path}-${name}`))
  const { brokers } = JSON.parse(logDirsJson([{ broker: 1, directories }])) as {
    brokers: { logDirs: { logDir: string }[] }[]
  }
  return brokers[0]!.logDirs.map(({ logDir }) => logDir.at(-1)).join('')
}

// As Java's `new HashMap<>(2)` and `new HashMap<>(3)` iterate.
describe('the order of a broker’s directories', () => {
  it.each([
    ['/x/b', 'ba', 'bac'],
    ['/x/c', 'ab', 'acb'],
    ['/x/d', 'ba', 'cba'],
    ['/x/e', 'ba', 'cba'],
    ['/x/f', 'ba', 'bac'],
    ['/x/g', 'ab', 'acb'],
    ['/tmp/kt-1/broker-1', 'ab', 'abc'],
    ['/tmp/kt-2/broker-1', 'ba', 'cba'],
  ])('under %s', (path, two, three) => {
    expect([order(path, 'a', 'b'), order(path, 'a', 'b', 'c')]).toEqual([two, three])
  })
})
