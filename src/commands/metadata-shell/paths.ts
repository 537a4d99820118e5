/** Paths of the shell's tree: their parts, globs in them (`/image/{topics,configs}/*`), and what they may be completed to. */
import { type DirectoryNode, type ShellNode, sortedNames } from './nodes.ts'

/** Where the person is, and what there is. */
export interface ShellPlace {
  readonly root: DirectoryNode
  workingDirectory: string
}

/** A node that a path led to. */
export interface FoundNode {
  readonly node: ShellNode
  /** `/image/topics` */
  readonly path: string
  /** The last part of the path; `/` for the root. */
  readonly name: string
}

/** The parts of a path from the root on, `.` and `..` taken out. */
export function pathParts(path: string, workingDirectory: string): string[] {
  const absolute = path.startsWith('/') ? path : `${workingDirectory}/${path}`
  const parts: string[] = []
  for (const part of absolute.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return parts
}

/** The nodes that a path with globs names, in the order of their names; none where there is no such node. */
export function* findNodes(place: ShellPlace, glob: string): Generator<FoundNode> {
  yield* walk(place.root, pathParts(glob, place.workingDirectory), [])
}

function* walk(node: ShellNode, parts: readonly string[], path: readonly string[]): Generator<FoundNode> {
  const [part, ...rest] = parts
  if (part === undefined) {
    yield { node, path: `/${path.join('/')}`, name: path.at(-1) ?? '/' }
    return
  }
  if (node.kind !== 'directory') return
  const pattern = globPattern(part)
  const names = pattern === null ? [part] : sortedNames(node).filter((name) => pattern.test(name))
  for (const name of names) {
    const child = node.child(name)
    if (child !== null) yield* walk(child, rest, [...path, name])
  }
}

const isSpecial = (letter: string): boolean => '$()+.[]^{|*?\\}'.includes(letter)

/**
 * A part of a path as an expression: `*`, `?` and `{a,b}`. null for a part that is a plain name, a group in a group or
 * one without an end included. A backslash takes a letter's meaning away, but a name is compared with it in place.
 */
export function globPattern(glob: string): RegExp | null {
  let source = ''
  let isGlob = false
  let inGroup = false
  for (let at = 0; at < glob.length; at++) {
    const letter = glob[at]!
    if (letter === '\\' && at + 1 < glob.length) {
      at += 1
      source += isSpecial(glob[at]!) ? `\\${glob[at]}` : glob[at]
      continue
    }
    if (letter === '{' && inGroup) return null
    if (letter === '{') inGroup = true
    const piece = globPiece(letter, inGroup)
    if (letter === '}') inGroup = false
    isGlob ||= piece !== null
    source += piece ?? (isSpecial(letter) ? `\\${letter}` : letter)
  }
  return inGroup || !isGlob ? null : new RegExp(`^(?:${source})$`, 's')
}

/** What a letter with a meaning stands for; null for one without. */
function globPiece(letter: string, inGroup: boolean): string | null {
  switch (letter) {
    case '*':
      return '.*'
    case '?':
      return '.'
    case '{':
      return '(?:(?:'
    case ',':
      return inGroup ? ')|(?:' : null
    case '}':
      return inGroup ? '))' : null
    default:
      return null
  }
}

/** A word that what was typed may become; `isWhole` when nothing more can follow in it. */
export interface Completion {
  readonly word: string
  readonly isWhole: boolean
}

/** What the beginning of a path may become. */
export function completePath(place: ShellPlace, typed: string): Completion[] {
  const slash = typed.lastIndexOf('/') + 1
  const before = typed.slice(0, slash)
  const beginning = typed.slice(slash)
  const [parent] = findNodes(place, before === '' ? '.' : before)
  const directory = parent?.node
  if (directory?.kind !== 'directory') return []
  return sortedNames(directory)
    .filter((name) => name.startsWith(beginning))
    .map((name) => {
      const isDirectory = directory.child(name)?.kind === 'directory'
      return { word: `${before}${name}${isDirectory ? '/' : ''}`, isWhole: !isDirectory }
    })
}
