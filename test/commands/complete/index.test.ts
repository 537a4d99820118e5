import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/base/clock.ts'
import { ProfileStore } from '../../../src/cli/profiles.ts'
import { cacheFile, writeNames } from '../../../src/commands/complete/live-names.ts'
import { runCommand } from '../../support/run-command.ts'

let env: Record<string, string>
beforeEach(() => {
  env = { KT_HOME: fs.mkdtempSync(path.join(os.tmpdir(), 'kt-complete-')) }
})
afterEach(() => fs.rmSync(env.KT_HOME!, { recursive: true, force: true }))

async function complete(line: string): Promise<string[]> {
  const { code, stdout, stderr } = await runCommand(['__complete', '--', ...line.split(' ')], { env })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout === '' ? [] : stdout.trimEnd().split('\n')
}
const texts = async (line: string) => (await complete(line)).map((each) => each.split('\t')[0])

/** Names as a cluster has told them a moment ago. */
function know(server: string, config = ''): void {
  const file = cacheFile(env.KT_HOME!, [server, config, '', ''])
  writeNames(file, { topics: ['billing', 'orders', 'orders-eu'], groups: ['g1'], brokers: ['1', '2'] }, systemClock)
}

describe('kt __complete', () => {
  it('commands, with what they do, and none that are only known for old notes', async () => {
    expect(await complete('kt to')).toEqual(['topics\tList, create, describe, alter and delete topics'])
    const all = await texts('kt ')
    expect(all).toEqual(expect.arrayContaining(['topics', 'describe', 'explain', 'help']))
    expect(all).not.toContain('zookeeper-shell')
    expect(all).not.toContain('__complete')
    expect(await texts('kt help conf')).toEqual(['configs'])
  })

  it('options, of a command and under a script’s name with a path', async () => {
    for (const program of [
      'kt topics',
      'kafka-topics.sh',
      'bin/kafka-topics.sh',
      '/usr/bin/kafka-topics',
      'kt kafka-topics.sh',
    ]) {
      expect(await texts(`${program} --replication`)).toEqual(['--replication-factor'])
    }
    expect(await texts('kafka-cluster.sh unregister --i')).toEqual(['--id'])
  })

  it('profiles, and topics of the cluster that one names', async () => {
    const store = new ProfileStore(env)
    store.write('prod', new Map([['bootstrap.servers', 'p:9092']]))
    store.write('test', new Map([['bootstrap.servers', 't:9092']]))
    expect(await texts('kt topics --list --profile ')).toEqual(['prod', 'test'])
    expect(await texts('kt profile use te')).toEqual(['test'])
    const file = cacheFile(env.KT_HOME!, ['', '', '', 'prod'])
    writeNames(file, { topics: ['of-prod'], groups: [], brokers: [] }, systemClock)
    expect(await texts('kt topics --profile prod --describe --topic o')).toEqual(['of-prod'])
    store.use('prod')
    expect(await texts('kt topics --describe --topic o')).toEqual(['of-prod'])
  })

  it('topics, groups and brokers of the cluster that is named', async () => {
    know('')
    know('b:9092')
    expect(await texts('kt topics --describe --topic or')).toEqual(['orders', 'orders-eu'])
    expect(await texts('kt topics --bootstrap-server b:9092 --describe --topic=b')).toEqual(['--topic=billing'])
    expect(await texts('kt consumer-groups --describe --group ')).toEqual(['g1'])
    expect(await texts('kt configs --describe --broker ')).toEqual(['1', '2'])
  })

  it('the next name of a list, those left out that are there', async () => {
    know('')
    expect(await texts('kt log-dirs --describe --topic-list orders,')).toEqual(['orders,billing', 'orders,orders-eu'])
  })

  it('nothing within a moment where no cluster is, and starts none', async () => {
    const started = Date.now()
    expect(await texts('kt topics --describe --topic ')).toEqual([])
    expect(Date.now() - started).toBeLessThan(5_000)
    expect(fs.existsSync(path.join(env.KT_HOME!, 'clusters'))).toBe(false)
  })

  it('configurations of topics, files, and lines to explain', async () => {
    expect(await texts('kt configs --alter --topic t --add-config retention.m')).toEqual(['retention.ms='])
    expect(await texts('kt configs --alter --topic t --delete-config retention.m')).toEqual(['retention.ms'])
    expect(await texts('kt topics --command-config ')).toEqual([':files'])
    expect(await texts('kt explain kafka-topics.sh --replication')).toEqual(['--replication-factor'])
    expect(await texts('kt explain kafka-topi')).toEqual(['kafka-topics.sh'])
    expect(await texts('kt topics --bootstrap-server local')).toEqual(['localhost:9092'])
  })

  it('nothing at all for what it does not know', async () => {
    expect(await complete('kt nonsense --x')).toEqual([])
    expect(await complete('ls -')).toEqual([])
    expect(await complete('')).toEqual([])
    expect((await runCommand(['__complete'], { env })).stdout).toBe('')
  })
})
