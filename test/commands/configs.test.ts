import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Admin } from '../../src/client/admin-types.ts'
import { entryOf, memoryAdmin, ok, refused } from '../support/memory-admin.ts'
import { type RunOptions, runCommand } from '../support/run-command.ts'

const synonyms = [
  { name: 'retention.ms', value: '5', source: 'DYNAMIC_TOPIC_CONFIG' as const },
  { name: 'log.retention.ms', value: '9', source: 'DEFAULT_CONFIG' as const },
]
const ENTRIES = [
  entryOf('retention.ms', '5', { synonyms }),
  entryOf('cleanup.policy', 'delete', { source: 'DEFAULT_CONFIG' }),
  entryOf('secret', null, { isSensitive: true }),
]
const base: Partial<Admin> = {
  listTopics: async () => [{ name: 'orders', topicId: 'x', isInternal: false }],
  listGroups: async () => [{ groupId: 'g', protocolType: 'consumer', state: 'Empty', type: 'Classic' }],
  listConfigResources: async ([type]) => (type === 'GROUP' ? [{ type: 'GROUP', name: 'set' }] : []),
  describeCluster: async () => ({
    clusterId: 'c',
    controllerId: 1,
    brokers: [{ id: 1, host: 'h', port: 1, rack: null }],
  }),
  describeConfigs: async (resources) => resources.map(() => ok(ENTRIES)),
  incrementalAlterConfigs: async (changes) => changes.map(() => ok(undefined)),
  describeClientQuotas: async () => [],
  alterClientQuotas: async (entries) => entries.map(() => ok(undefined)),
  describeScramCredentials: async () => new Map(),
  alterScramCredentials: async () => new Map([['ann', ok(undefined)]]),
}

async function run(line: string, methods: Partial<Admin> = {}, options: RunOptions = {}) {
  const memory = memoryAdmin({ ...base, ...methods })
  const args = ['configs', '--bootstrap-server', 'a:1', ...line.split(' ')]
  const result = await runCommand(args, { createAdmin: memory.createAdmin, ...options })
  const asked = (method: string) => memory.calls.find((call) => call.method === method)?.args[0]
  return { ...result, calls: memory.calls, asked }
}

