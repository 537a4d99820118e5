/** `kt acls` and Apache's script over the same authorizer: rules, questions, messages and exit codes. */
import { beforeAll, describe, it } from 'vitest'
import { apacheCluster } from '../../support/apache-cluster.ts'
import { type ApacheKafka, apacheKafkaHome, isBundledReferee, startApacheKafka } from '../../support/apache-kafka.ts'
import { compareWithScript, type ScriptCase } from '../../support/compare-with-script.ts'

/** The script prints a stack trace below its message, and nobody can answer its question without a terminal. */
const withoutTrace = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !/^(\tat |\t\.\.\. |Caused by: |java\.|joptsimple\.|org\.apache\.)/.test(line))
    .join('\n')
    .replace(/\n+$/, '\n')
    .replace(/(command: )(Cannot invoke .*|Nobody is there to answer)/, '$1nobody answers')

/** Rules, resources and operations come in an order of chance. */
const sorted = (text: string): string => {
  const blocks = withoutTrace(text)
    .replace(/operations \[(.*?)\]/, (_, list: string) => `operations [${list.split(', ').sort().join(', ')}]`)
    .replace(/: \n \t/g, ': \n\t')
    .split(/(?=^(?:Current|Adding|Acl |ACLs for|Are you|Error))/m)
  const lines = (block: string): string[] => block.split('\n').filter((line) => line !== '')
  return blocks
    .map((block) => lines(block).sort().join('\n'))
    .sort()
    .join('\n')
}

const case_ = (args: string, more: Partial<ScriptCase> = {}): ScriptCase => ({ args, normalise: sorted, ...more })
const LIST_OWN = ['--topic {x}', '--group {x}', '--transactional-id {x}']
  .map((resource) => `acls --list ${resource} --resource-pattern-type match`)
  .concat('acls --list --cluster --principal User:{x}')
const REMOVE_OWN = [
  ...LIST_OWN.slice(0, 3).map((line) => line.replace('--list', '--remove --force')),
  'acls --remove --force --cluster --allow-principal User:{x} --operation All',
  'acls --remove --force --cluster --allow-principal User:{x} --operation IdempotentWrite',
]
/** Adds rules of its own, then shows what is there. */
const changing = (args: string, more: Partial<ScriptCase> = {}): ScriptCase =>
  case_(args, { afterwards: LIST_OWN, after: REMOVE_OWN, ...more })
const wrong = (args: string, more: Partial<ScriptCase> = {}): ScriptCase => case_(args, { stderr: true, ...more })

const ALLOW = '--allow-principal User:{x}'
const TWO_RULES = [
  `acls --add --topic {x} ${ALLOW} --operation Read --operation Write`,
  `acls --add --topic {x} --deny-principal User:other --deny-host 10.0.0.1 --operation Write`,
]

