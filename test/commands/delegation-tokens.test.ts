import { describe, expect, it } from 'vitest'
import { KtError } from '../../src/base/errors.ts'
import type { Admin } from '../../src/client/admin-types.ts'
import type { DelegationToken } from '../../src/client/security-types.ts'
import { dateText } from '../../src/commands/delegation-tokens/text.ts'
import { KafkaError } from '../../src/protocol/error-codes.ts'
import { memoryAdmin } from '../support/memory-admin.ts'
import { type RunOptions, runCommand } from '../support/run-command.ts'

const user = (name: string) => ({ type: 'User', name })
const TOKEN: DelegationToken = {
  tokenId: 'id',
  hmac: Buffer.from('abc'),
  owner: user('a'),
  requester: user('a'),
  renewers: [],
  issuedAtMs: 1,
  expiresAtMs: 2,
  endsAtMs: 3,
}

async function run(line: string, options: RunOptions = {}, methods: Partial<Admin> = {}) {
  const { createAdmin, calls } = memoryAdmin({
    createDelegationToken: async () => TOKEN,
    renewDelegationToken: async () => 60_000,
    expireDelegationToken: async () => 60_000,
    describeDelegationTokens: async () => [TOKEN],
    ...methods,
  })
  const args = ['delegation-tokens', '--bootstrap-server', 'a:1', '--command-config', '/dev/null', ...line.split(' ')]
  const result = await runCommand(args, { createAdmin, ...options })
  return { ...result, calls: calls.filter(({ method }) => method !== 'close') }
}

describe('kt delegation-tokens', () => {
  it('creates a token and shows its secret', async () => {
    const { code, stdout, calls } = await run(
      '--create --max-life-time-period -1 --owner-principal User:o --renewer-principal User:r',
    )
    expect(code).toBe(0)
    expect(calls[0]!.args).toEqual([{ owner: user('o'), renewers: [user('r')], maxLifetimeMs: -1 }])
    expect(stdout).toMatch(
      /^Calling create token operation with renewers :\[User:r\] , max-life-time-period :-1\nCreated delegation token with tokenId : id\n\nTOKENID .*\n\nid +YWJj /,
    )
  })

  it.each([
    ['--renew --renew-time-period 5', 'renew', 'renewDelegationToken', 5],
    ['--expire --expiry-time-period -1', 'expire', 'expireDelegationToken', -1],
  ])('%s: tells the new end, as the script without a line break', async (line, verb, method, periodMs) => {
    const { stdout, calls } = await run(`${line} --hmac YWJj`)
    expect(stdout).toBe(
      `Calling ${verb} token operation with hmac :YWJj , ${verb}-time-period :${periodMs}\n` +
        `Completed ${verb} operation. New expiry date : ${dateText(60_000)}`,
    )
    expect(calls).toEqual([{ method, args: [Buffer.from('abc'), periodMs] }])
    const json = await run(`${line} --hmac YWJj --format json`)
    expect(JSON.parse(json.stdout)).toEqual({
      apiVersion: 'kt/v1',
      kind: 'DelegationTokenExpiry',
      expiresAt: 60_000,
    })
    const terminal = await run(`${line} --hmac YWJj`, { terminal: true })
    expect(terminal.stdout).toBe(`The token expires at ${dateText(60_000)}.\n`)
  })

  it('describes tokens of owners, or every one that may be seen', async () => {
    const all = await run('--describe')
    expect(all.calls[0]!.args).toEqual([undefined])
    expect(all.stdout).toMatch(
      /^Calling describe token operation for current user\.\nTotal number of tokens : 1\nTOKENID/,
    )
    const some = await run('--describe --owner-principal User:a --owner-principal User:b')
    expect(some.calls[0]!.args).toEqual([[user('a'), user('b')]])
    expect(some.stdout).toContain('for owners: [User:a, User:b]\n')
  })

  it('has documents and tables', async () => {
    const json = JSON.parse((await run('--describe --format json')).stdout)
    expect(json).toMatchObject({
      kind: 'DelegationTokenList',
      tokens: [
        {
          tokenId: 'id',
          hmac: 'YWJj',
          owner: 'User:a',
          requester: 'User:a',
          renewers: [],
          issuedAt: 1,
          expiresAt: 2,
          endsAt: 3,
        },
      ],
    })
    expect((await run('--describe', { terminal: true })).stdout).toMatch(/^TOKEN +OWNER +RENEWERS/)
    const none = await run('--describe', { terminal: true }, { describeDelegationTokens: async () => [] })
    expect(none).toMatchObject({ stdout: '', stderr: 'There are no tokens that you may see.\n' })
  })

  it('tells a refusal on stderr, in Java’s words', async () => {
    const describeDelegationTokens = async () => {
      const cause = new KafkaError('DELEGATION_TOKEN_AUTH_DISABLED')
      throw new KtError('kafka', cause.message, { facts: ['a fact'], cause })
    }
    const { code, stdout, stderr } = await run('--describe', {}, { describeDelegationTokens })
    expect(code).toBe(1)
    expect(stdout).toBe('Calling describe token operation for current user.\n')
    expect(stderr).toMatch(/^org\.apache\.kafka\.common\.errors\.DelegationTokenDisabledException: .*\n {2}a fact\n/)
  })

  it.each([
    ['--create --renew', 'Command must include exactly one action: --create, --renew, --expire or --describe'],
    ['--create', 'Missing required argument "[max-life-time-period]"'],
    ['--renew --hmac YWJj', 'Missing required argument "[renew-time-period]"'],
    ['--expire --expiry-time-period 1', 'Missing required argument "[hmac]"'],
    ['--describe --hmac x', `Option "[describe]" can't be used with option "[hmac]"`],
    ['--create --max-life-time-period x', "Cannot parse argument 'x' of option max-life-time-period"],
  ])('%s: is refused', async (line, message) => {
    const { code, stderr, calls } = await run(line)
    expect({ code, calls, first: stderr.split('\n')[0] }).toEqual({ code: 1, calls: [], first: message })
  })

  it('wants to know how to log in', async () => {
    const { stderr } = await runCommand(['delegation-tokens', '--bootstrap-server', 'a:1', '--describe'])
    expect(stderr).toContain('Missing required argument "[command-config]"')
  })
})
