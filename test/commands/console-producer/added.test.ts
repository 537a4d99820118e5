import { expect, it } from 'vitest'
import { systemClock } from '../../../src/base/clock.ts'
import type { CommandContext } from '../../../src/cli/context.ts'
import { parseOptions } from '../../../src/cli/parse-options.ts'
import { addedOf } from '../../../src/commands/console-producer/added.ts'
import { CONSOLE_PRODUCER_OPTIONS, type GivenConsoleProducer } from '../../../src/commands/console-producer/options.ts'

/** An output that has room, or none until it is told. */
function setUp(args: readonly string[], hasRoom: boolean) {
  const written: string[] = []
  let makeRoom = (): void => undefined
  const room = new Promise<void>((resolve) => {
    makeRoom = resolve
  })
  const stdout = { write: (text: string) => written.push(text) < 0 || hasRoom, drain: () => room }
  const context = { clock: systemClock, signal: new AbortController().signal, stdout } as unknown as CommandContext
  const given = parseOptions(['--topic', 't', ...args], CONSOLE_PRODUCER_OPTIONS) as unknown as GivenConsoleProducer
  return { added: addedOf(given, context), written, makeRoom: () => makeRoom() }
}

const STORED = { topic: 't', partition: 1, offset: 7, timestamp: 5 }

it('a report tells where a record is, or why it is nowhere', async () => {
  const { added, written } = setUp(['--report'], true)
  await added.report!(1, STORED, null)
  await added.report!(2, null, new Error('too large'))
  expect(written).toEqual(['line 1: t-1 offset 7\n', 'line 2: not sent: too large\n'])
  expect(added.unsent()).toBe(1)
})

it('a report is told when there is room for it: whoever waits for it sends no faster than its reader reads', async () => {
  const { added, written, makeRoom } = setUp(['--report', 'json'], false)
  let told = false
  const telling = Promise.resolve(added.report!(1, STORED, null)).then(() => {
    told = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  expect([written.length, told]).toEqual([1, false])
  makeRoom()
  await telling
  expect(JSON.parse(written[0]!)).toMatchObject({ kind: 'Delivery', line: 1, partition: 1, offset: 7, error: null })
})
