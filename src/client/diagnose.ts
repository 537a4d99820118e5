/**
 * Errors that diagnose: what was tried, what was observed, and the command to run next. Everything a person sees from
 * the connection level is made here.
 */
import { type ErrorKind, KtError } from '../base/errors.ts'
import { KafkaError } from '../protocol/error-codes.ts'
import { type Address, formatAddress, isLoopback } from './address.ts'
import { type ConnectionFailure, type FailureReason, failedStep } from './failure.ts'

const KINDS: Readonly<Partial<Record<FailureReason, ErrorKind>>> = {
  'request-timeout': 'timeout',
  certificate: 'authentication',
  'certificate-expired': 'authentication',
  'certificate-name': 'authentication',
  'certificate-authority': 'authentication',
  'client-certificate': 'authentication',
  'tls-version': 'authentication',
  'login-expected': 'authentication',
  protocol: 'kafka',
}

/** The kind of error a connection failure is for a person. */
function kindOf(reason: FailureReason): ErrorKind {
  return KINDS[reason] ?? 'unreachable'
}

function adviceFor(failure: ConnectionFailure): string {
  switch (failure.reason) {
    case 'tls-expected':
      return 'set security.protocol=SSL (or SASL_SSL) in a properties file and give it with --command-config'
    case 'plaintext-expected':
      return 'set security.protocol=PLAINTEXT (or SASL_PLAINTEXT), or give the address of a TLS listener'
    case 'certificate-expired':
    case 'certificate':
      return `look at the certificate and renew it: openssl s_client -connect ${formatAddress(failure.address)} </dev/null | openssl x509 -noout -dates -subject -issuer`
    case 'certificate-name':
      return 'connect by a name that the certificate is for, or switch the check off with ssl.endpoint.identification.algorithm= (empty)'
    case 'certificate-authority':
      return "set ssl.truststore.location to the authority's certificate (a PEM, PKCS12 or JKS file) in the --command-config file"
    case 'client-certificate':
      return 'set ssl.keystore.location to a key and certificate that the broker trusts, in the --command-config file'
    case 'tls-version':
      return 'set ssl.enabled.protocols (or ssl.cipher.suites) to what the broker speaks'
    case 'login-expected':
      return 'set security.protocol=SASL_PLAINTEXT (or SASL_SSL), sasl.mechanism and sasl.jaas.config in a --command-config file'
    case 'dns':
      return 'check the host name in --bootstrap-server'
    case 'refused':
      return isLoopback(failure.address.host)
        ? 'start the local cluster with `kt cluster start`, or check the port in --bootstrap-server'
        : 'check that the broker runs and that the port in --bootstrap-server is its listener'
    default:
      return 'check host, port and firewall, and that a Kafka broker listens there'
  }
}

/** None of the bootstrap addresses could be used. */
export function bootstrapUnreachable(failures: readonly ConnectionFailure[], tries: number): KtError {
  const last = failures[failures.length - 1]!
  const facts = failures.map((failure) => `tried ${failure.fact}`)
  facts.push(`failed step: ${failedStep(last.reason)}`)
  if (tries > 1) facts.push(`each address was tried ${tries} times`)
  const names = failures.map((failure) => formatAddress(failure.address)).join(', ')
  return new KtError(kindOf(last.reason), `Cannot reach a Kafka broker at ${names}: ${last.message}`, {
    facts,
    next: adviceFor(last),
    cause: last,
  })
}

/** The bootstrap address answered, but an address it handed out does not (`advertised.listeners`). */
export function advertisedUnreachable(brokerId: number, bootstrap: Address, failure: ConnectionFailure): KtError {
  const advertised = formatAddress(failure.address)
  return new KtError(
    kindOf(failure.reason),
    `Broker ${brokerId} advertises ${advertised}, which cannot be used: ${failure.message}`,
    {
      facts: [
        `bootstrap address ${formatAddress(bootstrap)} answered`,
        `advertised address ${advertised} of broker ${brokerId} was tried: ${failure.message}`,
        `failed step: ${failedStep(failure.reason)}`,
      ],
      next:
        kindOf(failure.reason) === 'authentication'
          ? adviceFor(failure)
          : `set advertised.listeners of broker ${brokerId} to an address that can be reached from here`,
      cause: failure,
    },
  )
}

/** A connection that worked was lost and could not be had back in time. */
export function connectionLost(failure: ConnectionFailure, waitedMs: number): KtError {
  return new KtError(kindOf(failure.reason), `Lost the connection to ${failure.fact}`, {
    facts: [`tried again for ${Math.round(waitedMs)} ms`],
    next: adviceFor(failure),
    cause: failure,
  })
}

/** No answer within the time allowed for the whole call. */
export function callTimedOut(what: string, timeoutMs: number, lastError: unknown): KtError {
  const reason = lastError instanceof Error ? lastError.message : undefined
  return new KtError('timeout', `${what} did not finish within ${timeoutMs} ms`, {
    facts: reason === undefined ? [] : [`last failure: ${reason}`],
    next: 'check the state of the cluster with `kt describe cluster`',
    cause: lastError,
  })
}

/** The two version ranges have nothing in common, or the broker does not serve the API at all. */
export function unsupportedVersion(
  apiName: string,
  address: Address,
  ours: { min: number; max: number },
  theirs: { min: number; max: number } | undefined,
): KtError {
  const theirText = theirs === undefined ? 'does not serve it' : `serves versions ${theirs.min} to ${theirs.max}`
  return new KtError('kafka', `The broker at ${formatAddress(address)} cannot answer ${apiName} requests`, {
    facts: [`kt speaks ${apiName} versions ${ours.min} to ${ours.max}`, `the broker ${theirText}`],
    next:
      theirs === undefined
        ? `ask a cluster whose brokers serve ${apiName}`
        : 'use a newer broker (Kafka 2.1 or later answers most commands)',
    cause: new KafkaError('UNSUPPORTED_VERSION'),
  })
}
