/** Files and directories of documents: YAML or JSON, several documents in each. */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { readStdin } from '../read-stdin.ts'
import { readTextFile } from '../text-file.ts'
import { Problems, type SourceDocument } from './values.ts'

const SUFFIX = /\.(ya?ml|json)$/i
/** What a person keeps in one place; more is a directory named by mistake. */
const MAX_FILES = 1_000
const MAX_FILE_BYTES = 16 * 1024 * 1024
/** Problems of one message. */
const MAX_TOLD = 20

/** Every document of the paths, in their order; `-` is standard input. Throws a usage or not-found `KtError`. */
export async function readDocuments(paths: readonly string[], context: CommandContext): Promise<SourceDocument[]> {
  // Loaded here: only these commands read YAML.
  const { parseSource } = await import('./parse-source.ts')
  const problems = new Problems()
  const documents: SourceDocument[] = []
  for (const file of paths.flatMap(filesOf)) {
    const isStdin = file === '-'
    const text = isStdin ? await readStdin(context.stdin, MAX_FILE_BYTES) : readTextFile(file)
    const name = isStdin ? 'standard input' : file
    if (text.length > MAX_FILE_BYTES) throw new KtError('usage', `${name} is larger than ${MAX_FILE_BYTES} bytes`)
    documents.push(...parseSource(name, text, problems))
  }
  throwProblems(problems)
  return documents
}

/** Throws a usage `KtError` with every problem there is. */
export function throwProblems({ lines }: Problems): void {
  if (lines.length === 0) return
  const facts = lines.slice(0, MAX_TOLD)
  if (lines.length > MAX_TOLD) facts.push(`and ${lines.length - MAX_TOLD} more`)
  throw new KtError(
    'usage',
    lines.length === 1 ? 'The files have a mistake' : `The files have ${lines.length} mistakes`,
    {
      facts,
      next: 'kt plan --export shows how such files look',
    },
  )
}

function filesOf(place: string): string[] {
  if (place === '-') return [place]
  if (!fs.existsSync(place)) {
    throw new KtError('not-found', `There is no file or directory ${place}`, {
      next: `to write one from the cluster: kt plan --export ${place}`,
    })
  }
  if (!fs.statSync(place).isDirectory()) return [place]
  const files = below(place)
  if (files.length > MAX_FILES) throw new KtError('usage', `${place} has more than ${MAX_FILES} files`)
  if (files.length > 0) return files
  throw new KtError('not-found', `${place} has no file that ends in .yaml, .yml or .json`)
}

/** In alphabetical order; hidden files and directories are left out. */
function below(directory: string): string[] {
  const entries = fs.readdirSync(directory, { withFileTypes: true }).filter(({ name }) => !name.startsWith('.'))
  entries.sort((left, right) => (left.name < right.name ? -1 : 1))
  return entries.flatMap((entry) => {
    const file = path.join(directory, entry.name)
    if (entry.isDirectory()) return below(file)
    return SUFFIX.test(entry.name) ? [file] : []
  })
}
