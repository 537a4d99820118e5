import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseProperties } from '../../src/client/java-properties.ts'
import { type PlannedNode, planNodes, portsFrom } from '../../src/cluster/cluster-plan.ts'
import { localDefaults } from '../../src/cluster/local-defaults.ts'
import {
  bootstrapServersOf,
  readServerProperties,
  STRUCTURAL_NAMES,
  serverProperties,
  structuralProperties,
  withOverrides,
} from '../../src/cluster/server-properties.ts'
import { checkNodeConfig, NodeConfig } from '../../src/metadata/config/index.ts'

let home: string
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-properties-'))
})
afterEach(() => fs.rmSync(home, { recursive: true, force: true }))

function nodesOf(brokers: number, controllers: number, host = '127.0.0.1'): PlannedNode[] {
  return planNodes({ brokers, controllers, host, ...portsFrom(9092, brokers, controllers) })
}

function textOf(node: PlannedNode, nodes: readonly PlannedNode[], overrides = new Map<string, string>()): string {
  const structural = structuralProperties(node, '/data', bootstrapServersOf(nodes))
  return serverProperties({ structural, defaults: localDefaults(node.roles, 3, 1), overrides })
}

describe('the file of a node', () => {
  it.each([
    [1, 1],
    [3, 1],
    [3, 3],
    [12, 5],
  ])('is one with which Kafka would start: %d brokers, %d controllers', (brokers, controllers) => {
    const nodes = nodesOf(brokers, controllers)
    for (const node of nodes) {
      const properties = parseProperties(textOf(node, nodes))
      const warnings: string[] = []
      checkNodeConfig(new NodeConfig(properties), (text) => warnings.push(text))
      expect(warnings).toEqual([])
    }
  })
  it('gives a reason for every value that is not Kafka’s', () => {
    const nodes = nodesOf(3, 1)
    const lines = textOf(nodes[0]!, nodes).split('\n')
    const at = lines.indexOf('group.initial.rebalance.delay.ms=0')
    expect(lines[at - 1]).toMatch(/^# .*3000/)
    expect(lines).toContain('listeners=PLAINTEXT://127.0.0.1:9092')
    expect(lines).toContain('advertised.listeners=PLAINTEXT://127.0.0.1:9092')
    expect(lines).toContain('controller.quorum.bootstrap.servers=127.0.0.1:9192')
    expect(lines).toContain('log.dirs=/data')
  })
  it('writes an IPv6 address in brackets, and a name where it listens on every address', () => {
    const v6 = nodesOf(1, 1, '::1')
    expect(textOf(v6[0]!, v6)).toContain('listeners=PLAINTEXT://[::1]:9092,CONTROLLER://127.0.0.1:9192\n')
    const everywhere = nodesOf(1, 1, '0.0.0.0')
    expect(textOf(everywhere[0]!, everywhere)).toContain(`advertised.listeners=PLAINTEXT://${os.hostname()}:9092\n`)
  })
  it('is read again as the node that was written', () => {
    for (const [brokers, controllers, host] of [
      [1, 1, '127.0.0.1'],
      [3, 3, '::1'],
    ] as const) {
      const nodes = nodesOf(brokers, controllers, host)
      for (const node of nodes) {
        const file = path.join(home, `${node.nodeId}`)
        fs.writeFileSync(file, textOf(node, nodes))
        expect(readServerProperties(file, node.nodeId)).toMatchObject(node)
      }
    }
    expect(readServerProperties(path.join(home, 'none'), 1)).toBeNull()
  })
  it('holds nothing structural beyond the names that are known as such', () => {
    const nodes = nodesOf(3, 1)
    for (const node of nodes) {
      for (const name of structuralProperties(node, '/d', bootstrapServersOf(nodes)).keys()) {
        expect(STRUCTURAL_NAMES.has(name), name).toBe(true)
      }
    }
  })
})

describe('withOverrides', () => {
  it('replaces a line where it stands and adds the rest under a heading of its own, once', () => {
    const first = withOverrides(
      '# why\na=1\nb=2\n',
      new Map([
        ['a', '9'],
        ['c', '3'],
      ]),
    )
    expect(first).toBe('# why\na=9\nb=2\n\n# Set by --override:\nc=3\n')
    expect(
      withOverrides(
        first,
        new Map([
          ['d', '4'],
          ['c', '5'],
        ]),
      ),
    ).toBe('# why\na=9\nb=2\n\n# Set by --override:\nc=5\nd=4\n')
  })
  it('leaves one of two lines for the same name', () => {
    expect(withOverrides('a=1\na = 2\n', new Map([['a', '3']]))).toBe('a=3\n')
  })
  it('leaves a text alone when nothing is overridden', () => {
    expect(withOverrides('a=1', new Map())).toBe('a=1')
  })
  it('says in the end what was asked for, whatever stood there', () => {
    const name = fc.constantFrom('a', 'b.c', 'num.partitions', 'log.dirs')
    const value = fc.stringMatching(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/)
    const pairs = fc.array(fc.tuple(name, value))
    const property = fc.property(pairs, pairs, (before, after) => {
      const written = withOverrides(withOverrides('# text\n', new Map(before)), new Map(after))
      expect(parseProperties(written)).toEqual(new Map([...before, ...after]))
    })
    fc.assert(property)
  })
})
