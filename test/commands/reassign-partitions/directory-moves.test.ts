import { describe, expect, it } from 'vitest'
import {
  type DirectoryState,
  directoryMoveText,
  isSettled,
  isUnderWay,
  moveOf,
  startDirectoryMoves,
} from '../../../src/commands/reassign-partitions/directory-moves.ts'
import type { ReassignRun } from '../../../src/commands/reassign-partitions/options.ts'
import { drive } from '../../support/drive-clock.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { memoryAdmin, ok, refused } from '../../support/memory-admin.ts'

const target = (broker = 1, path = '/b', partition = 0) => ({ topic: 't', partition, broker, path })
const at = (path: string) => ({ path, offsetLag: 0 })

describe('a replica on its way to a directory', () => {
  it.each<[DirectoryState, string | null, string | null, string]>([
    ['completed', '/b', null, 'Reassignment of replica t-0-1 completed successfully.'],
    ['moving', '/a', '/b', 'Reassignment of replica t-0-1 is still in progress.'],
    ['moving-elsewhere', '/a', '/c', 'Partition t-0 on broker 1 is being moved to log dir /c instead of /b.'],
    ['not-moving', '/a', null, 'Partition t-0 on broker 1 is not being moved from log dir /a to /b.'],
    [
      'no-directory',
      null,
      null,
      'Partition t-0 is not found in any live log dir on broker 1. There is likely an offline log directory on the broker.',
    ],
  ])('is %s', (state, current, future, text) => {
    const move = moveOf(target(), {
      current: current === null ? null : at(current),
      future: future === null ? null : at(future),
    })
    expect(move).toMatchObject({ state, currentPath: current, futurePath: future })
    expect(directoryMoveText(move)).toBe(text)
    expect(isUnderWay(move)).toBe(state.startsWith('moving'))
    expect(isSettled(move)).toBe(state === 'completed' || state === 'not-moving')
  })
})

describe('starting moves between directories', () => {
  const NOT_YET = refused('REPLICA_NOT_AVAILABLE', 'not here yet', 9)

  function runWith(answers: (round: number, broker: number) => ReturnType<typeof ok> | typeof NOT_YET) {
    const clock = new ManualClock()
    let round = 0
    const memory = memoryAdmin({
      alterReplicaLogDirs: async (moves) => {
        round++
        return moves.map(({ broker }) => answers(round, broker)) as never
      },
    })
    const said: string[] = []
    const context = { clock, signal: new AbortController().signal }
    const run = { admin: memory.admin, context, say: (text: string) => said.push(text) } as unknown as ReassignRun
    return { run, said, clock, calls: memory.calls }
  }

  it('asks again until each broker has its replica, and for those alone', async () => {
    const { run, said, clock, calls } = runWith((round, broker) =>
      broker === 1 || round === 3 ? ok(undefined) : NOT_YET,
    )
    await drive(clock, startDirectoryMoves(run, [target(2), target(1)], 10_000))
    expect(calls.map(({ args }) => (args[0] as { broker: number }[]).map(({ broker }) => broker))).toEqual([
      [1, 2],
      [2],
      [2],
    ])
    expect(said).toEqual([
      'Successfully started moving log directory to /b for replica t-0 with broker 1 \n',
      'Successfully started moving log directory to /b for replica t-0 with broker 2 \n',
    ])
  })

  it('gives up after the time allowed and names what is left', async () => {
    const { run, clock } = runWith((_, broker) => (broker === 1 ? ok(undefined) : NOT_YET))
    const targets = [target(1), target(3), target(2)]
    await expect(drive(clock, startDirectoryMoves(run, targets, 500))).rejects.toThrow(
      'Timed out before log directory moves could be started for: t-0-2,t-0-3',
    )
    const one = startDirectoryMoves(run, [target(2)], 0)
    await expect(drive(clock, one)).rejects.toThrow('log directory move could be started for: t-0-2')
  })

  it('ends with any other refusal', async () => {
    const { run } = runWith(() => refused('LOG_DIR_NOT_FOUND', 'The user-specified log directory is not found.', 57))
    await expect(startDirectoryMoves(run, [target(2)], 500)).rejects.toMatchObject({
      message: 'Failed to alter dir for t-0-2',
      facts: ['The user-specified log directory is not found.', 'wanted: /b on broker 2'],
    })
  })
})
