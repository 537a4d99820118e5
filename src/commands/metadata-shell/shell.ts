/** The work of `kt metadata-shell`: reads the file, then runs the one command that was given, or many that are typed. */
import { type FileSystem, nodeFileSystem } from '../../base/file-system.ts'
import type { CommandContext } from '../../cli/context.ts'
import { OK } from '../../cli/exit-codes.ts'
import { MIRRORED_KAFKA_VERSION } from '../../cli/script-command.ts'
import { rootNode } from './image-nodes.ts'
import type { ShellPlace } from './paths.ts'
import { readShellImage } from './read-image.ts'
import { runShellCommand } from './run-verb.ts'

/** Kafka's own word where a build does not know its commit. */
const LOCAL = { version: MIRRORED_KAFKA_VERSION, commitId: 'unknown' }

/** Resolves to the exit code, which says whether the file could be read: what a command does not find is no failure. */
export async function runMetadataShell(
  snapshot: string,
  words: readonly string[],
  context: CommandContext,
  files: FileSystem = nodeFileSystem,
): Promise<number> {
  const { stdout, stderr, signal } = context
  const isInteractive = words.length === 0
  if (isInteractive) stdout.write('Loading...\n')
  const image = await readShellImage(files, snapshot, (problem) => stderr.write(`${problem}\n`), signal)
  const place: ShellPlace = { root: rootNode(image, LOCAL), workingDirectory: '/' }
  if (isInteractive) {
    stdout.write('Starting...\n')
    return (await import('./interactive.ts')).runInteractiveShell(place, context)
  }
  for (const text of runShellCommand(words, { place, interactive: null }) ?? []) {
    if (signal.aborted) break
    if (!stdout.write(text)) await stdout.drain()
  }
  return OK
}
