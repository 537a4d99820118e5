import { describe, expect, it } from 'vitest'
import type { ApiVersionRange, BrokerNode, Outcome } from '../../src/client/admin-types.ts'
import { apiRows, apiVersionsText } from '../../src/commands/broker-api-versions.ts'
import { memoryAdmin, ok, refused } from '../support/memory-admin.ts'
import { type RunOptions, runCommand } from '../support/run-command.ts'

const node = (id: number, rack: string | null = null): BrokerNode => ({ id, host: 'h', port: 9000 + id, rack })
const APIS: ApiVersionRange[] = [
  { key: 0, min: 0, max: 99 },
  { key: 1, min: 90, max: 99 },
  { key: 2, min: 0, max: 0 },
  { key: 999, min: 1, max: 2 },
]

const run = (line: string, options: RunOptions = {}, apis: Outcome<ApiVersionRange[]> = ok(APIS)) => {
  const brokers = [
    { broker: node(1), apis },
    { broker: node(2, 'r'), apis: refused('BROKER_NOT_AVAILABLE', 'gone') },
  ]
  const { createAdmin } = memoryAdmin({ describeApiVersions: async () => brokers })
  return runCommand(['broker-api-versions', '--bootstrap-server', 'a:1', ...line.split(' ').filter(Boolean)], {
    createAdmin,
    ...options,
  })
}

describe('kt broker-api-versions', () => {
  it('compares with what we speak: usable, too new, too old, unknown, not served', () => {
    const rows = new Map(apiRows(APIS).map((row) => [row.key, row]))
    expect(rows.get(0)).toMatchObject({ name: 'Produce', usable: 13 })
    expect(rows.get(1)).toMatchObject({ name: 'Fetch', usable: 'node too new' })
    expect(rows.get(2)).toMatchObject({ name: 'ListOffsets', usable: 'node too old' })
    expect(rows.get(3)).toMatchObject({ name: 'Metadata', versions: null, usable: null })
    expect(rows.get(999)).toMatchObject({ name: 'UNKNOWN', usable: null })
    expect([...rows.keys()]).toEqual([...rows.keys()].sort((a, b) => a - b))
  })

  it('prints what the script prints', () => {
    const text = apiVersionsText({ broker: node(1), apis: ok(APIS) })
    const lines = text.split('\n')
    expect(lines.slice(0, 5)).toEqual([
      'h:9001 (id: 1 rack: null isFenced: false) -> (',
      '\tProduce(0): 0 to 99 [usable: 13],',
      '\tFetch(1): 90 to 99 [unusable: node too new],',
      '\tListOffsets(2): 0 [unusable: node too old],',
      '\tMetadata(3): UNSUPPORTED,',
    ])
    expect(lines.slice(-3)).toEqual(['\tUNKNOWN(999): 1 to 2', ')', ''])
  })

  it('tells of a broker that does not answer', async () => {
    const { code, stdout } = await run('')
    expect(code).toBe(0)
    expect(stdout).toContain('h:9002 (id: 2 rack: r isFenced: false) -> ERROR: gone\n')
  })

  it('has documents', async () => {
    const { stdout } = await run('--format json')
    const document = JSON.parse(stdout)
    expect(document).toMatchObject({
      apiVersion: 'kt/v1',
      kind: 'BrokerApiVersionList',
      brokers: [
        { id: 1, host: 'h', port: 9001, rack: null, error: null },
        { id: 2, rack: 'r', error: 'gone', apis: [] },
      ],
    })
    expect(document.brokers[0].apis.slice(0, 2)).toEqual([
      { apiKey: 0, name: 'Produce', minVersion: 0, maxVersion: 99, usableVersion: 13 },
      { apiKey: 1, name: 'Fetch', minVersion: 90, maxVersion: 99, usableVersion: null },
    ])
  })

  it('has tables for people', async () => {
    const { stdout } = await run('', { terminal: true })
    expect(stdout).toContain('Broker 1  h:9001\nKEY  REQUEST')
    expect(stdout).toMatch(/ 3 {2}Metadata +not served +-\n/)
    expect(stdout).toContain('Broker 2  h:9002\ngone\n')
  })
})
