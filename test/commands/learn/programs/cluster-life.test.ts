import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { describe, expect, it } from 'vitest'
import { clusterDirectory, writeMarker } from '../../../../src/cluster/cluster-directory.ts'
import {
  type Life,
  localProbe,
  probeOf,
  SILENT_LIMIT_MS,
  watchLife,
} from '../../../../src/commands/learn/programs/cluster-life.ts'
import { ManualClock } from '../../../support/manual-clock.ts'

describe('a program watches whether its cluster is there', () => {
  const watched = (lives: () => Promise<Life>) => {
    const clock = new ManualClock()
    return { clock, life: watchLife(clock, lives) }
  }

  it('and goes on as long as it answers, or comes back in time', async () => {
    let now: Life = 'lives'
    const { clock, life } = watched(async () => now)
    await clock.advance(2 * SILENT_LIMIT_MS)
    now = 'silent'
    await clock.advance(SILENT_LIMIT_MS - 10_000)
    now = 'lives'
    await clock.advance(SILENT_LIMIT_MS)
    expect(life.signal.aborted).toBe(false)
    life.stop()
    expect(clock.timerCount).toBe(0)
  })

  it('and ends when it has been silent for long, or cannot be asked', async () => {
    for (const probe of [async (): Promise<Life> => 'silent', () => Promise.reject(new Error('nobody'))]) {
      const { clock, life } = watched(probe)
      await clock.advance(SILENT_LIMIT_MS - 10_000)
      expect(life.signal.aborted).toBe(false)
      await clock.advance(20_000)
      expect([life.signal.aborted, clock.timerCount]).toEqual([true, 0])
    }
  })

  it('and ends at once when it is gone', async () => {
    const { clock, life } = watched(async () => 'gone')
    await clock.advance(5_000)
    expect(life.signal.aborted).toBe(true)
  })

  it('until it is stopped', async () => {
    const { clock, life } = watched(async () => 'gone')
    life.stop()
    await clock.advance(2 * SILENT_LIMIT_MS)
    expect(life.signal.aborted).toBe(false)
  })
})

describe('a cluster', () => {
  it('on this machine is gone when its directory is, or another one has taken its place', async () => {
    const env = { KT_HOME: fs.mkdtempSync(path.join(os.tmpdir(), 'kt-life-')) }
    try {
      const directory = clusterDirectory(env)
      fs.mkdirSync(directory, { recursive: true })
      writeMarker(directory, { name: 'local', clusterId: 'one' })
      const probe = localProbe(env)
      expect(await probe()).toBe('silent')
      writeMarker(directory, { name: 'local', clusterId: 'other' })
      expect(await probe()).toBe('gone')
      fs.rmSync(directory, { recursive: true })
      expect(await probe()).toBe('gone')
    } finally {
      fs.rmSync(env.KT_HOME, { recursive: true })
    }
  })

  it('elsewhere is gone when another one answers at its address', async () => {
    let clusterId = 'one'
    const admin = async () => ({ describeCluster: async () => ({ clusterId }) })
    const probe = probeOf({ bootstrapServer: 'far:9092' }, { env: {}, admin } as never)
    expect(await probe()).toBe('lives')
    clusterId = 'other'
    expect(await probe()).toBe('gone')
  })
})
