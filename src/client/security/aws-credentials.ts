/**
 * Credentials of AWS, from where its own tools take them: environment, shared files, a web identity, a container, the
 * machine. Each of those that are asked over a network has a time limit; roles of a profile and single sign-on are the AWS
 * CLI's affair.
 */
import * as os from 'node:os'
import * as path from 'node:path'
import { KtError } from '../../base/errors.ts'
import { type FileSystem, nodeFileSystem } from '../../base/file-system.ts'
import { postForm } from './http-form.ts'
import { type HttpAnswer, httpText } from './http-text.ts'

export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

type Environment = Readonly<Record<string, string | undefined>>

export interface AwsSource {
  /** `awsProfileName` of sasl.jaas.config */
  readonly profile?: string | undefined
  readonly env: Environment
  readonly files: FileSystem
}

/** Containers and the security token service answer in milliseconds. */
const SERVICE_TIMEOUT_MS = 5_000
/** Elsewhere than at AWS nobody answers at the machine's own address. */
const MACHINE_TIMEOUT_MS = 1_000
const CONTAINER = 'http://169.254.170.2'
const MACHINE = 'http://169.254.169.254'
const MACHINE_TOKEN_SECONDS = 300

/** The first that has some. Throws an authentication `KtError` that tells where was looked. */
export async function awsCredentials(given: Partial<AwsSource>): Promise<AwsCredentials> {
  const { profile, env = process.env, files = nodeFileSystem } = given
  const source = { profile, env, files }
  const tried: string[] = []
  const ways = [fromEnvironment, fromWebIdentity, fromFiles, fromContainer, fromMachine]
  for (const way of ways) {
    const found = await way(source, tried)
    if (found !== null) return found
  }
  const name = profileName(source)
  throw new KtError('authentication', 'No AWS credentials for AWS_MSK_IAM', {
    facts: tried,
    next: `eval "$(aws configure export-credentials --format env${name === 'default' ? '' : ` --profile ${name}`})"`,
  })
}

function fromEnvironment({ profile, env }: AwsSource, tried: string[]): AwsCredentials | null {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env
  // A profile that is named wins over the environment, as in Amazon's own login module.
  if (profile === undefined && accessKeyId && secretAccessKey) {
    return { accessKeyId, secretAccessKey, sessionToken: env.AWS_SESSION_TOKEN }
  }
  if (profile === undefined) tried.push('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set')
  return null
}

function profileName({ profile, env }: AwsSource): string {
  return profile ?? env.AWS_PROFILE ?? 'default'
}

function fromFiles(source: AwsSource, tried: string[]): AwsCredentials | null {
  const { env, files } = source
  const name = profileName(source)
  const directory = path.join(env.HOME ?? os.homedir(), '.aws')
  const places = [
    { file: env.AWS_SHARED_CREDENTIALS_FILE ?? path.join(directory, 'credentials'), section: name },
    {
      file: env.AWS_CONFIG_FILE ?? path.join(directory, 'config'),
      section: name === 'default' ? name : `profile ${name}`,
    },
  ]
  for (const { file, section } of places) {
    const values = files.exists(file) ? sectionOf(files.readFile(file).toString('utf8'), section) : new Map()
    const [id, secret] = [values.get('aws_access_key_id'), values.get('aws_secret_access_key')]
    if (id !== undefined && secret !== undefined) {
      return { accessKeyId: id, secretAccessKey: secret, sessionToken: values.get('aws_session_token') }
    }
    tried.push(`${file} has no keys for the profile ${name}`, ...whatItWants(values, name))
  }
  return null
}

/** What a profile has instead of keys, and who can make keys of it. */
function whatItWants(values: ReadonlyMap<string, string>, name: string): string[] {
  if (values.has('role_arn')) return [`the profile ${name} assumes the role ${values.get('role_arn')}: kt assumes none`]
  if (values.has('sso_start_url') || values.has('sso_session')) {
    return [`the profile ${name} signs on once for all (SSO): kt does not, aws sso login does`]
  }
  return values.has('credential_process') ? [`the profile ${name} runs a credential_process: kt runs none`] : []
}

function sectionOf(text: string, name: string): Map<string, string> {
  const values = new Map<string, string>()
  let inside = false
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[\s*(.+?)\s*\]/.exec(line)
    if (header !== null) inside = header[1]!.replace(/\s+/g, ' ') === name
    const pair = /^\s*([a-z_]+)\s*=\s*(.*?)\s*$/.exec(line)
    if (inside && pair !== null) values.set(pair[1]!, pair[2]!)
  }
  return values
}

