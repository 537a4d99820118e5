import { forbidWith } from '../../cli/check-options.ts'
import { addedByKt, flag, optionalText, text, UsageError } from '../../cli/options.ts'
import { CONNECTION_OPTIONS, type Given } from '../../cli/script-command.ts'

export const ACLS_OPTIONS = {
  'bootstrap-server': CONNECTION_OPTIONS['bootstrap-server'],
  'bootstrap-controller': text('host:port', 'Controllers to connect to instead of brokers, separated by commas.'),
  'command-config': optionalText('file', 'Java properties file with client settings.'),
  add: flag('Add rules.'),
  remove: flag('Remove rules.'),
  list: flag('List rules: all, or those of the resources and principals that are named.'),
  topic: text('topic', "A topic; '*' is every topic. May be repeated."),
  group: text('group', "A group; '*' is every group. May be repeated."),
  cluster: flag('The cluster itself.'),
  'transactional-id': text('id', "A transactional id; '*' is every one. May be repeated."),
  'delegation-token': text('token id', "A delegation token; '*' is every one. May be repeated."),
  'user-principal': text('user', 'A user for whom tokens may be made or seen. May be repeated.'),
  'resource-pattern-type': text(
    'type',
    'How names are meant. literal and prefixed are what rules have; for listing and removing also any (either of the two, the name exactly) and match (every rule that affects the name).',
    { default: 'LITERAL', choices: ['literal', 'prefixed', 'any', 'match'] },
  ),
  operation: text('operation', 'What is allowed or denied: Read, Write, DescribeConfigs and so on. May be repeated.', {
    default: 'All',
  }),
  'allow-principal': text('User:name', "Who is allowed to; User:'*' is everybody. May be repeated."),
  'deny-principal': text('User:name', 'Who is denied, whatever else allows it. May be repeated.'),
  'allow-host': text('address', 'From where the allowed ones may; from anywhere unless given. May be repeated.'),
  'deny-host': text('address', 'From where the denied ones may not; from anywhere unless given. May be repeated.'),
  principal: optionalText('User:name', 'With --list: only rules of this principal. May be repeated.'),
  producer: flag(
    'What a producer needs: Write, Describe and Create on topics, Write and Describe on transactional ids.',
  ),
  consumer: flag('What a consumer needs: Read and Describe on topics, Read on groups.'),
  idempotent: flag('With --producer: IdempotentWrite on the cluster too.'),
  force: flag('Remove without asking.'),
  ...addedByKt({ 'dry-run': flag('With --add and --remove: show what would change, and change nothing.') }),
}
export type AclsGiven = Given<typeof ACLS_OPTIONS>

const ACTIONS = ['list', 'add', 'remove'] as const

export function aclsAction(given: AclsGiven): (typeof ACTIONS)[number] {
  return ACTIONS.find((action) => given.has(action))!
}

/** The command line alone, in the script's order and words. */
export function checkAcls(given: AclsGiven): void {
  if (given.has('bootstrap-server') && given.has('bootstrap-controller')) {
    throw new UsageError('Only one of --bootstrap-server or --bootstrap-controller must be specified')
  }
  if (ACTIONS.filter((action) => given.has(action)).length !== 1) {
    throw new UsageError('Command must include exactly one action: --list, --add, --remove. ')
  }
  forbidWith(given, 'list', ['producer', 'consumer', 'allow-host', 'allow-principal', 'deny-host', 'deny-principal'])
  forbidWith(given, 'producer', ['operation', 'deny-principal', 'deny-host'])
  forbidWith(given, 'consumer', ['operation', 'deny-principal', 'deny-host'])
  if (given.has('principal') && !given.has('list')) {
    throw new UsageError('The --principal option is only available if --list is set')
  }
  if (given.has('producer') && !given.has('topic')) throw new UsageError('With --producer you must specify a --topic')
  if (given.has('idempotent') && !given.has('producer')) {
    throw new UsageError('The --idempotent option is only available if --producer is set')
  }
  if (given.has('consumer') && !fitsConsumer(given)) {
    throw new UsageError(
      'With --consumer you must specify a --topic and a --group and no --cluster or --transactional-id option should be specified.',
    )
  }
}

function fitsConsumer(given: AclsGiven): boolean {
  if (!given.has('topic') || !given.has('group')) return false
  return given.has('producer') || (!given.has('cluster') && !given.has('transactional-id'))
}
