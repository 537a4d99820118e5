import { expect, it } from 'vitest'
import type { LogEnvironment } from '../../src/log/log-environment.ts'
import { encodeBatch } from '../../src/protocol/records/record.ts'
import { MemoryTimeline } from '../support/memory-timeline.ts'
import { CLIENT, openTestLog, START_MS, scratchDirectory, testEnvironment } from './support.ts'

it('tells when a log rolls, is cut and loses its beginning', () => {
  const timeline = new MemoryTimeline()
  const env: LogEnvironment = { ...testEnvironment(), timeline }
  const log = openTestLog({ env: env as ReturnType<typeof testEnvironment>, directory: `${scratchDirectory()}/t-0` })
  const append = (): void =>
    void log.appendAsLeader(encodeBatch([{ key: null, value: Buffer.alloc(100), timestamp: START_MS }]), CLIENT)
  append()
  log.roll()
  append()
  log.truncateTo(1)
  append()
  log.updateHighWatermark(2)
  log.deleteRecordsBefore(1)
  expect(timeline.take()).toMatchObject([
    {
      type: 'log',
      partition: expect.stringMatching(/-0$/),
      step: 'rolled',
      offset: 1,
      reason: expect.stringMatching(/segment 0 has \d+ bytes/),
    },
    { step: 'truncated', offset: 1, reason: 'the log ended at offset 2' },
    { step: 'start-offset', offset: 1, reason: 'client delete records request' },
    { step: 'segments-deleted', offset: 0, reason: 'they lie below the log start offset' },
  ])
  log.close()
})
