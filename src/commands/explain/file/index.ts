/** Files and directories of a data directory: by name, and by path with what is in this one. */
import * as fs from 'node:fs'
import * as path from 'node:path'
import type { Meaning } from '../meaning.ts'
import { typed } from '../shell-words.ts'
import { type Contents, contentsOf } from './contents.ts'
import { FILES, type FileKind, LOG_DIRECTORY, PARTITION_DIRECTORY } from './files.ts'

/** `orders-0/00000000000000000000.log`, `.timeindex`; `subject` may be a path that does not exist. */
export async function meanings(subject: string): Promise<Meaning[]> {
  const file = subject.replace(/(?<=.)[/\\]+$/, '')
  const name = file.replace(/^.*[/\\]/, '').replace(/ files?$/, '')
  const isThere = fs.existsSync(file)
  const kind = FILES.find(({ pattern }) => pattern.test(name)) ?? (isThere ? directoryKind(file, name) : null)
  if (kind === null) return []
  const contents = isThere ? await read(file, kind) : null
  return [meaningOf(subject, file, kind, contents)]
}

function directoryKind(file: string, name: string): FileKind | null {
  try {
    if (!fs.statSync(file).isDirectory()) return null
  } catch {
    return null
  }
  if (fs.existsSync(path.join(file, 'meta.properties'))) return LOG_DIRECTORY
  const isPartition = PARTITION_DIRECTORY.pattern.test(name) && fs.existsSync(path.join(file, 'partition.metadata'))
  return isPartition ? PARTITION_DIRECTORY : null
}

async function read(file: string, kind: FileKind): Promise<Contents | { readonly error: string }> {
  try {
    return await contentsOf(file, kind.reader)
  } catch (error) {
    return { error: (error as Error).message }
  }
}

function meaningOf(
  term: string,
  file: string,
  kind: FileKind,
  contents: Contents | { readonly error: string } | null,
): Meaning {
  const isRead = contents !== null && !('error' in contents)
  const problem = contents !== null && 'error' in contents ? contents.error : null
  const rows = isRead ? contents.rows : []
  // Without a file there is nothing to fill in.
  const lines = contents === null ? kind.lines : kind.lines.map((line) => line.replaceAll('FILE', typed([file])))
  return {
    ...{ term, kind: 'file', of: null, title: kind.what, meaning: kind.meaning },
    sections: [
      {
        title: '',
        rows: [
          ['written', kind.written],
          ['a crash', kind.crash],
        ],
      },
      { title: 'In this one', rows, texts: problem === null ? [] : [`It cannot be read: ${problem}`] },
      { title: 'See it', lines },
    ],
    details: {
      ...{ what: kind.what, written: kind.written, crash: kind.crash, lines, exists: contents !== null },
      sizeBytes: isRead ? contents.sizeBytes : null,
      contents: rows.map(([name, value]) => ({ name, value })),
      error: problem,
    },
  }
}
