import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ProfileStore } from '../../../src/cli/profiles.ts'
import { CA_PEM } from '../../support/certificates.ts'
import { type RunOptions, runCommand } from '../../support/run-command.ts'

let home: string
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-profile-add-'))
})
afterEach(() => fs.rmSync(home, { recursive: true }))
const add = (args: readonly string[], options: RunOptions = {}) =>
  runCommand(['profile', 'add', 'p', ...args], { ...options, env: { KT_HOME: home } })
const saved = (): Record<string, string> => Object.fromEntries(new ProfileStore({ KT_HOME: home }).read('p'))

const LOGIN = ['--security-protocol', 'SASL_PLAINTEXT', '--mechanism', 'PLAIN', '--user', 'alice']
const JAAS = 'org.apache.kafka.common.security.plain.PlainLoginModule required username="alice"'

describe('kt profile add', () => {
  it('takes flags before properties before a file', async () => {
    const file = path.join(home, 'c.properties')
    fs.writeFileSync(file, 'bootstrap.servers=file:1\nclient.id=file\nsecurity.protocol=PLAINTEXT\n')
    const { code } = await add([
      '--command-config',
      file,
      '--property',
      'client.id=a=b',
      'request.timeout.ms=7',
      '--bootstrap-server',
      'flag:1',
    ])
    expect(code).toBe(0)
    expect(saved()).toEqual({
      'bootstrap.servers': 'flag:1',
      'client.id': 'a=b',
      'security.protocol': 'PLAINTEXT',
      'request.timeout.ms': '7',
    })
  })

  it('reads a password from standard input, and never prints it', async () => {
    const { code, stdout, stderr } = await add([...LOGIN, '--password-stdin'], { input: 'se"same\n' })
    expect(code).toBe(0)
    expect(saved()['sasl.jaas.config']).toBe(`${JAAS} password="se\\"same";`)
    expect(stdout + stderr).not.toContain('same')
    const { stdout: shown } = await runCommand(['profile', 'show', 'p', '--format', 'json'], { env: { KT_HOME: home } })
    expect(shown).not.toContain('same')
  })

  it('repeats nothing of a property that may be the rest of a password', async () => {
    const property = ['--property', 'ssl.key.password=correct', 'horse9']
    const { code, stdout, stderr } = await add(['--bootstrap-server', 'h:1', ...property])
    expect(code).toBe(2)
    expect(stderr).toContain('not of the form key=value')
    expect(stdout + stderr).not.toMatch(/correct|horse9/)
    expect((await add(['--property', 'client.id'])).stderr).toContain('--property client.id is not')
  })

  it('takes no login where the protocol has none', async () => {
    const { code, stderr } = await add(['--mechanism', 'PLAIN', '--user', 'alice'])
    expect(code).toBe(2)
    expect(stderr).toContain('--user goes with --security-protocol SASL_SSL or SASL_PLAINTEXT')
  })

  it('says what PLAIN without TLS means', async () => {
    expect((await add(LOGIN)).stderr).toContain('sends the password as it is')
    const scram = LOGIN.map((word) => (word === 'PLAIN' ? 'SCRAM-SHA-256' : word))
    expect((await add([...scram, '--replace'])).stderr).not.toContain('as it is')
  })

  it('asks for it at a terminal', async () => {
    const { questions, stdout, stderr } = await add(LOGIN, { terminal: true, answers: ['typed'] })
    expect(questions).toEqual(['Password of alice'])
    expect(saved()['sasl.jaas.config']).toBe(`${JAAS} password="typed";`)
    expect(stdout + stderr).not.toContain('typed')
  })

  it('goes on without one where nobody can be asked', async () => {
    const { code, stderr } = await add(LOGIN)
    expect(code).toBe(0)
    expect(stderr).toContain('KT_SASL_PASSWORD')
    expect(saved()['sasl.jaas.config']).toBe(`${JAAS};`)
  })

  it('keeps files by their whole path', async () => {
    const file = path.join(home, 'ca.pem')
    fs.writeFileSync(file, CA_PEM)
    await add(['--security-protocol', 'SSL', '--truststore', path.relative(process.cwd(), file)])
    expect(saved()['ssl.truststore.location']).toBe(file)
  })

  it.each<[string, string[], RegExp]>([
    ['nothing', [], /needs settings/],
    ['a property without a value', ['--property', 'x'], /not of the form key=value/],
    ['a password for nobody', ['--password-stdin'], /goes with --user/],
    ['a user without a mechanism', ['--user', 'a'], /goes with --mechanism/],
    ['what cannot be', ['--security-protocol', 'TLS'], /Invalid value TLS/],
    ['a trust store that is not there', ['--security-protocol', 'SSL', '--truststore', '/none'], /Cannot read \/none/],
  ])('refuses %s, and saves nothing', async (_, args, reason) => {
    const { code, stderr } = await add(args)
    expect(code).not.toBe(0)
    expect(stderr).toMatch(reason)
    expect(new ProfileStore({ KT_HOME: home }).list()).toEqual([])
  })
})
