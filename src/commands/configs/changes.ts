import { UsageError } from '../../cli/options.ts'
import type { ConfigsGiven } from './options.ts'

/** What `--alter` is to do. */
export interface Changes {
  readonly add: ReadonlyMap<string, string>
  readonly remove: readonly string[]
}

/** No comma inside brackets: what follows has no `]` before the next `[`. */
const OUTSIDE_BRACKETS = '(?=[^\\]]*(?:\\[|$))'
const COMMA = new RegExp(`,${OUTSIDE_BRACKETS}`)
const EQUALS = new RegExp(`\\s*=\\s*${OUTSIDE_BRACKETS}`)

/** `k1=v1,k2=[v1,v2]` -> pairs; brackets only group and are dropped. Throws `UsageError`. */
export function parseAddConfig(text: string): Map<string, string> {
  const pairs = text.split(COMMA).map((part) => part.split(EQUALS))
  if (pairs.some((pair) => pair.length !== 2)) {
    throw new UsageError(
      'requirement failed: Invalid entity config: all configs to be added must be in the format "key=val" or  "key=[val1,val2]" to group values which contain commas.',
    )
  }
  return new Map(pairs.map(([key, value]) => [key!.trim(), value!.replace(/\[?\]?/g, '').trim()]))
}

/** Reads `--add-config`, `--add-config-file` and `--delete-config`. */
export async function changesOf(given: ConfigsGiven): Promise<Changes> {
  const file = given.value('add-config-file')
  const text = given.value('add-config')
  const fromFile = file === undefined ? [] : (await import('../../client/properties.ts')).loadProperties(file)
  const add = new Map([...fromFile, ...(text === undefined ? [] : parseAddConfig(text))])
  for (const key of add.keys()) {
    // `$` stands in names of loggers of inner classes.
    if (!/^[$a-zA-Z0-9._-]*$/.test(key)) throw new UsageError(`Invalid character found for config key: ${key}`)
  }
  return { add, remove: given.values('delete-config').map((key) => key.trim()) }
}
