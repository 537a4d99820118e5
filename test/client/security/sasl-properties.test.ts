import { describe, expect, it } from 'vitest'
import { KtError } from '../../../src/base/errors.ts'
import { nodeFileSystem } from '../../../src/base/file-system.ts'
import type { AwsLogin, BearerLogin } from '../../../src/client/admin-types.ts'
import { saslOptions } from '../../../src/client/security/sasl-properties.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { TokenIssuer } from '../../support/token-issuer.ts'

const PASSWORD = 'M required username="u" password="p";'
const files = (content: Record<string, string>) => ({
  ...nodeFileSystem,
  readFile(path: string): Buffer {
    if (content[path] === undefined) throw new Error(`ENOENT ${path}`)
    return Buffer.from(content[path])
  },
})

const login = (properties: Record<string, string>, content: Record<string, string> = {}) =>
  saslOptions(new Map(Object.entries(properties)), files(content))
const bearer = (properties: Record<string, string>, content: Record<string, string> = {}) =>
  login({ 'sasl.mechanism': 'OAUTHBEARER', ...properties }, content) as BearerLogin

const URL_KEY = 'sasl.oauthbearer.token.endpoint.url'
const HANDLER = 'sasl.login.callback.handler.class'
const RETRIEVER = 'sasl.oauthbearer.jwt.retriever.class'
const PACKAGE = 'org.apache.kafka.common.security.oauthbearer'
const OIDC = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler'

describe('sasl.* properties', () => {
  it.each(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'])('%s has a user and a password', (mechanism) => {
    const properties = { 'sasl.mechanism': mechanism, 'sasl.jaas.config': PASSWORD }
    expect(login(properties)).toEqual({ mechanism, username: 'u', password: 'p' })
  })

  it('SCRAM may log in with a delegation token', () => {
    const jaas = 'M required username="id" password="hmac" tokenauth="true";'
    expect(login({ 'sasl.mechanism': 'SCRAM-SHA-256', 'sasl.jaas.config': jaas })).toMatchObject({ tokenAuth: true })
    expect(login({ 'sasl.mechanism': 'PLAIN', 'sasl.jaas.config': jaas })).not.toHaveProperty('tokenAuth')
  })

  it('AWS_MSK_IAM signs when it is time; roles are somebody else’s affair', async () => {
    const aws = login({ 'sasl.mechanism': 'AWS_MSK_IAM', 'sasl.jaas.config': 'I required awsProfileName="none-such";' })
    await expect((aws as AwsLogin).payload('kafka.internal')).rejects.toThrow(/AWS/)
    const role = {
      'sasl.mechanism': 'AWS_MSK_IAM',
      'sasl.jaas.config': 'I required awsRoleArn="arn:aws:iam::1:role/r";',
    }
    expect(() => login(role)).toThrow(/awsRoleArn/)
  })

  it.each<[string, Record<string, string>, RegExp]>([
    ['Kerberos, the default', {}, /sasl.mechanism GSSAPI is not supported/],
    ['a mechanism of somebody else', { 'sasl.mechanism': 'CUSTOM' }, /CUSTOM is not supported/],
    ['a login without a config', { 'sasl.mechanism': 'PLAIN' }, /sasl.jaas.config is missing/],
    ['no password', { 'sasl.mechanism': 'PLAIN', 'sasl.jaas.config': 'M required username="u";' }, /no password/],
    ['a token of nobody', { 'sasl.mechanism': 'OAUTHBEARER' }, /unsecuredLoginStringClaim_sub/],
    ['an endpoint that is no URL', { 'sasl.mechanism': 'OAUTHBEARER', [URL_KEY]: 'here' }, /Invalid value here/],
    [
      'an endpoint without a client',
      { 'sasl.mechanism': 'OAUTHBEARER', [URL_KEY]: 'https://x/' },
      /client.id is missing/,
    ],
    ['a handler without an endpoint', { 'sasl.mechanism': 'OAUTHBEARER', [HANDLER]: OIDC }, /endpoint.url is missing/],
    ['a handler of somebody else', { 'sasl.mechanism': 'OAUTHBEARER', [HANDLER]: 'a.B' }, /a.B is a Java class/],
    [
      'a grant without an endpoint',
      { 'sasl.mechanism': 'OAUTHBEARER', [RETRIEVER]: `${PACKAGE}.JwtBearerJwtRetriever` },
      /Invalid value {2}for configuration sasl.oauthbearer.token.endpoint.url/,
    ],
    [
      'a grant without a key',
      { 'sasl.mechanism': 'OAUTHBEARER', [RETRIEVER]: `${PACKAGE}.JwtBearerJwtRetriever`, [URL_KEY]: 'https://x/' },
      /assertion.private.key.file is missing/,
    ],
    ['a retriever of somebody else', { 'sasl.mechanism': 'OAUTHBEARER', [RETRIEVER]: 'a.B' }, /a.B is a Java class/],
    ['Kerberos, and says what it speaks', { 'sasl.mechanism': 'GSSAPI' }, /sasl.mechanism GSSAPI is not supported/],
  ])('refuse %s', (_, properties, reason) => {
    expect(() => login(properties)).toThrow(KtError)
    expect(() => login(properties)).toThrow(reason)
  })
})

