import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createAdmin } from '../../../src/client/admin.ts'
import type { Admin, ClientOptions, QuotaEntity } from '../../../src/client/admin-types.ts'
import { startCluster } from '../../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../../src/cluster/types.ts'
import { splitWords } from '../../support/compare-with-script.ts'
import { type RunOptions, runCommand } from '../../support/run-command.ts'

let cluster: LocalCluster
let home: string
beforeAll(async () => {
  cluster = await startCluster({})
})
afterAll(() => cluster.close())
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-undo-'))
  return () => fs.rmSync(home, { recursive: true, force: true })
})

async function kt(line: string, options: RunOptions = {}) {
  const env = { KT_HOME: home, KT_BOOTSTRAP_SERVER: cluster.bootstrapServers }
  return runCommand(splitWords(line), { createAdmin: withQuotas, ...options, env: { ...env, ...options.env } })
}

/** Quotas by entity, which the bundled cluster does not serve; all else is asked of it. */
const quotas = new Map<string, { entity: QuotaEntity; quotas: Map<string, number> }>()
async function withQuotas(options: ClientOptions): Promise<Admin> {
  const admin = await createAdmin(options)
  const served: Partial<Admin> = {
    describeClientQuotas: async ({ components }) => {
      const wanted = components.map(({ entityType, match }): [string, string | null] => {
        return [entityType, typeof match === 'string' ? null : match.name]
      })
      const found = quotas.get(JSON.stringify(wanted.sort()))
      return found === undefined || found.quotas.size === 0 ? [] : [{ ...found, quotas: new Map(found.quotas) }]
    },
    alterClientQuotas: async (list) =>
      list.map(({ entity, ops }) => {
        const key = JSON.stringify([...entity.entries].sort())
        const { quotas: values } = quotas.get(key) ?? { quotas: new Map<string, number>() }
        for (const { key: name, value } of ops) value === null ? values.delete(name) : values.set(name, value)
        quotas.set(key, { entity, quotas: values })
        return { ok: true, value: undefined }
      }),
    describeScramCredentials: async () => new Map(),
    alterScramCredentials: async (list) => new Map(list.map(({ user }) => [user, { ok: true, value: undefined }])),
  }
  return Object.assign(Object.create(admin) as Admin, served)
}
async function done(line: string, options: RunOptions = {}): Promise<string> {
  const result = await kt(line, options)
  expect(result, line).toMatchObject({ code: 0 })
  return result.stdout
}
const settingOf = async (topic: string): Promise<string> => done(`configs --describe --topic ${topic}`)
const untilSeen = async (topic: string, text: string | null): Promise<void> => {
  await expect.poll(() => settingOf(topic)).toMatch(text === null ? /are:\n$/ : text)
}

