/** `beginner-errors.md`: what goes wrong in the first weeks, by what it is known, and what is said about it. */
import { BEGINNER_ERRORS } from '../commands/beginner-errors/table.ts'
import type { BeginnerError } from '../commands/beginner-errors/types.ts'
import { cell, code, GENERATED, markdownTable } from './markdown.ts'

const WHEN: Readonly<Record<NonNullable<BeginnerError['shown']>, string>> = {
  always: 'behind the message',
  'at a terminal': 'behind the message, at a terminal',
  'by itself': 'the message says it by itself',
}

function rowOf(row: BeginnerError): string[] {
  const { id, texts, where, shown = 'always', why, next, observe } = row
  const steps = next.map(({ run, does }) => [run === undefined ? '' : code(run), does === undefined ? '' : cell(does)])
  return [
    code(id),
    texts.map((text) => code(text.replaceAll('`', "'"))).join('<br>'),
    cell(`${where}; ${WHEN[shown]}`),
    `${cell(why)}${observe === undefined ? '' : ' *And what is seen of it at that moment.*'}`,
    steps.map((parts) => parts.filter((part) => part !== '').join(': ')).join('<br>'),
  ]
}

/** The page's text. */
export function beginnerErrorsPage(): string {
  return `${GENERATED}

# What goes wrong in the first weeks

${BEGINNER_ERRORS.length} failures that everybody meets. \`kt\` knows them wherever they come up: behind the message, which stays as it is, stand the
reason, what the cluster shows of it at that moment (who is in sync, who holds the group or the port, which names are like it)
and the command to go on with. That is written on stderr, within two seconds, and nothing is changed or started for it. Remarks
about what has not failed are made at a terminal alone. Pasted to \`kt explain\`, also in the words of Java and of other
clients, every one of these messages is explained in the same way.

The rows are in \`src/commands/beginner-errors/rows/\`; \`src/cli/hearing.ts\` listens to what commands say.

${markdownTable(['row', 'known by', 'where and when', 'why', 'next'], BEGINNER_ERRORS.map(rowOf))}
`
}
