import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../src/base/logger.ts'
import { CoordinatorRuntime } from '../../src/coordinator/runtime.ts'
import type { StateMachine } from '../../src/coordinator/types.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { MemoryCoordinatorLog } from '../support/memory-coordinator-log.ts'

function start() {
  const log = new MemoryCoordinatorLog()
  const counts = { built: 0, unloaded: 0 }
  const build = (): StateMachine => {
    counts.built++
    return {
      replay: () => undefined,
      onLoaded: () => undefined,
      onUnloaded: () => {
        counts.unloaded++
      },
    }
  }
  const clock = new ManualClock()
  const runtime = new CoordinatorRuntime({ log, clock, logger: silentLogger, writeTimeoutMs: 1000, build })
  return { runtime, counts, log }
}

const notCoordinator = expect.objectContaining({ errorName: 'NOT_COORDINATOR' })

describe('CoordinatorRuntime', () => {
  it('knows only the partitions it was elected for', async () => {
    const { runtime } = start()
    await expect(runtime.read(0, () => 1)).rejects.toEqual(notCoordinator)
    await runtime.load(0, 1)
    await runtime.load(7, 1)
    expect(await runtime.read(0, () => 1)).toBe(1)
    expect(runtime.partitions()).toEqual([0, 7])
    expect(runtime.state(0)).toBe('active')
    expect(runtime.state(1)).toBeNull()
  })

  it('ignores a resignation that is not newer', async () => {
    const { runtime, counts } = start()
    await runtime.load(0, 5)
    runtime.unload(0, 4)
    runtime.unload(0, 5)
    expect(runtime.state(0)).toBe('active')
    runtime.unload(0, 6)
    expect(runtime.state(0)).toBeNull()
    expect(counts.unloaded).toBe(1)
    runtime.unload(0, 7)
    expect(counts.unloaded).toBe(1)
  })

  it('unloads a deleted partition whatever the epoch', async () => {
    const { runtime } = start()
    await runtime.load(0, 5)
    runtime.unload(0, null)
    await expect(runtime.write(0, () => ({ records: [], response: 1 }))).rejects.toEqual(notCoordinator)
  })

  it('starts from the log when it is elected again', async () => {
    const { runtime, counts } = start()
    await runtime.load(0, 1)
    runtime.unload(0, 2)
    await runtime.load(0, 3)
    expect(counts.built).toBe(2)
    expect(await runtime.read(0, () => 'again')).toBe('again')
  })

  it('closes them all', async () => {
    const { runtime, counts } = start()
    for (const partition of [0, 1, 2]) await runtime.load(partition, 1)
    runtime.close()
    expect(counts.unloaded).toBe(3)
    expect(runtime.partitions()).toEqual([])
  })
})
