/** `kt plan`, `kt apply` and `kt undo` against Apache Kafka: rules, quotas, users, share groups, and replicas that move. */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apacheCluster } from '../../support/apache-cluster.ts'
import { type ApacheKafka, apacheKafkaHome, isBundledReferee, startApacheKafka } from '../../support/apache-kafka.ts'
import { splitWords } from '../../support/compare-with-script.ts'
import { type RunOptions, runCommand } from '../../support/run-command.ts'

const home = await apacheKafkaHome()
const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-plan-apache-'))

afterAll(() => fs.rmSync(directory, { recursive: true, force: true }))

/** A command line on a cluster, with a journal of its own. */
function runner(bootstrapServers: () => string) {
  const kt = (line: string, options: RunOptions = {}) => {
    const env = { KT_HOME: path.join(directory, 'home'), KT_BOOTSTRAP_SERVER: bootstrapServers(), ...options.env }
    return runCommand(splitWords(line.replaceAll('{dir}', directory)), { ...options, env })
  }
  const done = async (line: string, options: RunOptions = {}): Promise<string> => {
    const result = await kt(line, options)
    expect(result, line).toMatchObject({ code: 0 })
    return result.stdout
  }
  /** A broker hears of a change a moment after the controller has made it. */
  const until = (line: string, text: string, options: RunOptions = {}): Promise<void> =>
    expect.poll(async () => (await kt(line, options)).stdout, { timeout: 20_000 }).toContain(text)
  return { kt, done, until }
}

function file(name: string, text: string): void {
  fs.writeFileSync(path.join(directory, name), text)
}

const SECURITY = `apiVersion: kt/v1
kind: Topic
name: plan-t
partitionCount: 2
---
apiVersion: kt/v1
kind: AclList
acls:
  - {resourceType: topic, name: plan-t, principal: "User:ann", operation: read}
  - {resourceType: group, name: plan-, patternType: prefixed, principal: "User:ann", operation: read, host: 10.0.0.1, permission: deny}
  - {resourceType: cluster, principal: "User:ann", operation: create}
---
apiVersion: kt/v1
kind: QuotaList
quotas:
  - entity: {user: ann}
    values: {producer_byte_rate: 1048576, request_percentage: 12.5}
  - entity: {user: null, client-id: app}
    values: {consumer_byte_rate: 2e6}
  - entity: {ip: 10.1.2.3}
    values: {connection_creation_rate: 10}
scramCredentials:
  - user: ann
    credentials: [{mechanism: SCRAM-SHA-256, iterations: 8192, passwordFrom: ANN_PASSWORD}]
---
apiVersion: kt/v1
kind: ConfigList
entities:
  - {entityType: groups, entityName: plan-g, configs: {consumer.session.timeout.ms: 50000}}
  - {entityType: client-metrics, entityName: plan-m, configs: {interval.ms: 30000}}
`

