import { expect, it } from 'vitest'
import { stepDocument } from '../../../src/commands/transact/document.ts'
import { partitionView } from '../../../src/commands/transact/log-view.ts'
import { actorOf, answerOf, logOf, viewOf } from './support.ts'

const log = logOf([
  [1n, ['line\nend']],
  [1n, 'commit'],
])
const partition = partitionView({ topic: 't', partition: 0 }, 0, answerOf(log, { highWatermark: 2 }), answerOf(log))
const actor = actorOf('A', { identities: [{ producerId: 1n, epoch: 0 }] })
const view = viewOf({ actors: [actor, actorOf('plain', { transactionalId: null })], partitions: [partition] })
const head = { step: 3, line: 'A> commit', producer: 'A', action: 'commit' }
const result = { delivered: [], refusal: null, view }

it('is one line of JSON with a version', () => {
  const text = stepDocument(head, result, 'json')
  expect(text.trimEnd()).not.toContain('\n')
  expect(JSON.parse(text)).toEqual({
    ...{ apiVersion: 'kt/v1', kind: 'TransactionStep', ...head, error: null, delivered: [], groups: [] },
    producers: [
      { name: 'A', transactionalId: 'tx-A', hasBegun: false, producerId: 1, producerEpoch: 0, coordinator: null },
      {
        name: 'plain',
        transactionalId: null,
        hasBegun: false,
        producerId: null,
        producerEpoch: null,
        coordinator: null,
      },
    ],
    partitions: [
      {
        ...{ topic: 't', partition: 0, logStartOffset: 0, lastStableOffset: 0, highWatermark: 2 },
        records: [
          {
            ...{ offset: 0, kind: 'record', key: null, value: 'line\nend', producerId: 1, producerEpoch: 0 },
            ...{ transaction: 'committed', readCommitted: true, producer: 'A' },
          },
          {
            ...{ offset: 1, kind: 'commit', key: null, value: null, producerId: 1, producerEpoch: 0 },
            ...{ transaction: 'committed', readCommitted: false, producer: 'A' },
          },
        ],
      },
    ],
  })
})

it('is a document of YAML', () => {
  const refusal = { name: 'PRODUCER_FENCED', message: 'm', why: ['w'], next: null }
  const text = stepDocument(head, { ...result, refusal }, 'yaml')
  expect(text).toMatch(/^---\napiVersion: kt\/v1\nkind: TransactionStep\nstep: 3\n/)
  expect(text).toContain('error:\n  name: PRODUCER_FENCED\n')
})
