import { describe, expect, it } from 'vitest'
import { KtError } from '../../src/base/errors.ts'
import type { CommandContext } from '../../src/cli/context.ts'
import { showScriptFailure } from '../../src/commands/failure.ts'
import { KeptOutput } from '../support/run-command.ts'

function contextOf(signal = new AbortController().signal) {
  const stdout = new KeptOutput()
  const stderr = new KeptOutput()
  return { stdout, stderr, context: { stdout, stderr, signal, env: {} } as unknown as CommandContext }
}
const failure = new KtError('not-found', 'no such topic', { facts: ['near: a'], next: 'kt topics --list' })

describe('a failure of a script that prints failures on stdout', () => {
  it('keeps stdout as the script has it and puts our hints on stderr', () => {
    const { context, stdout, stderr } = contextOf()
    expect(showScriptFailure(failure, 'Error : ', 'script', context)).toBe(1)
    expect(stdout.text).toBe('Error : no such topic\n')
    expect(stderr.text).toBe('  near: a\n  next: kt topics --list\n')
  })

  it.each(['terminal', 'json', 'yaml'] as const)('is all on stderr for %s', (presentation) => {
    const { context, stdout, stderr } = contextOf()
    expect(showScriptFailure(failure, 'Error : ', presentation, context)).toBe(1)
    expect(stdout.text).toBe('')
    expect(stderr.text).toBe('no such topic\n  near: a\n  next: kt topics --list\n')
  })

  it('is silent after an interruption', () => {
    const { context, stdout, stderr } = contextOf(AbortSignal.abort('SIGINT'))
    expect(showScriptFailure(failure, 'Error : ', 'script', context)).toBe(130)
    expect(stdout.text + stderr.text).toBe('')
  })

  it('passes an interruption at a prompt on', () => {
    const { context } = contextOf()
    const interrupted = new KtError('interrupted', 'interrupted')
    expect(() => showScriptFailure(interrupted, '', 'script', context)).toThrow(interrupted)
  })
})
