import { describe, expect, it } from 'vitest'
import { ReadyGate } from '../../src/broker/ready-gate.ts'
import type { Answer, ConnectionContext, RequestProcessor } from '../../src/network/processor.ts'

const CONNECTION = {} as ConnectionContext
const echo: RequestProcessor = { process: (frame) => ({ chunks: [frame] }) }
const text = (answer: Answer): string => Buffer.concat(answer.chunks!).toString()

describe('ReadyGate', () => {
  it('lets requests wait until the node is in service, in their order', async () => {
    const gate = new ReadyGate()
    const answered: string[] = []
    const waiting = ['a', 'b'].map(async (name) =>
      answered.push(text(await gate.process(Buffer.from(name), CONNECTION))),
    )
    await Promise.resolve()
    expect(answered).toEqual([])
    gate.open(echo)
    await Promise.all(waiting)
    expect(answered).toEqual(['a', 'b'])
  })

  it('is not there any more afterwards', () => {
    const gate = new ReadyGate()
    gate.open(echo)
    const answer = gate.process(Buffer.from('c'), CONNECTION)
    expect(answer).not.toBeInstanceOf(Promise)
    expect(text(answer as Answer)).toBe('c')
  })
})
