import { describe, expect, it } from 'vitest'
import { KtError } from '../../src/base/errors.ts'
import type { Admin } from '../../src/client/admin-types.ts'
import type { AclBinding } from '../../src/client/security-types.ts'
import { ErrorCode, KafkaError } from '../../src/protocol/error-codes.ts'
import { memoryAdmin, ok, refused } from '../support/memory-admin.ts'
import { type RunOptions, runCommand } from '../support/run-command.ts'

const binding = (name: string, principal: string, more: Partial<AclBinding['entry']> = {}): AclBinding => ({
  resource: { resourceType: 'TOPIC', name, patternType: 'LITERAL' },
  entry: { principal, host: '*', operation: 'READ', permission: 'ALLOW', ...more },
})
const RULES = [binding('t', 'User:a'), binding('t', 'User:b', { permission: 'DENY', host: 'h' })]
const TOPIC_T = 'ResourcePattern(resourceType=TOPIC, name=t, patternType=LITERAL)'

async function run(line: string, options: RunOptions = {}, methods: Partial<Admin> = {}) {
  const { createAdmin, calls } = memoryAdmin({
    describeAcls: async () => RULES,
    createAcls: async (bindings) => bindings.map(() => ok(undefined)),
    deleteAcls: async (filters) => filters.map(() => ok(RULES)),
    ...methods,
  })
  const args = ['acls', '--bootstrap-server', 'a:1', ...line.split(' ')]
  const result = await runCommand(args, { createAdmin, ...options })
  return { ...result, calls: calls.filter(({ method }) => method !== 'close') }
}

describe('kt acls --list', () => {
  it('prints the rules of each resource', async () => {
    const { code, stdout } = await run('--list')
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout:
        `Current ACLs for resource \`${TOPIC_T}\`:\n` +
        '\t(principal=User:a, host=*, operation=READ, permissionType=ALLOW)\n' +
        '\t(principal=User:b, host=h, operation=READ, permissionType=DENY)\n\n',
    })
  })

  it('prints those of each principal apart', async () => {
    const { stdout } = await run('--list --topic t --group g --principal User:b --principal User:c')
    expect(stdout).toBe(
      `ACLs for principal \`User:b\`\nCurrent ACLs for resource \`${TOPIC_T}\`:\n` +
        '\t(principal=User:b, host=h, operation=READ, permissionType=DENY)\n\nACLs for principal `User:c`\n',
    )
  })

  it('asks for each resource that is named, and tells a rule once', async () => {
    const { calls, stdout } = await run('--list --topic t --group g --format json')
    expect(calls.map(({ args }) => args[0])).toEqual([
      { resourceType: 'TOPIC', name: 't', patternType: 'LITERAL' },
      { resourceType: 'GROUP', name: 'g', patternType: 'LITERAL' },
    ])
    expect(JSON.parse(stdout)).toEqual({
      apiVersion: 'kt/v1',
      kind: 'AclList',
      acls: [
        {
          resourceType: 'TOPIC',
          name: 't',
          patternType: 'LITERAL',
          principal: 'User:a',
          host: '*',
          operation: 'READ',
          permission: 'ALLOW',
        },
        expect.objectContaining({ principal: 'User:b', host: 'h', permission: 'DENY' }),
      ],
    })
  })

  it('has a table for people', async () => {
    const { stdout } = await run('--list', { terminal: true })
    expect(stdout).toBe(
      'RESOURCE  NAME  PRINCIPAL  PERMISSION  OPERATION  FROM\n' +
        'TOPIC     t     User:a     ALLOW       READ       anywhere\n' +
        'TOPIC     t     User:b     DENY        READ       h\n',
    )
    const none = await run('--list', { terminal: true }, { describeAcls: async () => [] })
    expect(none).toMatchObject({ stdout: '', stderr: 'There are no such rules.\n' })
  })

  it('words a refusal as the script does', async () => {
    const describeAcls = async () => {
      const cause = new KafkaError('SECURITY_DISABLED', 'No Authorizer is configured.')
      throw new KtError('kafka', cause.message, { cause })
    }
    const { code, stdout } = await run('--list', {}, { describeAcls })
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout:
        'Error while executing ACL command: org.apache.kafka.common.errors.SecurityDisabledException: No Authorizer is configured.\n',
    })
  })

  it('reads a properties file that is not named as none, and says so', async () => {
    const { stdout } = await run('--list --command-config', {}, { describeAcls: async () => [] })
    expect(stdout).toBe('Did not load any properties since the property file is not specified\n')
  })
})

