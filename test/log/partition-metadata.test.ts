import * as fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nodeFileSystem } from '../../src/base/file-system.ts'
import { readPartitionMetadata, writePartitionMetadata } from '../../src/log/partition-metadata.ts'
import { scratchDirectory } from './support.ts'

const ID = 'c0ffee00QbC1oBz6vHmLtg'

describe('partition.metadata', () => {
  it('is Kafka’s text, without a newline at its end', () => {
    const directory = scratchDirectory()
    expect(readPartitionMetadata(nodeFileSystem, directory)).toBeNull()
    const path = writePartitionMetadata(nodeFileSystem, directory, ID)
    expect(fs.readFileSync(path, 'utf8')).toBe(`version: 0\ntopic_id: ${ID}`)
    expect(readPartitionMetadata(nodeFileSystem, directory)).toBe(ID)
  })

  it.each([
    [`version: 0\ntopic_id: ${ID}\n`, ID],
    [`version: 1\ntopic_id: ${ID}`, null],
    ['version: 0\n', null],
    ['', null],
    ['version: 0\ntopic_id: short', null],
  ])('reads %j as %s', (text, id) => {
    const directory = scratchDirectory()
    fs.writeFileSync(join(directory, 'partition.metadata'), text)
    expect(readPartitionMetadata(nodeFileSystem, directory)).toBe(id)
  })
})
