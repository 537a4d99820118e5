import { KtError } from '../../base/errors.ts'
import { quorumTargetOf } from '../../cli/argparse-command.ts'
import type { CommandContext } from '../../cli/context.ts'
import { OK } from '../../cli/exit-codes.ts'
import { formatDocument } from '../../cli/format.ts'
import { UsageError } from '../../cli/options.ts'
import { presentationOf } from '../../cli/script-command.ts'
import { parseUuid } from '../uuid-text.ts'
import type { AddGiven, MainGiven, RemoveGiven } from './options.ts'
import { endpointText } from './quorum.ts'

/** `add-controller`: who, where and with which directory is read from the controller's own properties file. */
export async function addController(given: AddGiven, main: MainGiven, context: CommandContext): Promise<number> {
  const file = main.value('command-config')
  if (file === undefined) {
    throw new KtError(
      'usage',
      'You must supply the configuration file of the controller you are adding when using add-controller.',
      { next: 'kt metadata-quorum --command-config controller.properties add-controller' },
    )
  }
  const { readControllerFile } = await import('./controller-file.ts')
  const voter = readControllerFile(file)
  const presentation = presentationOf(given, context)
  const dryRun = given.has('dry-run')
  if (!dryRun) await (await context.admin(quorumTargetOf(main))).addRaftVoter(voter)
  if (presentation === 'json' || presentation === 'yaml') {
    const { id: controllerId, directoryId } = voter
    const endpoints = voter.endpoints.map(({ name, host, port }) => ({ listener: name, host, port }))
    const fields = { controllerId, directoryId, endpoints, dryRun }
    context.stdout.write(formatDocument(presentation, 'ControllerAdded', fields))
    return OK
  }
  const done = dryRun ? 'DRY RUN of adding' : 'Added'
  const endpoints = voter.endpoints.map(endpointText).join(', ')
  context.stdout.write(
    `${done} controller ${voter.id} with directory id ${voter.directoryId} and endpoints: ${endpoints}\n`,
  )
  return OK
}

/** `remove-controller` */
export async function removeController(given: RemoveGiven, main: MainGiven, context: CommandContext): Promise<number> {
  const id = given.value('controller-id')!
  if (id < 0) throw new KtError('usage', `Invalid negative --controller-id: ${id}`)
  const directoryId = directoryIdOf(given.value('controller-directory-id')!)
  const presentation = presentationOf(given, context)
  const dryRun = given.has('dry-run')
  if (!dryRun) await (await context.admin(quorumTargetOf(main))).removeRaftVoter({ id, directoryId })
  if (presentation === 'json' || presentation === 'yaml') {
    const fields = { controllerId: id, directoryId, dryRun }
    context.stdout.write(formatDocument(presentation, 'ControllerRemoved', fields))
    return OK
  }
  // The two blanks are the script's.
  const done = dryRun ? 'DRY RUN of removing ' : 'Removed '
  context.stdout.write(`${done} KRaft controller ${id} with directory id ${directoryId}\n`)
  return OK
}

function directoryIdOf(text: string): string {
  try {
    return parseUuid(text)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    throw new KtError('usage', `Failed to parse --controller-directory-id: ${error.message}`)
  }
}
