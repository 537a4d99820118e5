import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { expect, it } from 'vitest'
import { KtError } from '../../src/base/errors.ts'
import type { CommandTable } from '../../src/cli/command.ts'
import type { CommandContext } from '../../src/cli/context.ts'
import { CapturedOutput, runNested } from '../../src/cli/nested.ts'

const outer = { env: {} } as CommandContext

const noGrammar = async () => ({ summary: '', options: {}, examples: [] })

function commands(run: (args: readonly string[], context: CommandContext) => Promise<number>): CommandTable {
  return { it: { summary: '', load: async () => ({ name: 'it', grammar: noGrammar, run }) } }
}

it('gives the command its own streams', async () => {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'kt-nested-')), 'in')
  fs.writeFileSync(file, 'from the file')
  const table = commands(async (args, context) => {
    for await (const chunk of context.stdin) context.stdout.write(`${args[0]} ${chunk}`)
    context.stderr.write('talk')
    return 3
  })
  const result = await runNested(['it', 'read'], outer, table, file)
  expect(result).toEqual({
    code: 3,
    stdout: 'read from the file',
    stderr: 'talk',
    transcript: 'read from the filetalk',
  })
})

it('turns a failure into its text and exit code', async () => {
  const table = commands(async () => {
    throw new KtError('not-found', 'no such thing', { next: 'kt it' })
  })
  const result = await runNested(['it'], outer, table)
  expect(result.code).toBe(8)
  expect(result.stderr).toBe('no such thing\n  next: kt it\n')
})

it('copies what it captures: commands reuse their buffers', () => {
  const output = new CapturedOutput()
  const buffer = Buffer.from('one')
  output.write(buffer)
  buffer.write('two')
  expect(output.text).toBe('one')
})
