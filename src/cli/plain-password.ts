/** A password that goes over the wire as it is: told where somebody stays connected with it, or keeps it for later. */
import type { ClientOptions } from '../client/admin-types.ts'

export const PASSWORD_AS_IS =
  'kt: PLAIN over SASL_PLAINTEXT sends the password as it is, for everybody on the way to read\n'

export function sendsPasswordAsIs({ sasl, tls }: Pick<ClientOptions, 'sasl' | 'tls'>): boolean {
  return sasl?.mechanism === 'PLAIN' && tls === undefined
}
