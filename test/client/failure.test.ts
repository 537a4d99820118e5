import { describe, expect, it } from 'vitest'
import { ConnectionFailure, type FailureReason, failedStep, socketFailure } from '../../src/client/failure.ts'

const address = { host: 'kafka', port: 9092 }
const coded = (code: string): Error & { code: string } => Object.assign(new Error(`syscall ${code}`), { code })

describe('connection failures', () => {
  it.each([
    ['ECONNREFUSED', 'refused', true],
    ['ENOTFOUND', 'dns', false],
    ['EAI_AGAIN', 'dns', false],
    ['EHOSTUNREACH', 'unreachable', false],
    ['ETIMEDOUT', 'connect-timeout', true],
    ['ECONNRESET', 'closed', true],
    ['EPIPE', 'closed', true],
  ])('%s means %s', (code, reason, retriable) => {
    const failure = socketFailure(address, coded(code))
    expect(failure).toMatchObject({ reason, retriable })
    expect(failure.cause).toMatchObject({ code })
  })

  it('looks into the one error that node makes of several addresses', () => {
    const all = Object.assign(new AggregateError([coded('ECONNREFUSED'), coded('ECONNREFUSED')]), { code: 'X' })
    expect(socketFailure(address, all).reason).toBe('refused')
  })

  it('keeps what it does not know as it is', () => {
    expect(socketFailure(address, new Error('odd'))).toMatchObject({ reason: 'closed', message: 'odd' })
    const failure = new ConnectionFailure('tls-expected', address, 'x')
    expect(socketFailure(address, failure)).toBe(failure)
  })

  it('says address and reason in one line', () => {
    expect(socketFailure(address, coded('ECONNREFUSED')).fact).toBe(
      'kafka:9092: connection refused, nothing listens on this port',
    )
  })

  it.each<[FailureReason, RegExp]>([
    ['dns', /^DNS/],
    ['refused', /^TCP/],
    ['connect-timeout', /^TCP/],
    ['unreachable', /^TCP/],
    ['tls-timeout', /^TLS/],
    ['tls-expected', /^TLS/],
    ['plaintext-expected', /^TLS/],
    ['certificate-expired', /^TLS/],
    ['certificate-name', /^TLS/],
    ['client-certificate', /^TLS/],
    ['tls-version', /^TLS/],
    ['login-expected', /^SASL/],
    ['closed', /^Kafka/],
    ['not-kafka', /^Kafka/],
    ['request-timeout', /^Kafka/],
  ])('%s belongs to its step', (reason, step) => {
    expect(failedStep(reason)).toMatch(step)
  })
})
