/**
 * AWS_MSK_IAM: the first and only message of the mechanism, a signed URL in the form of JSON. Credentials come from the
 * environment or from the shared credentials file; roles and single sign-on are the AWS CLI's affair.
 */
import * as os from 'node:os'
import * as path from 'node:path'
import { KtError } from '../../base/errors.ts'
import { type FileSystem, nodeFileSystem } from '../../base/file-system.ts'

export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

export interface SigningOptions {
  /** `awsProfileName` of sasl.jaas.config */
  readonly profile?: string | undefined
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly files?: FileSystem
  readonly now?: () => Date
}

/** Seconds for which the broker takes the signature. */
const EXPIRES_SECONDS = 900

/** What is sent to the broker at `host`. Throws usage and authentication `KtError`s. */
export async function signedPayload(host: string, options: SigningOptions = {}): Promise<Buffer> {
  const { env = process.env, now = () => new Date() } = options
  const { default: aws4 } = await import('aws4')
  const action = 'kafka-cluster:Connect'
  const date = now()
    .toISOString()
    .replace(/[-:]|\.\d{3}/g, '')
  const query = `Action=${encodeURIComponent(action)}&X-Amz-Date=${date}&X-Amz-Expires=${EXPIRES_SECONDS}`
  const request = {
    host,
    path: `/?${query}`,
    service: 'kafka-cluster',
    region: regionOf(host, env),
    method: 'GET',
    signQuery: true,
  }
  const signed = aws4.sign(request, awsCredentials({ ...options, env }))
  const fields = [...new URLSearchParams(signed.path!.slice(2))].map(([name, value]) => [name.toLowerCase(), value])
  const payload = { version: '2020_10_22', host, 'user-agent': 'kafka-toolkit', ...Object.fromEntries(fields) }
  return Buffer.from(JSON.stringify(payload))
}

/** Brokers of MSK carry their region in their names. */
export function regionOf(host: string, env: Readonly<Record<string, string | undefined>>): string {
  const named = /\.kafka(?:-serverless)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/.exec(host)?.[1]
  const region = named ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION
  if (region !== undefined && region !== '') return region
  throw new KtError('usage', `The AWS region of ${host} is not known`, {
    facts: ['brokers of MSK carry it in their names, this one does not'],
    next: 'set AWS_REGION',
  })
}

/** From the environment, else from a profile of the shared credentials file. Throws an authentication `KtError`. */
export function awsCredentials({ profile, env = process.env, files = nodeFileSystem }: SigningOptions): AwsCredentials {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env
  if (profile === undefined && accessKeyId && secretAccessKey) {
    return { accessKeyId, secretAccessKey, sessionToken: env.AWS_SESSION_TOKEN }
  }
  const name = profile ?? env.AWS_PROFILE ?? 'default'
  const file = env.AWS_SHARED_CREDENTIALS_FILE ?? path.join(env.HOME ?? os.homedir(), '.aws', 'credentials')
  const section = files.exists(file) ? sectionOf(files.readFile(file).toString('utf8'), name) : new Map()
  const [id, secret] = [section.get('aws_access_key_id'), section.get('aws_secret_access_key')]
  if (id !== undefined && secret !== undefined) {
    return { accessKeyId: id, secretAccessKey: secret, sessionToken: section.get('aws_session_token') }
  }
  throw new KtError('authentication', 'No AWS credentials for AWS_MSK_IAM', {
    facts: [
      'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set',
      `${file} has no keys for the profile ${name}`,
      'kt knows no roles, no single sign-on and no instance metadata; the AWS CLI does',
    ],
    next: `eval "$(aws configure export-credentials --format env${name === 'default' ? '' : ` --profile ${name}`})"`,
  })
}

function sectionOf(text: string, name: string): Map<string, string> {
  const values = new Map<string, string>()
  let inside = false
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[\s*(.+?)\s*\]/.exec(line)
    if (header !== null) inside = header[1] === name
    const pair = /^\s*([a-z_]+)\s*=\s*(.*?)\s*$/.exec(line)
    if (inside && pair !== null) values.set(pair[1]!, pair[2]!)
  }
  return values
}
