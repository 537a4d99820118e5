import { describe, expect, it } from 'vitest'
import type { Admin } from '../../src/client/admin-types.ts'
import { ErrorCode } from '../../src/protocol/error-codes.ts'
import { entryOf, memoryAdmin, ok, refused } from '../support/memory-admin.ts'
import { type RunOptions, runCommand } from '../support/run-command.ts'

async function run(args: readonly string[], options: RunOptions = {}, methods: Partial<Admin> = {}) {
  const { createAdmin, calls } = memoryAdmin({
    listConfigResources: async () => [
      { type: 'CLIENT_METRICS', name: 'a' },
      { type: 'CLIENT_METRICS', name: 'b' },
    ],
    describeConfigs: async () => [ok([entryOf('interval.ms', '100'), entryOf('metrics', 'x.,y.')])],
    incrementalAlterConfigs: async () => [ok(undefined)],
    ...methods,
  })
  const result = await runCommand(['client-metrics', '--bootstrap-server', 'a:1', ...args], { createAdmin, ...options })
  return { ...result, altered: calls.filter(({ method }) => method === 'incrementalAlterConfigs') }
}
const words = (line: string): string[] => line.split(' ')

describe('kt client-metrics', () => {
  it('sets what is given and goes back to the default where nothing is', async () => {
    const { code, stdout, altered } = await run(['--alter', '--name', 'a', '--interval', '', '--match', 'k=v,l=w'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Altered client metrics config for a.\n' })
    expect(altered[0]!.args).toEqual([
      [
        {
          resource: { type: 'CLIENT_METRICS', name: 'a' },
          changes: [
            { name: 'interval.ms', operation: 'DELETE', value: '' },
            { name: 'match', operation: 'SET', value: 'k=v,l=w' },
          ],
        },
      ],
      { validateOnly: false },
    ])
  })

  it('makes up a name', async () => {
    const { stdout } = await run(words('--alter --generate-name --interval 5'))
    expect(stdout).toMatch(/^Altered client metrics config for [\w-]{22}\.\n$/)
  })

  it('deletes every setting that there is', async () => {
    const { stdout, altered } = await run(words('--delete --name a'))
    expect(stdout).toBe('Deleted client metrics config for a.\n')
    expect(altered[0]!.args[0]).toMatchObject([{ changes: [{ operation: 'DELETE' }, { operation: 'DELETE' }] }])
  })

  it('lets the cluster check a change without making it', async () => {
    const { stdout, altered } = await run(words('--alter --name a --interval 5 --dry-run'))
    expect(stdout).toBe('Would have altered client metrics config for a.\n')
    expect(altered[0]!.args[1]).toEqual({ validateOnly: true })
    const json = await run(words('--alter --name a --interval 5 --dry-run --format json'))
    expect(JSON.parse(json.stdout)).toMatchObject({
      kind: 'ClientMetricsAltered',
      name: 'a',
      validatedOnly: true,
      added: { 'interval.ms': '5' },
      deleted: [],
    })
  })

  it('lists and describes', async () => {
    expect((await run(['--list'])).stdout).toBe('a\nb\n')
    expect((await run(['--list'], {}, { listConfigResources: async () => [] })).stdout).toBe('\n')
    expect((await run(words('--describe --name a'))).stdout).toBe(
      'Client metrics configs for a are:\n  interval.ms=100\n  metrics=x.,y.\n',
    )
    expect((await run(['--describe'])).stdout).toContain('Client metrics configs for b are:\n')
    expect((await run(words('--describe --name c'))).stdout).toBe(
      "The client metric resource c doesn't exist and doesn't have dynamic config.\n",
    )
  })

  it('has documents and tables', async () => {
    expect(JSON.parse((await run(words('--list --format json'))).stdout)).toMatchObject({
      kind: 'ClientMetricsList',
      names: ['a', 'b'],
    })
    expect(JSON.parse((await run(words('--describe --name a --format json'))).stdout)).toMatchObject({
      kind: 'ClientMetricsDescriptionList',
      resources: [{ name: 'a', configs: { 'interval.ms': '100', metrics: 'x.,y.' } }],
    })
    const table = await run(words('--describe --name a'), { terminal: true })
    expect(table.stdout).toBe('NAME  INTERVAL (MS)  METRICS  MATCH\na               100  x.,y.    -\n')
    const none = await run(['--list'], { terminal: true }, { listConfigResources: async () => [] })
    expect(none.stderr).toBe('There are no subscriptions.\n')
  })

  it('tells a refusal on stdout', async () => {
    const incrementalAlterConfigs = async () => [refused('INVALID_CONFIG', 'too often', ErrorCode.INVALID_CONFIG)]
    const { code, stdout } = await run(words('--alter --name a --interval 1'), {}, { incrementalAlterConfigs })
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: 'Error while executing client metrics command : too often\n',
    })
  })

  it.each([
    ['--name a', 'Command must include exactly one action: --alter, --delete, --describe or --list.'],
    ['--alter', 'One of --name or --generate-name must be specified with --alter.'],
    ['--alter --name a --generate-name', 'One of --name or --generate-name must be specified with --alter.'],
    ['--alter --name a --interval x', 'Invalid interval value. Enter an integer, or leave empty to reset.'],
    ['--delete', 'A client metrics resource name must be specified with --delete.'],
    ['--list --name a', `Option "[list]" can't be used with option "[name]"`],
    ['--describe --match a=b', `Option "[describe]" can't be used with option "[match]"`],
  ])('%s: is refused', async (line, message) => {
    const { code, stdout, stderr } = await run(words(line))
    expect({ code, stdout, first: stderr.split('\n')[0] }).toEqual({ code: 1, stdout: '', first: message })
  })
})
