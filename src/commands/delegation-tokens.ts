/**
 * `kt delegation-tokens`, Kafka's `kafka-delegation-tokens.sh`: tokens by which others act for their owner (KIP-48).
 *
 * Differs: a failure is one line without a stack trace. `--describe` without an owner asks for every token that may be
 * seen, as the option's description has it; the script asks for the tokens of nobody. `--command-config` may be left out
 * together with `--bootstrap-server`.
 */
import type { CommandContext } from '../cli/context.ts'
import { OK } from '../cli/exit-codes.ts'
import { formatDocument, type Structure } from '../cli/format.ts'
import { defineScriptCommand, type Presentation, presentationOf, targetOf } from '../cli/script-command.ts'
import { drawTable } from '../cli/table.ts'
import type { Admin } from '../client/admin-types.ts'
import type { DelegationToken } from '../client/security-types.ts'
import { checkTokens, TOKENS_OPTIONS, type TokensGiven, tokensAction } from './delegation-tokens/options.ts'
import {
  dateText,
  parseHmac,
  parsePrincipal,
  principalsText,
  principalText,
  tokensText,
} from './delegation-tokens/text.ts'
import { ScriptFailure } from './script-failure.ts'

export const delegationTokens = defineScriptCommand({
  name: 'delegation-tokens',
  script: 'kafka-delegation-tokens.sh',
  summary: 'Create, renew, expire and describe delegation tokens',
  options: TOKENS_OPTIONS,
  examples: [
    {
      command: 'kt delegation-tokens --create --max-life-time-period -1 --renewer-principal User:alice',
      does: 'a token that alice may renew, for as long as the cluster allows',
    },
    { command: 'kt delegation-tokens --describe', does: 'every token that may be seen' },
    { command: 'kt delegation-tokens --renew --renew-time-period -1 --hmac HMAC', does: 'lets it live longer' },
    { command: 'kt delegation-tokens --expire --expiry-time-period -1 --hmac HMAC', does: 'ends it at once' },
  ],
  check: checkTokens,
  run: runTokens,
})

interface Job {
  readonly given: TokensGiven
  readonly context: CommandContext
  readonly presentation: Presentation
  readonly admin: Admin
  /** What the script says on the way. */
  say(text: string): void
}

async function runTokens(given: TokensGiven, context: CommandContext): Promise<number> {
  const presentation = presentationOf(given, context)
  const job: Job = {
    given,
    context,
    presentation,
    admin: await context.admin(targetOf(given)),
    say: (text) => {
      if (presentation === 'script') context.stdout.write(text)
    },
  }
  const run = { create, renew: prolong, expire: prolong, describe }[tokensAction(given)]
  try {
    await run(job)
    return OK
  } catch (error) {
    const { asScriptFailure } = await import('./java-failure.ts')
    const failure = asScriptFailure(error)
    if (!(failure instanceof ScriptFailure)) throw error
    // The script tells Java's exception, and on stderr.
    throw new ScriptFailure(presentation === 'script' ? failure.scriptText : failure.message, failure.scriptText, {
      facts: failure.facts,
      ...(failure.next === undefined ? {} : { next: failure.next }),
    })
  }
}

async function create({ given, context, presentation, admin, say }: Job): Promise<void> {
  const renewers = given.values('renewer-principal').map(parsePrincipal)
  const maxLifetimeMs = given.value('max-life-time-period')!
  say(
    `Calling create token operation with renewers :${principalsText(renewers)} , max-life-time-period :${maxLifetimeMs}\n`,
  )
  const owner = given.values('owner-principal').map(parsePrincipal)[0]
  const token = await admin.createDelegationToken({
    ...(owner === undefined ? {} : { owner }),
    renewers,
    maxLifetimeMs,
  })
  say(`Created delegation token with tokenId : ${token.tokenId}\n`)
  await show([token], presentation, context)
}

/** `--renew` and `--expire`: the token has a new end. */
async function prolong({ given, context, presentation, admin, say }: Job): Promise<void> {
  const renews = given.has('renew')
  const hmac = given.value('hmac') ?? ''
  const periodMs = given.value(renews ? 'renew-time-period' : 'expiry-time-period')!
  const [verb, period] = renews ? ['renew', 'renew-time-period'] : ['expire', 'expire-time-period']
  say(`Calling ${verb} token operation with hmac :${hmac} , ${period} :${periodMs}\n`)
  const bytes = parseHmac(hmac)
  const expiresAtMs = await (renews
    ? admin.renewDelegationToken(bytes, periodMs)
    : admin.expireDelegationToken(bytes, periodMs))
  // The script ends the line no more than this.
  say(`Completed ${verb} operation. New expiry date : ${dateText(expiresAtMs)}`)
  if (presentation === 'terminal') context.stdout.write(`The token expires at ${dateText(expiresAtMs)}.\n`)
  else if (presentation !== 'script') {
    context.stdout.write(formatDocument(presentation, 'DelegationTokenExpiry', { expiresAt: expiresAtMs }))
  }
}

async function describe({ given, context, presentation, admin, say }: Job): Promise<void> {
  const owners = given.values('owner-principal').map(parsePrincipal)
  say(
    owners.length === 0
      ? 'Calling describe token operation for current user.\n'
      : `Calling describe token operation for owners: ${principalsText(owners)}\n`,
  )
  const tokens = await admin.describeDelegationTokens(owners.length === 0 ? undefined : owners)
  say(`Total number of tokens : ${tokens.length}`)
  await show(tokens, presentation, context)
}

async function show(
  tokens: readonly DelegationToken[],
  presentation: Presentation,
  context: CommandContext,
): Promise<void> {
  if (presentation === 'script') {
    context.stdout.write(tokensText(tokens))
  } else if (presentation !== 'terminal') {
    context.stdout.write(formatDocument(presentation, 'DelegationTokenList', { tokens: tokens.map(tokenFields) }))
  } else if (tokens.length === 0) {
    context.stderr.write('There are no tokens that you may see.\n')
  } else {
    const { dim, name } = await context.colours()
    const rows = tokens.map((token) => [
      name(token.tokenId),
      principalText(token.owner),
      token.renewers.map(principalText).join(', ') || '-',
      dateText(token.issuedAtMs),
      dateText(token.expiresAtMs),
      dateText(token.endsAtMs),
      dim(token.hmac.toString('base64')),
    ])
    const head = ['TOKEN', 'OWNER', 'RENEWERS', 'ISSUED', 'EXPIRES', 'ENDS', 'HMAC'].map(dim)
    context.stdout.write(await drawTable({ head, rows }))
  }
}

function tokenFields(token: DelegationToken): Structure {
  return {
    tokenId: token.tokenId,
    hmac: token.hmac.toString('base64'),
    owner: principalText(token.owner),
    requester: principalText(token.requester),
    renewers: token.renewers.map(principalText),
    issuedAt: token.issuedAtMs,
    expiresAt: token.expiresAtMs,
    endsAt: token.endsAtMs,
  }
}
