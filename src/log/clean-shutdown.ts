import { join } from 'node:path'
import { type FileSystem, writeAtomically } from '../base/file-system.ts'
import { CLEAN_SHUTDOWN_FILE } from './file-names.ts'

const VERSION = 0

/**
 * `.kafka_cleanshutdown`: there only while a directory's logs lie closed and flushed. With it nothing is scanned at
 * start; its broker epoch proves to the controller that nothing was lost (KIP-966).
 */
export class CleanShutdownMarker {
  private readonly files: FileSystem
  private readonly directory: string

  constructor(files: FileSystem, directory: string) {
    this.files = files
    this.directory = directory
  }

  exists(): boolean {
    return this.files.exists(this.path)
  }

  /** The broker epoch of the run that ended, null when there is none or it cannot be read. */
  brokerEpoch(): number | null {
    if (!this.exists()) return null
    try {
      const content = JSON.parse(this.files.readFile(this.path).toString('utf8')) as { brokerEpoch?: unknown }
      return typeof content.brokerEpoch === 'number' ? content.brokerEpoch : null
    } catch {
      return null
    }
  }

  write(brokerEpoch: number): void {
    const content = JSON.stringify({ version: VERSION, brokerEpoch })
    writeAtomically(this.files, this.directory, this.path, content)
  }

  /** For good: a power failure must not bring it back over logs that have been written to since. */
  remove(): void {
    if (!this.exists()) return
    this.files.remove(this.path)
    this.files.syncDirectory(this.directory)
  }

  private get path(): string {
    return join(this.directory, CLEAN_SHUTDOWN_FILE)
  }
}
