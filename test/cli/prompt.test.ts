import { describe, expect, it } from 'vitest'
import { askAtTerminal } from '../../src/cli/prompt.ts'

describe('askAtTerminal', () => {
  it('ends as an interruption when the signal has come', async () => {
    const asking = askAtTerminal({ message: 'Which topic?', kind: 'text' }, AbortSignal.abort('SIGINT'))
    await expect(asking).rejects.toMatchObject({ kind: 'interrupted' })
  })
})
