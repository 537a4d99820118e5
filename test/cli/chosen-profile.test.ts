import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chosenProfile, hasSettings, profileInUse, profilesDirectory } from '../../src/cli/chosen-profile.ts'

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-chosen-'))
const env = { KT_HOME: home }
beforeAll(() => {
  fs.mkdirSync(profilesDirectory(env))
  fs.writeFileSync(path.join(profilesDirectory(env), 'in-use'), 'mine\n')
})
afterAll(() => fs.rmSync(home, { recursive: true }))

describe('the profile that applies', () => {
  it('is the one named, then the environment’s, then the one in use', () => {
    const both = { ...env, KT_PROFILE: 'env' }
    expect(chosenProfile({ profile: 'flag' }, both)).toEqual({ name: 'flag', chosenBy: '--profile' })
    expect(chosenProfile({}, both)).toEqual({ name: 'env', chosenBy: 'KT_PROFILE' })
    expect(chosenProfile({}, { ...env, KT_PROFILE: '' })).toEqual({ name: 'mine', chosenBy: 'kt profile use' })
  })

  it.each([{ bootstrapServer: 'a:1' }, { bootstrapController: 'a:1' }, { commandConfig: 'f' }])(
    'is not the one in use where the command line says %o',
    (target) => {
      expect(chosenProfile(target, env)).toBeNull()
      expect(chosenProfile(target, { ...env, KT_PROFILE: 'env' })?.name).toBe('env')
    },
  )

  it('is none without a home', () => {
    expect(profileInUse({ KT_HOME: path.join(home, 'none') })).toBeNull()
  })
})

describe('settings are there to gather', () => {
  const nowhere = { KT_HOME: path.join(home, 'none') }
  it.each<[string, object, Record<string, string>, boolean]>([
    ['never for servers alone', { bootstrapServer: 'a:1' }, { KT_BOOTSTRAP_SERVER: 'b:1', KT_DEBUG: '1' }, false],
    ['never for nothing', {}, {}, false],
    ['for a file', { commandConfig: 'f' }, {}, true],
    ['for properties', { properties: new Map([['a', 'b']]) }, {}, true],
    ['for a profile', { profile: 'p' }, {}, true],
    ['for a variable', {}, { KT_SASL_MECHANISM: 'PLAIN' }, true],
    ['for another', {}, { KT_CLIENT_ID: 'me' }, true],
  ])('%s', (_, target, more, expected) => {
    expect(hasSettings(target, { ...nowhere, ...more })).toBe(expected)
  })
})
