/** What a key store or a trust store holds. */
export interface StoreContents {
  /** The first private key, as PKCS#8. */
  readonly key: Buffer | null
  /** DER; with a key, its own certificate and then the others. */
  readonly certificates: readonly Buffer[]
}

/** Why a store could not be read: `password` is wrong or missing, `cipher` is not ours, or it is something else. */
export type StoreErrorReason = 'password' | 'cipher' | 'unreadable'

export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly reason: StoreErrorReason

  constructor(reason: StoreErrorReason, message: string) {
    super(message)
    this.reason = reason
  }
}

/** DER as PEM text. */
export function pem(label: 'CERTIFICATE' | 'PRIVATE KEY', der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
