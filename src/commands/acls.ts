/**
 * `kt acls`, Kafka's `kafka-acls.sh`: who may do what on topics, groups and the cluster.
 *
 * Differs: a failure is one line, where the script adds a stack trace on stdout. Where nobody can answer whether rules
 * shall be removed, the script ends with a NullPointerException. Rules and resources keep the order of the command line
 * and of the broker; the script's order changes from run to run.
 */
import type { CommandContext, ConnectionTarget } from '../cli/context.ts'
import { OK } from '../cli/exit-codes.ts'
import { UsageError } from '../cli/options.ts'
import { defineScriptCommand, presentationOf } from '../cli/script-command.ts'
import type { Admin } from '../client/admin-types.ts'
import { ACLS_OPTIONS, type AclsGiven, aclsAction, checkAcls } from './acls/options.ts'
import { showScriptFailure } from './failure.ts'

export const acls = defineScriptCommand({
  name: 'acls',
  script: 'kafka-acls.sh',
  summary: 'List, add and remove access control rules',
  options: ACLS_OPTIONS,
  examples: [
    { command: 'kt acls --list', does: 'every rule' },
    {
      command: 'kt acls --add --allow-principal User:alice --producer --topic orders',
      does: 'alice may produce to a topic',
    },
    {
      command:
        'kt acls --add --allow-principal User:bob --consumer --topic orders- --group billing --resource-pattern-type prefixed',
      does: 'bob may consume what begins with orders-, in groups that begin with billing',
    },
    {
      command: 'kt acls --list --topic orders --resource-pattern-type match',
      does: 'every rule that affects a topic, by prefix and wildcard too',
    },
    {
      command: 'kt acls --remove --allow-principal User:alice --producer --topic orders --dry-run',
      does: 'which rules would go',
    },
  ],
  check: checkAcls,
  run: runAcls,
})

type Action = (given: AclsGiven, context: CommandContext, admin: () => Promise<Admin>) => Promise<void>

async function actionOf(given: AclsGiven): Promise<Action> {
  const action = aclsAction(given)
  if (action === 'list') return (await import('./acls/list.ts')).listAcls
  const { addAcls, removeAcls } = await import('./acls/change.ts')
  return action === 'add' ? addAcls : removeAcls
}

async function runAcls(given: AclsGiven, context: CommandContext): Promise<number> {
  const presentation = presentationOf(given, context)
  if (given.has('command-config') && given.value('command-config') === undefined && presentation === 'script') {
    context.stdout.write('Did not load any properties since the property file is not specified\n')
  }
  try {
    const run = await actionOf(given)
    await run(given, context, () => context.admin(targetOf(given)))
    return OK
  } catch (error) {
    // What is wrong with the command line is told on stderr; what goes wrong later, on stdout.
    if (error instanceof UsageError) throw error
    const { asScriptFailure } = await import('./java-failure.ts')
    return showScriptFailure(asScriptFailure(error), 'Error while executing ACL command: ', presentation, context)
  }
}

function targetOf(given: AclsGiven): ConnectionTarget {
  return {
    bootstrapServer: given.value('bootstrap-server'),
    bootstrapController: given.value('bootstrap-controller'),
    commandConfig: given.value('command-config'),
  }
}
