import { KtError } from '../base/errors.ts'
import { nodeFileSystem } from '../base/file-system.ts'

/** The text of a file that an option names. Throws a not-found `KtError` that begins as the scripts' does. */
export function readTextFile(path: string): string {
  try {
    return nodeFileSystem.readFile(path).toString('utf8')
  } catch (error) {
    throw new KtError('not-found', `Unable to read file ${path}`, {
      facts: [(error as Error).message],
      cause: error,
    })
  }
}
