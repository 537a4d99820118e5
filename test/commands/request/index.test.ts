import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCluster } from '../../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../../src/cluster/types.ts'
import { runCommand } from '../../support/run-command.ts'

let cluster: LocalCluster
beforeAll(async () => {
  cluster = await startCluster({})
})
afterAll(() => cluster.close())

const run = (words: readonly string[], input = '') =>
  runCommand(['request', ...words, '--bootstrap-server', cluster.bootstrapServers], { input })

describe('kt request', () => {
  it('sends what it is given and shows the answer', async () => {
    const { code, stdout, stderr } = await run([
      'Metadata',
      '{"topics":[{"name":"nope"}],"allowAutoTopicCreation":false}',
    ])
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'Metadata version 13\n' })
    expect(JSON.parse(stdout)).toMatchObject({ topics: [{ errorCode: 3, name: 'nope' }] })
    expect(stdout).toContain('\n  "brokers": [\n')
  })

  it('goes to whom, in which version, and reads from where it is told', async () => {
    expect((await run(['3', '-', '--api-version', '9'], '{"topics":[]}')).stderr).toBe('Metadata version 9\n')
    expect((await run(['DescribeCluster', '--controller'])).code).toBe(0)
    expect((await run(['describecluster', '--broker', '1'])).code).toBe(0)
    expect((await run(['DescribeCluster', '--broker', '77'])).stderr).toContain('Broker 77 is not part of the cluster')
  })

  it('shows requests and their fields without a cluster', async () => {
    expect((await runCommand(['request', '--list'])).stdout).toMatch(/^ {2}0 {2}Produce {2}3-\d+\n/)
    const { stdout } = await runCommand(['request', 'FindCoordinator', '--fields', '--api-version', '0'])
    expect(stdout).toMatch(/^FindCoordinatorRequest, version 0\n {2}key: string\nResponse, version 0\n/)
  })

  it('has documents', async () => {
    const { code, stdout, stderr } = await run(['Metadata', '{"topics":[]}', '--format', 'json'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ apiVersion: 'kt/v1', kind: 'Response', name: 'Metadata', apiKey: 3, version: 13 },
      response: { brokers: [{ nodeId: 1 }], topics: [] },
    })
    const list = JSON.parse((await runCommand(['request', '--list', '--format', 'json'])).stdout)
    expect(list.kind).toBe('RequestList')
    expect(list.apis[0]).toMatchObject({ apiKey: 0, name: 'Produce', minVersion: 3 })
    const fields = ['request', 'Metadata', '--fields', '--api-version', '9', '--format', 'json']
    expect(JSON.parse((await runCommand(fields)).stdout)).toMatchObject({
      ...{ kind: 'RequestFields', name: 'Metadata', version: 9 },
      request: [{ name: 'topics', isList: true, isNullable: true, fields: [{ name: 'name' }] }, {}, {}, {}],
    })
    const wrong = await run(['Metadata', '--format', 'xml'])
    expect([wrong.code, wrong.stdout]).toEqual([2, ''])
  })

  it.each([
    [['Metdata'], 'did you mean Metadata?'],
    [['Metadata', '{'], 'The fields are not JSON'],
    [['Metadata', '{"topic":1}'], 'topic is unknown: did you mean topics'],
    [['Metadata', '{}', '--api-version', '99'], 'Metadata has the versions'],
    [['Metadata', '{}', '--broker', 'x'], '--broker x is no broker id'],
  ])('refuses %j', async (words, message) => {
    const { code, stderr } = await run(words)
    expect(code).toBe(2)
    expect(stderr).toContain(message)
  })
})
