import { describe, expect, it } from 'vitest'
import { runCommand } from '../../support/run-command.ts'
import { RunningNode } from '../../support/running-node.ts'

it.each([
  [['--last', '0'], '--last is not a whole number above 0: 0'],
  [['--timeout', 'soon'], '--timeout is not a whole number above 0: soon'],
  [['--format', 'xml'], "nknown format 'xml'"],
])('%j is refused before anything connects', async (words, text) => {
  const result = await runCommand(['transact', ...words], { input: 'begin\n' })
  expect(result).toMatchObject({ code: 2, stdout: '' })
  expect(result.stderr).toContain(text)
})

describe('a cluster without transactions', () => {
  it('is told in one line, before the first step', async () => {
    await using node = new RunningNode()
    await node.start()
    const words = ['transact', '--bootstrap-server', node.bootstrapServers]
    const result = await runCommand(words, { input: 'begin\n' })
    expect(result).toMatchObject({ code: 7, stdout: '' })
    expect(result.stderr.split('\n')[0]).toMatch(/cannot answer EndTxn requests$/)
  }, 60_000)
})
