import type { Uuid } from '../base/uuid.ts'
import { UsageError } from '../cli/options.ts'

/** Longest text that Kafka tries to read as an id; unpadded ids have 22 characters. */
const MAX_TEXT_LENGTH = 24

/** The id of a topic or directory as people paste it: base64url, padded or not. Throws `UsageError` in Java's words. */
export function parseUuid(text: string): Uuid {
  if (text.length > MAX_TEXT_LENGTH) {
    const prefix = text.slice(0, MAX_TEXT_LENGTH)
    throw new UsageError(`Input string with prefix \`${prefix}\` is too long to be decoded as a base64 UUID`)
  }
  const bad = [...text.replace(/=+$/, '')].find((each) => !/[A-Za-z0-9_-]/.test(each))
  if (bad !== undefined) throw new UsageError(`Illegal base64 character ${bad.charCodeAt(0).toString(16)}`)
  if (text.length === 1) throw new UsageError('Input byte[] should at least have 2 bytes for base64 bytes')
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length !== 16) {
    throw new UsageError(
      `Input string \`${text}\` decoded as ${bytes.length} bytes, which is not equal to the expected 16 bytes of a base64-encoded UUID`,
    )
  }
  return bytes.toString('base64url')
}
