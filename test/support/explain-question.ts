/** Questions for `kt explain` without a cluster, or with one that a test makes up. */
import { COMMANDS } from '../../src/cli/program.ts'
import type { LiveCluster } from '../../src/commands/explain/live.ts'
import type { Question, Scope } from '../../src/commands/explain/meaning.ts'

export function questionOf(text: string, scope: Scope = {}, live: LiveCluster | null = null): Question {
  return { text, commands: COMMANDS, scope, connect: '', live: async () => live }
}
