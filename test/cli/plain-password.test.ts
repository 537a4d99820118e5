import { expect, it } from 'vitest'
import { sendsPasswordAsIs } from '../../src/cli/plain-password.ts'
import { clientOptionsFromProperties } from '../../src/client/properties.ts'

const module = 'org.apache.kafka.common.security.plain.PlainLoginModule'

it.each([
  ['SASL_PLAINTEXT', 'PLAIN', true],
  ['SASL_SSL', 'PLAIN', false],
  ['SASL_PLAINTEXT', 'SCRAM-SHA-256', false],
])('%s with %s: %s', (protocol, mechanism, expected) => {
  const login = mechanism === 'PLAIN' ? module : 'org.apache.kafka.common.security.scram.ScramLoginModule'
  const properties = new Map([
    ['security.protocol', protocol],
    ['sasl.mechanism', mechanism],
    ['sasl.jaas.config', `${login} required username="u" password="p";`],
  ])
  const options = clientOptionsFromProperties(properties, { bootstrapServers: ['a:1'] })
  expect(sendsPasswordAsIs(options)).toBe(expected)
  expect(sendsPasswordAsIs({})).toBe(false)
})
