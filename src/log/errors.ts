import { KafkaError } from '../protocol/error-codes.ts'
import type { RecordError } from './types.ts'

/** INVALID_RECORD or INVALID_TIMESTAMP that names the refused records, for `record_errors` of Produce (KIP-467). */
export class RecordValidationError extends KafkaError {
  readonly recordErrors: readonly RecordError[]

  constructor(name: 'INVALID_RECORD' | 'INVALID_TIMESTAMP', message: string, recordErrors: readonly RecordError[]) {
    super(name, message)
    this.recordErrors = recordErrors
  }
}

/** A file that is not what its name says. The loader answers by rebuilding it. */
export class CorruptFileError extends Error {
  override readonly name = 'CorruptFileError'
}

/** An answer of the operating system, as opposed to a defect of ours. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string'
}