describe('kt undo of settings', () => {
  it('shows, takes back, and takes the taking back back', async () => {
    await done('topics --create --topic a --config retention.ms=5000')
    await done('configs --alter --topic a --add-config retention.ms=7000,cleanup.policy=compact')
    await untilSeen('a', 'retention.ms=7000')
    const shown = await kt('undo')
    expect(shown.code).toBe(0)
    expect(shown.stdout.split('\n').slice(1)).toEqual([
      'OF       NAME            NOW      BACK TO',
      'topic a  retention.ms    7000        5000',
      'topic a  cleanup.policy  compact        -',
      '',
    ])
    expect(shown.stderr).toBe('Nothing was changed.\n  next: kt undo 1 --yes\n')
    expect((await kt('undo --yes')).stdout).toMatch(/Taken back: 2 values\.\n$/)
    await untilSeen('a', 'retention.ms=5000')
    expect(await done('undo list')).toMatch(/undone by 2 {2}kt configs[^\n]*\n.* undo of 1 +kt undo --yes\n$/)
    expect((await kt('undo')).stderr).toContain('Every change is undone already')
    expect(await done('undo 2 --yes')).toContain('Taken back: 2 values.')
    await untilSeen('a', 'cleanup.policy=compact')
    expect(await done('undo 2 --yes')).toContain('2 values are as before already.')
  })

  it('refuses with the facts where somebody else was there, unless it is forced to', async () => {
    await done('topics --create --topic b')
    await done('configs --alter --topic b --add-config retention.ms=7000')
    await untilSeen('b', 'retention.ms=7000')
    await done('configs --alter --topic b --add-config retention.ms=9000', { env: { KT_HOME: `${home}/other` } })
    await untilSeen('b', 'retention.ms=9000')
    const refused = await kt('undo --yes')
    expect(refused.code).toBe(9)
    expect(refused.stderr).toBe(
      'Change 1 is not taken back\n' +
        '  topic b retention.ms: it was set to 7000 then and is 9000 now: somebody changed it since\n' +
        '  next: to take it back all the same: kt undo 1 --force\n',
    )
    expect(await done('undo 1 --dry-run')).toContain('somebody changed it since')
    expect(await done('undo 1 --force --yes')).toContain('Taken back: 1 value.')
    await untilSeen('b', null)
  })

  it('refuses where the topic is another one', async () => {
    await done('topics --create --topic c')
    await done('configs --alter --topic c --add-config retention.ms=7000')
    await done('topics --delete --topic c')
    await expect.poll(async () => (await kt('undo --yes')).stderr).toContain('topic c does not exist any more')
    await done('topics --create --topic c --config retention.ms=7000')
    await expect.poll(async () => (await kt('undo --yes')).stderr).toContain('was deleted and created anew since')
  })

  it('asks at a terminal, where the command before has hinted at it', async () => {
    await done('topics --create --topic d')
    const changed = await kt('configs --alter --topic d --add-config retention.ms=7000', { terminal: true })
    expect(changed.stderr).toMatch(/^undo: kt undo 1\n$/m)
    await untilSeen('d', 'retention.ms=7000')
    const no = await kt('undo', { terminal: true, answers: ['no'] })
    expect(no).toMatchObject({ code: 0, questions: ['Take change 1 back?'] })
    const yes = await kt('undo', { terminal: true, answers: ['yes'] })
    expect(yes.stdout).toContain('Taken back: 1 value.')
    expect(yes.stderr).toBe('undo: kt undo 2\n')
  })

  it('prints nothing of its own where a script would not', async () => {
    await done('topics --create --topic e')
    const { stdout, stderr } = await kt('configs --alter --topic e --add-config retention.ms=7000')
    expect({ stdout, stderr }).toEqual({ stdout: 'Completed updating config for topic e.\n', stderr: '' })
    const env = { KT_HOME: home }
    const args = ['kafka-configs.sh', '--bootstrap-server', cluster.bootstrapServers]
    const more = splitWords('--alter --topic e --add-config retention.ms=8000')
    const shim = await runCommand([...args, ...more], { env, terminal: true })
    expect(shim).toMatchObject({ stdout: 'Completed updating config for topic e.\n', stderr: '' })
    expect(await done('undo list')).toContain('kafka-configs.sh --bootstrap-server')
  })
})

describe('kt undo of offsets', () => {
  it('gives a group back what was reset, deleted, and deleted with it', async () => {
    await done('topics --create --topic o --partitions 2')
    for (const partition of [0, 1]) {
      await done(`console-producer --topic o --partition ${partition}`, { input: '1\n2\n3\n' })
    }
    const offsets = async () =>
      (await done('consumer-groups --describe --group g --format json')).match(/"currentOffset": \d/g)
    await done('consumer-groups --reset-offsets --group g --topic o --to-latest --execute')
    await done('consumer-groups --reset-offsets --group g --topic o:1 --to-offset 1 --execute')
    expect(await done('undo --dry-run')).toMatch(/group g {2}o-1 +1 +3\n/)
    await done('undo --yes')
    expect(await offsets()).toEqual(['"currentOffset": 3', '"currentOffset": 3'])
    await done('consumer-groups --delete-offsets --group g --topic o:0')
    await done('undo --yes')
    await done('consumer-groups --delete --group g')
    await done('undo --yes')
    expect(await offsets()).toEqual(['"currentOffset": 3', '"currentOffset": 3'])
    // The first reset made the group: back to nothing.
    await done('undo --yes')
    expect((await kt('consumer-groups --describe --group g --format json')).stdout).not.toContain('"currentOffset": 3')
  })
})

