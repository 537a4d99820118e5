import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/base/clock.ts'
import { KtError } from '../../../src/base/errors.ts'
import type { Admin } from '../../../src/client/admin-types.ts'
import { Journal } from '../../../src/commands/undo/journal.ts'
import { journaled } from '../../../src/commands/undo/journaled.ts'
import type { RecorderContext } from '../../../src/commands/undo/recorder.ts'
import { entryOf, memoryAdmin, ok, refused } from '../../support/memory-admin.ts'
import { KeptOutput } from '../../support/run-command.ts'

let home: string
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-journaled-'))
})
afterEach(() => fs.rmSync(home, { recursive: true, force: true }))

const TOPIC = { type: 'TOPIC' as const, name: 'orders' }
const set = (name: string, value: string) => ({ name, operation: 'SET' as const, value })
const unset = (name: string) => ({ name, operation: 'DELETE' as const, value: '' })

/** A command's context and an admin whose changes are kept. */
function setUp(methods: Partial<Admin>, more: Partial<RecorderContext> & { terminal?: boolean } = {}) {
  const stderr = new KeptOutput(more.terminal)
  const ends: (() => void)[] = []
  const context: RecorderContext = {
    env: { KT_HOME: home },
    clock: systemClock,
    stdout: new KeptOutput(more.terminal),
    stderr,
    programName: 'kt configs',
    args: ['--alter', '--bootstrap-server', 'h:1'],
    asScript: false,
    atEnd: (work) => void ends.push(work),
    ...more,
  }
  const memory = memoryAdmin({
    identify: async (topics) => ({ clusterId: 'c', topicIds: new Map(topics.map((name) => [name, `id-${name}`])) }),
    ...methods,
  })
  const end = (): string => {
    for (const work of ends) work()
    return stderr.text
  }
  return { admin: journaled(memory.admin, context), end, calls: memory.calls.map.bind(memory.calls), memory }
}
const entries = () => new Journal({ KT_HOME: home }, 'c').list()

const configs: Partial<Admin> = {
  describeConfigs: async () => [
    ok([
      entryOf('retention.ms', '5'),
      entryOf('cleanup.policy', 'delete', { source: 'DEFAULT_CONFIG' }),
      entryOf('ssl.key', null, { isSensitive: true }),
    ]),
  ],
  incrementalAlterConfigs: async (changes) => changes.map(() => ok(undefined)),
}

describe('settings', () => {
  it('are read before they are changed, and what was inherited counts as not set', async () => {
    const { admin, memory } = setUp(configs)
    const changes = [set('retention.ms', '7'), set('cleanup.policy', 'compact'), unset('segment.ms')]
    await admin.incrementalAlterConfigs([{ resource: TOPIC, changes }])
    expect(memory.calls.map(({ method }) => method)).toEqual(['identify', 'describeConfigs', 'incrementalAlterConfigs'])
    expect(entries()).toMatchObject([
      {
        command: 'kt configs --alter --bootstrap-server h:1',
        undoes: null,
        edits: [
          {
            kind: 'config',
            topicId: 'id-orders',
            settings: [
              { name: 'retention.ms', before: '5', after: '7' },
              { name: 'cleanup.policy', before: null, after: 'compact' },
            ],
          },
        ],
      },
    ])
  })

  it('that stay as they are, that were only checked or that were refused are not kept', async () => {
    const { admin } = setUp(configs)
    await admin.incrementalAlterConfigs([{ resource: TOPIC, changes: [set('retention.ms', '05')] }])
    await admin.incrementalAlterConfigs([{ resource: TOPIC, changes: [set('retention.ms', '9')] }], {
      validateOnly: true,
    })
    const no = setUp({ ...configs, incrementalAlterConfigs: async () => [refused('INVALID_CONFIG', 'no')] })
    const outcomes = await no.admin.incrementalAlterConfigs([{ resource: TOPIC, changes: [set('retention.ms', 'x')] }])
    expect(outcomes).toMatchObject([{ ok: false }])
    expect(entries()).toEqual([])
    expect(no.end()).toBe('')
  })

  it('that are secret are named and not kept, in the command line neither', async () => {
    const args = ['--add-config', 'ssl.key=geheim']
    const { admin, end } = setUp(configs, { args, terminal: true })
    await admin.incrementalAlterConfigs([{ resource: TOPIC, changes: [set('ssl.key', 'geheim')] }])
    expect(entries()).toMatchObject([{ edits: [{ kind: 'lost', what: 'ssl.key of topic orders' }] }])
    expect(JSON.stringify(entries())).not.toContain('geheim')
    expect(end()).toBe('cannot be undone: ssl.key of topic orders: secrets are not kept\n')
  })

  it('are kept when no answer came: whether they changed is seen at the undo', async () => {
    const lost = async () => {
      throw new KtError('timeout', 'no answer')
    }
    const { admin } = setUp({ ...configs, incrementalAlterConfigs: lost })
    const changes = [set('retention.ms', '7')]
    await expect(admin.incrementalAlterConfigs([{ resource: TOPIC, changes }])).rejects.toThrow('no answer')
    expect(entries()).toHaveLength(1)
  })
})

