import * as fs from 'node:fs'
import * as path from 'node:path'
import { describe, expect, it } from 'vitest'
import { CLIENT_APIS } from '../../src/protocol/client-apis.ts'
import { type Api, parseVersions } from '../../src/protocol/schema.ts'

const MESSAGES = path.resolve(import.meta.dirname, '../../src/protocol/messages')
/** Asked by controllers and brokers of each other alone. */
const BETWEEN_NODES = [52, 53, 54, 56, 58, 59, 62, 63, 67, 70, 73, 82]

async function declared(): Promise<Api[]> {
  const files = fs.readdirSync(MESSAGES).filter((name) => /^\d\d-/.test(name))
  const modules = await Promise.all(files.map((name) => import(path.join(MESSAGES, name))))
  return modules.flatMap((module) => Object.values(module as object).filter((value) => 'validVersions' in value))
}

describe('the APIs of clients', () => {
  it('are those that are declared, with the same names and versions', async () => {
    const apis = (await declared()).filter(({ key }) => !BETWEEN_NODES.includes(key))
    const expected = apis.map(({ key, name, validVersions }) => [key, { name, ...parseVersions(validVersions) }])
    expect([...CLIENT_APIS]).toEqual(expected.sort(([a], [b]) => Number(a) - Number(b)))
  })
})
