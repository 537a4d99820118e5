import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { batchOf, CLIENT, fillBatch, openTestLog, scratchDirectory, testEnvironment } from './support.ts'

describe('UnifiedLog', () => {
  it('appends, reads back and finds everything again after a clean close', () => {
    const env = testEnvironment()
    const directory = join(scratchDirectory(), 'orders-0')
    const log = openTestLog({ env, directory })
    const first = log.appendAsLeader(batchOf({ records: [{ value: 'a' }, { value: 'b' }] }), CLIENT)
    const second = log.appendAsLeader(batchOf(), CLIENT)
    expect([first.firstOffset, first.lastOffset, second.firstOffset]).toEqual([0, 1, 2])
    for (let i = 0; i < 100; i++) log.appendAsLeader(fillBatch(2, 1000), CLIENT)
    expect(log.logEndOffset).toBe(203)
    const read = log.read(100, 10_000, 'log-end', true)
    expect(Number(read.records.readBigInt64BE(0))).toBe(99)
    read.release()
    log.updateHighWatermark(203)
    log.close()
    const again = openTestLog({ env, directory, cleanShutdown: true })
    expect(again.logEndOffset).toBe(203)
    expect(again.read(0, 100, 'log-end', true).records.length).toBeGreaterThan(60)
    again.close()
  })
})
