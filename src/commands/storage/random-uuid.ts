import { randomUuid } from '../../base/uuid.ts'
import type { CommandContext } from '../../cli/context.ts'
import { OK } from '../../cli/exit-codes.ts'
import { formatDocument } from '../../cli/format.ts'
import { type Given, presentationOf } from '../../cli/script-command.ts'

/** `kt storage random-uuid`: an id that no option could be taken for. */
export async function printRandomUuid(given: Given<Record<never, never>>, context: CommandContext): Promise<number> {
  const presentation = presentationOf(given, context)
  const uuid = randomUuid()
  const structured = presentation === 'json' || presentation === 'yaml'
  context.stdout.write(structured ? formatDocument(presentation, 'RandomUuid', { uuid }) : `${uuid}\n`)
  return OK
}
