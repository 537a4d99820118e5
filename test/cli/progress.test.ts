import { describe, expect, it } from 'vitest'
import { ProgressLine } from '../../src/cli/progress.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { KeptOutput } from '../support/run-command.ts'

function line(isTerminal: boolean, asScript = false) {
  const stderr = new KeptOutput(isTerminal, 20)
  const clock = new ManualClock()
  const progress = new ProgressLine({ stdout: new KeptOutput(isTerminal), stderr, clock, asScript })
  return { stderr, clock, progress }
}

describe('ProgressLine', () => {
  it('writes one line over the other, not too often, and takes it away', () => {
    const { stderr, clock, progress } = line(true)
    progress.update(() => 'one')
    progress.update(() => 'two')
    clock.advance(200)
    progress.update(() => 'a line that is wider than the terminal')
    progress.clear()
    progress.clear()
    expect(stderr.text).toBe('\r\x1b[2Kone\r\x1b[2Ka line that is wide\r\x1b[2K')
  })

  it('writes nothing where nobody watches', () => {
    for (const { stderr, progress } of [line(false), line(true, true)]) {
      progress.update(() => 'one')
      progress.clear()
      expect(stderr.text).toBe('')
    }
  })
})
