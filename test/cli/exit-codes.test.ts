import { describe, expect, it } from 'vitest'
import { exitCodeFor, exitCodeForReason } from '../../src/cli/exit-codes.ts'

describe('exit codes', () => {
  it('are 1 for every failure of a command that mirrors a script', () => {
    for (const kind of ['usage', 'unreachable', 'kafka', 'not-found', 'internal'] as const) {
      expect(exitCodeFor(kind, true)).toBe(1)
    }
    expect(exitCodeFor('interrupted', true)).toBe(130)
  })

  it('differ by kind for commands of our own', () => {
    const kinds = [
      'internal',
      'usage',
      'unreachable',
      'timeout',
      'authentication',
      'authorization',
      'kafka',
      'not-found',
      'conflict',
      'storage',
      'interrupted',
    ] as const
    const codes = kinds.map((kind) => exitCodeFor(kind, false))
    expect(new Set(codes).size).toBe(kinds.length)
    expect(codes).not.toContain(0)
  })

  it('are those a shell gives for signals, and success for a reader that has had enough', () => {
    expect(exitCodeForReason('SIGINT')).toBe(130)
    expect(exitCodeForReason('SIGTERM')).toBe(143)
    expect(exitCodeForReason('SIGHUP')).toBe(129)
    expect(exitCodeForReason('closed')).toBe(0)
  })
})
