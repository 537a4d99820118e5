import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import type { CommandContext } from '../../src/cli/context.ts'
import { readStdin } from '../../src/commands/read-stdin.ts'

const read = (chunks: readonly (Buffer | string)[], maxBytes = 100) =>
  readStdin(Readable.from(chunks) as unknown as CommandContext['stdin'], maxBytes)

it('puts characters together that lie in two chunks', async () => {
  const bytes = Buffer.from('ключ')
  expect(await read([...bytes].map((byte) => Buffer.of(byte)))).toBe('ключ')
  expect(await read(['te', 'xt'])).toBe('text')
  expect(await read([])).toBe('')
})

it('reads no more than it may', async () => {
  expect(await read([Buffer.alloc(60), Buffer.alloc(40)])).toHaveLength(100)
  await expect(read([Buffer.alloc(60), Buffer.alloc(41)])).rejects.toThrow('longer than 100 bytes')
})
