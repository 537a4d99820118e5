/** Every declared schema: what property and interop tests run over. */
import * as fs from 'node:fs'
import * as path from 'node:path'
import type { Api, Schema } from '../../src/protocol/schema.ts'

const PROTOCOL = path.resolve(import.meta.dirname, '../../src/protocol')

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && 'fields' in value && 'flexibleVersions' in value
}

function isApi(value: unknown): value is Api {
  return typeof value === 'object' && value !== null && 'request' in value && 'response' in value
}

/** What every declaration file exports, found by listing the directories: a new file cannot be forgotten. */
export async function allSchemas(): Promise<Schema[]> {
  const schemas = new Map<string, Schema>()
  for (const directory of ['messages', 'metadata', 'coordinator', 'control']) {
    for (const file of fs.readdirSync(path.join(PROTOCOL, directory))) {
      const module = (await import(path.join(PROTOCOL, directory, file))) as Record<string, unknown>
      for (const value of Object.values(module)) {
        if (isApi(value)) for (const side of [value.request, value.response]) schemas.set(side.name, side)
        else if (isSchema(value)) schemas.set(value.name, value)
      }
    }
  }
  return [...schemas.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}
