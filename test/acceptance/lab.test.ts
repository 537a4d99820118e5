/** The laboratories on processes that are really killed: what was acknowledged and is gone, what was missed or done twice. */
import { execFileSync, spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const KT = path.resolve(import.meta.dirname, '../../bin/kt')
const LAB_LIMIT_MS = 120_000
const SENT = 200
const ORDERS = 40

interface AcksRun {
  readonly acks: string
  readonly leader: number
  readonly newLeader: number
  readonly sent: number
  readonly reported: number
  readonly failed: number
  readonly readable: number
  readonly lost: number
}
interface CommitRun {
  readonly timing: string
  readonly orders: number
  readonly invoices: number
  readonly missed: readonly number[]
  readonly repeated: readonly number[]
}

describe('kt lab', () => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-lab-'))
  const env = { ...process.env, KT_HOME: home, HOME: home, KT_BOOTSTRAP_SERVER: '', NO_COLOR: '1' }
  const json = <T>(line: string): T => {
    const words = [KT, ...line.split(' '), '--format', 'json']
    const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe']
    return JSON.parse(execFileSync(process.execPath, words, { env, stdio, encoding: 'utf8' })) as T
  }
  const pids = (): Map<number, number> => {
    const { nodes } = json<{ nodes: { nodeId: number; pid: number }[] }>('cluster status')
    return new Map(nodes.map(({ nodeId, pid }) => [nodeId, pid]))
  }
  beforeAll(() => {
    json('cluster start --port 0')
  }, 60_000)
  afterAll(() => {
    spawnSync(process.execPath, [KT, 'cluster', 'reset', '--yes'], { env })
    fs.rmSync(home, { recursive: true, force: true })
  })

  it('loses what a dead leader alone had acknowledged, and nothing with acks=all', { timeout: LAB_LIMIT_MS }, () => {
    const before = pids()
    const { runs } = json<{ runs: AcksRun[] }>(`lab acks --records ${SENT}`)
    expect(runs.map(({ acks }) => acks)).toEqual(['0', '1', 'all'])
    for (const { acks, leader, newLeader, sent, reported, failed, readable, lost } of runs) {
      // The producer has heard nothing bad of any of them.
      expect({ acks, sent, reported, failed }).toEqual({ acks, sent: SENT, reported: SENT, failed: 0 })
      expect(newLeader).not.toBe(leader)
      expect(readable + lost).toBe(SENT)
      if (acks === 'all') expect(lost).toBe(0)
      else expect(lost).toBeGreaterThan(0)
    }
    const after = pids()
    expect([...after.keys()]).toEqual([...before.keys()])
    // Leaders were killed and are other processes now; the controller is not touched.
    for (const { leader } of runs) expect(after.get(leader)).not.toBe(before.get(leader))
    expect(after.get(100)).toBe(before.get(100))
  })

  it('misses orders when it commits before its work, and repeats some when after', { timeout: LAB_LIMIT_MS }, () => {
    const { runs } = json<{ runs: CommitRun[] }>(`lab commit --records ${ORDERS}`)
    const [before, after] = ['before', 'after'].map((timing) => runs.find((run) => run.timing === timing)!)
    expect(before).toMatchObject({ orders: ORDERS, repeated: [], invoices: ORDERS - before!.missed.length })
    expect(before!.missed.length).toBeGreaterThan(0)
    expect(after).toMatchObject({ orders: ORDERS, missed: [], invoices: ORDERS + after!.repeated.length })
    expect(after!.repeated.length).toBeGreaterThan(0)
  })
})
