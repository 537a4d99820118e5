import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Admin } from '../../../src/client/admin-types.ts'
import { memoryAdmin } from '../../support/memory-admin.ts'
import { type RunOptions, runCommand } from '../../support/run-command.ts'

let home: string
const deeds: string[] = []
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-lab-'))
  deeds.length = 0
})
afterEach(() => fs.rmSync(home, { recursive: true }))

/** It is ended with the first thing that the laboratory does to a cluster: far enough to see that it would. */
let ending = new AbortController()
const methods: Partial<Admin> = {
  describeCluster: async () => ({ clusterId: 'theirs', controllerId: 1, brokers: [{ id: 1 }] }) as never,
  listGroups: async () => [],
  listTopics: async () => [],
  deleteTopics: async () => {
    deeds.push('delete')
    ending.abort('SIGINT')
    return new Map()
  },
}

const lab = (words: string, more: RunOptions = {}) => {
  ending = new AbortController()
  return runCommand(
    ['lab', 'commit', '--bootstrap-server', 'there:9092', ...words.split(' ').filter((word) => word !== '')],
    {
      createAdmin: memoryAdmin(methods).createAdmin,
      signal: ending.signal,
      ...more,
      env: { KT_HOME: home },
    },
  )
}

describe('kt lab commit on a cluster that is not ours', () => {
  it('does nothing before somebody has agreed, and says how', async () => {
    const { code, stderr } = await lab('')
    expect(code).toBe(2)
    expect(stderr).toContain('cluster theirs is not the bundled one')
    expect(stderr).toContain('kt-26-')
    expect(stderr).toMatch(/next: kt lab commit --bootstrap-server there:9092 --yes/)
    expect(deeds).toEqual([])
  })

  it('asks on a terminal, and a no changes nothing', async () => {
    const { code, questions } = await lab('', { terminal: true, answers: ['n'] })
    expect(questions).toEqual(['Do lessons on this cluster?'])
    expect(code).not.toBe(0)
    expect(deeds).toEqual([])
  })

  it('is done with --yes, and not asked about again', async () => {
    await lab('--yes')
    expect(deeds).toEqual(['delete'])
    await lab('')
    expect(deeds).toEqual(['delete', 'delete'])
  })
})