describe('kt configs --describe', () => {
  it('prints what was set on the entity, sorted, with where values come from', async () => {
    expect(await run('--describe --topic orders')).toMatchObject({
      code: 0,
      stdout:
        'Dynamic configs for topic orders are:\n' +
        '  retention.ms=5 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:retention.ms=5, DEFAULT_CONFIG:log.retention.ms=9}\n' +
        '  secret=null sensitive=true synonyms={}\n',
    })
  })

  it('prints everything with --all, without asking whether the entity exists', async () => {
    const { stdout, calls } = await run('--describe --topic other --all')
    expect(stdout).toMatch(/^All configs for topic other are:\n {2}cleanup\.policy=delete .*\n {2}retention\.ms=5 /)
    expect(calls.map(({ method }) => method)).toEqual(['describeConfigs', 'close'])
  })

  it.each([
    ['--topic other', "The topic 'other' doesn't exist and doesn't have dynamic config."],
    ['--broker 9', "The broker '9' doesn't exist and doesn't have dynamic config."],
    ['--client-metrics m', "The client-metric 'm' doesn't exist and doesn't have dynamic config."],
    ['--group other', "The group 'other' doesn't exist and doesn't have dynamic config."],
  ])('says that there is no such entity for %s, exit 0', async (entity, message) => {
    expect(await run(`--describe ${entity}`)).toMatchObject({ code: 0, stdout: `${message}\n` })
  })

  it('describes every broker and then the default of all', async () => {
    const describeConfigs: Admin['describeConfigs'] = async (resources) =>
      resources.map(({ name }) =>
        ok([
          entryOf('mine', '1', { source: 'DYNAMIC_BROKER_CONFIG' }),
          entryOf('ours', '2', { source: 'DYNAMIC_DEFAULT_BROKER_CONFIG' }),
          entryOf(`of-${name}`, '3', { source: 'STATIC_BROKER_CONFIG' }),
        ]),
      )
    expect((await run('--describe --entity-type brokers', { describeConfigs })).stdout).toBe(
      'Dynamic configs for broker 1 are:\n  mine=1 sensitive=false synonyms={}\n' +
        'Default configs for brokers in the cluster are:\n  ours=2 sensitive=false synonyms={}\n',
    )
  })

  it('describes groups that exist and groups that only have settings', async () => {
    expect((await run('--describe --entity-type groups')).stdout).toBe(
      'Dynamic configs for group g are:\nDynamic configs for group set are:\n',
    )
  })

  it('prints the heading before a refusal, as the script does', async () => {
    const describeConfigs: Admin['describeConfigs'] = async () => [
      refused('UNKNOWN_TOPIC_OR_PARTITION', 'no such topic'),
    ]
    expect(await run('--describe --topic other --all', { describeConfigs })).toMatchObject({
      code: 1,
      stdout: 'All configs for topic other are:\n',
      stderr:
        "Error while executing config command with args '--bootstrap-server a:1 --describe --topic other --all'\nno such topic\n",
    })
  })

  it('draws a table on a terminal and hides secrets there', async () => {
    const { stdout } = await run('--describe --topic orders', {}, { terminal: true })
    expect(stdout).toContain('NAME          VALUE     FROM')
    expect(stdout).toMatch(/secret +\(hidden\) +topic/)
  })

  it('prints documents', async () => {
    const { entities } = JSON.parse((await run('--describe --topic orders --format json')).stdout)
    expect(entities).toMatchObject([
      {
        entityType: 'topics',
        entityName: 'orders',
        configs: [{ name: 'retention.ms', value: '5' }, { name: 'secret' }],
      },
    ])
    const none = await run('--describe --topic other --format json')
    expect(JSON.parse(none.stdout)).toEqual({ apiVersion: 'kt/v1', kind: 'ConfigList', entities: [] })
  })
})

describe('kt configs --describe of quotas and users', () => {
  const describeClientQuotas: Admin['describeClientQuotas'] = async () => [
    {
      entity: {
        entries: new Map([
          ['user', 'ann'],
          ['client-id', null],
        ]),
      },
      quotas: new Map([['producer_byte_rate', 1024]]),
    },
  ]
  const describeScramCredentials: Admin['describeScramCredentials'] = async () =>
    new Map([
      ['ann', ok([{ mechanism: 'SCRAM-SHA-256' as const, iterations: 8192 }])],
      ['bob', refused('RESOURCE_NOT_FOUND', 'no such user')],
    ])

  it('prints a line per entity, numbers as Java does', async () => {
    const { stdout, asked } = await run('--describe --user ann --client-defaults', { describeClientQuotas })
    expect(stdout).toBe("Quota configs for user-principal 'ann', the default client-id are producer_byte_rate=1024.0\n")
    expect(asked('describeClientQuotas')).toEqual({
      components: [
        { entityType: 'user', match: { name: 'ann' } },
        { entityType: 'client-id', match: 'default' },
      ],
      strict: true,
    })
    expect(asked('describeScramCredentials')).toBeUndefined()
  })

  it('adds the credentials of users, and is silent about users without', async () => {
    const { stdout, asked } = await run('--describe --entity-type users', { describeScramCredentials })
    expect(stdout).toBe("SCRAM credential configs for user-principal 'ann' are SCRAM-SHA-256=iterations=8192\n")
    expect(asked('describeScramCredentials')).toBe('all')
  })

  it('prints documents and tables of both', async () => {
    const methods = { describeClientQuotas, describeScramCredentials }
    const { quotas, scramCredentials } = JSON.parse((await run('--describe --user ann --format json', methods)).stdout)
    expect(quotas).toEqual([{ entity: { user: 'ann', 'client-id': null }, values: { producer_byte_rate: 1024 } }])
    expect(scramCredentials).toEqual([{ user: 'ann', credentials: [{ mechanism: 'SCRAM-SHA-256', iterations: 8192 }] }])
    const { stdout } = await run('--describe --user ann', methods, { terminal: true })
    expect(stdout).toMatch(/user-principal 'ann' +SCRAM-SHA-256 +8192 iterations\n/)
    expect((await run('--describe --ip 1.2.3.4', {}, { terminal: true })).stdout).toBe('Nothing is set.\n')
  })
})

