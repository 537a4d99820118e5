import { describe, expect, it } from 'vitest'
import {
  advertisedUnreachable,
  bootstrapUnreachable,
  callTimedOut,
  connectionLost,
  unsupportedVersion,
} from '../../src/client/diagnose.ts'
import { ConnectionFailure, type FailureReason } from '../../src/client/failure.ts'

const failure = (reason: FailureReason, host = 'localhost', port = 9092): ConnectionFailure =>
  new ConnectionFailure(reason, { host, port }, `because ${reason}`)

describe('errors at a person', () => {
  it('list every address that was tried, and how often', () => {
    const error = bootstrapUnreachable([failure('refused', 'a', 1), failure('dns', 'b', 2)], 3)
    expect(error).toMatchObject({ kind: 'unreachable' })
    expect(error.message).toContain('a:1, b:2')
    expect(error.facts).toEqual([
      'tried a:1: because refused',
      'tried b:2: because dns',
      'failed step: DNS, looking up the name',
      'each address was tried 3 times',
    ])
  })

  it.each<[FailureReason, string, RegExp]>([
    ['refused', 'localhost', /kt cluster start/],
    ['refused', 'broker.example.com', /broker runs/],
    ['dns', 'nowhere', /host name/],
    ['tls-expected', 'localhost', /security\.protocol=SSL/],
    ['plaintext-expected', 'localhost', /security\.protocol=PLAINTEXT/],
    ['certificate-authority', 'localhost', /ssl\.truststore/],
    ['certificate-expired', 'localhost', /openssl s_client -connect localhost:9092/],
    ['certificate-name', 'localhost', /ssl\.endpoint\.identification\.algorithm/],
    ['client-certificate', 'localhost', /ssl\.keystore/],
    ['tls-version', 'localhost', /ssl\.enabled\.protocols/],
    ['login-expected', 'localhost', /sasl\.mechanism/],
    ['connect-timeout', '10.0.0.1', /firewall/],
  ])('advise for %s at %s', (reason, host, advice) => {
    expect(bootstrapUnreachable([failure(reason, host)], 1).next).toMatch(advice)
  })

  it('have the kind that decides the exit code', () => {
    for (const reason of ['certificate', 'certificate-name', 'client-certificate', 'tls-version'] as const) {
      expect(bootstrapUnreachable([failure(reason)], 1).kind).toBe('authentication')
    }
    expect(connectionLost(failure('request-timeout'), 10).kind).toBe('timeout')
    expect(callTimedOut('Metadata', 100, null).kind).toBe('timeout')
  })

  it('name bootstrap and advertised address when only the first answers', () => {
    const error = advertisedUnreachable(7, { host: 'boot', port: 1 }, failure('dns', 'inside', 9))
    expect(error.message).toContain('Broker 7 advertises inside:9')
    expect(error.facts.join('\n')).toMatch(/boot:1 answered[\s\S]*inside:9/)
    expect(error.next).toContain('advertised.listeners')
  })

  it('tell what the last try met', () => {
    expect(callTimedOut('ListOffsets', 3_000, new Error('no leader'))).toMatchObject({
      message: 'ListOffsets did not finish within 3000 ms',
      facts: ['last failure: no leader'],
    })
  })

  it('name both version ranges', () => {
    const at = { host: 'old', port: 9092 }
    expect(unsupportedVersion('Fetch', at, { min: 4, max: 18 }, { min: 0, max: 3 }).facts).toEqual([
      'kt speaks Fetch versions 4 to 18',
      'the broker serves versions 0 to 3',
    ])
    expect(unsupportedVersion('Fetch', at, { min: 4, max: 18 }, undefined).facts[1]).toContain('does not serve it')
  })
})