/** Commands that alter, what `describe` shows then and after the undo. */
const KINDS: readonly {
  readonly of: string
  readonly prepare?: readonly string[]
  readonly alter: string
  readonly describe: string
  readonly changed: RegExp
  readonly back: RegExp
}[] = [
  {
    of: "a broker's settings",
    alter: 'configs --alter --entity-type brokers --entity-name 1 --add-config log.cleaner.backoff.ms=12345',
    describe: 'configs --describe --entity-type brokers --entity-name 1',
    changed: /log\.cleaner\.backoff\.ms=12345/,
    back: /^(?![\s\S]*cleaner\.backoff)/,
  },
  {
    of: "the brokers' default",
    prepare: ['configs --alter --entity-type brokers --entity-default --add-config log.cleaner.backoff.ms=11111'],
    alter: 'configs --alter --entity-type brokers --entity-default --delete-config log.cleaner.backoff.ms',
    describe: 'configs --describe --entity-type brokers --entity-default',
    changed: /^(?![\s\S]*cleaner\.backoff)/,
    back: /log\.cleaner\.backoff\.ms=11111/,
  },
  {
    of: 'settings of a group',
    alter: 'configs --alter --entity-type groups --entity-name g1 --add-config consumer.session.timeout.ms=50000',
    describe: 'configs --describe --entity-type groups --entity-name g1',
    changed: /consumer\.session\.timeout\.ms=50000/,
    back: /^(?![\s\S]*session\.timeout\.ms=50000)/,
  },
  {
    of: 'a subscription to metrics',
    alter: 'configs --alter --entity-type client-metrics --entity-name m1 --add-config interval.ms=30000',
    describe: 'configs --describe --entity-type client-metrics --entity-name m1',
    changed: /interval\.ms=30000/,
    back: /^(?![\s\S]*interval\.ms=30000)/,
  },
  {
    of: 'quotas of a user and a client',
    prepare: [
      'configs --alter --entity-type users --entity-name ann --entity-type clients --entity-name app --add-config producer_byte_rate=1000',
    ],
    alter:
      'configs --alter --entity-type users --entity-name ann --entity-type clients --entity-name app --add-config producer_byte_rate=2000,consumer_byte_rate=3000',
    describe: 'configs --describe --entity-type users --entity-name ann --entity-type clients --entity-name app',
    changed: /(?=[\s\S]*producer_byte_rate=2000)[\s\S]*consumer_byte_rate=3000/,
    back: /^(?=[\s\S]*producer_byte_rate=1000)(?![\s\S]*consumer_byte_rate)/,
  },
  {
    of: 'the default quota',
    alter: 'configs --alter --entity-type users --entity-default --add-config request_percentage=50',
    describe: 'configs --describe --entity-type users --entity-default',
    changed: /request_percentage=50/,
    back: /^(?![\s\S]*request_percentage)/,
  },
  {
    of: 'quotas of an address',
    alter: 'configs --alter --entity-type ips --entity-name 10.0.0.1 --add-config connection_creation_rate=5',
    describe: 'configs --describe --entity-type ips --entity-name 10.0.0.1',
    changed: /connection_creation_rate=5/,
    back: /^(?![\s\S]*connection_creation_rate)/,
  },
]

