import { describe, expect, it } from 'vitest'
import { MemoryBudget } from '../../../src/client/producer/memory.ts'
import { ManualClock, settled } from '../../support/manual-clock.ts'

describe('buffer memory', () => {
  it('is taken and given back', () => {
    const memory = new MemoryBudget(100, new ManualClock())
    expect(memory.reserve(60)).toBe(true)
    expect(memory.reserve(60)).toBe(false)
    expect(memory.refusedBytes).toBe(60)
    memory.release(60)
    expect(memory.reserve(60)).toBe(true)
    expect(memory.usedBytes).toBe(60)
  })

  it('lets one batch through that is larger than all of it, when nothing else is there', () => {
    const memory = new MemoryBudget(100, new ManualClock())
    expect(memory.reserve(500)).toBe(true)
    expect(memory.reserve(1)).toBe(false)
  })

  it('serves those who wait in order', async () => {
    const memory = new MemoryBudget(100, new ManualClock())
    memory.reserve(100)
    const served: string[] = []
    for (const name of ['first', 'second']) void memory.wait(50, 1_000).then(() => served.push(name))
    expect(memory.exhausted).toBe(true)
    memory.release(10)
    await settled()
    expect(served).toEqual([])
    memory.release(90)
    await settled()
    expect(served).toEqual(['first', 'second'])
    expect(memory.exhausted).toBe(false)
  })

  it('does not let a late small one pass a waiting large one', async () => {
    const memory = new MemoryBudget(100, new ManualClock())
    memory.reserve(80)
    let small = false
    void memory.wait(50, 1_000)
    void memory.wait(10, 1_000).then(() => {
      small = true
    })
    await settled()
    expect(small).toBe(false)
  })

  it('gives up with Kafka’s words when max.block.ms has passed', async () => {
    const clock = new ManualClock()
    const memory = new MemoryBudget(100, clock)
    memory.reserve(90)
    const waiting = expect(memory.wait(20, 1_000)).rejects.toThrow(
      'Failed to allocate 20 bytes within the configured max blocking time 1000 ms. Total memory: 100 bytes. Available memory: 10 bytes.',
    )
    await clock.advance(1_000)
    await waiting
    expect(memory.exhausted).toBe(false)
    expect(clock.timerCount).toBe(0)
  })
})
