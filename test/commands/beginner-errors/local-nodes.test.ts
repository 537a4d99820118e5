import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fateOf, localStatus, logLines, timeText } from '../../../src/commands/beginner-errors/local-nodes.ts'
import { Look } from '../../../src/commands/beginner-errors/look.ts'
import { memoryAdmin } from '../../support/memory-admin.ts'

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-local-nodes-'))
const node = path.join(home, 'clusters/local/node-1')
const FENCED = '[2026-01-02 03:04:05,678] INFO fencing broker 1 because its session has timed out (kt.controller)'

beforeAll(() => {
  fs.mkdirSync(node, { recursive: true })
  fs.writeFileSync(path.join(home, 'clusters/local/cluster.json'), '{"clusterId":"x"}')
  const lines = ['node.id=1', 'process.roles=broker', 'listeners=PLAINTEXT://127.0.0.1:39999']
  fs.writeFileSync(path.join(node, 'server.properties'), `${lines.join('\n')}\n`)
})
afterAll(() => fs.rmSync(home, { recursive: true }))

const look = (servers: string): Look =>
  new Look({ live: async () => ({ admin: memoryAdmin({}).admin, servers }), env: { KT_HOME: home }, now: () => 0 })
const write = (...lines: readonly string[]): void => fs.writeFileSync(path.join(node, 'server.log'), lines.join('\n'))

describe('nodes of the local cluster', () => {
  it('are looked at where it is the cluster in question', async () => {
    expect((await localStatus(look('127.0.0.1:39999')))?.nodes.map(({ nodeId }) => nodeId)).toEqual([1])
    expect(await localStatus(look('elsewhere:9092'))).toBeNull()
    expect(await logLines(look('elsewhere:9092'), /./)).toBeNull()
    expect(await fateOf(1, look('elsewhere:9092'))).toBe('')
  })

  it('tell when a broker was fenced, unless it is back', async () => {
    write(FENCED, 'not a line of a log', '[2026-01-02 03:04:04,000] INFO another matter (kt.group-coordinator)')
    const at = Date.UTC(2026, 0, 2, 3, 4, 5, 678)
    expect(await logLines(look('127.0.0.1:39999'), /fencing|matter/)).toEqual([
      { nodeId: 1, at: at - 1_678, text: 'another matter' },
      { nodeId: 1, at, text: 'fencing broker 1 because its session has timed out' },
    ])
    expect(await fateOf(1, look('127.0.0.1:39999'))).toBe(`it was stopped; fenced since ${timeText(at)}`)
    write(FENCED, '[2026-01-02 03:05:00,000] INFO Successfully registered broker 1 with broker epoch 13 (kt)')
    expect(await fateOf(1, look('127.0.0.1:39999'))).toBe('it was stopped')
    expect(await fateOf(2, look('127.0.0.1:39999'))).toBe('')
  })
})
