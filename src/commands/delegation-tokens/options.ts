import { forbidWith, requireOptions } from '../../cli/check-options.ts'
import type { CommandContext } from '../../cli/context.ts'
import { flag, long, optionalText, UsageError } from '../../cli/options.ts'
import { CONNECTION_OPTIONS, type Given } from '../../cli/script-command.ts'

export const TOKENS_OPTIONS = {
  ...CONNECTION_OPTIONS,
  create: flag('Create a token for who asks, or for --owner-principal.'),
  renew: flag('Let a token live longer.'),
  expire: flag('Let a token end earlier.'),
  describe: flag('Describe tokens.'),
  'owner-principal': optionalText('User:name', 'Whose tokens; with --create, who owns it. May be repeated.'),
  'renewer-principal': optionalText('User:name', 'Who may renew the token, beside its owner. May be repeated.'),
  'max-life-time-period': long('ms', 'How long it can live at most; -1 is what the cluster allows.'),
  'renew-time-period': long('ms', 'For how long it is renewed; -1 is what the cluster has for it.'),
  'expiry-time-period': long('ms', 'How long it lives on; -1 ends it at once.'),
  hmac: optionalText('hmac', 'The secret of the token, as it was shown when it was created.'),
}
export type TokensGiven = Given<typeof TOKENS_OPTIONS>

const ACTIONS = ['create', 'renew', 'expire', 'describe'] as const

export function tokensAction(given: TokensGiven): (typeof ACTIONS)[number] {
  return ACTIONS.find((action) => given.has(action))!
}

/** The command line alone, in the script's order and words. */
export function checkTokens(given: TokensGiven, context: CommandContext): void {
  if (ACTIONS.filter((action) => given.has(action)).length !== 1) {
    throw new UsageError('Command must include exactly one action: --create, --renew, --expire or --describe')
  }
  // Tokens need a login; without a server on the command line, how to log in may be known from elsewhere too.
  if (given.has('bootstrap-server') || context.asScript) requireOptions(given, ['command-config'])
  if (given.has('create')) requireOptions(given, ['max-life-time-period'])
  if (given.has('renew')) requireOptions(given, ['hmac', 'renew-time-period'])
  if (given.has('expire')) requireOptions(given, ['hmac', 'expiry-time-period'])
  forbidWith(given, 'create', ['hmac', 'renew-time-period', 'expiry-time-period'])
  forbidWith(given, 'renew', ['renewer-principal', 'max-life-time-period', 'expiry-time-period', 'owner-principal'])
  forbidWith(given, 'expire', ['renew', 'max-life-time-period', 'renew-time-period', 'owner-principal'])
  forbidWith(given, 'describe', ['renew-time-period', 'max-life-time-period', 'hmac', 'expiry-time-period'])
}
