/** A command of `kt` by its name alone. */
import type { Meaning, Question } from '../meaning.ts'

export async function meanings(subject: string, { commands }: Question): Promise<Meaning[]> {
  const entry = Object.hasOwn(commands, subject) ? commands[subject] : undefined
  if (entry === undefined || entry.hidden === true) return []
  const grammar = await (await entry.load()).grammar()
  const verbs = Object.entries(grammar.subcommands ?? {}).map(([verb, { summary }]): [string, string] => [
    `kt ${subject} ${verb}`,
    summary,
  ])
  return [
    {
      ...{ term: subject, kind: 'command', of: null, title: entry.script ?? 'command of kt' },
      meaning: grammar.summary.replace(/\.?$/, '.'),
      sections: [
        { title: '', rows: verbs },
        {
          title: 'See it',
          lines: [`kt ${subject} --help`, ...grammar.examples.slice(0, 3).map(({ command }) => command)],
        },
      ],
      details: {
        name: subject,
        script: entry.script ?? null,
        subcommands: verbs.map(([name, summary]) => ({ name, summary })),
        options: Object.keys(grammar.options),
      },
    },
  ]
}
