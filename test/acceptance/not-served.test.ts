/** What the bundled cluster does not serve yet ends in one clear line that names it: no retry, no stack, exit code 1. */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCluster } from '../../src/cluster/start-cluster.ts'
import { runCommand } from '../support/run-command.ts'

/** A command line, and the request that the cluster does not answer. */
const LINES: readonly (readonly [line: string, api: string])[] = [
  ['acls --list', 'DescribeAcls'],
  ['acls --add --topic t --allow-principal User:a', 'DescribeAcls'],
  ['acls --remove --topic t --force', 'DeleteAcls'],
  ['share-groups --describe --group g', 'ShareGroupDescribe'],
  ['share-groups --reset-offsets --group g --topic t --to-latest --execute', 'ShareGroupDescribe'],
  ['share-groups --delete-offsets --group g --topic t', 'DeleteShareGroupOffsets'],
  ['streams-groups --describe --group g', 'StreamsGroupDescribe'],
  ['streams-groups --reset-offsets --group g --all-input-topics --to-latest --execute', 'StreamsGroupDescribe'],
  ['transactions list', 'ListTransactions'],
  ['transactions describe --transactional-id x', 'DescribeTransactions'],
  ['transactions describe-producers --topic t --partition 0', 'DescribeProducers'],
  ['transactions find-hanging --topic t', 'DescribeProducers'],
  ['transactions abort --topic t --partition 0 --start-offset 1', 'DescribeProducers'],
  ['transactions forceTerminateTransaction --transactionalId x', 'EndTxn'],
  ['delegation-tokens --create --max-life-time-period -1 --command-config /dev/null', 'CreateDelegationToken'],
  ['delegation-tokens --renew --hmac YWJj --renew-time-period -1 --command-config /dev/null', 'RenewDelegationToken'],
  [
    'delegation-tokens --expire --hmac YWJj --expiry-time-period -1 --command-config /dev/null',
    'ExpireDelegationToken',
  ],
  ['delegation-tokens --describe --command-config /dev/null', 'DescribeDelegationToken'],
]

let cluster: Awaited<ReturnType<typeof startCluster>>
const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-not-served-'))
beforeAll(async () => {
  cluster = await startCluster()
  await kt('topics --create --topic t')
})
afterAll(async () => {
  await cluster.close()
  fs.rmSync(directory, { recursive: true })
})

const kt = (line: string) => {
  const [command, ...rest] = line.split(' ')
  return runCommand([command!, '--bootstrap-server', cluster.bootstrapServers, ...rest])
}

describe('against the bundled cluster', () => {
  it.each(LINES)('%s: is told to need %s', async (line, api) => {
    const { code, stdout, stderr } = await kt(line)
    expect(code).toBe(1)
    const lines = `${stdout}${stderr}`.split('\n').filter((text) => text.includes('cannot answer'))
    expect(lines).toEqual([expect.stringContaining(`cannot answer ${api} requests`)])
    expect(stderr).toContain(`next: ask a cluster whose brokers serve ${api}`)
    expect(`${stdout}${stderr}`).not.toMatch(/^\s+at /m)
  })

  it('broker-api-versions tells all that is and is not served', async () => {
    const { code, stdout } = await kt('broker-api-versions')
    expect(code).toBe(0)
    expect(stdout).toMatch(/\tMetadata\(3\): \d+ to 13 \[usable: 13\],\n/)
    expect(stdout).toMatch(/\tStreamsGroupDescribe\(89\): /)
  })

  it('streams-application-reset works', async () => {
    const { code, stdout } = await kt('streams-application-reset --application-id app --input-topics t')
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('Topic: t Partition: 0 Offset: 0\n') })
  })

  it('client-metrics works', async () => {
    expect(await kt('client-metrics --alter --name m --interval 1000')).toMatchObject({ code: 0 })
    expect((await kt('client-metrics --list')).stdout).toBe('m\n')
    expect((await kt('client-metrics --describe --name m')).stdout).toBe(
      'Client metrics configs for m are:\n  interval.ms=1000\n  match=\n  metrics=\n',
    )
    expect(await kt('client-metrics --delete --name m')).toMatchObject({ code: 0 })
    expect((await kt('client-metrics --list')).stdout).toBe('\n')
  })

  it('groups and delete-records work', async () => {
    expect(await kt('groups --list')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^GROUP +TYPE +PROTOCOL/),
    })
    const file = path.join(directory, 'offsets.json')
    fs.writeFileSync(file, '{"partitions":[{"topic":"t","partition":0,"offset":0}]}')
    const { stdout } = await kt(`delete-records --offset-json-file ${file}`)
    expect(stdout).toContain('partition: t-0\tlow_watermark: 0\n')
  })
})
