import * as fs from 'node:fs'
import { expect, it } from 'vitest'
import { ApiKey, apiKeyName } from '../../src/protocol/api-keys.ts'
import { DECLARED_API_KEYS, loadAllApis, loadApi } from '../../src/protocol/registry.ts'

const files = fs
  .readdirSync(new URL('../../src/protocol/messages', import.meta.url))
  .filter((name) => /^\d\d-/.test(name))

it('has every message file under its number', async () => {
  expect(DECLARED_API_KEYS).toEqual(files.map((name) => Number(name.slice(0, 2))))
  for (const key of DECLARED_API_KEYS) expect((await loadApi(key))?.key).toBe(key)
})

it('has the same keys and names as the list of API keys', async () => {
  const apis = await loadAllApis()
  expect(apis.map((api) => api.key)).toEqual(Object.values(ApiKey).sort((a, b) => a - b))
  for (const api of apis) expect(apiKeyName(api.key)).toBe(api.name)
})

it('knows nothing of other keys', async () => {
  expect(await loadApi(4)).toBeUndefined()
  expect(await loadApi(-1)).toBeUndefined()
})
