import { describe, expect, it } from 'vitest'
import type { CommandContext } from '../../../src/cli/context.ts'
import type { Producer } from '../../../src/client/producer.ts'
import { inTransaction, type TransactionEnd } from '../../../src/commands/console-producer/transaction.ts'
import { KeptOutput } from '../../support/run-command.ts'

/** A producer that notes what is asked of it. */
function noting(failing: readonly string[] = []) {
  const calls: string[] = []
  const note = (name: string) => async (): Promise<void> => {
    calls.push(name)
    if (failing.includes(name)) throw new Error(`${name} failed`)
  }
  const producer = {
    initTransactions: note('init'),
    beginTransaction: () => void calls.push('begin'),
    flush: note('flush'),
    commitTransaction: note('commit'),
    abortTransaction: note('abort'),
  } as unknown as Producer
  return { calls, producer, send: note('send') }
}

async function run(
  failing: readonly string[],
  more: Partial<TransactionEnd> = {},
  signal = new AbortController().signal,
) {
  const { calls, producer, send } = noting(failing)
  const stderr = new KeptOutput()
  const context = { stderr, signal } as unknown as CommandContext
  const end = { transactionalId: 'tx', aborts: false, unsent: () => 0, ...more }
  const error = await inTransaction(producer, end, context, send).catch((reason: Error) => reason)
  return { calls: calls.join(' '), text: stderr.text, error: error instanceof Error ? error.message : null }
}

describe('inTransaction', () => {
  it('commits what was sent', async () => {
    expect(await run([])).toEqual({
      calls: 'init begin send flush commit',
      text: "Transaction 'tx' committed.\n",
      error: null,
    })
  })

  it('aborts when told to, and when interrupted', async () => {
    const aborted = { calls: 'init begin send flush abort', text: "Transaction 'tx' aborted.\n", error: null }
    expect(await run([], { aborts: true })).toEqual(aborted)
    const interruption = new AbortController()
    interruption.abort('SIGINT')
    expect(await run([], {}, interruption.signal)).toEqual(aborted)
  })

  it('aborts when something was not sent, and says so', async () => {
    expect(await run([], { unsent: () => 3 })).toMatchObject({
      calls: 'init begin send flush abort',
      error: '3 records were not sent',
    })
  })

  it('tells the first failure, whatever becomes of the abort', async () => {
    expect(await run(['send'])).toMatchObject({ calls: 'init begin send abort', error: 'send failed' })
    expect(await run(['send', 'abort'])).toMatchObject({ calls: 'init begin send abort', error: 'send failed' })
    expect(await run(['init'])).toEqual({ calls: 'init', text: '', error: 'init failed' })
    expect(await run(['commit'])).toMatchObject({
      calls: 'init begin send flush commit',
      text: '',
      error: 'commit failed',
    })
  })
})