describe('kt acls --add', () => {
  it('adds what is missing and tells what is there', async () => {
    const { stdout, calls } = await run('--add --topic t --allow-principal User:a --operation Read --operation Write')
    expect(stdout).toBe(
      `Acl (pattern=${TOPIC_T}, entry=(principal=User:a, host=*, operation=READ, permissionType=ALLOW)) already exists.\n` +
        `Adding ACLs for resource \`${TOPIC_T}\`: \n \t(principal=User:a, host=*, operation=WRITE, permissionType=ALLOW)\n\n`,
    )
    const created = calls.filter(({ method }) => method === 'createAcls')
    expect(created).toMatchObject([{ args: [[{ entry: { operation: 'WRITE' } }]] }])
  })

  it('changes nothing in a dry run', async () => {
    const { stdout, calls } = await run('--add --topic t --allow-principal User:x --dry-run --format json')
    expect(calls.map(({ method }) => method)).toEqual(['describeAcls'])
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'AclsAdditionPlan',
      added: [{ principal: 'User:x', operation: 'ALL' }],
      existing: [],
    })
    const plain = await run('--add --topic t --allow-principal User:a --operation Read --dry-run')
    expect(plain.stdout).toBe('Would add 0 rules.\n1 of the rules existed already.\n')
  })

  it('fails with the first rule that is refused', async () => {
    const createAcls = async () => [refused('INVALID_REQUEST', 'bad', ErrorCode.INVALID_REQUEST)]
    const { code, stdout } = await run('--add --topic x --allow-principal User:a', {}, { createAcls })
    expect(code).toBe(1)
    expect(stdout).toContain(
      'Error while executing ACL command: org.apache.kafka.common.errors.InvalidRequestException: bad\n',
    )
  })

  it('tells people in a table', async () => {
    const { stdout } = await run('--add --topic t --allow-principal User:x', { terminal: true })
    expect(stdout).toContain('Added 1 rule:\nRESOURCE  NAME  PRINCIPAL')
  })
})

describe('kt acls --remove', () => {
  const all = 'Are you sure you want to delete all ACLs for resource filter'

  it('removes without a word when forced', async () => {
    const { code, stdout, calls } = await run('--remove --topic t --force')
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(calls).toMatchObject([
      { method: 'deleteAcls', args: [[{ resourceType: 'TOPIC', name: 't', patternType: 'LITERAL' }]] },
    ])
  })

  it('asks a person, who may say no', async () => {
    const yes = await run('--remove --topic t', { terminal: true, answers: ['Y'] })
    expect(yes.questions).toEqual([`${all} \`${TOPIC_T}\`? (y/n)`])
    expect(yes.stdout).toContain('Removed 2 rules:\n')
    const no = await run('--remove --topic t', { terminal: true, answers: ['n'] })
    expect(no.stdout).toBe('Removed 0 rules.\n')
    expect(no.calls).toEqual([])
  })

  it('removes nothing where nobody can be asked', async () => {
    const { code, stdout, stderr, calls } = await run('--remove --topic t --allow-principal User:a')
    expect(code).toBe(1)
    expect(stdout).toContain(' from resource filter `')
    expect(stdout).toContain('Error while executing ACL command: Nobody is there to answer\n')
    expect(stderr).toContain('next: the same command with --force')
    expect(calls).toEqual([])
  })

  it('shows in a dry run what would go', async () => {
    const { stdout, calls } = await run('--remove --topic t --dry-run --format json')
    expect(calls.map(({ method }) => method)).toEqual(['describeAcls'])
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'AclsRemovalPlan', removed: [{}, {}] })
  })
})

describe('kt acls refuses', () => {
  it.each([
    ['--list --bootstrap-controller c:1', 'Only one of --bootstrap-server or --bootstrap-controller must be specified'],
    ['--list --add', 'Command must include exactly one action: --list, --add, --remove. '],
    ['--list --producer', `Option "[list]" can't be used with option "[producer]"`],
    ['--add --producer --topic t --operation Read', `Option "[producer]" can't be used with option "[operation]"`],
    ['--add --consumer --deny-host h', `Option "[consumer]" can't be used with option "[deny-host]"`],
    ['--add --topic t --principal User:a', 'The --principal option is only available if --list is set'],
    ['--add --producer', 'With --producer you must specify a --topic'],
    ['--add --idempotent --topic t', 'The --idempotent option is only available if --producer is set'],
    [
      '--add --consumer --topic t',
      'With --consumer you must specify a --topic and a --group and no --cluster or --transactional-id option should be specified.',
    ],
    [
      '--add --topic t --allow-principal User:a --resource-pattern-type match',
      "A '--resource-pattern-type' value of 'MATCH' is not valid when adding acls.",
    ],
    ['--add --topic t', 'You must specify one of: --allow-principal, --deny-principal when trying to add ACLs.'],
  ])('%s', async (line, message) => {
    const { code, stdout, stderr } = await run(line)
    expect({ code, stdout, first: stderr.split('\n')[0] }).toEqual({ code: 1, stdout: '', first: message })
  })

  it('options of the time of ZooKeeper, with a word about it', async () => {
    const { stderr } = await run('--authorizer kafka.X --authorizer-properties zookeeper.connect=localhost:2181 --list')
    expect(stderr).toContain('--authorizer kafka.X: left out (the cluster itself is asked since Kafka 4.0)')
    expect(stderr).toContain('--authorizer-properties zookeeper.connect=localhost:2181: left out')
  })
})
