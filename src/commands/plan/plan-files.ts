/** What `kt plan` and `kt apply` share: options, files, the plan that follows from them. */
import type { Command as CommanderCommand } from 'commander'
import type { CommandContext } from '../../cli/context.ts'
import { STRUCTURED_FORMATS } from '../../cli/format.ts'
import { UsageError } from '../../cli/options.ts'
import { addConnectionOptions, type ConnectionFlags } from '../../cli/own-command.ts'
import { topicFilter } from '../topic-filter.ts'
import type { Declarations } from './declarations.ts'
import type { PruneScope } from './model.ts'
import { readDeclarations } from './read-declarations.ts'
import { readDocuments } from './source-files.ts'

export interface PlanFlags extends ConnectionFlags {
  readonly prune?: string
  readonly topic?: string
  readonly format?: string
}

/** Declares the words and options of both commands. */
export function addPlanOptions(command: CommanderCommand): CommanderCommand {
  return addConnectionOptions(
    command.argument('[paths...]', 'files and directories of YAML or JSON documents; - is standard input'),
  )
    .option(
      '--prune <what>',
      `delete what files do not name: ${PRUNABLE.join(', ')}, separated by commas; of topics those of --topic alone`,
    )
    .option('--topic <regex>', 'with --prune topics: which topics may be deleted')
    .option('--format <format>', `structured output: ${STRUCTURED_FORMATS.join(' or ')}`)
}

const PRUNABLE = ['configs', 'acls', 'quotas', 'topics'] as const

/** Throws a usage `KtError` where the scope is not spelt out. */
export function pruneScope({ prune, topic }: PlanFlags): PruneScope {
  const words = (prune ?? '').split(',').filter((word) => word !== '')
  const unknown = words.find((word) => !PRUNABLE.includes(word as (typeof PRUNABLE)[number]))
  if (unknown !== undefined) {
    throw new UsageError(`--prune ${unknown} is unknown`, { facts: [`it is one of ${PRUNABLE.join(', ')}`] })
  }
  if (prune !== undefined && words.length === 0) throw new UsageError('--prune says nothing')
  const topics = words.includes('topics')
  if (topics && topic === undefined) {
    throw new UsageError('--prune topics needs --topic: topics that match and are in no file are deleted', {
      next: "--prune topics --topic 'orders-.*'",
    })
  }
  if (!topics && topic !== undefined) throw new UsageError('--topic goes with --prune topics, or with --export')
  const filter = topics ? topicFilter(topic!) : null
  return {
    configs: words.includes('configs'),
    acls: words.includes('acls'),
    quotas: words.includes('quotas'),
    topics: filter === null ? null : (name) => filter.allows(name),
  }
}

/** What the files declare. Throws a usage `KtError` with every mistake in them. */
export async function declarationsOf(paths: readonly string[], context: CommandContext): Promise<Declarations> {
  if (paths.length === 0) {
    throw new UsageError('Name a file or a directory', { next: 'to write one from the cluster: kt plan --export' })
  }
  return readDeclarations(await readDocuments(paths, context))
}
