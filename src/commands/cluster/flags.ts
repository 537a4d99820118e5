/** Words and flags that the subcommands of the local cluster share. */
import { KtError } from '../../base/errors.ts'

export interface NameFlags {
  readonly name: string
}

export interface VerbFlags extends NameFlags {
  /** Unchecked: `formatNamed` reads it, before anything is done. */
  readonly format?: string
}

const MAX_NODE_ID = 2 ** 31 - 1

/** Node ids given as words. Throws `KtError` of kind usage. */
export function parseNodeIds(words: readonly string[]): number[] {
  return words
    .flatMap((word) => word.split(','))
    .map((word) => {
      const id = /^\d{1,10}$/.test(word) ? Number(word) : Number.NaN
      if (Number.isNaN(id) || id > MAX_NODE_ID) {
        throw new KtError('usage', `'${word}' is not a node id`, { next: 'kt cluster status' })
      }
      return id
    })
}

export function parsePort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1
  if (port < 0 || port > 65535) throw new KtError('usage', `--port ${text} is not a port: 0 to 65535`)
  return port
}

/** A count such as `--brokers 3`; undefined when the flag was left out. */
export function parseCount(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,3}$/.test(text)) throw new KtError('usage', `${flag} ${text} is not a number of nodes`)
  return Number(text)
}

export function parseOverrides(words: readonly string[] = []): Map<string, string> {
  return new Map(
    words.map((word) => {
      const equals = word.indexOf('=')
      if (equals < 1) throw new KtError('usage', `--override ${word} is not key=value`)
      return [word.slice(0, equals), word.slice(equals + 1)]
    }),
  )
}

/** `--name b` for the commands that are suggested, nothing for the cluster everybody has. */
export function nameFlag(name: string): string {
  return name === 'local' ? '' : ` --name ${name}`
}

/** `broker 1`, `controller 100`, `node 1` for one that is both. */
export function nodeName(nodeId: number, roles: string): string {
  return `${roles.includes(',') ? 'node' : roles} ${nodeId}`
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
