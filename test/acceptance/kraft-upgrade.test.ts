/** From configured controllers to controllers that are added and removed, as a person does it (KIP-853). */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nodeFileSystem } from '../../src/base/file-system.ts'
import { randomUuid, ZERO_UUID } from '../../src/base/uuid.ts'
import { startNode } from '../../src/broker/node.ts'
import type { KafkaNode } from '../../src/broker/node-types.ts'
import { freePorts } from '../../src/cluster/free-ports.ts'
import { NodeConfig } from '../../src/metadata/config/index.ts'
import { formatDirectory } from '../../src/metadata/format.ts'
import { runCommand } from '../support/run-command.ts'

const HOST = '127.0.0.1'
const BROKER = 1
const CONTROLLERS = [11, 12, 13]
const NEWCOMER = 14
const CLUSTER_ID = randomUuid()
const TIMEOUT_MS = 90_000

let home: string
let ports: Map<number, number>
const nodes = new Map<number, KafkaNode>()
const directoryIds = new Map([...CONTROLLERS, NEWCOMER].map((id) => [id, randomUuid()]))

const address = (id: number): string => `${HOST}:${ports.get(id)}`
const addresses = (): string => CONTROLLERS.map(address).join()

function propertiesOf(id: number): Map<string, string> {
  const isBroker = id === BROKER
  return new Map([
    ['process.roles', isBroker ? 'broker' : 'controller'],
    ['node.id', String(id)],
    ['listeners', `${isBroker ? 'PLAINTEXT' : 'CONTROLLER'}://${address(id)}`],
    ['controller.listener.names', 'CONTROLLER'],
    ['log.dirs', path.join(home, String(id))],
    id === NEWCOMER
      ? ['controller.quorum.bootstrap.servers', addresses()]
      : ['controller.quorum.voters', CONTROLLERS.map((each) => `${each}@${address(each)}`).join()],
  ])
}

async function start(id: number): Promise<void> {
  nodes.set(id, await startNode({ config: new NodeConfig(propertiesOf(id)) }))
}

async function stop(id: number): Promise<void> {
  await nodes.get(id)!.close()
  nodes.delete(id)
}

function format(id: number): void {
  formatDirectory(nodeFileSystem, {
    directory: path.join(home, String(id)),
    clusterId: CLUSTER_ID,
    nodeId: id,
    directoryId: directoryIds.get(id) ?? randomUuid(),
    initialVoters: null,
    nowMs: Date.now(),
  })
}

async function kt(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runCommand(args)
  return `${stdout}${stderr}[${code}]`
}

const features = (...args: readonly string[]) => kt('features', '--bootstrap-server', address(BROKER), ...args)
const quorum = (...args: readonly string[]) => kt('metadata-quorum', '--bootstrap-controller', addresses(), ...args)

/** Until it is so: the controllers tell each other about themselves every few seconds. */
async function until(ask: () => Promise<string>, wanted: RegExp): Promise<string> {
  for (;;) {
    const said = await ask()
    if (wanted.test(said)) return said
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

beforeAll(async () => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-kraft-upgrade-'))
  const ids = [BROKER, ...CONTROLLERS, NEWCOMER]
  const free = await freePorts(HOST, ids.length)
  ports = new Map(ids.map((id, index) => [id, free[index]!]))
  for (const id of ids) format(id)
  await Promise.all([...CONTROLLERS, BROKER].map(start))
}, TIMEOUT_MS)

afterAll(async () => {
  await Promise.all([...nodes.values()].map((node) => node.kill()))
  fs.rmSync(home, { recursive: true, force: true })
})

describe('a static quorum of three', { timeout: TIMEOUT_MS }, () => {
  const newcomer = (): string => path.join(home, 'newcomer.properties')

  it('knows no directories and takes nobody in', async () => {
    expect(await features('describe')).toMatch(/Feature: kraft.version .*FinalizedVersionLevel: 0 /)
    const told = (await quorum('describe', '--replication')).split('\n')
    expect(told.filter((line) => /^1[123]\s/.test(line)).filter((line) => line.includes(ZERO_UUID))).toHaveLength(2)
    await start(NEWCOMER)
    fs.writeFileSync(newcomer(), [...propertiesOf(NEWCOMER)].map((each) => `${each.join('=')}\n`).join(''))
    const refused = await quorum('--command-config', newcomer(), 'add-controller')
    expect(refused).toContain("Cluster doesn't support adding voter because the kraft.version feature is 0")
    expect(refused).toMatch(/\[1\]$/)
  })

  it('is upgraded by command, once every controller has told of itself', async () => {
    const dryRun = await until(() => features('upgrade', '--feature', 'kraft.version=1', '--dry-run'), /\[0\]$/)
    expect(dryRun).toContain('kraft.version can be upgraded to 1.')
    expect(await features('describe')).toMatch(/Feature: kraft.version .*FinalizedVersionLevel: 0 /)
    expect(await features('upgrade', '--feature', 'kraft.version=1')).toBe('kraft.version was upgraded to 1.\n[0]')
    await until(() => features('describe'), /Feature: kraft.version .*FinalizedVersionLevel: 1 /)
    // Asked for again, and with all of a release.
    expect(await features('upgrade', '--feature', 'kraft.version=1')).toMatch(/\[0\]$/)
    expect(await features('upgrade', '--release-version', '4.3-IV0')).toContain('kraft.version was upgraded to 1.')
    const told = await quorum('describe', '--replication')
    for (const id of CONTROLLERS) expect(told).toMatch(new RegExp(`^${id}\\s+${directoryIds.get(id)}\\s`, 'm'))
  })

  it('never goes back', async () => {
    const downgrade = await features('downgrade', '--feature', 'kraft.version=0')
    expect(downgrade).toContain(
      "Could not downgrade kraft.version to 0. The update failed for all features since the following feature had an error: Invalid update version 0 for feature kraft.version. Can't downgrade the version of this feature.",
    )
    expect(await features('disable', '--feature', 'kraft.version')).toMatch(/\[1\]$/)
  })

  it('takes a fourth controller in and lets one go', async () => {
    const added = await until(() => quorum('--command-config', newcomer(), 'add-controller'), /\[0\]$/)
    expect(added).toContain(`Added controller ${NEWCOMER} with directory id ${directoryIds.get(NEWCOMER)}`)
    const [gone] = CONTROLLERS as [number]
    const key = ['--controller-id', String(gone), '--controller-directory-id', directoryIds.get(gone)!]
    expect(await quorum('remove-controller', ...key)).toMatch(/\[0\]$/)
    const status = await until(() => quorum('describe', '--status'), /"id":\s*14/)
    const voters = status.split('\n').find((line) => line.startsWith('CurrentVoters'))!
    expect([...voters.matchAll(/"id":\s*(\d+)/g)].map(([, id]) => Number(id))).toEqual([12, 13, 14])
  })

  it('goes on with its new voters when all were stopped, though its files name the old ones', async () => {
    // The broker first: it hands over to controllers that are still there.
    for (const id of [BROKER, NEWCOMER, ...CONTROLLERS]) await stop(id)
    await Promise.all([12, 13, NEWCOMER, BROKER].map(start))
    const create = () => kt('topics', '--bootstrap-server', address(BROKER), '--create', '--topic', 'after')
    expect(await create()).toContain('Created topic after.')
    expect(await features('describe')).toMatch(/Feature: kraft.version .*FinalizedVersionLevel: 1 /)
  })
})
