/** Every option of every command, from the grammars that the commands themselves read their lines by. */
import type { CommandTable } from '../../../cli/command.ts'
import type { OptionDeclaration, OptionTable } from '../../../cli/options.ts'
import { optionMeaning, successorOf } from '../read-arguments.ts'

/** One option in one command. */
export interface OptionUse {
  /** With the subcommand, `cluster start`. */
  readonly command: string
  readonly option: string
  /** One letter, null without. */
  readonly short: string | null
  /** `--topic <topic>` */
  readonly usage: string
  readonly meaning: string
  readonly isOurs: boolean
  /** The option that took its place; null for one that stands. */
  readonly successor: string | null
  /** The proposal by which it was renamed. */
  readonly kip: number | null
  /** Its own older names in this command. */
  readonly before: readonly string[]
}

/** Names that KIP-1147 replaced (Kafka 4.2). */
const KIP_1147 = new Set(
  'property producer-property consumer-property producer.config consumer.config consumer-config producer-props messages config admin.config config-file'.split(
    ' ',
  ),
)

/** In the order of the table; commands that are gone are left out. */
export async function usesOf(commands: CommandTable): Promise<OptionUse[]> {
  const uses: OptionUse[] = []
  for (const [name, entry] of Object.entries(commands)) {
    if (entry.hidden === true) continue
    const grammar = await (await entry.load()).grammar()
    uses.push(...usesIn(name, grammar.options))
    for (const [verb, { options }] of Object.entries(grammar.subcommands ?? {})) {
      uses.push(...usesIn(`${name} ${verb}`, options))
    }
  }
  return uses
}

function usesIn(command: string, table: OptionTable): OptionUse[] {
  const successors = new Map<string, string>()
  for (const [name, declaration] of Object.entries(table)) {
    const successor = declaration.deprecated === true ? successorOf(declaration, table) : undefined
    if (successor !== undefined) successors.set(name, successor)
  }
  return Object.entries(table).map(([option, declaration]) => {
    const successor = successors.get(option) ?? null
    return {
      ...{ command, option, short: declaration.short ?? null, usage: usageOf(option, declaration) },
      ...{ meaning: optionMeaning(declaration), isOurs: declaration.ours === true, successor },
      kip: successor !== null && KIP_1147.has(option) ? 1147 : null,
      before: [...successors].filter(([, now]) => now === option).map(([name]) => name),
    }
  })
}

function usageOf(option: string, { kind, argument, optionalArgument, short }: OptionDeclaration): string {
  const name = short === undefined ? `--${option}` : `-${short}, --${option}`
  if (kind === 'flag' || argument === undefined) return name
  return optionalArgument === true ? `${name} [${argument}]` : `${name} <${argument}>`
}