describe.skipIf(home === null || isBundledReferee())('kt plan on Apache Kafka with an authorizer', () => {
  let kafka: ApacheKafka
  beforeAll(async () => {
    kafka = await startApacheKafka(home!, {
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': 'User:ANONYMOUS',
    })
    return () => kafka.stop()
  })
  const { kt, done, until } = runner(() => kafka.bootstrapServers)

  it('makes rules, quotas, users and settings as declared, once, and exports them', async () => {
    file('all.yaml', SECURITY)
    const blocked = await kt('plan {dir}/all.yaml')
    expect(blocked.code).toBe(9)
    expect(blocked.stdout).toContain('cannot: the environment variable ANN_PASSWORD')
    const env = { ANN_PASSWORD: 'geheim' }
    expect((await kt('plan {dir}/all.yaml --exit-code', { env })).code).toBe(20)
    const applied = await kt('apply {dir}/all.yaml --yes', { env })
    expect(applied).toMatchObject({ code: 0, stderr: 'Applied: 10 steps.\n' })
    expect(applied.stdout).not.toContain('geheim')
    await until('plan {dir}/all.yaml', 'Nothing to change: 10 things are as declared.')

    expect(await done('acls --list --group plan-x --resource-pattern-type match')).toContain(
      '(principal=User:ann, host=10.0.0.1, operation=READ, permissionType=DENY)',
    )
    const exported = await done('plan --export')
    for (const kind of ['Topic', 'ConfigList', 'AclList', 'QuotaList']) expect(exported).toContain(`kind: ${kind}\n`)
    expect(await done('plan -', { input: exported })).toMatch(/^Nothing to change/)
    for (const printed of [
      'acls --list',
      'configs --describe --entity-type users',
      'configs --describe --entity-type ips',
    ]) {
      expect(await done('plan -', { input: await done(`${printed} --format yaml`) })).toMatch(/^Nothing to change/)
    }
  })

  it('removes what is in no file only where it is told to', async () => {
    await done('acls --add --topic plan-t --allow-principal User:bob --operation Write')
    await done('configs --alter --user ann --add-config consumer_byte_rate=5')
    await until('plan {dir}/all.yaml --prune acls,quotas', '- ALLOW User:bob WRITE')
    expect(await done('plan {dir}/all.yaml')).toMatch(/^Nothing to change/)
    const pruned = await done('apply {dir}/all.yaml --prune acls,quotas --yes')
    expect(pruned).toContain('done: set the quota of user ann\ndone: remove 1 rules: access to TOPIC plan-t\n')
    await until('plan {dir}/all.yaml --prune acls,quotas', 'Nothing to change')
  })

  it('takes settings and quotas back, and says of a password that it cannot', async () => {
    const list = JSON.parse(await done('undo list --format json'))
    const { number, lost } = list.entries[0]
    expect(lost.map(({ what }: { what: string }) => what)).toContain('SCRAM-SHA-256 of user ann')
    await done(`undo ${number} --yes`)
    await until('plan {dir}/all.yaml', '+ consumer.session.timeout.ms')
    expect(await done('plan {dir}/all.yaml')).toContain('+ connection_creation_rate  10')
    await done("configs --alter --user ann --add-config 'SCRAM-SHA-512=[password=geheim]'")
    const refused = await kt('undo --yes')
    expect(refused).toMatchObject({ code: 9 })
    expect(refused.stderr).toContain('SCRAM-SHA-512 of user ann: passwords are not kept')
    const journal = fs.readdirSync(path.join(directory, 'home', 'undo'), { recursive: true, encoding: 'utf8' })
    const files = journal
      .filter((name) => name.endsWith('.json'))
      .map((name) => path.join(directory, 'home', 'undo', name))
    expect(files.length).toBeGreaterThan(2)
    for (const each of files) expect(fs.readFileSync(each, 'utf8')).not.toContain('geheim')
  })

  it('takes back where a share group begins', async () => {
    await done('console-producer --topic plan-t', { input: '1\n2\n3\n' })
    const reset = (to: string) =>
      done(`share-groups --reset-offsets --group plan-s --topic plan-t --to-${to} --execute`)
    const starts = () => done('share-groups --describe --group plan-s --format json')
    await reset('latest')
    expect(await starts()).toContain('"startOffset": 3')
    await reset('earliest')
    await done('undo --yes')
    expect(await starts()).toContain('"startOffset": 3')
    // Before the first reset nothing was known of the topic.
    await done('undo --yes')
    expect(await starts()).not.toContain('"startOffset": 3')
  })

  it('gives a group its offsets back that were deleted with it, and refuses while it is read', async () => {
    await done('consumer-groups --reset-offsets --group plan-c --topic plan-t --to-latest --execute')
    await done('consumer-groups --delete --group plan-c')
    expect(await done('undo --yes')).toContain('Taken back: 2 values.')
    expect(await done('consumer-groups --describe --group plan-c --format json')).toContain('"currentOffset": 3')
    const ending = new AbortController()
    await done('consumer-groups --reset-offsets --group plan-c --topic plan-t --to-earliest --execute')
    const consumer = kt('console-consumer --topic plan-t --group plan-c', { signal: ending.signal })
    await until('consumer-groups --describe --group plan-c --state', 'Stable')
    const refused = await kt('undo --yes')
    ending.abort('SIGINT')
    await consumer
    expect(refused.code).toBe(9)
    expect(refused.stderr).toContain('group plan-c is Stable with one member; stop them first')
  })
})

describe.skipIf(home === null || isBundledReferee())('kt apply on three Apache brokers', () => {
  let servers: string
  beforeAll(async () => {
    servers = (await apacheCluster(home!)).bootstrapServers
  })
  const { done, until } = runner(() => servers)

  it('moves replicas and waits for them', async () => {
    const topic = (more: string) => `apiVersion: kt/v1\nkind: Topic\nname: plan-moves\n${more}\n`
    file('moves.yaml', topic('partitionCount: 2\nreplicationFactor: 1'))
    await done('apply {dir}/moves.yaml --yes')
    await until('topics --describe --topic plan-moves', 'ReplicationFactor: 1')
    file('moves.yaml', topic('partitionCount: 3\nreplicationFactor: 3\nconfigs: {min.insync.replicas: 2}'))
    expect(await done('apply {dir}/moves.yaml --yes')).toMatch(
      /done: give topic plan-moves 3 partitions\ndone: move replicas of topic plan-moves\ndone: topic plan-moves: set min\.insync\.replicas\n$/,
    )
    await until('plan {dir}/moves.yaml', 'Nothing to change')
    file('moves.yaml', topic('replicas: [[1, 2], [2, 3], [3, 1]]\nconfigs: {min.insync.replicas: null}'))
    expect(await done('apply {dir}/moves.yaml --yes')).toMatch(
      /take away min\.insync\.replicas\ndone: move replicas of topic plan-moves\n$/,
    )
    await until('plan {dir}/moves.yaml', 'Nothing to change')
    await done('topics --delete --topic plan-moves')
  })
})
