/** Where the lines of `kt shell` connect that do not say it: the shell's own flags count as theirs. */
import type { ConnectionTarget } from './context.ts'

/** Carries the shell's flags to its lines, those that `sh` runs included: JSON. Of no use to people. */
export const SHELL_TARGET = 'KT_SHELL_TARGET'

/** The flags that say where to connect. */
export type ShellTarget = Pick<ConnectionTarget, 'bootstrapServer' | 'commandConfig' | 'profile'>

type Environment = Readonly<Record<string, string | undefined>>

/** The target of a line; one that names servers, a file or a profile takes nothing from the shell. */
export function withShellTarget(target: ConnectionTarget, env: Environment): ConnectionTarget {
  const text = env[SHELL_TARGET]
  if (text === undefined || text === '') return target
  const { bootstrapServer, bootstrapController, commandConfig, profile } = target
  if ((bootstrapServer ?? bootstrapController ?? commandConfig ?? profile) !== undefined) return target
  return { ...target, ...shellTarget(text) }
}

function shellTarget(text: string): ShellTarget {
  try {
    const { bootstrapServer, commandConfig, profile } = JSON.parse(text) as ShellTarget
    return { bootstrapServer, commandConfig, profile }
  } catch {
    return {}
  }
}
