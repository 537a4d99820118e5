/** Broker configuration: TLS, SASL, OAuth and delegation tokens. Columns: see `definition.ts`. */
import { parseDefinitions } from '../definition.ts'

export const SECURITY_CONFIGS = parseDefinitions(`
connections.max.reauth.ms | LONG | 0 | MEDIUM | read-only
    Time in milliseconds after which a SASL connection must authenticate again; 0 for never.
sasl.server.max.receive.size | INT | 524288 | MEDIUM | read-only
    Largest SASL token in bytes accepted before authentication.
security.providers | STRING | null | LOW | read-only
    Classes that install security providers.
principal.builder.class | CLASS | org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder | MEDIUM | per-broker
    Class that makes a principal of a connection's identity.
ssl.client.auth | STRING | none | MEDIUM | per-broker | one of required, requested, none
    Whether clients must, may or need not show a certificate.
ssl.principal.mapping.rules | STRING | DEFAULT | LOW | read-only
    Rules that turn a certificate's distinguished name into a user name.
ssl.allow.dn.changes | BOOLEAN | false | LOW | read-only
    Whether a replaced certificate may carry another distinguished name.
ssl.allow.san.changes | BOOLEAN | false | LOW | read-only
    Whether a replaced certificate may carry other alternative names.
ssl.protocol | STRING | TLSv1.3 | MEDIUM | per-broker
    TLS version of new contexts.
ssl.provider | STRING | null | MEDIUM | per-broker
    Security provider used for TLS.
ssl.enabled.protocols | LIST | TLSv1.2,TLSv1.3 | MEDIUM | per-broker | list
    TLS versions that are offered.
ssl.keystore.type | STRING | JKS | MEDIUM | per-broker
    Format of the key store.
ssl.keystore.location | STRING | null | MEDIUM | per-broker
    File of the key store.
ssl.keystore.password | PASSWORD | null | MEDIUM | per-broker
    Password of the key store.
ssl.key.password | PASSWORD | null | MEDIUM | per-broker
    Password of the private key.
ssl.keystore.key | PASSWORD | null | MEDIUM | per-broker
    Private key in PEM form.
ssl.keystore.certificate.chain | PASSWORD | null | MEDIUM | per-broker
    Certificate chain in PEM form.
ssl.truststore.type | STRING | JKS | MEDIUM | per-broker
    Format of the trust store.
ssl.truststore.location | STRING | null | MEDIUM | per-broker
    File of the trust store.
ssl.truststore.password | PASSWORD | null | MEDIUM | per-broker
    Password of the trust store.
ssl.truststore.certificates | PASSWORD | null | MEDIUM | per-broker
    Trusted certificates in PEM form.
ssl.keymanager.algorithm | STRING | SunX509 | MEDIUM | per-broker
    Algorithm of the key manager.
ssl.trustmanager.algorithm | STRING | PKIX | MEDIUM | per-broker
    Algorithm of the trust manager.
ssl.endpoint.identification.algorithm | STRING | https | LOW | per-broker
    How a server's name is checked against its certificate; empty for not at all.
ssl.secure.random.implementation | STRING | null | LOW | per-broker
    Random generator used for TLS.
ssl.cipher.suites | LIST | empty | MEDIUM | per-broker | list
    Cipher suites that are offered; empty for the defaults.
ssl.engine.factory.class | CLASS | null | LOW | per-broker
    Class that makes TLS engines.
sasl.mechanism.inter.broker.protocol | STRING | GSSAPI | MEDIUM | per-broker
    SASL mechanism between brokers.
sasl.enabled.mechanisms | LIST | GSSAPI | MEDIUM | per-broker | list
    SASL mechanisms that clients may use.
sasl.server.callback.handler.class | CLASS | null | MEDIUM | read-only
    Class that answers the server's side of a SASL exchange.
sasl.kerberos.principal.to.local.rules | LIST | DEFAULT | MEDIUM | per-broker | list
    Rules that turn a Kerberos principal into a user name.
sasl.jaas.config | PASSWORD | null | MEDIUM | per-broker
    Login modules and their options, in JAAS form.
sasl.client.callback.handler.class | CLASS | null | MEDIUM | read-only
    Class that answers the client's side of a SASL exchange.
sasl.login.class | CLASS | null | MEDIUM | read-only
    Class that performs the login.
sasl.login.callback.handler.class | CLASS | null | MEDIUM | read-only
    Class that answers the login's questions.
sasl.kerberos.service.name | STRING | null | MEDIUM | per-broker
    Kerberos name the brokers run under.
sasl.kerberos.kinit.cmd | STRING | /usr/bin/kinit | MEDIUM | per-broker
    Path of kinit.
sasl.kerberos.ticket.renew.window.factor | DOUBLE | 0.8 | MEDIUM | per-broker
    Share of a ticket's life after which it is renewed.
sasl.kerberos.ticket.renew.jitter | DOUBLE | 0.05 | MEDIUM | per-broker
    Random share added to the time after which a ticket is renewed.
sasl.kerberos.min.time.before.relogin | LONG | 60000 | MEDIUM | per-broker
    Shortest time in milliseconds between two refreshes of a ticket.
sasl.login.refresh.window.factor | DOUBLE | 0.8 | MEDIUM | per-broker
    Share of a credential's life after which it is refreshed.
sasl.login.refresh.window.jitter | DOUBLE | 0.05 | MEDIUM | per-broker
    Random share added to the time after which a credential is refreshed.
sasl.login.refresh.min.period.seconds | SHORT | 60 | MEDIUM | per-broker
    Shortest time in seconds between two refreshes of a credential.
sasl.login.refresh.buffer.seconds | SHORT | 300 | MEDIUM | per-broker
    Time in seconds before expiry that a refresh should leave.
sasl.login.connect.timeout.ms | INT | null | LOW | read-only
    Time in milliseconds to connect to an identity provider.
sasl.login.read.timeout.ms | INT | null | LOW | read-only
    Time in milliseconds to read from an identity provider.
sasl.login.retry.backoff.max.ms | LONG | 10000 | LOW | read-only
    Longest pause in milliseconds between login attempts.
sasl.login.retry.backoff.ms | LONG | 100 | LOW | read-only
    First pause in milliseconds between login attempts.
sasl.oauthbearer.jwt.retriever.class | CLASS | org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever | MEDIUM | read-only
    Class that fetches access tokens.
sasl.oauthbearer.jwt.validator.class | CLASS | org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator | MEDIUM | read-only
    Class that checks access tokens.
sasl.oauthbearer.scope | STRING | null | MEDIUM | read-only
    Scope asked for in a token request.
sasl.oauthbearer.client.credentials.client.id | STRING | null | MEDIUM | read-only
    Client id for the client credentials grant.
sasl.oauthbearer.client.credentials.client.secret | PASSWORD | null | MEDIUM | read-only
    Client secret for the client credentials grant.
sasl.oauthbearer.assertion.algorithm | STRING | RS256 | MEDIUM | read-only | one of (any case) ES256, RS256
    Algorithm that signs an assertion.
sasl.oauthbearer.assertion.claim.aud | STRING | null | MEDIUM | read-only
    Audience claim of an assertion.
sasl.oauthbearer.assertion.claim.exp.seconds | INT | 300 | LOW | read-only | [0,...,86400]
    Time in seconds after which an assertion expires.
sasl.oauthbearer.assertion.claim.iss | STRING | null | MEDIUM | read-only
    Issuer claim of an assertion.
sasl.oauthbearer.assertion.claim.jti.include | BOOLEAN | false | MEDIUM | read-only
    Whether an assertion carries a unique id.
sasl.oauthbearer.assertion.claim.nbf.seconds | INT | 60 | LOW | read-only | [0,...,3600]
    Time in seconds by which an assertion is dated back.
sasl.oauthbearer.assertion.claim.sub | STRING | null | MEDIUM | read-only
    Subject claim of an assertion.
sasl.oauthbearer.assertion.file | STRING | null | MEDIUM | read-only
    File of a ready-made assertion.
sasl.oauthbearer.assertion.private.key.file | STRING | null | MEDIUM | read-only
    File of the key that signs assertions.
sasl.oauthbearer.assertion.private.key.passphrase | PASSWORD | null | MEDIUM | read-only
    Passphrase of the key that signs assertions.
sasl.oauthbearer.assertion.template.file | STRING | null | MEDIUM | read-only
    File with headers and claims for assertions.
sasl.oauthbearer.scope.claim.name | STRING | scope | LOW | read-only
    Claim that holds a token's scope.
sasl.oauthbearer.sub.claim.name | STRING | sub | LOW | read-only
    Claim that holds a token's subject.
sasl.oauthbearer.token.endpoint.url | STRING | null | MEDIUM | read-only
    Address of the token endpoint.
sasl.oauthbearer.jwks.endpoint.url | STRING | null | MEDIUM | read-only
    Address of the provider's signing keys.
sasl.oauthbearer.jwks.endpoint.refresh.ms | LONG | 3600000 | LOW | read-only
    Interval in milliseconds at which signing keys are fetched again.
sasl.oauthbearer.jwks.endpoint.retry.backoff.ms | LONG | 100 | LOW | read-only
    First pause in milliseconds after signing keys could not be fetched.
sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms | LONG | 10000 | LOW | read-only
    Longest pause in milliseconds after signing keys could not be fetched.
sasl.oauthbearer.clock.skew.seconds | INT | 30 | LOW | read-only
    Difference in seconds between clocks that a token's check forgives.
sasl.oauthbearer.expected.audience | LIST | empty | HIGH | read-only | list
    Audiences a token may name.
sasl.oauthbearer.expected.issuer | STRING | null | HIGH | read-only
    Issuer a token must name.
delegation.token.secret.key | PASSWORD | null | MEDIUM | read-only
    Secret that signs delegation tokens, the same on every node.
delegation.token.max.lifetime.ms | LONG | 604800000 | MEDIUM | read-only | [1,...]
    Time in milliseconds after which a delegation token can no longer be renewed.
delegation.token.expiry.time.ms | LONG | 86400000 | MEDIUM | read-only | [1,...]
    Time in milliseconds a delegation token is valid between renewals.
delegation.token.expiry.check.interval.ms | LONG | 3600000 | LOW | read-only | [1,...]
    Interval in milliseconds between searches for expired delegation tokens.
`)
