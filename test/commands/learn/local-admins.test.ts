import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/base/clock.ts'
import { KtError } from '../../../src/base/errors.ts'
import { LocalAdmins } from '../../../src/commands/learn/local-admins.ts'

describe('the admin of the local cluster', () => {
  it('is the same as long as the same brokers run, and another one when they changed', async () => {
    const servers = { now: '127.0.0.1:1' }
    const admins = new LocalAdmins(() => ({ bootstrapServers: [servers.now] }), systemClock, 10)
    const first = await admins.current()
    expect(await admins.current()).toBe(first)
    servers.now = '127.0.0.1:2'
    const second = await admins.current()
    expect(second).not.toBe(first)
    await admins.close()
  })

  it('is nobody while nobody runs, and somebody again afterwards', async () => {
    let runs = false
    const admins = new LocalAdmins(
      () => {
        if (runs) return { bootstrapServers: ['127.0.0.1:1'] }
        throw new KtError('unreachable', 'nobody')
      },
      systemClock,
      10,
    )
    await expect(admins.current()).rejects.toThrow('nobody')
    runs = true
    expect(await admins.current()).toBeDefined()
    await admins.close()
    await admins.close()
  })

  it('is nobody any more once closed: what is opened then would be closed by nobody', async () => {
    const admins = new LocalAdmins(() => ({ bootstrapServers: ['127.0.0.1:1'] }), systemClock, 10)
    await admins.current()
    await admins.close()
    await expect(admins.current()).rejects.toThrow('left')
  })
})
