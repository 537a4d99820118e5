/** Nodes of the shell's tree: directories that know their children by name, and leaves that have a text. */

export interface DirectoryNode {
  readonly kind: 'directory'
  /** In no order. */
  names(): Iterable<string>
  /** null where there is none. A name that `names` does not give may have a node all the same. */
  child(name: string): ShellNode | null
}

export interface LeafNode {
  readonly kind: 'leaf'
  text(): string
}

export type ShellNode = DirectoryNode | LeafNode

/** A file; its text is made when it is shown. */
export function leaf(text: () => string): LeafNode {
  return { kind: 'leaf', text }
}

/** A directory of things by their own key. */
export function directoryOf<T>(entries: ReadonlyMap<string, T>, nodeOf: (entry: T) => ShellNode): DirectoryNode {
  return {
    kind: 'directory',
    names: () => entries.keys(),
    child(name) {
      const entry = entries.get(name)
      return entry === undefined ? null : nodeOf(entry)
    },
  }
}

/** A directory whose children are known when the program is written. */
export function fixedDirectory(children: Readonly<Record<string, () => ShellNode>>): DirectoryNode {
  return {
    kind: 'directory',
    names: () => Object.keys(children),
    child: (name) => (Object.hasOwn(children, name) ? children[name]!() : null),
  }
}

/** A directory with children whose names are texts of another key: numbers, ids. `keyOf` is null for other texts. */
export function keyedDirectory<K, T>(
  entries: ReadonlyMap<K, T>,
  keyOf: (name: string) => K | null,
  nodeOf: (entry: T) => ShellNode,
): DirectoryNode {
  return {
    kind: 'directory',
    names: () => Array.from(entries.keys(), String),
    child(name) {
      const key = keyOf(name)
      const entry = key === null ? undefined : entries.get(key)
      return entry === undefined ? null : nodeOf(entry)
    },
  }
}

/** Sorted as Java sorts texts. */
export function sortedNames(directory: DirectoryNode): string[] {
  return [...directory.names()].sort()
}

/** A node as `cat` and `tree` print it: names with a colon, what is below them indented. */
export function* printedLines(node: ShellNode, indent = ''): Generator<string> {
  if (node.kind === 'leaf') {
    yield indent + node.text()
    return
  }
  for (const name of sortedNames(node)) {
    yield `${indent}${name}:`
    const child = node.child(name)
    if (child !== null) yield* printedLines(child, `${indent}  `)
  }
}
