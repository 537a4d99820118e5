import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import type { ClientOptions } from '../../client/admin-types.ts'
import type { ConsumerSettings, GivenConsoleConsumer } from './options.ts'
import type { RecordSource } from './print-records.ts'

/** Reading as a member of a group. */
export async function openGroup(
  _given: GivenConsoleConsumer,
  _settings: ConsumerSettings,
  _connection: ClientOptions,
  _context: CommandContext,
): Promise<RecordSource> {
  throw new KtError('internal', 'reading with a group is not built yet')
}
