/** What the shell's commands do: from words and a place in the tree to lines of text. */
import { columnLines } from './columns.ts'
import { printedLines, type ShellNode, sortedNames } from './nodes.ts'
import { findNodes, type ShellPlace } from './paths.ts'
import { helpText, isVerb, manText, parseShellCommand, type VerbName, verbHelpText } from './verbs.ts'

/** A shell that takes one command after the other; absent where there is only one. */
export interface InteractiveParts {
  /** Columns of the screen; null when it has none. */
  readonly screenWidth: number | null
  /** Lines that were typed, and the number of the first. */
  history(): { readonly first: number; readonly lines: readonly string[] }
}

export interface ShellSession {
  readonly place: ShellPlace
  readonly interactive: InteractiveParts | null
}

/** Runs one command and gives its output, a line or a block of lines at a time; null for `exit`. */
export function runShellCommand(words: readonly string[], session: ShellSession): Iterable<string> | null {
  const command = parseShellCommand(words, session.interactive !== null)
  switch (command.kind) {
    case 'nothing':
      return []
    case 'wrong':
      return [`${command.message}\n`]
    case 'help':
      return [verbHelpText(command.verb)]
    case 'run':
      return command.verb === 'exit' ? null : OUTPUT[command.verb](command.words, session)
  }
}

type Output = (words: readonly string[], session: ShellSession) => Iterable<string>

const OUTPUT: Readonly<Record<Exclude<VerbName, 'exit'>, Output>> = {
  cat: printFiles,
  cd: changeDirectory,
  find: findBelow,
  help: () => [helpText()],
  history: showHistory,
  ls: list,
  man: ([name]) => [
    isVerb(name!) ? manText(name) : `man: unknown command ${name}. Type help to get a list of commands.\n`,
  ],
  pwd: (_, { place }) => [`${place.workingDirectory}\n`],
  tree: printTrees,
}

/** Empty words say nothing; nothing said, it is the current directory. */
function effectivePaths(words: readonly string[]): readonly string[] {
  const paths = words.filter((word) => word !== '')
  return paths.length === 0 ? ['.'] : paths
}

function* withLineEnds(lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield `${line}\n`
}

function* printFiles(words: readonly string[], { place }: ShellSession): Generator<string> {
  for (const word of words) {
    let isFound = false
    for (const { node } of findNodes(place, word)) {
      isFound = true
      if (node.kind === 'directory') yield `cat: ${word}: Is a directory\n`
      else yield `${node.text()}\n`
    }
    if (!isFound) yield `cat: ${word}: No such file or directory.\n`
  }
}

function* printTrees(words: readonly string[], { place }: ShellSession): Generator<string> {
  for (const word of words) {
    let isFound = false
    for (const { node } of findNodes(place, word)) {
      isFound = true
      yield* withLineEnds(printedLines(node))
    }
    if (!isFound) yield `tree: ${word}: No such file or directory.\n`
  }
}

/** Of several directories that a glob names, the last is where the person is then. */
function* changeDirectory([word = '/']: readonly string[], { place }: ShellSession): Generator<string> {
  const found = [...findNodes(place, word)]
  if (found.length === 0) yield `cd: ${word}: no such directory.\n`
  for (const { node, path } of found) {
    if (node.kind === 'directory') place.workingDirectory = path
    else yield `cd: ${word}: not a directory.\n`
  }
}

function* findBelow(words: readonly string[], { place }: ShellSession): Generator<string> {
  for (const word of effectivePaths(words)) {
    let isFound = false
    for (const { node } of findNodes(place, word)) {
      isFound = true
      yield* withLineEnds(pathsBelow(node, word))
    }
    if (!isFound) yield `find: ${word}: no such file or directory.\n`
  }
}

/** Paths begin with what was typed, a glob included. */
function* pathsBelow(node: ShellNode, path: string): Generator<string> {
  yield path
  if (node.kind !== 'directory') return
  for (const name of sortedNames(node)) {
    const child = node.child(name)
    if (child !== null) yield* pathsBelow(child, path === '/' ? `/${name}` : `${path}/${name}`)
  }
}

function* list(words: readonly string[], { place, interactive }: ShellSession): Generator<string> {
  const files: string[] = []
  const directories: { name: string; children: string[] }[] = []
  for (const word of effectivePaths(words)) {
    const found = [...findNodes(place, word)]
    if (found.length === 0) yield `ls: ${word}: no such file or directory.\n`
    for (const { node, name } of found) {
      if (node.kind === 'directory') directories.push({ name, children: sortedNames(node) })
      else files.push(name)
    }
  }
  const screenWidth = interactive?.screenWidth ?? null
  yield* withLineEnds(columnLines(files, screenWidth))
  const isNamed = files.length > 0 || directories.length > 1
  // An empty directory is not even named, but what follows stands apart from it.
  for (const [index, { name, children }] of directories.entries()) {
    if (children.length === 0) continue
    if (isNamed) yield files.length > 0 || index > 0 ? `\n${name}:\n` : `${name}:\n`
    yield* withLineEnds(columnLines(children, screenWidth))
  }
}

function showHistory([word]: readonly string[], { interactive }: ShellSession): string[] {
  const { first, lines } = interactive!.history()
  const wanted = word === undefined ? lines.length : Math.max(0, Number(word))
  const from = Math.max(0, lines.length - wanted)
  // A number has room for its sign.
  return lines.slice(from).map((line, index) => `${` ${first + from + index}`.padStart(5)}  ${line}\n`)
}