/** A token file and a role, as in pods of EKS: the security token service takes one for the other, unsigned. */
async function fromWebIdentity({ profile, env, files }: AwsSource, tried: string[]): Promise<AwsCredentials | null> {
  const { AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_ROLE_ARN: role } = env
  if (profile !== undefined || !file || !role) return null
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION
  const url = env.AWS_ENDPOINT_URL_STS ?? `https://sts${region === undefined ? '' : `.${region}`}.amazonaws.com/`
  const what = `the role ${role} with the token in ${file}`
  return asked(`${what}, at ${url}`, tried, async () => {
    const form = new URLSearchParams({
      ...{ Action: 'AssumeRoleWithWebIdentity', Version: '2011-06-15', RoleArn: role },
      RoleSessionName: env.AWS_ROLE_SESSION_NAME ?? 'kt',
      WebIdentityToken: files.readFile(file).toString('utf8').trim(),
    })
    const request = { url: new URL(url), body: form.toString(), timeoutMs: SERVICE_TIMEOUT_MS }
    const answer = await postForm({ ...request, headers: { accept: 'text/xml' }, tls: undefined })
    const field = (name: string): string | undefined => new RegExp(`<${name}>([^<]*)</${name}>`).exec(answer.body)?.[1]
    return complete(answer, field('AccessKeyId'), field('SecretAccessKey'), field('SessionToken'), field('Message'))
  })
}

/** Tasks of ECS, and pods of EKS with an agent. */
async function fromContainer({ profile, env, files }: AwsSource, tried: string[]): Promise<AwsCredentials | null> {
  const relative = env.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI
  const url = relative ? `${CONTAINER}${relative}` : env.AWS_CONTAINER_CREDENTIALS_FULL_URI
  if (profile !== undefined || !url) return null
  return asked(`the container's endpoint ${url}`, tried, async () => {
    const file = env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE
    const token = file ? files.readFile(file).toString('utf8').trim() : env.AWS_CONTAINER_AUTHORIZATION_TOKEN
    const headers: Record<string, string> = token ? { authorization: token } : {}
    return ofJson(await httpText(new URL(url), { method: 'GET', headers, timeoutMs: SERVICE_TIMEOUT_MS }))
  })
}

/** The role of an EC2 machine, by the second version of its metadata service. */
async function fromMachine({ profile, env }: AwsSource, tried: string[]): Promise<AwsCredentials | null> {
  if (profile !== undefined) return null
  if (env.AWS_EC2_METADATA_DISABLED?.toLowerCase() === 'true') {
    tried.push("the machine's metadata was not asked: AWS_EC2_METADATA_DISABLED is set")
    return null
  }
  const base = env.AWS_EC2_METADATA_SERVICE_ENDPOINT ?? MACHINE
  return asked(`the machine's metadata at ${base}`, tried, async () => {
    const ask = async (method: string, where: string, headers: Readonly<Record<string, string>>) => {
      const answer = await httpText(new URL(where, base), { method, headers, timeoutMs: MACHINE_TIMEOUT_MS })
      if (answer.status !== 200) throw new Error(`HTTP status ${answer.status} for ${where}`)
      return answer
    }
    const life = { 'x-aws-ec2-metadata-token-ttl-seconds': String(MACHINE_TOKEN_SECONDS) }
    const { body: token } = await ask('PUT', '/latest/api/token', life)
    const headers = { 'x-aws-ec2-metadata-token': token.trim() }
    const roles = '/latest/meta-data/iam/security-credentials/'
    const role = (await ask('GET', roles, headers)).body.split('\n')[0]!.trim()
    return ofJson(await ask('GET', `${roles}${encodeURIComponent(role)}`, headers))
  })
}

/** What goes wrong is a fact about this place; the next one is asked. */
async function asked(
  what: string,
  tried: string[],
  ask: () => Promise<AwsCredentials>,
): Promise<AwsCredentials | null> {
  try {
    return await ask()
  } catch (error) {
    tried.push(`${what}: ${(error as Error).message || String(error)}`)
    return null
  }
}

function ofJson(answer: HttpAnswer): AwsCredentials {
  let fields: Record<string, unknown> = {}
  try {
    fields = Object(JSON.parse(answer.body))
  } catch {
    // Told below by its status.
  }
  const text = (name: string): string | undefined =>
    typeof fields[name] === 'string' ? (fields[name] as string) : undefined
  return complete(answer, text('AccessKeyId'), text('SecretAccessKey'), text('Token'), text('message'))
}

/** A stranger's words: on one line, no control characters, no essays. */
const MAX_SAID = 200

function complete(
  { status }: HttpAnswer,
  accessKeyId: string | undefined,
  secretAccessKey: string | undefined,
  sessionToken: string | undefined,
  said: string | undefined,
): AwsCredentials {
  if (status === 200 && accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey, sessionToken }
  const words = said === undefined ? '' : `: ${said.replace(/\p{Cc}/gu, ' ').slice(0, MAX_SAID)}`
  throw new Error(`HTTP status ${status}${status === 200 ? ' without credentials' : ''}${words}`)
}
