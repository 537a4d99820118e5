/** The completion scripts: each asks `kt __complete` and offers what it answers. */

export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

export function isShell(text: string): text is Shell {
  return (SHELLS as readonly string[]).includes(text)
}

/** The script for a shell; `scripts` are Kafka's names, completed as well. */
export function shellScript(shell: Shell, scripts: readonly string[]): string {
  return { bash, zsh, fish }[shell](scripts)
}

/** With and without `.sh`, as distributions have them. */
function programs(scripts: readonly string[]): string[] {
  return ['kt', ...scripts.flatMap((script) => [script, script.replace(/\.sh$/, '')])]
}

/**
 * Bash takes `:` and `=` for ends of words: the line is taken apart at blanks instead, and what stands before the last
 * such end is cut from the candidates, as bash only replaces what follows it.
 */
function bash(scripts: readonly string[]): string {
  return `# Completion of kt and Kafka's scripts for bash: source this file.
_kt_complete() {
  local line="\${COMP_LINE:0:$COMP_POINT}" word cut candidate
  local -a words
  read -r -a words <<< "$line"
  [[ "$line" == *[[:space:]] ]] && words+=("")
  word="\${words[\${#words[@]}-1]}"
  cut="\${word%"\${word##*[:=]}"}"
  COMPREPLY=()
  while IFS=$'\\t' read -r candidate _; do
    if [[ "$candidate" == ":files" ]]; then
      compopt -o default 2>/dev/null
      return
    fi
    COMPREPLY+=("\${candidate#"$cut"}")
  done < <(kt __complete -- "\${words[@]}" 2>/dev/null)
  [[ \${#COMPREPLY[@]} -eq 1 && "\${COMPREPLY[0]}" == *= ]] && compopt -o nospace 2>/dev/null
  return 0
}
complete -F _kt_complete ${programs(scripts).join(' ')}
`
}

function zsh(scripts: readonly string[]): string {
  return `#compdef ${programs(scripts).join(' ')}
# Completion of kt and Kafka's scripts for zsh: source this file behind compinit.
_kt_complete() {
  local -a candidates
  local line text
  for line in "\${(@f)$(kt __complete -- "\${(@)words[1,CURRENT]}" 2>/dev/null)}"; do
    [[ -z "$line" ]] && continue
    if [[ "$line" == ":files" ]]; then
      _files
      return
    fi
    text="\${line%%$'\\t'*}"
    if [[ "$line" == *$'\\t'* ]]; then
      candidates+=("\${text//:/\\\\:}:\${line#*$'\\t'}")
    else
      candidates+=("\${text//:/\\\\:}")
    fi
  done
  _describe 'kt' candidates
}
compdef _kt_complete ${programs(scripts).join(' ')}
`
}

function fish(scripts: readonly string[]): string {
  return `# Completion of kt and Kafka's scripts for fish: source this file.
function __kt_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l candidates (kt __complete -- $words 2>/dev/null)
  if test "$candidates[1]" = ":files"
    __fish_complete_path (commandline -ct)
  else
    printf '%s\\n' $candidates
  end
end
for program in ${programs(scripts).join(' ')}
  complete -c $program -f -a '(__kt_complete)'
end
`
}
