import { describe, expect, it } from 'vitest'
import { noColours } from '../../../src/cli/colour.ts'
import { partitionView } from '../../../src/commands/transact/log-view.ts'
import { stepText } from '../../../src/commands/transact/render.ts'
import { actorOf, answerOf, logOf, viewOf } from './support.ts'

const A = actorOf('A', { isOpen: true, identities: [{ producerId: 1n, epoch: 0 }] })
const log = logOf([[1n, ['first']], [1n, 'abort'], [1n, ['\u001b[31mred']], 'behind', [9n, ['x'.repeat(60)]]])
const partition = partitionView(
  { topic: 'orders', partition: 0 },
  0,
  answerOf(log, { highWatermark: 5, lastStableOffset: 2 }),
  answerOf(log.slice(0, 2), { aborted: [{ producerId: 1n, firstOffset: 0n }] }),
)
const known = { transactionalId: 'tx-A', coordinatorId: 1, producerId: 1n, producerEpoch: 0, state: 'Ongoing' }
const transactions = new Map([['tx-A', { ...known, timeoutMs: 1, startTimeMs: 0, partitions: [] }]])

describe('a step', () => {
  it('shows both readers side by side, and where one of them stops', () => {
    const view = viewOf({ actors: [A], transactions, partitions: [partition] })
    const text = stepText(
      { delivered: [{ topic: 'orders', partition: 0, offset: 2 }], refusal: null, view },
      90,
      noColours,
    )
    expect(text).toBe(`written: orders-0 offset 2
A  tx-A: producer id 1, epoch 0; Ongoing at the coordinator

orders-0  log start 0, last stable offset 2, high watermark 5
  OFFSET  READ_UNCOMMITTED                         READ_COMMITTED
       0  first  (A, aborted)                      . aborted, passed over
       1  -- ABORT marker of A --
-------- last stable offset 2: committed readers stop here, 3 before the end -------------
       2  ·[31mred  (A, open)                      . held back: A is open
       3  behind  (no transaction)                 . held back: an older one is open
       4  xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…  . held back: producer 9 is open
`)
  })

  it('says who is fenced', () => {
    const fenced = new Map([['tx-A', { ...known, producerEpoch: 2, timeoutMs: 1, startTimeMs: 0, partitions: [] }]])
    const text = stepText(
      { delivered: [], refusal: null, view: viewOf({ actors: [A], transactions: fenced }) },
      80,
      noColours,
    )
    expect(text).toBe('A  tx-A: producer id 1, epoch 0; fenced: the id is at epoch 2 now\n')
  })

  it('says what was refused, why, and what to do', () => {
    const refusal = { name: 'PRODUCER_FENCED', message: 'There is a newer one.', why: ['because'], next: 'A> init' }
    expect(stepText({ delivered: [], refusal, view: viewOf() }, 80, noColours)).toBe(
      'PRODUCER_FENCED: There is a newer one.\n  because\n  next: A> init\n',
    )
  })

  it('says what a group has and what waits for it', () => {
    const offsets = [
      { topic: 't', partition: 0, committed: null, pending: 4 },
      { topic: 't', partition: 1, committed: 3, pending: null },
    ]
    const view = viewOf({ groups: [{ groupId: 'g', offsets }] })
    expect(stepText({ delivered: [], refusal: null, view }, 80, noColours)).toBe(
      '\ngroup g\n  t-0  committed nothing, 4 when the transaction is committed\n  t-1  committed 3\n',
    )
  })

  it('has an empty partition, and one that is shown from its middle', () => {
    const empty = partitionView({ topic: 'e', partition: 0 }, 0, answerOf([]), answerOf([]))
    const later = { ...partition, fromOffset: 3, entries: partition.entries.slice(3) }
    const text = stepText({ delivered: [], refusal: null, view: viewOf({ partitions: [empty, later] }) }, 80, noColours)
    expect(text).toContain('(empty)')
    expect(text).toMatch(/READ_COMMITTED\n +\.\.\.\n/)
  })
})