describe('one command', () => {
  it('is one entry, and one hint at its end, on a terminal alone', async () => {
    const { admin, end } = setUp(configs, { terminal: true })
    await admin.incrementalAlterConfigs([{ resource: TOPIC, changes: [set('retention.ms', '7')] }])
    await admin.incrementalAlterConfigs([{ resource: { ...TOPIC, name: 'b' }, changes: [set('retention.ms', '8')] }])
    expect(entries()).toHaveLength(1)
    expect(entries()[0]!.edits).toHaveLength(2)
    expect(end()).toBe('undo: kt undo 1 --bootstrap-server h:1\n')
  })

  it.each([{ terminal: false }, { terminal: true, asScript: true }])('says nothing with %j', async (more) => {
    const { admin, end } = setUp(configs, more)
    await admin.incrementalAlterConfigs([{ resource: TOPIC, changes: [set('retention.ms', '7')] }])
    expect(end()).toBe('')
    expect(entries()).toHaveLength(1)
  })

  it('goes on where the journal cannot be written, and says so once; under the shims not even that', async () => {
    fs.writeFileSync(path.join(home, 'undo'), 'a file')
    for (const asScript of [false, true]) {
      const { admin, end } = setUp(configs, { asScript })
      for (const value of ['7', '8']) {
        const outcomes = await admin.incrementalAlterConfigs([
          { resource: TOPIC, changes: [set('retention.ms', value)] },
        ])
        expect(outcomes).toEqual([ok(undefined)])
      }
      const lines = end()
        .split('\n')
        .filter((line) => line !== '')
      expect(lines).toHaveLength(asScript ? 0 : 1)
      if (!asScript) expect(lines[0]).toMatch(/^kt: this change is not in the journal of kt undo: /)
    }
  })

  it('goes on where the values before cannot be read, and says that it cannot be undone', async () => {
    const denied = setUp({ ...configs, describeConfigs: async () => [refused('TOPIC_AUTHORIZATION_FAILED', 'no')] })
    await denied.admin.incrementalAlterConfigs([{ resource: TOPIC, changes: [set('retention.ms', '7')] }])
    expect(denied.end()).toContain(
      'cannot be undone: the values before it could not be read (TOPIC_AUTHORIZATION_FAILED)',
    )
    const broken = setUp({
      ...configs,
      describeConfigs: async () => {
        throw new KtError('kafka', 'cannot answer')
      },
    })
    await broken.admin.incrementalAlterConfigs([{ resource: TOPIC, changes: [set('retention.ms', '7')] }])
    expect(broken.end()).toContain('could not be read (cannot answer)')
  })

  it('fails at once where nobody answers: the change would wait as long again', async () => {
    const nobody = async () => {
      throw new KtError('unreachable', 'nobody there')
    }
    const { admin, memory } = setUp({ ...configs, describeConfigs: nobody })
    await expect(admin.incrementalAlterConfigs([{ resource: TOPIC, changes: [] }])).rejects.toThrow('nobody there')
    expect(memory.calls.some(({ method }) => method === 'incrementalAlterConfigs')).toBe(false)
  })

  it('leaves every other call as it is', async () => {
    const { admin } = setUp({ listTopics: async () => [] })
    expect(await admin.listTopics()).toEqual([])
    await admin.close()
  })
})
