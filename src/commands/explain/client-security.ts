/**
 * Settings of encryption and login that clients share with brokers: what they are stands in the brokers' table; here is
 * which of them clients have, by the importance that they have there.
 */
import { BROKER_CONFIGS } from '../../metadata/config/broker-configs.ts'
import type { ConfigDefinition, DefinitionTable, Importance } from '../../metadata/config/definition.ts'

const NAMES: Readonly<Record<Importance, string>> = {
  HIGH: `
    sasl.oauthbearer.expected.audience sasl.oauthbearer.expected.issuer ssl.keystore.certificate.chain ssl.keystore.key
    ssl.truststore.certificates`,
  MEDIUM: `
    sasl.client.callback.handler.class sasl.kerberos.service.name sasl.login.callback.handler.class sasl.login.class
    sasl.oauthbearer.assertion.algorithm sasl.oauthbearer.assertion.claim.aud sasl.oauthbearer.assertion.claim.iss
    sasl.oauthbearer.assertion.claim.jti.include sasl.oauthbearer.assertion.claim.sub sasl.oauthbearer.assertion.file
    sasl.oauthbearer.assertion.private.key.file sasl.oauthbearer.assertion.private.key.passphrase
    sasl.oauthbearer.assertion.template.file sasl.oauthbearer.client.credentials.client.id
    sasl.oauthbearer.client.credentials.client.secret sasl.oauthbearer.jwks.endpoint.url sasl.oauthbearer.jwt.retriever.class
    sasl.oauthbearer.jwt.validator.class sasl.oauthbearer.scope sasl.oauthbearer.token.endpoint.url ssl.enabled.protocols
    ssl.keystore.type ssl.protocol ssl.provider`,
  LOW: `
    config.providers sasl.kerberos.kinit.cmd sasl.kerberos.min.time.before.relogin sasl.kerberos.ticket.renew.jitter
    sasl.kerberos.ticket.renew.window.factor sasl.login.connect.timeout.ms sasl.login.read.timeout.ms
    sasl.login.refresh.buffer.seconds sasl.login.refresh.min.period.seconds sasl.login.refresh.window.factor
    sasl.login.refresh.window.jitter sasl.login.retry.backoff.max.ms sasl.login.retry.backoff.ms
    sasl.oauthbearer.assertion.claim.exp.seconds sasl.oauthbearer.assertion.claim.nbf.seconds
    sasl.oauthbearer.clock.skew.seconds sasl.oauthbearer.jwks.endpoint.refresh.ms
    sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms sasl.oauthbearer.jwks.endpoint.retry.backoff.ms
    sasl.oauthbearer.scope.claim.name sasl.oauthbearer.sub.claim.name security.providers ssl.cipher.suites
    ssl.engine.factory.class ssl.keymanager.algorithm ssl.secure.random.implementation ssl.trustmanager.algorithm`,
}

/** As clients have them: read at start. */
export const CLIENT_SECURITY: DefinitionTable = new Map(
  Object.entries(NAMES).flatMap(([importance, names]) =>
    names
      .trim()
      .split(/\s+/)
      .map((name): [string, ConfigDefinition] => [
        name,
        { ...BROKER_CONFIGS.get(name)!, importance: importance as Importance, updateMode: 'read-only' },
      ]),
  ),
)
