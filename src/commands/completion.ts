/** `kt completion bash|zsh|fish`: the script that makes a shell complete `kt` and Kafka's own script names. */
import { KtError } from '../base/errors.ts'
import type { Command, CommandTable } from '../cli/command.ts'
import { OK } from '../cli/exit-codes.ts'
import { defineCommand } from '../cli/own-command.ts'
import { isShell, SHELLS, shellScript } from './complete/shell-scripts.ts'

/** The command; `commands` are those whose scripts are completed, too. */
export function completionCommand(commands: CommandTable): Command {
  return defineCommand({
    name: 'completion',
    summary: 'Print the script that completes commands, options, topics, groups and brokers in a shell.',
    examples: [
      {
        command: 'kt completion bash > ~/.kt-completion.bash',
        does: 'then, in ~/.bashrc: source ~/.kt-completion.bash',
      },
      {
        command: 'kt completion zsh > ~/.kt-completion.zsh',
        does: 'then, in ~/.zshrc behind compinit: source ~/.kt-completion.zsh',
      },
      {
        command: 'kt completion fish > ~/.kt-completion.fish',
        does: 'then, in config.fish: source ~/.kt-completion.fish',
      },
    ],
    configure(command, act) {
      command.argument('<shell>', `one of ${SHELLS.join(', ')}`).action(
        act(async ([shell = ''], _flags, { stdout }) => {
          if (!isShell(shell)) {
            throw new KtError('usage', `no completion for '${shell}'`, { facts: [`shells: ${SHELLS.join(', ')}`] })
          }
          const scripts = Object.values(commands).flatMap((entry) => entry.script ?? entry.verbsOf ?? [])
          stdout.write(shellScript(shell, scripts))
          return OK
        }),
      )
    },
  })
}
