import * as http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { KtError } from '../../../src/base/errors.ts'
import { nodeFileSystem } from '../../../src/base/file-system.ts'
import { awsCredentials } from '../../../src/client/security/aws-credentials.ts'

const KEYS = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' }
const CREDENTIALS =
  '[default]\naws_access_key_id = D\naws_secret_access_key = DS\n\n[work]\naws_access_key_id=W\naws_secret_access_key=WS\naws_session_token=WT\n'
/** No machine of AWS: its address would be waited for. */
const ALONE = { HOME: '/home/me', AWS_EC2_METADATA_DISABLED: 'true' }

const filesWith = (content: Record<string, string>) => ({
  ...nodeFileSystem,
  exists: (path: string) => content[path] !== undefined,
  readFile(path: string): Buffer {
    if (content[path] === undefined) throw new Error(`ENOENT ${path}`)
    return Buffer.from(content[path])
  },
})
const none = filesWith({})
const file = filesWith({ '/home/me/.aws/credentials': CREDENTIALS })

const failure = (given: Parameters<typeof awsCredentials>[0]): Promise<KtError> =>
  awsCredentials(given).then(
    () => {
      throw new Error('there were credentials')
    },
    (error: KtError) => error,
  )

const servers: http.Server[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))))
})

interface Asked {
  readonly method: string
  readonly url: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

/** A service that answers as told, and what it was asked. */
async function service(answer: (asked: Asked) => [status: number, body: string]) {
  const asked: Asked[] = []
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method = '', url = '', headers } = request
    const one = { method, url, headers, body: Buffer.concat(chunks).toString() }
    asked.push(one)
    const [status, body] = answer(one)
    response.writeHead(status).end(body)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

const JSON_KEYS = JSON.stringify({ AccessKeyId: 'A', SecretAccessKey: 'S', Token: 'T', Code: 'Success' })
const FOUND = { accessKeyId: 'A', secretAccessKey: 'S', sessionToken: 'T' }

describe('AWS credentials', () => {
  it('come from the environment first', async () => {
    expect((await awsCredentials({ env: { ...ALONE, ...KEYS }, files: file })).accessKeyId).toBe('AKIDEXAMPLE')
  })

  it('come from the profile that is named', async () => {
    const work = { accessKeyId: 'W', secretAccessKey: 'WS', sessionToken: 'WT' }
    expect(await awsCredentials({ env: { ...ALONE, ...KEYS }, files: file, profile: 'work' })).toEqual(work)
    expect(await awsCredentials({ env: { ...ALONE, AWS_PROFILE: 'work' }, files: file })).toEqual(work)
    expect(await awsCredentials({ env: ALONE, files: file })).toMatchObject({ accessKeyId: 'D' })
  })

  it('come from the configuration file, where profiles are called so', async () => {
    const files = filesWith({
      '/home/me/.aws/config': '[profile work]\naws_access_key_id=C\naws_secret_access_key=CS\n',
      '/elsewhere': '[default]\naws_access_key_id=E\naws_secret_access_key=ES\n',
    })
    expect(await awsCredentials({ env: ALONE, files, profile: 'work' })).toMatchObject({ accessKeyId: 'C' })
    const env = { ...ALONE, AWS_CONFIG_FILE: '/elsewhere' }
    expect(await awsCredentials({ env, files })).toMatchObject({ accessKeyId: 'E' })
  })

  it('come for a web identity', async () => {
    const xml = '<R><AccessKeyId>A</AccessKeyId><SecretAccessKey>S</SecretAccessKey><SessionToken>T</SessionToken></R>'
    const { url, asked } = await service(() => [200, xml])
    const env = { ...ALONE, AWS_WEB_IDENTITY_TOKEN_FILE: '/token', AWS_ROLE_ARN: 'arn:r', AWS_ENDPOINT_URL_STS: url }
    expect(await awsCredentials({ env, files: filesWith({ '/token': 'jwt\n' }) })).toEqual(FOUND)
    expect(Object.fromEntries(new URLSearchParams(asked[0]!.body))).toEqual({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: 'arn:r',
      RoleSessionName: 'kt',
      WebIdentityToken: 'jwt',
    })
  })

  it('come from a container, with its token', async () => {
    const { url, asked } = await service(() => [200, JSON_KEYS])
    const env = {
      ...ALONE,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/v1`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: '/token',
    }
    expect(await awsCredentials({ env, files: filesWith({ '/token': 'pod\n' }) })).toEqual(FOUND)
    expect(asked[0]).toMatchObject({ method: 'GET', url: '/v1', headers: { authorization: 'pod' } })
  })

  it('come from the machine, by a token of its metadata service', async () => {
    const { url, asked } = await service(({ method, url: path }) => {
      if (method === 'PUT') return [200, 'session']
      return [200, path.endsWith('/') ? 'my-role\n' : JSON_KEYS]
    })
    const env = { HOME: '/home/me', AWS_EC2_METADATA_SERVICE_ENDPOINT: url }
    expect(await awsCredentials({ env, files: none })).toEqual(FOUND)
    expect(asked.map(({ method, url: path }) => `${method} ${path}`)).toEqual([
      'PUT /latest/api/token',
      'GET /latest/meta-data/iam/security-credentials/',
      'GET /latest/meta-data/iam/security-credentials/my-role',
    ])
    expect(asked[2]!.headers['x-aws-ec2-metadata-token']).toBe('session')
  })

  it('are looked for in the next place when one fails, and every place is told', async () => {
    const { url } = await service(() => [403, '<E><Message>not\u0007 you</Message></E>'])
    const env = {
      ...ALONE,
      ...{ AWS_WEB_IDENTITY_TOKEN_FILE: '/token', AWS_ROLE_ARN: 'arn:r', AWS_ENDPOINT_URL_STS: url },
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/v1`,
    }
    const error = await failure({ env, files: filesWith({ '/token': 'jwt' }) })
    expect(error.kind).toBe('authentication')
    expect(error.facts).toEqual([
      'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set',
      `the role arn:r with the token in /token, at ${url}: HTTP status 403: not  you`,
      '/home/me/.aws/credentials has no keys for the profile default',
      '/home/me/.aws/config has no keys for the profile default',
      `the container's endpoint ${url}/v1: HTTP status 403`,
      "the machine's metadata was not asked: AWS_EC2_METADATA_DISABLED is set",
    ])
    expect(error.next).toBe('eval "$(aws configure export-credentials --format env)"')
  })

  it('of a machine that refuses are not waited for', async () => {
    const { url } = await service(() => [404, ''])
    const error = await failure({ env: { HOME: '/h', AWS_EC2_METADATA_SERVICE_ENDPOINT: url }, files: none })
    expect(error.facts.at(-1)).toBe(`the machine's metadata at ${url}: HTTP status 404 for /latest/api/token`)
  })

  it.each([
    ['role_arn=arn:aws:iam::1:role/x', /assumes the role arn:aws:iam::1:role\/x: kt assumes none/],
    ['sso_session=s', /\(SSO\): kt does not, aws sso login does/],
    ['credential_process=/bin/x', /runs a credential_process: kt runs none/],
  ])('that a profile gets by %s are the AWS CLI’s affair', async (line, fact) => {
    const files = filesWith({ '/home/me/.aws/config': `[profile work]\n${line}\n` })
    const error = await failure({ env: ALONE, files, profile: 'work' })
    expect(error.facts).toContainEqual(expect.stringMatching(fact))
    expect(error.next).toContain('aws configure export-credentials --format env --profile work')
  })
})