describe('kt undo of each kind', () => {
  it.each(KINDS)('$of: back, and not twice', async ({ prepare = [], alter, describe: look, changed, back }) => {
    for (const line of prepare) await done(line)
    await done(alter)
    await expect.poll(() => done(look)).toMatch(changed)
    const number = prepare.length + 1
    expect(await done(`undo ${number} --dry-run`)).not.toContain('somebody')
    expect(await done('undo --yes')).toMatch(/Taken back: \d values?\.\n$/)
    await expect.poll(() => done(look)).toMatch(back)
    const again = await kt(`undo ${number} --yes`)
    expect([again.code, again.stderr]).toEqual([0, 'Nothing to do: everything is as it was before this change.\n'])
    // Nothing was changed by that, so nothing is noted.
    expect((await done('undo list')).trimEnd().split('\n')).toHaveLength(number + 2)
  })

  it('of a quota that somebody changed since only by force', async () => {
    const alter = (rate: number) =>
      `configs --alter --entity-type clients --entity-name shared --add-config consumer_byte_rate=${rate}`
    const now = () => done('configs --describe --entity-type clients --entity-name shared')
    await done(alter(1000))
    await expect.poll(now).toContain('=1000')
    await done(alter(5000), { env: { KT_HOME: `${home}/other` } })
    await expect.poll(now).toContain('=5000')
    const refused = await kt('undo --yes')
    expect(refused).toMatchObject({
      code: 9,
      stderr: expect.stringContaining('is 5000 now: somebody changed it since'),
    })
    await done('undo --force --yes')
    await expect.poll(now).not.toContain('consumer_byte_rate')
  })

  it('of a password says that it cannot', async () => {
    await done('configs --alter --entity-type users --entity-name eve --add-config SCRAM-SHA-256=[password=x]')
    const refused = await kt('undo --yes')
    expect(refused.code).toBe(9)
    expect(refused.stderr).toContain('passwords are not kept')
    expect(refused.stderr).not.toContain('--force')
    expect(await done('undo list')).not.toContain('password=x')
  })

  it('of offsets that the group has left behind since only by force', async () => {
    await done('topics --create --topic moved --partitions 1')
    await done('console-producer --topic moved', { input: '1\n2\n3\n' })
    const reset = 'consumer-groups --reset-offsets --group moving --topic moved --execute'
    await done(`${reset} --to-offset 1`)
    await done(`${reset} --to-offset 3`, { env: { KT_HOME: `${home}/other` } })
    const refused = await kt('undo --yes')
    expect(refused.code).toBe(9)
    expect(refused.stderr).toContain(
      'group moving moved-0: it was set to 1 then and is 3 now: somebody changed it since',
    )
    await done('undo --yes --force')
    expect((await kt('consumer-groups --describe --group moving --format json')).stdout).not.toContain(
      '"currentOffset": 3',
    )
  })
})

describe('kt undo, its words', () => {
  it('has documents', async () => {
    await done('topics --create --topic f')
    await done('configs --alter --topic f --add-config retention.ms=7000')
    await untilSeen('f', 'retention.ms=7000')
    const change = { subject: 'topic f', name: 'retention.ms', before: null, after: '7000' }
    expect(JSON.parse(await done('undo list --format json'))).toMatchObject({
      kind: 'UndoList',
      entries: [{ number: 1, undoes: null, undoneBy: null, changes: [change], lost: [] }],
    })
    expect(JSON.parse(await done('undo show 1 --format json'))).toMatchObject({ kind: 'UndoEntry', changes: [change] })
    const value = { subject: 'topic f', name: 'retention.ms', now: '7000', backTo: null, state: 'back', why: null }
    expect(JSON.parse(await done('undo --format json'))).toMatchObject({
      kind: 'UndoPlan',
      executed: false,
      values: [value],
    })
    expect(JSON.parse(await done('undo --yes --format json'))).toMatchObject({ executed: true, errors: [] })
    expect(await done('undo show 1')).toContain('topic f  retention.ms       -   7000')
  })

  it.each([
    ['undo', 8, 'There is nothing to undo on this cluster'],
    ['undo 7', 8, 'There is nothing to undo'],
    ['undo x', 2, "'x' is no number of a change"],
    ['undo --dry-run --yes', 2, 'exclude each other'],
    ['undo lits', 2, "'lits' is no number"],
    ['undo list --format xml', 2, "Unknown format 'xml'"],
  ])('%s ends with %i', async (line, code, text) => {
    const result = await kt(line)
    expect(result.code).toBe(code)
    expect(result.stderr).toContain(text)
  })

  it('lists nothing where nothing was changed, and names the numbers there are', async () => {
    expect((await kt('undo list')).stderr).toContain('has changed no setting')
    await done('topics --create --topic h')
    await done('configs --alter --topic h --add-config retention.ms=7000')
    expect(await kt('undo show 5')).toMatchObject({
      code: 8,
      stderr: expect.stringContaining('changes of this cluster: 1 to 1'),
    })
  })
})
