/** What differs, what settings mean, and what a change would do: on the bundled node, in this process. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ConfigEntry, ConfigSource } from '../../../src/client/admin-types.ts'
import { startCluster } from '../../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../../src/cluster/types.ts'
import { differencesOf, fromDefaults, plainDocumentation, plannedRows } from '../../../src/commands/configs/compare.ts'
import { type CommandResult, runCommand } from '../../support/run-command.ts'

function entry(name: string, value: string | null, source: ConfigSource, standard: string | null = null): ConfigEntry {
  const synonyms = [
    { name, value, source },
    { name, value: standard, source: 'DEFAULT_CONFIG' as const },
  ]
  return { name, value, source, synonyms, isSensitive: false, isReadOnly: false, type: 'STRING', documentation: null }
}

describe('differences', () => {
  it('are those of either side, by name', () => {
    const left = [
      entry('b', '1', 'DEFAULT_CONFIG'),
      entry('a', '1', 'DEFAULT_CONFIG'),
      entry('same', 'x', 'DEFAULT_CONFIG'),
    ]
    const right = [
      entry('b', '2', 'DEFAULT_CONFIG'),
      entry('c', null, 'DEFAULT_CONFIG'),
      entry('same', 'x', 'DEFAULT_CONFIG'),
    ]
    expect(differencesOf(left, right)).toEqual([
      { name: 'a', left: '1', right: null },
      { name: 'b', left: '1', right: '2' },
    ])
  })

  it('from the defaults leave out what was set to the default', () => {
    const entries = [
      entry('set', '1', 'DYNAMIC_TOPIC_CONFIG', '0'),
      entry('same', '0', 'DYNAMIC_TOPIC_CONFIG', '0'),
      entry('file', '2', 'STATIC_BROKER_CONFIG', '3'),
      entry('default', '9', 'DEFAULT_CONFIG'),
    ]
    expect(fromDefaults(entries)).toEqual([
      { name: 'file', left: '2', right: '3' },
      { name: 'set', left: '1', right: '0' },
    ])
  })

  it('of a plan know what comes after', () => {
    const entries = [entry('old', '1', 'DYNAMIC_TOPIC_CONFIG', '0'), entry('kept', '5', 'DEFAULT_CONFIG')]
    expect(plannedRows(entries, { add: new Map([['kept', '6']]), remove: ['old', 'unknown'] })).toEqual([
      { name: 'kept', before: '5', after: '6' },
      { name: 'old', before: '1', after: '0' },
      { name: 'unknown', before: null, after: null },
    ])
  })
})

it('makes text of what brokers write as HTML', () => {
  expect(plainDocumentation('<p>A <code>b</code>:<ul><li>x &lt; y</li></ul>\n &quot;z&quot;')).toBe('A b : - x < y "z"')
})

describe('on a cluster', () => {
  let cluster: LocalCluster
  beforeAll(async () => {
    cluster = await startCluster({})
    const create = ['topics', '--create', '--bootstrap-server', cluster.bootstrapServers, '--topic']
    await runCommand([...create, 'orders', '--config', 'retention.ms=1000', '--config', 'cleanup.policy=compact'])
    await runCommand([...create, 'other', '--config', 'retention.ms=2000'])
    await runCommand([...create, 'plain'])
  })
  afterAll(() => cluster.close())
  const configs = (args: string): Promise<CommandResult> =>
    runCommand(['configs', '--bootstrap-server', cluster.bootstrapServers, ...args.split(' ')])

  it('shows what differs', async () => {
    expect((await configs('--describe --topic orders --diff other')).stdout).toBe(
      'NAME            orders   other\ncleanup.policy  compact  delete\nretention.ms    1000     2000\n',
    )
    const defaults = JSON.parse((await configs('--describe --topic other --diff-defaults --format json')).stdout)
    expect(defaults).toMatchObject({ kind: 'ConfigDiff', left: 'other', right: null })
    expect(defaults.differences).toContainEqual({ name: 'retention.ms', left: '2000', right: '604800000' })
    expect((await configs('--describe --topic other --diff other')).stderr).toBe(
      'other is as other: nothing differs.\n',
    )
    expect((await configs('--describe --topic other --diff nope')).code).toBe(1)
  })

  it('shows what settings mean', async () => {
    const { stdout } = await configs('--describe --topic orders --docs')
    expect(stdout).toMatch(/^cleanup\.policy=compact {2}\(list, dynamic topic config\)\n {4}\w/)
    expect(stdout.match(/^\S+=/gm)).toHaveLength(2)
    expect((await configs('--describe --topic orders --docs --all')).stdout.match(/^\S+=/gm)!.length).toBeGreaterThan(
      20,
    )
    const brokers = await configs('--describe --entity-type brokers --docs --all --format json')
    const { configs: found } = JSON.parse(brokers.stdout) as { configs: { name: string; documentation: string }[] }
    expect(found.find(({ name }) => name === 'log.retention.ms')!.documentation).not.toBe('')
  })

  it('has the cluster check a change', async () => {
    const plan = await configs(
      '--alter --topic orders --add-config retention.ms=5 --delete-config cleanup.policy --dry-run',
    )
    expect(plan.stdout).toMatch(/retention\.ms +1000 +5\ncleanup\.policy +compact +delete\nThe cluster accepts it/)
    expect((await configs('--describe --topic orders')).stdout).toContain('retention.ms=1000')
    const bad = await configs('--alter --topic orders --add-config retention.ms=soon --dry-run')
    expect(bad.code).toBe(1)
  })

  it.each([
    ['--describe --entity-type users --docs', 'users have quotas'],
    ['--describe --entity-type topics --diff a', 'Name the entity that is to be compared'],
    ['--alter --topic orders --docs --add-config a=b', 'docs'],
    ['--describe --topic orders --dry-run', 'dry-run'],
  ])('refuses %s', async (args, message) => {
    const { code, stderr } = await configs(args)
    expect(code).toBe(1)
    expect(stderr).toContain(message)
  })
})
