import { expect, it } from 'vitest'
import { OutputStream } from '../../src/cli/output-stream.ts'
import { KeptOutput } from '../support/run-command.ts'

it('writes to the output it stands for, and is as wide', () => {
  const output = new KeptOutput(true, 37)
  const stream = new OutputStream(output)
  stream.write('a')
  stream.write(Buffer.from('b'))
  expect([output.text, stream.columns]).toEqual(['ab', 37])
})
