import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalCluster, startCluster } from '../../../src/index.ts'
import { type CommandResult, runCommand } from '../../support/run-command.ts'
import { traced as runTraced } from '../../support/traced.ts'

describe('kt trace', () => {
  let cluster: LocalCluster
  beforeAll(async () => {
    cluster = await startCluster()
    await runCommand(['topics', '--create', '--topic', 'orders', '--bootstrap-server', cluster.bootstrapServers])
  })
  afterAll(() => cluster.close())

  const traced = (args: readonly string[], work: (servers: string) => Promise<unknown>): Promise<CommandResult> =>
    runTraced(['--bootstrap-server', cluster.bootstrapServers, ...args], work)

  const produce = (servers: string) =>
    runCommand(['console-producer', '--topic', 'orders', '--bootstrap-server', servers], { input: 'secret-value\n' })

  it('tells in words what a client does, and a summary at its end', async () => {
    const { code, stdout, stderr } = await traced([], produce)
    expect(code).toBe(0)
    expect(stderr).toMatch(/^kt trace: clients connect to 127\.0\.0\.1:\d+, which stands for 127\.0\.0\.1:\d+\n/)
    expect(stdout).toMatch(
      / console-producer#\d+ Produce v\d+ to broker 1: 1 record \(\d+ bytes\) for orders-0; answer when all in-sync/,
    )
    expect(stdout).toMatch(/\n {4}orders-0 stored from offset \d+ on, [\d.]+ ms\n/)
    expect(stdout).toMatch(/\n\d+ requests on \d+ connections, clients: .*console-producer\nREQUEST +COUNT/)
    expect(stdout).not.toContain('secret-value')
  })

  it('tells why, and all fields', async () => {
    const why = await traced(['-v', '--only', 'produce'], produce)
    expect(why.stdout).toMatch(/Produce v\d+ to broker 1 \(.*\), the leader of orders-0: store these batches/)
    expect(why.stdout).not.toContain('Metadata v')
    const all = await traced(['-vv', '--only', 'Produce,3'], produce)
    expect(all.stdout).toMatch(/ {4}request, version \d+\n {6}transactionalId: null\n {6}acks: -1\n/)
    expect(all.stdout).toMatch(/records: 1 batch, 1 record, \d+ bytes\n +- offset 0, 1 record,/)
    expect(all.stdout).toContain('Metadata v')
    expect(all.stdout).not.toContain('secret-value')
  })

  it('prints documents, of one client alone when told so', async () => {
    const { stdout } = await traced(['--format', 'json', '--client', 'console-producer', '-vv'], async (servers) => {
      await runCommand(['topics', '--list', '--bootstrap-server', servers])
      await produce(servers)
    })
    const documents = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    const exchanges = documents.filter(({ kind }) => kind === 'WireExchange')
    expect(new Set(exchanges.map(({ clientId }) => clientId))).toEqual(new Set(['console-producer']))
    const produced = exchanges.find(({ api }) => api === 'Produce')!
    expect(produced).toMatchObject({
      apiVersion: 'kt/v1',
      version: expect.any(Number),
      brokerId: 1,
      why: 'the leader of orders-0',
      errors: [],
      failure: null,
    })
    expect(produced).toMatchObject({
      request: { acks: -1, topicData: [{ partitionData: [{ records: { recordCount: 1 } }] }] },
    })
    expect(documents.at(-1)).toMatchObject({ kind: 'WireSummary', clientIds: ['console-producer'] })
    const yaml = await traced(['--format', 'yaml'], produce)
    expect(yaml.stdout).toMatch(/---\napiVersion: kt\/v1\nkind: WireExchange\n/)
  })

  it('ends after a time', async () => {
    const args = ['trace', '--bootstrap-server', cluster.bootstrapServers, '--listen', '127.0.0.1:0', '--for', '100ms']
    expect(await runCommand(args)).toMatchObject({ code: 0, stdout: '\nno requests (0 connections)\n' })
  })

  it('says what is wrong', async () => {
    const run = (...args: string[]) => runCommand(['trace', '--bootstrap-server', cluster.bootstrapServers, ...args])
    const taken = await run('--listen', cluster.bootstrapServers)
    expect([taken.code, taken.stderr]).toEqual([
      9,
      expect.stringMatching(/the port is taken\n.*\n {2}next: .*--listen 127\.0\.0\.1:0\n$/),
    ])
    expect(await run('--only', 'prodcue')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean Produce?'),
    })
    expect(await run('--listen', 'nowhere')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is no address'),
    })
    expect(await run('--for', 'soon')).toMatchObject({ code: 2 })
    expect(await run('word')).toMatchObject({ code: 2 })
    const nobody = await runCommand(['trace', '--bootstrap-server', '127.0.0.1:1'])
    expect([nobody.code, nobody.stderr]).toEqual([3, expect.stringContaining('connection refused')])
  })
})
