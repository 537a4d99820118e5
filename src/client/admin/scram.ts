/** SCRAM credentials (KIP-554). The password never leaves this process: the broker gets it salted and hashed. */
import { ErrorCode, errorName, KafkaError } from '../../protocol/error-codes.ts'
import type { Admin, Outcome, ScramCredentialInfo } from '../admin-types.ts'
import { ANY, type ClusterClient, CONTROLLER } from '../cluster-client.ts'
import { saltPassword } from '../sasl.ts'
import { outcomeOf, settle } from './outcome.ts'

const MECHANISMS = { 'SCRAM-SHA-256': 1, 'SCRAM-SHA-512': 2 } as const
const SALT_BYTES = 32

function mechanismOf(id: number): ScramCredentialInfo['mechanism'] {
  return id === MECHANISMS['SCRAM-SHA-512'] ? 'SCRAM-SHA-512' : 'SCRAM-SHA-256'
}

/** Which users have credentials, without the secrets. */
export function describeScramCredentials(
  client: ClusterClient,
  users: readonly string[] | 'all',
): Promise<Map<string, Outcome<ScramCredentialInfo[]>>> {
  return client.retrying('DescribeUserScramCredentials', async () => {
    const { describeUserScramCredentials: api } = await import(
      '../../protocol/messages/50-describe-user-scram-credentials.ts'
    )
    const answer = await client.send(ANY, api, { users: users === 'all' ? null : users.map((name) => ({ name })) })
    if (answer.errorCode !== ErrorCode.NONE) {
      throw new KafkaError(errorName(answer.errorCode), answer.errorMessage ?? undefined)
    }
    return new Map(
      answer.results.map(({ user, errorCode, errorMessage, credentialInfos }) => [
        user,
        outcomeOf(errorCode, errorMessage, () =>
          credentialInfos.map(({ mechanism, iterations }) => ({ mechanism: mechanismOf(mechanism), iterations })),
        ),
      ]),
    )
  })
}

type Change = Parameters<Admin['alterScramCredentials']>[0][number]

/** Creates, replaces and deletes credentials; one outcome per user, as the protocol answers. */
export async function alterScramCredentials(
  client: ClusterClient,
  changes: readonly Change[],
): Promise<Map<string, Outcome<void>>> {
  const { alterUserScramCredentials: api } = await import('../../protocol/messages/51-alter-user-scram-credentials.ts')
  const users = [...new Set(changes.map(({ user }) => user))]
  const attempt = async (pending: readonly string[]): Promise<Map<string, Outcome<void>>> => {
    const wanted = changes.filter(({ user }) => pending.includes(user))
    const answer = await client.send(CONTROLLER, api, {
      deletions: wanted.flatMap((change) =>
        'delete' in change ? [{ name: change.user, mechanism: MECHANISMS[change.mechanism] }] : [],
      ),
      upsertions: wanted.flatMap((change) => ('delete' in change ? [] : [upsertion(client, change)])),
    })
    return new Map(
      answer.results.map(({ user, errorCode, errorMessage }) => [
        user,
        outcomeOf(errorCode, errorMessage, () => undefined),
      ]),
    )
  }
  return settle(client, 'AlterUserScramCredentials', users, attempt, { retry: new Set([ErrorCode.NOT_CONTROLLER]) })
}

function upsertion(client: ClusterClient, change: Exclude<Change, { delete: true }>) {
  const { user, mechanism, iterations, password } = change
  const salt = client.options.random.bytes(SALT_BYTES)
  const hash = mechanism === 'SCRAM-SHA-256' ? 'sha256' : 'sha512'
  const saltedPassword = saltPassword(hash, password, salt, iterations)
  return { name: user, mechanism: MECHANISMS[mechanism], iterations, salt, saltedPassword }
}
