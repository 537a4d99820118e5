/** One form posted over HTTP, for token endpoints. */
import type { TlsOptions } from '../admin-types.ts'
import { type HttpAnswer, httpText } from './http-text.ts'

export interface FormRequest {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly timeoutMs: number
  readonly tls: TlsOptions | undefined
}

/** Posts and reads the answer, whatever its status. Rejects when there is none, with `HttpTimeout` when it takes too long. */
export function postForm({ url, headers, body, timeoutMs, tls }: FormRequest): Promise<HttpAnswer> {
  const all = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded', ...headers }
  return httpText(url, { method: 'POST', headers: all, body, timeoutMs, tls })
}
