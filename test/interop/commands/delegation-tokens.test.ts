/** `kt delegation-tokens` and Apache's script: command lines, and the refusal of a cluster where nobody logs in. */
import { beforeAll, describe, it } from 'vitest'
import { type ApacheKafka, apacheKafkaHome, startApacheKafka } from '../../support/apache-kafka.ts'
import { compareWithScript, type ScriptCase } from '../../support/compare-with-script.ts'

const CONFIG = '--command-config /dev/null'

const CASES: ScriptCase[] = [
  `--create --max-life-time-period -1 ${CONFIG}`,
  `--create --max-life-time-period 1000 --renewer-principal User:a --renewer-principal User:b ${CONFIG}`,
  `--create --max-life-time-period -1 --owner-principal User:a ${CONFIG}`,
  `--create --max-life-time-period 1 --renewer-principal nobody ${CONFIG}`,
  `--create --max-life-time-period 1 --owner-principal nobody ${CONFIG}`,
  `--create ${CONFIG}`,
  '--create --max-life-time-period 1',
  `--create --max-life-time-period 1 --hmac x ${CONFIG}`,
  `--create --max-life-time-period 1 --renew-time-period 1 ${CONFIG}`,
  `--create --max-life-time-period 1 --expiry-time-period 1 ${CONFIG}`,
  `--renew --hmac YWJj --renew-time-period 1000 ${CONFIG}`,
  `--renew --hmac !x --renew-time-period 1 ${CONFIG}`,
  `--renew --hmac x --renew-time-period 1 ${CONFIG}`,
  `--renew --renew-time-period 1 ${CONFIG}`,
  `--renew --hmac YWJj ${CONFIG}`,
  `--renew --hmac YWJj --renew-time-period 1 --max-life-time-period 1 ${CONFIG}`,
  `--renew --hmac YWJj --renew-time-period 1 --owner-principal User:a ${CONFIG}`,
  `--expire --hmac YWJj --expiry-time-period -1 ${CONFIG}`,
  `--expire --hmac YWJj --expiry-time-period 1 --renewer-principal User:a ${CONFIG}`,
  `--expire --expiry-time-period 1 ${CONFIG}`,
  `--expire --hmac YWJj ${CONFIG}`,
  `--expire --hmac YWJj --expiry-time-period 1 --owner-principal User:a ${CONFIG}`,
  `--describe ${CONFIG}`,
  `--describe --owner-principal User:a --owner-principal User:b ${CONFIG}`,
  `--describe --owner-principal ${CONFIG}`,
  `--describe --owner-principal nobody ${CONFIG}`,
  '--describe',
  `--describe --hmac x ${CONFIG}`,
  `--describe --create ${CONFIG}`,
  CONFIG,
  '',
  '--nonsense',
]
  .map((args): ScriptCase => ({ args, stderr: true }))
  .concat(
    { args: `--create --max-life-time-period x ${CONFIG}`, ownWords: true },
    { args: '--describe --command-config /no/such/file', ownWords: true },
    { args: '--version' },
    { args: '--help', ownWords: true },
  )

const home = await apacheKafkaHome()

describe.skipIf(home === null)('kt delegation-tokens beside kafka-delegation-tokens.sh', () => {
  let kafka: ApacheKafka
  beforeAll(async () => {
    kafka = await startApacheKafka(home!)
    return () => kafka.stop()
  })

  const needs = ['Create', 'Renew', 'Expire', 'Describe'].map((verb) => `cannot answer ${verb}DelegationToken requests`)
  it.concurrent.each(CASES)('$args', async (given) => {
    const { bootstrapServers } = kafka
    const subject = {
      home: home!,
      script: 'kafka-delegation-tokens',
      command: 'delegation-tokens',
      bootstrapServers,
      needs,
    }
    await compareWithScript(subject, given)
  })
})
