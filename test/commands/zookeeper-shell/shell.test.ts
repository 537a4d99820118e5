import { describe, expect, it } from 'vitest'
import { answer } from '../../../src/commands/zookeeper-shell/shell.ts'
import type { ZooNode } from '../../../src/commands/zookeeper-shell/tree.ts'

const leaf: ZooNode = { data: async () => '{"a":1}' }
const folder = (children: Record<string, ZooNode>): ZooNode => ({
  children: async () => new Map(Object.entries(children)),
})
const root = folder({ brokers: folder({ ids: folder({ 1: leaf, 2: leaf }) }), controller: leaf })
const type = (line: string) => answer(root, line.split(' '))

describe('the shell', () => {
  it.each([
    ['ls /', '[brokers, controller]\n'],
    ['ls /brokers/ids/', '[1, 2]\n'],
    ['ls /controller', '[]\n'],
    ['ls -R /brokers', '/brokers\n/brokers/ids\n/brokers/ids/1\n/brokers/ids/2\n'],
    ['ls -R /', '/\n/brokers\n/brokers/ids\n/brokers/ids/1\n/brokers/ids/2\n/controller\n'],
    ['get /controller', '{"a":1}\n'],
    ['get -s /controller', '{"a":1}\ndataLength = 7\nnumChildren = 0\n'],
    ['get /brokers', 'null\n'],
    ['stat /brokers/ids', 'dataLength = 0\nnumChildren = 2\n'],
    ['ls2 /brokers/ids', '[1, 2]\ndataLength = 0\nnumChildren = 2\n'],
    ['', ''],
  ])('%s', async (line, expected) => {
    expect(await type(line)).toBe(expected)
  })

  it('ends with quit and helps with help', async () => {
    expect(await type('quit')).toBeUndefined()
    expect(await type('help')).toContain('ls [-R] PATH')
  })

  it.each([
    ['ls /nowhere', 'Node does not exist: /nowhere'],
    ['ls', 'ls needs a path that begins with /'],
    ['foo /', 'Command not found: foo'],
    ['constructor /', 'Command not found: constructor'],
  ])('%s is refused', async (line, message) => {
    await expect(type(line)).rejects.toThrow(message)
  })

  it.each([
    ['create /admin/delete_topics/orders', 'kt topics --delete --topic NAME'],
    ['rmr /brokers/topics/orders', 'kt topics --delete --topic NAME, --create and --alter'],
    ['set /config/topics/orders x', 'kt configs --alter'],
    ['deleteall /consumers/g', 'kt consumer-groups --reset-offsets'],
  ])('%s changes nothing and names the command that would', async (line, next) => {
    await expect(type(line)).rejects.toMatchObject({ message: expect.stringContaining('read-only'), next })
  })
})
