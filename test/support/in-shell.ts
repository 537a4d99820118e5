/** What the shells themselves offer for a line with the cursor at its end, by the completion script of `kt`. */
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { runCommand } from './run-command.ts'

type Env = Readonly<Record<string, string | undefined>>

const lines = (text: string): string[] => text.trim().split('\n')
const scriptOf = async (shell: string): Promise<string> => (await runCommand(['completion', shell])).stdout

/** What follows the last `:` or `=` of the word, which is what bash replaces. */
export async function offeredByBash(line: string, env: Env): Promise<string[]> {
  const asked = `${await scriptOf('bash')}
COMP_LINE=${JSON.stringify(line)}; COMP_POINT=\${#COMP_LINE}
_kt_complete 2>/dev/null
printf '%s\\n' "\${COMPREPLY[@]}"`
  return lines(spawnSync('bash', ['-c', asked], { encoding: 'utf8', env }).stdout)
}

/** Words, without what stands beside them. */
export async function offeredByFish(line: string, env: Env): Promise<string[]> {
  const asked = `${await scriptOf('fish')}\ncomplete -C ${JSON.stringify(line)}`
  const { stdout } = spawnSync('fish', ['--no-config', '-c', asked], { encoding: 'utf8', env })
  return lines(stdout).map((each) => each.split('\t')[0]!)
}

/** zsh completes at a terminal only: one is made for it, TAB is pressed, and `compadd` tells what it was given. */
export async function offeredByZsh(line: string, directory: string, env: Env): Promise<string[]> {
  const file = (name: string): string => path.join(directory, name)
  for (const name of ['offered', 'ready', 'end']) fs.rmSync(file(name), { force: true })
  fs.writeFileSync(file('script.zsh'), await scriptOf('zsh'))
  fs.writeFileSync(file('init.zsh'), inner(file))
  const outer = `zmodload zsh/zpty zsh/zselect
zpty z zsh -f -i
zpty -w z 'source ${file('init.zsh')}'
for i in {1..200}; do [[ -e ${file('ready')} ]] && break; zselect -t 5; done
zpty -n -w z "$1"$'\\t\\a'
for i in {1..200}; do [[ -e ${file('end')} ]] && break; zselect -t 5; done
zpty -d z`
  spawnSync('zsh', ['-f', '-c', outer, 'zsh', line], { encoding: 'utf8', env, timeout: 30_000 })
  return fs.existsSync(file('offered')) ? lines(fs.readFileSync(file('offered'), 'utf8')) : []
}

function inner(file: (name: string) => string): string {
  return `PS1=
autoload -Uz compinit; compinit -u -D
source ${file('script.zsh')}
compadd() {
  if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return; fi
  typeset -a hits
  builtin compadd -A hits "$@"
  (( $#hits )) && print -rl -- $hits >> ${file('offered')}
}
finish() { : > ${file('end')}; }
zle -N finish; bindkey '^G' finish
: > ${file('ready')}
`
}
