import { describe, expect, it } from 'vitest'
import type { FetchedBatch } from '../../../src/client/fetcher/batches.ts'
import { HandOver } from '../../../src/client/fetcher/hand-over.ts'
import { settled } from '../../support/manual-clock.ts'

const batch = (name: string): FetchedBatch => ({ topic: name }) as FetchedBatch
const named = async (taken: ReturnType<HandOver['take']>): Promise<string | null> => (await taken)?.topic ?? null

describe('handing batches over', () => {
  it('keeps their order, whoever is first', async () => {
    const between = new HandOver()
    const early = between.take()
    between.give(1, [batch('a'), batch('b')])
    between.give(2, [batch('c')])
    expect(await Promise.all([named(early), named(between.take()), named(between.take())])).toEqual(['a', 'b', 'c'])
  })

  it('does so without waiting when there is something', () => {
    const between = new HandOver()
    between.give(1, [batch('a')])
    expect(between.take()).toMatchObject({ topic: 'a' })
  })

  it('lets a broker be one answer ahead and no more', async () => {
    const between = new HandOver()
    let allowed = 0
    const ask = (broker: number): void => {
      void between.room(broker).then(() => {
        allowed += 1
      })
    }
    between.give(1, [batch('a'), batch('b')])
    ask(1)
    await settled()
    expect(allowed).toBe(1)
    between.give(1, [batch('c')])
    ask(1)
    await settled()
    expect(allowed).toBe(1)
    // Half of an answer is not enough; the other broker is not held up.
    void between.take()
    ask(2)
    await settled()
    expect(allowed).toBe(2)
    void between.take()
    await settled()
    expect(allowed).toBe(3)
  })

  it('does not count an answer without records', async () => {
    const between = new HandOver()
    for (let turn = 0; turn < 5; turn++) between.give(1, [])
    await between.room(1)
  })

  it('tells of offsets without records when the reader comes to them, and not before', async () => {
    const passed: number[] = []
    const between = new HandOver(({ nextOffset }) => passed.push(nextOffset))
    const over = (nextOffset: number) => ({ topic: 't', partition: 0, nextOffset })
    between.give(1, [batch('a'), over(8), batch('b'), over(10)])
    expect(between.take()).toMatchObject({ topic: 'a' })
    expect(passed).toEqual([])
    expect(between.take()).toMatchObject({ topic: 'b' })
    expect(passed).toEqual([8])
    const waiting = between.take()
    expect(passed).toEqual([8, 10])
    // Nothing but such offsets comes: the reader goes on waiting, and the broker may fetch.
    between.give(1, [over(12)])
    expect(passed).toEqual([8, 10, 12])
    await between.room(1)
    between.give(1, [batch('c')])
    expect(await named(waiting)).toBe('c')
  })

  it('ends after what was given', async () => {
    const between = new HandOver()
    between.give(1, [batch('a')])
    between.end()
    expect([await named(between.take()), await named(between.take()), await named(between.take())]).toEqual([
      'a',
      null,
      null,
    ])
  })

  it('wakes those who wait when it ends', async () => {
    const between = new HandOver()
    const waiting = between.take()
    between.give(2, [batch('x')])
    expect(await named(waiting)).toBe('x')
    between.give(1, [batch('a')])
    between.give(1, [batch('b')])
    const room = between.room(1)
    between.end()
    await room
  })

  it('fails after what was given, with the first error, every time', async () => {
    const between = new HandOver()
    between.give(1, [batch('a')])
    between.fail(new Error('first'))
    between.fail(new Error('second'))
    expect(await named(between.take())).toBe('a')
    await expect(between.take()).rejects.toThrow('first')
    await expect(between.take()).rejects.toThrow('first')
  })
})