const CASES: ScriptCase[] = [
  changing(`--add --topic {x} ${ALLOW}`),
  changing(`--add --topic {x} ${ALLOW} --operation Read`),
  changing(`--add --topic {x} ${ALLOW} --operation READ --operation DescribeConfigs --allow-host h1 --allow-host h2`),
  changing(`--add --topic {x} --deny-principal User:{x} --deny-host ' 10.0.0.1 ' --operation write`),
  changing(`--add --topic {x} ${ALLOW} --deny-principal User:b --operation All`),
  changing(`--add --topic {x} --topic {x} --group {x} ${ALLOW} --operation Read`),
  changing(`--add --topic {x} ${ALLOW} --resource-pattern-type prefixed --operation Read`),
  changing(`--add --topic {x} ${ALLOW} --resource-pattern-type PREFIXED --operation Read`),
  changing(`--add --topic {x} ${ALLOW} --operation Read`, { before: TWO_RULES }),
  changing(`--add --topic {x} ${ALLOW} --operation Read --operation Delete`, { before: TWO_RULES }),
  changing(`--add --transactional-id {x} ${ALLOW} --operation TwoPhaseCommit`),
  changing(`--add --cluster ${ALLOW} --operation IdempotentWrite`),
  changing(`--add --user-principal {x} ${ALLOW} --operation CreateTokens`, {
    afterwards: ['acls --list --user-principal {x}'],
    after: ['acls --remove --force --user-principal {x}'],
  }),
  changing(`--add --delegation-token {x} ${ALLOW} --operation Describe`, {
    afterwards: ['acls --list --delegation-token {x}'],
    after: ['acls --remove --force --delegation-token {x}'],
  }),
  changing(`--add --producer --topic {x} ${ALLOW}`),
  changing(`--add --producer --topic {x} --transactional-id {x} ${ALLOW} --allow-host h1`),
  changing(`--add --producer --idempotent --topic {x} ${ALLOW}`),
  changing(`--add --consumer --topic {x} --group {x} ${ALLOW}`),
  changing(`--add --producer --consumer --topic {x} --group {x} --transactional-id {x} --idempotent ${ALLOW}`),
  changing(`--add --consumer --topic {x} --group {x} --resource-pattern-type prefixed ${ALLOW}`),
  changing(`--bootstrap-controller {controller} --add --topic {x} ${ALLOW} --operation Read`, { withoutServer: true }),

  case_('--list --topic {x}', { before: TWO_RULES, after: REMOVE_OWN }),
  case_('--list --topic {x} --principal User:other', { before: TWO_RULES, after: REMOVE_OWN }),
  case_('--list --topic {x} --principal User:other --principal User:{x}', { before: TWO_RULES, after: REMOVE_OWN }),
  case_('--list --topic {x} --principal', { before: TWO_RULES, after: REMOVE_OWN }),
  case_('--list --topic {x}yz --resource-pattern-type match', {
    before: [`acls --add --topic {x} --resource-pattern-type prefixed ${ALLOW} --operation Read`],
    after: REMOVE_OWN,
  }),
  case_('--list --topic {x} --resource-pattern-type any', {
    before: [`acls --add --topic {x} --resource-pattern-type prefixed ${ALLOW} --operation Read`],
    after: REMOVE_OWN,
  }),
  case_('--list --topic {x} --resource-pattern-type prefixed', { before: TWO_RULES, after: REMOVE_OWN }),
  case_('--list --topic {x} --group {x}', { before: TWO_RULES, after: REMOVE_OWN }),
  case_('--list --principal User:nobody-at-all'),
  case_('--list --topic Gnothing'),
  case_('--list --topic Gnothing --command-config /dev/null'),
  case_('--list --topic Gnothing --command-config'),
  case_('--bootstrap-controller {controller} --list --topic Gnothing', { withoutServer: true }),

  changing('--remove --topic {x} --force', { before: TWO_RULES }),
  changing(`--remove --topic {x} --force ${ALLOW} --operation Read`, { before: TWO_RULES }),
  changing('--remove --topic {x} --force --resource-pattern-type match', { before: TWO_RULES }),
  changing(`--remove --producer --topic {x} --force ${ALLOW}`, { before: TWO_RULES }),
  changing(`--remove --topic {x} --force ${ALLOW} --operation Describe`, { before: TWO_RULES }),
  changing('--remove --topic {x}', { before: TWO_RULES }),
  changing(`--remove --topic {x} ${ALLOW} --operation Read --operation Write`, { before: TWO_RULES }),

  wrong('--add --topic t --allow-principal User:a --operation nonsense'),
  wrong('--add --topic t --allow-principal User:a --operation describe_configs'),
  wrong('--add --topic t --group g --cluster --allow-principal User:a --operation Read'),
  wrong('--add --delegation-token t --allow-principal User:a --operation Read'),
  wrong('--add --user-principal t --allow-principal User:a --operation Read'),
  wrong('--add --transactional-id t --allow-principal User:a --operation Read'),
  wrong('--add --topic t --allow-principal User:a --resource-pattern-type match'),
  wrong('--add --topic t --allow-principal User:a --resource-pattern-type any'),
  case_('--add --topic t --allow-principal User:a --resource-pattern-type bogus'),
  case_('--list --resource-pattern-type unknown'),
  case_('--add --topic t --allow-principal nobody'),
  case_('--list --principal nobody'),
  wrong('--add --allow-principal User:a --operation Read'),
  wrong('--add --topic t --operation Read'),
  wrong('--add --topic t'),
  wrong('--add --topic t --allow-host h1 --operation nonsense'),
  wrong('--remove'),
  wrong('--list --add'),
  wrong(''),
  wrong('--list --bootstrap-controller {controller}'),
  wrong('--list --producer'),
  wrong('--list --consumer'),
  wrong('--list --allow-principal User:a'),
  wrong('--list --deny-host h'),
  wrong('--add --producer --topic t --operation Read --allow-principal User:a'),
  wrong('--add --producer --topic t --deny-principal User:a'),
  wrong('--add --producer --topic t --deny-host a'),
  wrong('--add --consumer --topic t --group g --operation Read'),
  wrong('--add --principal User:a --topic t'),
  wrong('--add --producer --allow-principal User:a'),
  wrong('--add --idempotent --topic t --allow-principal User:a'),
  wrong('--add --consumer --topic t --allow-principal User:a'),
  wrong('--add --consumer --topic t --group g --cluster --allow-principal User:a'),
  wrong('--add --consumer --topic t --group g --transactional-id g --allow-principal User:a'),
  wrong('--list --nonsense'),
  wrong('--topic'),
  { args: '--list --command-config /no/such/file', ownWords: true },
  { args: '--version' },
  { args: '--help', ownWords: true },
]

const home = await apacheKafkaHome()

/** The bundled cluster has no authorizer. */
const needs = [
  'cannot answer DescribeAcls requests',
  'cannot answer CreateAcls requests',
  'cannot answer DeleteAcls requests',
]

describe.skipIf(home === null)('kt acls beside kafka-acls.sh', () => {
  let kafka: Pick<ApacheKafka, 'bootstrapServers' | 'bootstrapControllers'>
  beforeAll(async () => {
    if (isBundledReferee()) {
      kafka = await apacheCluster(home!)
      return
    }
    const own = await startApacheKafka(home!, {
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': 'User:ANONYMOUS',
    })
    kafka = own
    return () => own.stop()
  })

  it.concurrent.each(CASES)('$args', async (given) => {
    const { bootstrapServers, bootstrapControllers } = kafka
    const names = { controller: bootstrapControllers }
    const subject = { home: home!, script: 'kafka-acls', command: 'acls', bootstrapServers, names, needs }
    await compareWithScript(subject, given)
  })
})

describe.skipIf(home === null)('kt acls of a cluster without an authorizer, beside kafka-acls.sh', () => {
  let kafka: ApacheKafka
  beforeAll(async () => {
    kafka = await startApacheKafka(home!)
    return () => kafka.stop()
  })

  it.concurrent.each([
    case_('--list'),
    case_('--add --topic t --allow-principal User:a --operation Read'),
    case_('--remove --topic t --force'),
  ])('$args', async (given) => {
    const { bootstrapServers } = kafka
    await compareWithScript({ home: home!, script: 'kafka-acls', command: 'acls', bootstrapServers, needs }, given)
  })
})
