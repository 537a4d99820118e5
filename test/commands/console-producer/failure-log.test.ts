import { describe, expect, it } from 'vitest'
import type { CommandContext } from '../../../src/cli/context.ts'
import { FailureLog } from '../../../src/commands/console-producer/failure-log.ts'
import { KeptOutput } from '../../support/run-command.ts'

function log() {
  const stderr = new KeptOutput()
  return { stderr, failures: new FailureLog('orders', { stderr } as unknown as CommandContext) }
}
const batch = (recordCount: number, error: Error | null) => ({
  topic: 'orders',
  partition: 2,
  recordCount,
  baseOffset: -1,
  error,
  sizeInBytes: 100,
  attempts: 1,
  appended: [],
})

describe('FailureLog', () => {
  it('tells sizes of a record that never left, and why', () => {
    const { stderr, failures } = log()
    failures.record(null, Buffer.alloc(5), new Error('too large'))
    failures.record(Buffer.alloc(2), null, new Error('no room'))
    const lines = stderr.text.trimEnd().split('\n')
    expect(lines[0]).toMatch(
      /^\[.*\] ERROR Error when sending message to topic orders with key: null, value: 5 bytes with error: too large/,
    )
    expect(lines[1]).toContain('with key: 2 bytes, value: null with error: no room')
    expect(failures.count).toBe(2)
  })

  it('tells a batch once, however many records it has', () => {
    const { stderr, failures } = log()
    failures.batch(batch(7, new Error('refused')))
    failures.batch(batch(3, null))
    expect(stderr.text).toContain('Error when sending 7 messages to topic orders, partition 2 with error: refused')
    expect(stderr.text.trimEnd().split('\n')).toHaveLength(1)
    expect(failures.count).toBe(7)
    expect(failures.lastError?.message).toBe('refused')
  })

  it('counts instead of telling when there is no end of them', () => {
    const { stderr, failures } = log()
    for (let index = 0; index < 1_500; index++) failures.record(null, Buffer.alloc(1), new Error('x'))
    failures.summary()
    const lines = stderr.text.trimEnd().split('\n')
    expect(lines).toHaveLength(1_001)
    expect(lines.at(-1)).toBe('1500 messages were not sent in all')
  })

  it('has nothing to add when every failure was told', () => {
    const { stderr, failures } = log()
    failures.record(null, null, new Error('x'))
    const before = stderr.text
    failures.summary()
    expect(stderr.text).toBe(before)
  })
})
