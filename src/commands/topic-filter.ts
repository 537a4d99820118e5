import { UsageError } from '../cli/options.ts'

/** Topics the brokers keep for themselves. */
const INTERNAL_TOPICS = new Set(['__consumer_offsets', '__transaction_state', '__share_group_state'])

export function isInternalTopic(name: string): boolean {
  return INTERNAL_TOPICS.has(name)
}

/** POSIX classes Java knows by name and JavaScript does not. */
const POSIX: Readonly<Record<string, string>> = {
  Lower: 'a-z',
  Upper: 'A-Z',
  Alpha: 'A-Za-z',
  Digit: '0-9',
  Alnum: 'A-Za-z0-9',
  Punct: '!-\\/:-@\\[-`{-~',
  XDigit: '0-9A-Fa-f',
}

/**
 * A Java regular expression as one of JavaScript, which covers what people write for topics: `\Q...\E`, POSIX classes
 * outside brackets and leading `(?i)`-style flags are translated. Throws a SyntaxError for what is none.
 */
export function javaRegex(source: string): RegExp {
  const flags = /^\(\?([is]+)\)/.exec(source)
  const body = (flags === null ? source : source.slice(flags[0].length))
    .replace(/\\Q(.*?)(?:\\E|$)/g, (_, literal: string) => literal.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .replace(/\\p\{(\w+)\}/g, (whole, name: string) => (POSIX[name] === undefined ? whole : `[${POSIX[name]}]`))
  return new RegExp(`^(?:${body})$`, flags?.[1])
}

/** Says which topics a `--topic` expression means. */
export interface TopicFilter {
  /** The expression after the scripts' clean-up. */
  readonly regex: string
  allows(topic: string, excludeInternal?: boolean): boolean
}

/**
 * The scripts' topic expression: a regular expression over the whole name in which a comma means "or"; blanks and
 * quotes around it are dropped, as property files bring them. Throws `UsageError` for an invalid one.
 */
export function topicFilter(expression: string): TopicFilter {
  const regex = expression
    .trim()
    .replaceAll(',', '|')
    .replaceAll(' ', '')
    .replace(/^["']+/, '')
    .replace(/["']+$/, '')
  let pattern: RegExp
  try {
    pattern = javaRegex(regex)
  } catch {
    throw new UsageError(`${regex} is an invalid regex.`)
  }
  return {
    regex,
    allows: (topic, excludeInternal = false) => pattern.test(topic) && !(excludeInternal && isInternalTopic(topic)),
  }
}
