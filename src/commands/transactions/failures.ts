/** Refusals as the script words them, after what it was about to do. */
import { KtError } from '../../base/errors.ts'
import type { KafkaFailure, Outcome, TopicPartition } from '../../client/admin-types.ts'

/** `Failed to list transactions: the broker is too old. Enable debug logging for additional detail.` */
export function failedTo(what: string, reason: string, error?: unknown): KtError {
  const { facts = [], next = undefined } = error instanceof KtError ? error : {}
  const kind = error instanceof KtError ? error.kind : 'kafka'
  return new KtError(kind, `Failed to ${what}: ${reason}. Enable debug logging for additional detail.`, {
    facts,
    next: next ?? 'the same command with KT_DEBUG=1',
    cause: error,
  })
}

/** The value, or a thrown failure; `words` puts a code into the words of Java's client. */
export function valueOr<T>(what: string, outcome: Outcome<T>, words: (error: KafkaFailure) => string): T {
  if (outcome.ok) return outcome.value
  throw failedTo(what, words(outcome.error))
}

/** What throws in here concerns the whole call: told as `what` that failed. */
export async function attempting<T>(
  what: string,
  attempt: () => Promise<T>,
  words: (error: KtError) => string = ({ message }) => message,
): Promise<T> {
  try {
    return await attempt()
  } catch (error) {
    // Only an answer of the cluster is the script's to word; what concerns the connection is told as everywhere.
    if (!(error instanceof KtError) || error.kind !== 'kafka') throw error
    throw failedTo(what, words(error), error)
  }
}

export const partitionName = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`

/** About a transactional id. */
export function idWords(api: string, id: string): (error: KafkaFailure) => string {
  return ({ name }) => {
    const request = `${api} request for transactionalId \`${id}\``
    if (name === 'TRANSACTIONAL_ID_NOT_FOUND') return `${request} failed because the ID could not be found`
    if (name === 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED') return `${request} failed due to authorization failure`
    return `${request} failed due to unexpected error`
  }
}

/** About the producers of a partition. */
export function producerWords(partition: TopicPartition, brokerId?: number): (error: KafkaFailure) => string {
  return ({ name, message }) => {
    const what = `Failed to describe active producers for partition ${partitionName(partition)}`
    if (name === 'NOT_LEADER_OR_FOLLOWER' && brokerId !== undefined) return `${what} on brokerId ${brokerId}`
    if (name === 'TOPIC_AUTHORIZATION_FAILED') {
      return `${what} due to authorization failure on topic \`${partition.topic}\``
    }
    return message
  }
}
