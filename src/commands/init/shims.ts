/** The `bin/` of a workspace: scripts with Kafka's names that call this `kt`. */
import * as fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import { KtError } from '../../base/errors.ts'
import { shellWord } from '../../base/shell-word.ts'
import type { CommandTable } from '../../cli/command.ts'

/** `bin/kt` of this installation. */
export function ownProgram(): string {
  // From a file of the build and from the source.
  for (const place of ['../bin/kt', '../../bin/kt', '../../../bin/kt']) {
    const file = fileURLToPath(new URL(place, import.meta.url))
    if (fs.existsSync(file)) return file
  }
  throw new KtError('storage', 'bin/kt is missing from the installation', { next: 'npm install -g kafka-toolkit' })
}

/** Path inside the workspace -> text: a shim for every script, and `kt` itself. */
export function shims(commands: CommandTable, program: string): Map<string, string> {
  const scripts = Object.values(commands).flatMap(({ script, verbsOf }) => script ?? verbsOf ?? [])
  return new Map([
    ['bin/kt', shim(program, '')],
    ...scripts.map((script): [string, string] => [`bin/${script}`, shim(program, ` ${script}`)]),
  ])
}

/** An installation that has moved since is looked for on the PATH. */
function shim(program: string, script: string): string {
  return `#!/bin/sh
kt=${shellWord(program)}
[ -x "$kt" ] || kt=kt
exec "$kt"${script} "$@"
`
}
