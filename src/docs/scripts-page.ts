/** `scripts.md`: every script of Apache Kafka, its twin and its options. */
import { MIRRORED_KAFKA_VERSION } from '../cli/script-command.ts'
import { cell, code, GENERATED, markdownTable } from './markdown.ts'
import { GONE_SCRIPTS } from './option-notes.ts'
import type { OptionStatus, ScriptRow } from './script-table.ts'

const STATUS: Readonly<Record<OptionStatus, string>> = {
  yes: 'yes',
  'no effect': 'read, no effect',
  missing: 'missing',
  added: 'only `kt`',
}

/** The page's text. */
export function scriptsPage(rows: readonly ScriptRow[]): string {
  const mirrors = rows.filter(({ note, exists }) => note === undefined && exists)
  return `${GENERATED}

# Scripts

Every script of Apache Kafka ${MIRRORED_KAFKA_VERSION} (\`bin/*.sh\`), the command of \`kt\` that does the same, and the shim in
\`bin/\` that has the script's name. Options are those that the script lists under \`--help\`; how each behaves is held
against the script itself in \`test/interop/\`. Under the shim's name what is printed is always what the script prints,
and options that only \`kt\` has do not exist.

${markdownTable(
  ['script', 'command', 'shim', 'options', ''],
  rows.map((row) => [
    code(row.script),
    code(`kt ${row.command}`),
    row.hasShim ? 'yes' : '-',
    countOf(row),
    cell(remark(row)),
  ]),
)}

Options of older versions (\`--zookeeper\`, \`--broker-list\`, \`--whitelist\`) are translated, with a line on stderr that says
how. Scripts of older versions that notes still use:

${markdownTable(
  ['script', 'what it does now'],
  GONE_SCRIPTS.map(([script, does]) => [code(script), does]),
)}

${mirrors.map(section).join('\n\n')}
`
}

function countOf({ options }: ScriptRow): string {
  const asked = options.filter(({ status }) => status !== 'added')
  if (asked.length === 0) return '-'
  const there = asked.filter(({ status }) => status !== 'missing')
  return there.length === asked.length ? `all ${asked.length}` : `${there.length} of ${asked.length}`
}

function remark({ note, exists }: ScriptRow): string {
  return exists ? (note ?? '') : (note ?? 'not there yet')
}

function section({ script, command, options }: ScriptRow): string {
  const table = markdownTable(
    ['option', 'status', 'what it does'],
    options.map(({ option, status, text }) => [code(option), STATUS[status], cell(text)]),
  )
  return options.length === 0
    ? `## ${script}\n\n\`kt ${command}\` takes plain words only.`
    : `## ${script}\n\n\`kt ${command}\`\n\n${table}`
}
