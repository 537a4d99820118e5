/** One small request over HTTP, for services of credentials: no redirects, a time limit, a bounded answer. */
import type { IncomingMessage, RequestOptions } from 'node:http'
import type { TlsOptions } from '../admin-types.ts'
import { tlsIdentity } from '../socket.ts'

export interface HttpRequest {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly timeoutMs: number
  readonly tls?: TlsOptions | undefined
}

export interface HttpAnswer {
  readonly status: number
  readonly body: string
}

/** No answer, or no end of it, within the time that was given. */
export class HttpTimeout extends Error {
  override readonly name = 'HttpTimeout'
}

/** Credentials and their wrapping take a few KiB; what is longer is something else. */
const MAX_ANSWER_BYTES = 1024 * 1024

/** Asks and reads the answer, whatever its status. Rejects when there is none, with `HttpTimeout` when it takes too long. */
export async function httpText(
  url: URL,
  { method, headers, body = '', timeoutMs, tls }: HttpRequest,
): Promise<HttpAnswer> {
  const { request } = url.protocol === 'https:' ? await import('node:https') : await import('node:http')
  const options: RequestOptions = {
    method,
    headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
    signal: AbortSignal.timeout(timeoutMs),
    // A connection of its own: nothing stays open behind the login.
    agent: false,
    ...(tls === undefined ? {} : tlsIdentity(tls)),
  }
  return new Promise((resolve, reject) => {
    // The time may be up before the answer begins or while it is read.
    const fail = (error: Error): void => {
      reject(options.signal!.aborted ? new HttpTimeout(`no answer within ${timeoutMs} ms`) : error)
    }
    const sent = request(url, options, (answer) => readAll(answer).then(resolve, fail))
    sent.on('error', fail)
    sent.end(body)
  })
}

async function readAll(answer: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`the answer is longer than ${MAX_ANSWER_BYTES} bytes`)
    chunks.push(chunk)
  }
  return { status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }
}
