/** One form posted over HTTP, for token endpoints: no redirects, a time limit, a bounded answer. */
import type { IncomingMessage, RequestOptions } from 'node:http'
import type { TlsOptions } from '../admin-types.ts'

export interface FormRequest {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly timeoutMs: number
  readonly tls: TlsOptions | undefined
}

export interface FormAnswer {
  readonly status: number
  readonly body: string
}

/** A token and its wrapping take a few KiB; what is longer is something else. */
const MAX_ANSWER_BYTES = 1024 * 1024

/** Posts and reads the answer, whatever its status. Rejects when there is none. */
export async function postForm({ url, headers, body, timeoutMs, tls }: FormRequest): Promise<FormAnswer> {
  const { request } = url.protocol === 'https:' ? await import('node:https') : await import('node:http')
  const options: RequestOptions = {
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(Buffer.byteLength(body)),
      ...headers,
    },
    signal: AbortSignal.timeout(timeoutMs),
    // A connection of its own: nothing stays open behind the login.
    agent: false,
    ...(tls === undefined ? {} : tlsFields(tls)),
  }
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (answer) => readAll(answer).then(resolve, reject))
    sent.on('error', (error) => {
      const timedOut = error.name === 'AbortError' || error.name === 'TimeoutError'
      reject(timedOut ? new Error(`no answer within ${timeoutMs} ms`) : error)
    })
    sent.end(body)
  })
}

function tlsFields(tls: TlsOptions): object {
  const { caPem: ca, certPem: cert, keyPem: key, keyPassword: passphrase, verifyHostname, minVersion, maxVersion } = tls
  const anyHost = verifyHostname === false ? { checkServerIdentity: () => undefined } : {}
  return { ca, cert, key, passphrase, minVersion, maxVersion, allowPartialTrustChain: true, ...anyHost }
}

async function readAll(answer: IncomingMessage): Promise<FormAnswer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`the answer is longer than ${MAX_ANSWER_BYTES} bytes`)
    chunks.push(chunk)
  }
  return { status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }
}
