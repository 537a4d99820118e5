import { describe, expect, it } from 'vitest'
import type { CommandContext } from '../../../src/cli/context.ts'
import { SetBackTeller } from '../../../src/commands/beginner-errors/set-back.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { memoryAdmin } from '../../support/memory-admin.ts'
import { KeptOutput } from '../../support/run-command.ts'

function teller(terminal = true) {
  const stderr = new KeptOutput(terminal)
  const clock = new ManualClock()
  const context = {
    ...{ stderr, clock, env: {}, args: ['--topic', 't'], signal: new AbortController().signal },
    admin: async () => memoryAdmin({}).admin,
    connection: async () => ({ bootstrapServers: ['elsewhere:9092'] }),
  } as unknown as CommandContext
  const parts = { command: 'console-consumer', groupId: 'g', target: {}, sessionTimeoutMs: 6_000 }
  return { stderr, clock, told: new SetBackTeller(parts, context) }
}

describe('a member that was set back', () => {
  it('reads why, with what its own clock has seen', async () => {
    const { stderr, told } = teller()
    told.setBack({ code: 'UNKNOWN_MEMBER_ID', silentMs: 9_000 })
    await told.settled
    expect(stderr.text).toContain(
      "This member of group 'g' was taken out of it while it was silent (UNKNOWN_MEMBER_ID)",
    )
    expect(stderr.text).toContain('why: This program stood still for longer than session.timeout.ms')
    expect(stderr.text).toContain('the coordinator last heard of this member 9 s before')
    expect(stderr.text).toContain('next: kt consumer-groups --describe --group g --members')
  })

  it('is not told of its own standing still where it did not', async () => {
    const { stderr, told } = teller()
    told.setBack({ code: 'UNKNOWN_MEMBER_ID', silentMs: 500 })
    await told.settled
    expect(stderr.text).toContain('why: The coordinator has taken this member out of the group')
    expect(stderr.text).not.toContain('stood still')
  })

  it('hears of one reason once, and of the same again a few times at most', async () => {
    const { stderr, clock, told } = teller()
    const times = (): number => stderr.text.split('why:').length - 1
    told.setBack({ code: 'UNKNOWN_MEMBER_ID', silentMs: null })
    told.setBack({ code: 'ILLEGAL_GENERATION', silentMs: null })
    await told.settled
    expect(times()).toBe(1)
    for (let round = 0; round < 5; round++) {
      clock.advance(10_000)
      told.setBack({ code: 'UNKNOWN_MEMBER_ID', silentMs: null })
      await told.settled
    }
    expect(times()).toBe(3)
  })

  it('is left alone in a pipe', async () => {
    const { stderr, told } = teller(false)
    told.setBack({ code: 'UNKNOWN_MEMBER_ID', silentMs: 9_000 })
    await told.settled
    expect(stderr.text).toBe('')
  })
})
