import type { CommandContext } from '../../cli/context.ts'
import { OK } from '../../cli/exit-codes.ts'
import { refusedWith } from '../kafka-refusal.ts'
import { type UnregisterGiven, verbTarget } from './verb-options.ts'

/** `kt cluster unregister` */
export async function unregister(given: UnregisterGiven, context: CommandContext): Promise<number> {
  const id = given.value('id')!
  const admin = await context.admin(verbTarget(given, context))
  try {
    await admin.unregisterBroker(id)
    context.stdout.write(`Broker ${id} is no longer registered.\n`)
  } catch (error) {
    // The script takes this for an answer.
    if (!refusedWith(error, 'UNSUPPORTED_VERSION')) throw error
    context.stdout.write('The target cluster does not support the broker unregistration API.\n')
  }
  return OK
}
