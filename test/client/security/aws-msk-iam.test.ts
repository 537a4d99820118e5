import { createHash, createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { regionOf, signedPayload } from '../../../src/client/security/aws-msk-iam.ts'

const HOST = 'b-1.demo.abcdef.c2.kafka.eu-west-1.amazonaws.com'
const ENV = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI', AWS_SESSION_TOKEN: 'FwoG/+=' }
const now = (): Date => new Date('2026-11-21T10:11:12.345Z')

/** Signature Version 4 from its definition: the canonical request of a query-signed GET with the host as its one header. */
function expectedSignature(fields: Record<string, string>): string {
  const query = Object.entries(fields)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join('&')
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
  const request = ['GET', '/', query, `host:${HOST}`, '', 'host', sha256('')].join('\n')
  const scope = '20261121/eu-west-1/kafka-cluster/aws4_request'
  const toSign = ['AWS4-HMAC-SHA256', '20261121T101112Z', scope, sha256(request)].join('\n')
  const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()
  let key: Buffer = hmac(`AWS4${ENV.AWS_SECRET_ACCESS_KEY}`, '20261121')
  for (const part of ['eu-west-1', 'kafka-cluster', 'aws4_request']) key = hmac(key, part)
  return hmac(key, toSign).toString('hex')
}

describe('AWS_MSK_IAM', () => {
  it('signs the right to connect, as Signature Version 4 is defined', async () => {
    const payload = JSON.parse((await signedPayload(HOST, { env: ENV, now })).toString())
    const credential = 'AKIDEXAMPLE/20261121/eu-west-1/kafka-cluster/aws4_request'
    expect(payload).toEqual({
      version: '2020_10_22',
      host: HOST,
      'user-agent': 'kafka-toolkit',
      action: 'kafka-cluster:Connect',
      'x-amz-algorithm': 'AWS4-HMAC-SHA256',
      'x-amz-credential': credential,
      'x-amz-date': '20261121T101112Z',
      'x-amz-expires': '900',
      'x-amz-security-token': 'FwoG/+=',
      'x-amz-signedheaders': 'host',
      'x-amz-signature': expectedSignature({
        Action: 'kafka-cluster:Connect',
        'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
        'X-Amz-Credential': credential,
        'X-Amz-Date': '20261121T101112Z',
        'X-Amz-Expires': '900',
        'X-Amz-Security-Token': 'FwoG/+=',
        'X-Amz-SignedHeaders': 'host',
      }),
    })
  })

  it.each([
    [HOST, {}, 'eu-west-1'],
    ['boot-x.c1.kafka-serverless.us-east-1.amazonaws.com', {}, 'us-east-1'],
    ['b-1.x.kafka.cn-north-1.amazonaws.com.cn', { AWS_REGION: 'eu-west-1' }, 'cn-north-1'],
    ['kafka.internal', { AWS_REGION: 'eu-west-2' }, 'eu-west-2'],
    ['kafka.internal', { AWS_DEFAULT_REGION: 'eu-west-3' }, 'eu-west-3'],
  ])('knows the region of %s', (host, env, region) => {
    expect(regionOf(host, env)).toBe(region)
  })

  it('asks for the region that it does not know', () => {
    expect(() => regionOf('kafka.internal', {})).toThrow('The AWS region of kafka.internal is not known')
  })
})
