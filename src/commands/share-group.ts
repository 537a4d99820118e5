import { KtError } from '../base/errors.ts'
import type { CommandContext } from '../cli/context.ts'
import type { ShareConsumer } from '../client/share/share-consumer.ts'
import { ErrorCode, KafkaError } from '../protocol/error-codes.ts'
import { awaitNext } from './await-next.ts'

const FOREVER_MS = 2 ** 31 - 1

/** Joins, unless it is interrupted before. A cluster without share groups is told in one line. */
export async function joinShareGroup(consumer: ShareConsumer, context: CommandContext): Promise<void> {
  try {
    await awaitNext(consumer.start(), FOREVER_MS, context)
  } catch (error) {
    if (!(error instanceof KtError) || !isUnsupported(error.cause)) throw error
    throw new KtError('kafka', 'This cluster has no share groups (KIP-932): it does not serve ShareGroupHeartbeat', {
      facts: ['Apache Kafka has them from 4.2 on, with the feature share.version at 1'],
      cause: error,
    })
  }
}

/** The API is not served at all, or the feature is off: other failures may name the request as well. */
function isUnsupported(cause: unknown): boolean {
  return cause instanceof KafkaError && cause.code === ErrorCode.UNSUPPORTED_VERSION
}