describe('OAUTHBEARER', () => {
  it('makes an unsecured token when no endpoint is named', async () => {
    const clock = new ManualClock()
    const jaas = 'M required unsecuredLoginStringClaim_sub="alice";'
    const properties = new Map([
      ['sasl.mechanism', 'OAUTHBEARER'],
      ['sasl.jaas.config', jaas],
    ])
    const { token } = saslOptions(properties, nodeFileSystem, clock) as BearerLogin
    const first = await token()
    expect(first.principal).toBe('alice')
    expect(await token()).toBe(first)
    await clock.advance(3_600_000)
    expect(await token()).not.toBe(first)
  })

  it('reads a token from a file', async () => {
    const { token } = bearer({ [URL_KEY]: 'file:///run/token' }, { '/run/token': 'secret\n' })
    expect((await token()).value).toBe('secret')
    await expect(bearer({ [URL_KEY]: 'file:///none' }).token()).rejects.toThrow('Cannot read the token file /none')
    for (const url of ['file:///%zz', 'file://elsewhere/token']) {
      await expect(bearer({ [URL_KEY]: url }).token()).rejects.toThrow('Cannot read the token file')
    }
  })

  it('takes times that are numbers', () => {
    const jaas = 'M required clientId="a" clientSecret="b";'
    const given = { [URL_KEY]: 'https://issuer/token', 'sasl.jaas.config': jaas }
    expect(() => bearer({ ...given, 'sasl.login.read.timeout.ms': '10s' })).toThrow(
      'Invalid value 10s for configuration sasl.login.read.timeout.ms: Not a number of type INT',
    )
    expect(() => bearer({ ...given, 'sasl.login.connect.timeout.ms': '99999999999' })).toThrow('Not a number')
  })

  it('asks an endpoint; properties win over the JAAS options', async () => {
    const issuer = await TokenIssuer.start()
    const jaas = 'M required clientId="jaas" clientSecret="sesame" scope="s" extension_logicalCluster="lkc";'
    const properties = { [URL_KEY]: issuer.url, 'sasl.jaas.config': jaas, [HANDLER]: OIDC }
    const token = await bearer(properties).token()
    expect(token).toMatchObject({ principal: 'jaas', extensions: new Map([['logicalCluster', 'lkc']]) })
    expect(issuer.lastBody).toContain('scope=s')
    const named = { ...properties, 'sasl.oauthbearer.client.credentials.client.id': 'property' }
    expect((await bearer(named).token()).principal).toBe('property')
    await issuer.stop()
  })
})
