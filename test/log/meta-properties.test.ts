import * as fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { KtError } from '../../src/base/errors.ts'
import { nodeFileSystem } from '../../src/base/file-system.ts'
import { readMetaProperties, writeMetaProperties } from '../../src/log/meta-properties.ts'
import { scratchDirectory } from './support.ts'

const PROPERTIES = { clusterId: 'kYeFGoh4Tki-YZ2mh3v0Ug', nodeId: 1, directoryId: 'EMEmh7rdtjzJtcdYkdXWyA' }

function withText(text: string): string {
  const directory = scratchDirectory()
  fs.writeFileSync(join(directory, 'meta.properties'), text)
  return directory
}

describe('meta.properties', () => {
  it('comes back as it was written', () => {
    const directory = scratchDirectory()
    expect(readMetaProperties(nodeFileSystem, directory)).toBeNull()
    writeMetaProperties(nodeFileSystem, directory, PROPERTIES)
    expect(readMetaProperties(nodeFileSystem, directory)).toEqual(PROPERTIES)
  })

  it('is read as Apache Kafka writes it', () => {
    const directory = withText(
      '#\n#Sat Nov 21 08:53:31 UTC 2026\nnode.id=1\ndirectory.id=EMEmh7rdtjzJtcdYkdXWyA\nversion=1\ncluster.id=kYeFGoh4Tki-YZ2mh3v0Ug\n',
    )
    expect(readMetaProperties(nodeFileSystem, directory)).toEqual(PROPERTIES)
  })

  it('takes the escapes and spaces of Java properties', () => {
    const directory = withText('version = 1\r\nnode.id: 7\ncluster.id=a\\=b\n!x\ndirectory.id=d\n')
    expect(readMetaProperties(nodeFileSystem, directory)).toEqual({ clusterId: 'a=b', nodeId: 7, directoryId: 'd' })
  })

  it.each([
    ['', 'no version'],
    ['version=0\nbroker.id=1\n', 'version 0'],
    ['version=1\nnode.id=1\ncluster.id=x\n', 'no directory.id'],
    ['version=1\nnode.id=one\ncluster.id=x\ndirectory.id=y\n', 'node.id "one"'],
  ])('is refused: %j', (text, why) => {
    const directory = withText(text)
    expect(() => readMetaProperties(nodeFileSystem, directory)).toThrow(why)
    expect(() => readMetaProperties(nodeFileSystem, directory)).toThrow(KtError)
  })
})
