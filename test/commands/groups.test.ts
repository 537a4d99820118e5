import { describe, expect, it } from 'vitest'
import type { GroupListing } from '../../src/client/admin-types.ts'
import { groupsText, isWanted } from '../../src/commands/groups.ts'
import { memoryAdmin } from '../support/memory-admin.ts'
import { type RunOptions, runCommand } from '../support/run-command.ts'

const group = (groupId: string, type: string, protocolType: string): GroupListing => ({
  groupId,
  type,
  protocolType,
  state: 'Stable',
})
const GROUPS = [
  group('classic', 'Classic', 'consumer'),
  group('simple', 'Classic', ''),
  group('connect', 'Classic', 'connect'),
  group('new', 'Consumer', 'consumer'),
  group('shared', 'Share', 'share'),
  group('flow', 'Streams', 'streams'),
]

const run = (line: string, options: RunOptions = {}, list = GROUPS) => {
  const { createAdmin } = memoryAdmin({ listGroups: async () => list })
  return runCommand(['groups', '--bootstrap-server', 'a:1', ...line.split(' ')], { createAdmin, ...options })
}
const wanted = (filter: Parameters<typeof isWanted>[1]): string[] =>
  GROUPS.filter((each) => isWanted(each, filter)).map(({ groupId }) => groupId)

describe('kt groups', () => {
  it('chooses by type, protocol or kind', () => {
    expect(wanted({})).toHaveLength(6)
    expect(wanted({ type: 'CLASSIC' })).toEqual(['classic', 'simple', 'connect'])
    expect(wanted({ type: 'classic', protocol: 'connect' })).toEqual(['connect'])
    expect(wanted({ protocol: 'consumer' })).toEqual(['classic', 'new'])
    expect(wanted({ kind: 'consumer' })).toEqual(['classic', 'simple', 'new'])
    expect(wanted({ kind: 'share' })).toEqual(['shared'])
    expect(wanted({ kind: 'streams' })).toEqual(['flow'])
  })

  it('prints the script’s table: all columns as wide as the longest cell', () => {
    expect(groupsText([group('g', 'Classic', 'consumer')])).toBe(
      `${'GROUP'.padEnd(20)} ${'TYPE'.padEnd(20)} ${'PROTOCOL'.padEnd(20)}\n${'g'.padEnd(20)} ${'Classic'.padEnd(20)} ${'consumer'.padEnd(20)} \n`,
    )
    const name = 'g'.repeat(30)
    expect(groupsText([group(name, 'Share', 'share')]).split('\n')[1]).toBe(
      `${name} ${'Share'.padEnd(30)} ${'share'.padEnd(30)} `,
    )
  })

  it('prints only the header when there is nothing', async () => {
    const { code, stdout } = await run('--list --protocol nothing')
    expect({ code, lines: stdout.split('\n').length }).toEqual({ code: 0, lines: 2 })
  })

  it.each([
    ['--share', 'Command must include exactly one action: --list.'],
    ['--list --group-type bogus', '--group-type must be a valid group type.'],
    ['--list --consumer --share', `Option "[consumer]" can't be used with option "[share]"`],
    ['--list --share --protocol p', `Option "[share]" can't be used with option "[protocol]"`],
    ['--list --streams --group-type streams', `Option "[streams]" can't be used with option "[group-type]"`],
  ])('%s: is refused', async (line, message) => {
    const { code, stdout, stderr } = await run(line)
    expect({ code, stdout, first: stderr.split('\n')[0] }).toEqual({ code: 1, stdout: '', first: message })
  })

  it('tells a failure where the script does', async () => {
    const listGroups = async () => {
      throw new Error('no answer')
    }
    const { createAdmin } = memoryAdmin({ listGroups })
    const { code, stdout } = await runCommand(['groups', '--bootstrap-server', 'a:1', '--list'], { createAdmin })
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'Error while executing groups command : no answer\n' })
  })

  it('has documents and tables', async () => {
    const json = JSON.parse((await run('--list --share --format json')).stdout)
    expect(json).toMatchObject({
      kind: 'GroupList',
      groups: [{ groupId: 'shared', type: 'Share', state: 'Stable', protocolType: 'share' }],
    })
    const { stdout } = await run('--list --streams', { terminal: true })
    expect(stdout).toBe('GROUP  TYPE     PROTOCOL  STATE\nflow   Streams  streams   Stable\n')
    const none = await run('--list', { terminal: true }, [])
    expect(none).toMatchObject({ stdout: '', stderr: 'There are no such groups.\n' })
  })
})