describe('kt configs --alter', () => {
  it('removes and sets in one request', async () => {
    const { stdout, asked } = await run('--alter --topic orders --add-config a=1,b=[2,3] --delete-config c,d')
    expect(stdout).toBe('Completed updating config for topic orders.\n')
    expect(asked('incrementalAlterConfigs')).toEqual([
      {
        resource: { type: 'TOPIC', name: 'orders' },
        changes: [
          { name: 'c', operation: 'DELETE', value: '' },
          { name: 'd', operation: 'DELETE', value: '' },
          { name: 'a', operation: 'SET', value: '1' },
          { name: 'b', operation: 'SET', value: '2,3' },
        ],
      },
    ])
  })

  it('reads a properties file', async () => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-configs-'))
    const file = path.join(directory, 'add.properties')
    fs.writeFileSync(file, 'a=1\n# comment\nb : 2\n')
    const { asked } = await run(`--alter --group g --add-config-file ${file}`)
    fs.rmSync(directory, { recursive: true })
    expect(asked('incrementalAlterConfigs')).toMatchObject([
      {
        resource: { type: 'GROUP', name: 'g' },
        changes: [
          { name: 'a', value: '1' },
          { name: 'b', value: '2' },
        ],
      },
    ])
  })

  it('names the default of all', async () => {
    const { stdout, asked } = await run('--alter --broker-defaults --add-config a=1')
    expect(stdout).toBe('Completed updating default config for brokers in the cluster.\n')
    expect(asked('incrementalAlterConfigs')).toMatchObject([{ resource: { type: 'BROKER', name: '' } }])
  })

  it('shows a refusal after the whole command line', async () => {
    const incrementalAlterConfigs = async () => [refused('INVALID_CONFIG', 'Unknown topic config name: a')]
    expect(await run('--alter --topic orders --add-config a=1', { incrementalAlterConfigs })).toMatchObject({
      code: 1,
      stdout: '',
      stderr:
        "Error while executing config command with args '--bootstrap-server a:1 --alter --topic orders --add-config a=1'\nUnknown topic config name: a\n",
    })
  })

  it('sets levels only for loggers that exist', async () => {
    const describeConfigs: Admin['describeConfigs'] = async () => [ok([entryOf('kafka.server', 'INFO')])]
    expect((await run('--alter --broker-logger 1 --add-config nope=DEBUG', { describeConfigs })).stderr).toBe(
      'Invalid broker logger(s): nope\n',
    )
    const good = await run('--alter --broker-logger 1 --add-config kafka.server=DEBUG', { describeConfigs })
    expect(good.stdout).toBe('Completed updating config for broker-logger 1.\n')
  })

  it('sets and removes quotas that are there', async () => {
    const describeClientQuotas: Admin['describeClientQuotas'] = async () => [
      { entity: { entries: new Map([['user', 'ann']]) }, quotas: new Map([['producer_byte_rate', 1]]) },
    ]
    const line = '--alter --user ann --add-config consumer_byte_rate=2.5 --delete-config producer_byte_rate'
    const { stdout, asked } = await run(line, { describeClientQuotas })
    expect(stdout).toBe('Completed updating config for user ann.\n')
    expect(asked('alterClientQuotas')).toEqual([
      {
        entity: { entries: new Map([['user', 'ann']]) },
        ops: [
          { key: 'consumer_byte_rate', value: 2.5 },
          { key: 'producer_byte_rate', value: null },
        ],
      },
    ])
    const absent = await run('--alter --user ann --delete-config consumer_byte_rate', { describeClientQuotas })
    expect(absent).toMatchObject({ code: 1, stderr: 'Invalid config(s): consumer_byte_rate\n' })
  })

  it('sets and removes credentials', async () => {
    const line =
      '--alter --user ann --add-config SCRAM-SHA-256=[iterations=8192,password=p] --delete-config SCRAM-SHA-512'
    const { stdout, asked } = await run(line)
    expect(stdout).toBe('Completed updating config for user ann.\n')
    expect(asked('alterScramCredentials')).toEqual([
      { user: 'ann', mechanism: 'SCRAM-SHA-512', delete: true },
      { user: 'ann', mechanism: 'SCRAM-SHA-256', iterations: 8192, password: 'p' },
    ])
  })

  it.each([
    [
      '--user ann --add-config x=1',
      "Only quota and SCRAM credential configs can be added for 'users' using --bootstrap-server. Unexpected config names: x",
    ],
    [
      '--client c --add-config SCRAM-SHA-256=[password=p]',
      "Only quota configs can be added for 'clients' using --bootstrap-server. Unexpected config names: SCRAM-SHA-256",
    ],
    [
      '--client c --delete-config x',
      "Only quota configs can be deleted for 'clients' using --bootstrap-server. Unexpected config names: x",
    ],
    [
      '--ip 1.2.3.4 --add-config x=1',
      "Only connection quota configs can be added for 'ips' using --bootstrap-server. Unexpected config names: x",
    ],
    [
      '--user-defaults --add-config SCRAM-SHA-256=[password=p]',
      'The use of --entity-default or --user-defaults is not allowed with User SCRAM Credentials using --bootstrap-server.',
    ],
    [
      '--user ann --add-config SCRAM-SHA-256=[password=p],consumer_byte_rate=1',
      "Cannot alter both quota and SCRAM credential configs simultaneously for 'users' using --bootstrap-server.",
    ],
    [
      '--user ann --add-config consumer_byte_rate=fast',
      'Cannot parse quota configuration value for consumer_byte_rate: fast',
    ],
  ])('refuses %s without asking the cluster to change anything', async (line, message) => {
    const { code, stderr, calls } = await run(`--alter ${line}`)
    expect({ code, first: stderr.split('\n')[0] }).toEqual({ code: 1, first: message })
    expect(calls.map(({ method }) => method).filter((method) => method.startsWith('alter'))).toEqual([])
  })
})

describe('the command line of kt configs', () => {
  it.each([
    ['--topic t', 'Command must include exactly one action: --describe, --alter'],
    ['--describe --alter --topic t', 'Command must include exactly one action: --describe, --alter'],
    ['--describe --topic t --add-config a=b', 'Option "[describe]" can\'t be used with option "[add-config]"'],
    [
      '--describe --topic t --bootstrap-controller c:1',
      'Only one of --bootstrap-server or --bootstrap-controller can be specified',
    ],
    [
      '--alter --topic t',
      'At least one of --add-config, --add-config-file, or --delete-config must be specified with --alter',
    ],
    [
      '--alter --topic t --add-config a=b --add-config-file f',
      'Only one of --add-config or --add-config-file must be specified',
    ],
  ])('refuses %s', async (line, message) => {
    const { code, stdout, stderr, calls } = await run(line)
    expect({ code, stdout, first: stderr.split('\n')[0] }).toEqual({ code: 1, stdout: '', first: message })
    expect(calls).toEqual([])
  })

  it('talks to controllers, and says when it cannot', async () => {
    const args = 'configs --describe --broker 1 --bootstrap-controller c:1'.split(' ')
    const { code, stdout, stderr } = await runCommand(args)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('at c:1')
  })
})
