import { describe, expect, it } from 'vitest'
import { type SettingKind, settingsIn, settingTable } from '../../../src/commands/explain/settings.ts'

const KINDS: SettingKind[] = ['topic', 'broker', 'group', 'client', 'console', 'quota', 'client metrics']

describe('settings of a command line', () => {
  it('tells what the key does, what the value is, and what it is else', async () => {
    expect(await settingsIn('retention.ms=60000', 'topic')).toEqual([
      {
        key: 'retention.ms',
        value: '60000',
        status: 'known',
        meaning:
          'Age in milliseconds after which segments are deleted under the delete policy, -1 for no limit ' +
          '(60000 is 1 minute; else 604800000, 7 days).',
      },
    ])
  })

  it('takes lists apart at the commas outside of brackets', async () => {
    const settings = await settingsIn('cleanup.policy=[compact,delete],retention.ms=1,', 'topic')
    expect(settings.map(({ key, value }) => [key, value])).toEqual([
      ['cleanup.policy', 'compact,delete'],
      ['retention.ms', '1'],
    ])
    const client = await settingsIn('bootstrap.servers=a:1,b:2', 'client')
    expect(client.map(({ value }) => value)).toEqual(['a:1,b:2'])
  })

  it('says what would be refused, and why', async () => {
    const [setting] = await settingsIn('min.insync.replicas=0', 'topic')
    expect(setting!.meaning).toContain('refused: Invalid value 0 for configuration min.insync.replicas')
    expect((await settingsIn('linger.ms=soon', 'client'))[0]!.meaning).toContain('Not a number of type LONG')
    expect((await settingsIn('retention.ms=$MS', 'topic'))[0]!.meaning).not.toContain('refused')
  })

  it('gives the nearest key for one that is none', async () => {
    expect(await settingsIn('segmnt.bytes=3', 'topic')).toEqual([
      {
        ...{ key: 'segmnt.bytes', value: '3', status: 'unknown' },
        meaning: 'Not a setting of a topic. Did you mean segment.bytes?',
      },
    ])
    expect((await settingsIn('prse.key=true', 'console'))[0]!.meaning).toMatch(
      /reader or formatter\. Did you mean parse/,
    )
    expect((await settingsIn('wholly.other', 'client'))[0]!.meaning).toBe('Not a setting of a client.')
  })

  it('knows the default, keys alone, and settings of one listener', async () => {
    expect((await settingsIn('acks=all', 'client'))[0]!.meaning).toMatch(/\(the default\)\.$/)
    expect((await settingsIn('retention.ms', 'topic'))[0]).toMatchObject({ value: null, status: 'known' })
    expect((await settingsIn('listener.name.a.ssl.keystore.location=/k', 'broker'))[0]!.status).toBe('known')
  })

  it.each(KINDS)('every setting of a %s has a sentence', async (kind) => {
    for (const { documentation, name } of (await settingTable(kind)).values()) {
      expect(documentation, name).toMatch(/^\S.*[.)\]]$/)
    }
  })
})
