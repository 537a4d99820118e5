import type { CommandContext } from '../../cli/context.ts'
import { OK } from '../../cli/exit-codes.ts'
import { formatDocument } from '../../cli/format.ts'
import { presentationOf } from '../../cli/script-command.ts'
import type { Admin } from '../../client/admin-types.ts'
import { refusedWith } from '../kafka-refusal.ts'
import { type UnregisterGiven, verbTarget } from './verb-options.ts'

/** `kt cluster unregister` */
export async function unregister(given: UnregisterGiven, context: CommandContext): Promise<number> {
  const presentation = presentationOf(given, context)
  const id = given.value('id')!
  const admin = await context.admin(verbTarget(given, context))
  const isSupported = await unregisterAt(admin, id)
  if (presentation === 'json' || presentation === 'yaml') {
    context.stdout.write(formatDocument(presentation, 'BrokerUnregistered', { brokerId: id, isSupported }))
  } else if (isSupported) {
    context.stdout.write(`Broker ${id} is no longer registered.\n`)
  } else {
    context.stdout.write('The target cluster does not support the broker unregistration API.\n')
  }
  return OK
}

/** False where the cluster cannot do it: the script takes this for an answer. */
async function unregisterAt(admin: Admin, id: number): Promise<boolean> {
  try {
    await admin.unregisterBroker(id)
    return true
  } catch (error) {
    if (!refusedWith(error, 'UNSUPPORTED_VERSION')) throw error
    return false
  }
}
