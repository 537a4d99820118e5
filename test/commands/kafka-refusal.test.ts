import { expect, it } from 'vitest'
import { KtError } from '../../src/base/errors.ts'
import { refusedWith } from '../../src/commands/kafka-refusal.ts'
import { KafkaError } from '../../src/protocol/error-codes.ts'

it('finds the error code behind an error', () => {
  const cause = new KafkaError('UNSUPPORTED_VERSION')
  expect(refusedWith(cause, 'UNSUPPORTED_VERSION')).toBe(true)
  expect(refusedWith(new KtError('kafka', 'no', { cause }), 'NOT_CONTROLLER', 'UNSUPPORTED_VERSION')).toBe(true)
  expect(refusedWith(new KtError('kafka', 'no', { cause }), 'NOT_CONTROLLER')).toBe(false)
  expect(refusedWith(new Error('UNSUPPORTED_VERSION'), 'UNSUPPORTED_VERSION')).toBe(false)
  expect(refusedWith(undefined, 'UNSUPPORTED_VERSION')).toBe(false)
})
