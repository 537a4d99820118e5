import { describe, expect, it } from 'vitest'
import { resolveOptions } from '../../src/client/options.ts'

describe('client options', () => {
  it('have the defaults of Kafka, but for how long a person waits to connect', () => {
    expect(resolveOptions({ bootstrapServers: ['h:1'] })).toMatchObject({
      bootstrap: [{ host: 'h', port: 1 }],
      clientId: 'kt',
      requestTimeoutMs: 30_000,
      apiTimeoutMs: 60_000,
      connectTimeoutMs: 5_000,
    })
  })

  it('keep what was given', () => {
    expect(resolveOptions({ bootstrapServers: ['h:1'], clientId: 'x', apiTimeoutMs: 5 })).toMatchObject({
      clientId: 'x',
      apiTimeoutMs: 5,
    })
  })

  it('refuse addresses that are none before anything connects', () => {
    expect(() => resolveOptions({ bootstrapServers: ['nope'] })).toThrow('Invalid url in bootstrap.servers: nope')
  })
})
