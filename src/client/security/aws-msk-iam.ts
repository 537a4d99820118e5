/** AWS_MSK_IAM: the first and only message of the mechanism, a signed URL in the form of JSON. */
import { KtError } from '../../base/errors.ts'
import type { FileSystem } from '../../base/file-system.ts'
import { awsCredentials } from './aws-credentials.ts'

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
  const signed = aws4.sign(request, await awsCredentials({ ...options, env }))
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
