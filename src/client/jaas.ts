import { KtError } from '../base/errors.ts'

/** One entry of a JAAS configuration: `Module required key="value" ... ;`. */
export interface JaasEntry {
  readonly module: string
  readonly options: ReadonlyMap<string, string>
}

/** A word, or a quoted string with backslash escapes, or one of `=` and `;`: what Java's StreamTokenizer sees. */
const TOKEN = /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([=;])|([^\s=;"']+))/y

function* tokens(text: string): Generator<string> {
  TOKEN.lastIndex = 0
  let end = 0
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    end = TOKEN.lastIndex
    const quoted = match[1] ?? match[2]
    yield quoted === undefined ? (match[3] ?? match[4]!) : quoted.replace(/\\(.)/g, '$1')
  }
  if (text.slice(end).trim() !== '') throw invalid(`cannot read ${JSON.stringify(text.slice(end).trim()[0])}`)
}

function invalid(why: string): KtError {
  return new KtError('usage', `Invalid sasl.jaas.config: ${why}`, {
    facts: ['its form is: MODULE required username="USER" password="PASSWORD";'],
  })
}

const CONTROL_FLAGS = new Set(['required', 'requisite', 'sufficient', 'optional'])

/** Parses `sasl.jaas.config`, which holds exactly one entry. Throws a usage `KtError`. */
export function parseJaas(text: string): JaasEntry {
  const [module, flag, ...rest] = [...tokens(text)]
  if (module === undefined || module === ';') throw invalid('no login module')
  if (flag === undefined || !CONTROL_FLAGS.has(flag.toLowerCase())) throw invalid('the control flag is missing')
  const options = new Map<string, string>()
  let at = 0
  while (at < rest.length && rest[at] !== ';') {
    // Never the words themselves: a password with a blank and without quotes stands here.
    if (rest[at + 1] !== '=' || rest[at + 2] === undefined) {
      throw invalid(`what comes after ${at === 0 ? flag : rest[at - 3]} is not of the form NAME="VALUE"`)
    }
    options.set(rest[at]!, rest[at + 2]!)
    at += 3
  }
  if (rest[at] !== ';') throw invalid('the closing semicolon is missing')
  if (at !== rest.length - 1) throw invalid('it holds more than one entry')
  return { module, options }
}
