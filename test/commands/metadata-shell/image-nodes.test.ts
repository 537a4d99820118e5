import { describe, expect, it } from 'vitest'
import { rootNode } from '../../../src/commands/metadata-shell/image-nodes.ts'
import { type DirectoryNode, printedLines, sortedNames } from '../../../src/commands/metadata-shell/nodes.ts'
import { findNodes } from '../../../src/commands/metadata-shell/paths.ts'
import { EMPTY_IMAGE } from '../../../src/metadata/image.ts'
import type { MetadataImage } from '../../../src/metadata/types.ts'
import { imageOf, uuidOf } from '../../metadata/support.ts'
import { ACL_ID, RECORDS, TOPIC_ID } from './support.ts'

const treeOf = (image: MetadataImage, lastTimestampMs = 0): DirectoryNode =>
  rootNode({ image, lastTimestampMs }, { version: '4.3.1', commitId: 'unknown' })

const tree = treeOf(imageOf(...RECORDS))

/** What `tree PATH` prints; null where there is nothing. */
function printed(path: string, root = tree): string[] | null {
  const [found] = findNodes({ root, workingDirectory: '/' }, path)
  return found === undefined ? null : [...printedLines(found.node)]
}

function namesIn(path: string): string[] {
  const [found] = findNodes({ root: tree, workingDirectory: '/' }, path)
  return sortedNames(found!.node as DirectoryNode)
}

describe('the tree', () => {
  it('has the directories of the shell of Kafka', () => {
    expect(namesIn('/')).toEqual(['image', 'local'])
    expect(namesIn('/image')).toEqual([
      'acls',
      'clientQuotas',
      'cluster',
      'configs',
      'delegationToken',
      'features',
      'producerIds',
      'provenance',
      'scram',
      'topics',
    ])
    expect(printed('/local')).toEqual(['commitId:', '  unknown', 'version:', '  4.3.1'])
  })

  it('stands for an image without a record, too', () => {
    expect(printed('/image', treeOf(EMPTY_IMAGE, -1))).toEqual([
      ...['acls:', '  byId:', 'clientQuotas:', 'cluster:', '  brokers:', '  controllers:', 'configs:'],
      ...['delegationToken:', 'features:', '  metadataVersion:', '    Optional.empty'],
      ...['producerIds:', '  nextProducerId:', '    -1', 'provenance:'],
      '  offset -1, epoch -1, time 1969-12-31T23:59:59.999Z[UTC]',
      ...['scram:', '  SCRAM-SHA-256:', '  SCRAM-SHA-512:', 'topics:', '  byId:', '  byName:'],
    ])
  })

  it.each([
    [1_700_000_000_500, '2023-11-14T22:13:20.5Z[UTC]'],
    [1_700_000_000_000, '2023-11-14T22:13:20Z[UTC]'],
    [1_700_000_000_012, '2023-11-14T22:13:20.012Z[UTC]'],
    [1_699_999_980_000, '2023-11-14T22:13:00Z[UTC]'],
  ])('tells the time %d with the digits it has', (lastTimestampMs, time) => {
    const image = { ...EMPTY_IMAGE, offset: 5, epoch: 2 }
    expect(printed('/image/provenance', treeOf(image, lastTimestampMs))).toEqual([`offset 5, epoch 2, time ${time}`])
  })
})

describe('/image/features', () => {
  it('has the version by name and the levels of the others', () => {
    expect(printed('/image/features')).toEqual([
      ...['finalized_group.version:', '  1', 'finalized_transaction.version:', '  2'],
      ...['metadataVersion:', '  Optional[4.3-IV0]'],
    ])
  })

  it('has level 0 for every other name', () => {
    expect(printed('/image/features/finalized_share.version')).toEqual(['0'])
    expect(printed('/image/features/finalized_metadata.version')).toEqual(['0'])
    expect(printed('/image/features/share.version')).toBeNull()
  })
})

describe('/image/cluster', () => {
  const SUPPORTED =
    '{eligible.leader.replicas.version: 0-1, group.version: 0-1, kraft.version: 0-1, metadata.version: 7-30, ' +
    'share.version: 0-1, streams.version: 0-1, transaction.version: 0-2}'

  it('shows brokers, their listeners and features in order', () => {
    expect(printed('/image/cluster/brokers/1')).toEqual([
      `BrokerRegistration(id=1, epoch=12, incarnationId=${uuidOf(11)}, listeners=[` +
        "Endpoint(listenerName='PLAINTEXT', securityProtocol=PLAINTEXT, host='one.example', port=9092), " +
        "Endpoint(listenerName='SECURE', securityProtocol=SASL_SSL, host='one.example', port=9093)], " +
        `supportedFeatures=${SUPPORTED}, rack=Optional[r1], fenced=false, inControlledShutdown=false, ` +
        `isMigratingZkBroker=false, directories=[${uuidOf(901)}, ${uuidOf(902)}], cordonedDirectories=null)`,
    ])
    expect(printed('/image/cluster/brokers/20')).toEqual([
      `BrokerRegistration(id=20, epoch=13, incarnationId=${uuidOf(12)}, listeners=[` +
        "Endpoint(listenerName='TLS', securityProtocol=SSL, host='::1', port=9092)], " +
        'supportedFeatures={open: 1+, same: 2}, rack=Optional.empty, fenced=true, inControlledShutdown=true, ' +
        `isMigratingZkBroker=false, directories=[], cordonedDirectories=[${uuidOf(903)}])`,
    ])
  })

  it('shows controllers', () => {
    expect(printed('/image/cluster/controllers/100')).toEqual([
      `ControllerRegistration(id=100, incarnationId=${uuidOf(13)}, zkMigrationReady=false, listeners=[` +
        "Endpoint(listenerName='CONTROLLER', securityProtocol=SASL_PLAINTEXT, host='two.example', port=9093)], " +
        `supportedFeatures=${SUPPORTED})`,
    ])
  })

  it('reads ids as Java reads numbers', () => {
    expect(printed('/image/cluster/brokers/+01')).toEqual(printed('/image/cluster/brokers/1'))
    for (const name of ['2', 'x', '1.0', '99999999999', '0x1']) {
      expect(printed(`/image/cluster/brokers/${name}`), name).toBeNull()
    }
  })
})

describe('/image/topics', () => {
  it('shows a topic by its name and by its id', () => {
    const orders = printed('/image/topics/byName/orders')
    expect(orders).toEqual([
      '0:',
      `  PartitionRegistration(replicas=[1, 20], directories=[${uuidOf(901)}, ${uuidOf(920)}], isr=[1, 20], ` +
        'removingReplicas=[], addingReplicas=[], elr=[], lastKnownElr=[], leader=1, leaderRecoveryState=RECOVERED, ' +
        'leaderEpoch=0, partitionEpoch=0)',
      '1:',
      `  PartitionRegistration(replicas=[20], directories=[${uuidOf(920)}], isr=[], removingReplicas=[], ` +
        'addingReplicas=[], elr=[20], lastKnownElr=[1], leader=-1, leaderRecoveryState=RECOVERED, leaderEpoch=1, ' +
        'partitionEpoch=1)',
      '2:',
      `  PartitionRegistration(replicas=[1, 20], directories=[${uuidOf(901)}, AAAAAAAAAAAAAAAAAAAAAQ], isr=[1], ` +
        'removingReplicas=[1], addingReplicas=[20], elr=[], lastKnownElr=[], leader=1, ' +
        'leaderRecoveryState=RECOVERING, leaderEpoch=0, partitionEpoch=1)',
      'id:',
      `  ${TOPIC_ID}`,
      'name:',
      '  orders',
    ])
    expect(printed(`/image/topics/byId/${TOPIC_ID}`)).toEqual(orders)
    expect(printed(`/image/topics/byId/${TOPIC_ID}==`)).toEqual(orders)
  })

  it('has nothing under what is no id, no name and no partition', () => {
    for (const path of ['byId/x', `byId/${uuidOf(9)}`, 'byName/gone', 'byName/orders/3', 'byName/orders/x']) {
      expect(printed(`/image/topics/${path}`), path).toBeNull()
    }
  })
})

describe('the other directories', () => {
  it('name configurations by type and name, those of all brokers by type', () => {
    expect(printed('/image/configs')).toEqual([
      ...['BROKER:', '  min.insync.replicas:', '    2'],
      ...['BROKER:1:', '  log.cleaner.threads:', '    2'],
      ...['CLIENT_METRICS:watch:', '  interval.ms:', '    5000'],
      ...['GROUP:a group:', '  consumer.session.timeout.ms:', '    45000'],
      ...['TOPIC:orders:', '  cleanup.policy:', '    compact,delete', '  retention.ms:', '    1000'],
    ])
  })

  it('name quotas by their entity, brackets in names escaped', () => {
    expect(printed('/image/clientQuotas')).toEqual([
      ...['clientId(app \\(1\\))_user(alice):', '  consumer_byte_rate:', '    1.23456785E7'],
      ...['  producer_byte_rate:', '    1048576.0'],
      ...['clientId_user(u):', '  request_percentage:', '    50.0'],
      ...['ip(10.0.0.1):', '  connection_creation_rate:', '    5.0E-4'],
      ...['user(back\\\\slash):', '  request_percentage:', '    12.5'],
    ])
    expect(printed('/image/clientQuotas/ip(10.0.0.1)/connection_creation_rate')).toEqual(['5.0E-4'])
  })

  it('show producer ids, credentials, ACLs and tokens', () => {
    expect(printed('/image/producerIds')).toEqual(['nextProducerId:', '  3000'])
    expect(printed('/image/scram')).toEqual([
      'SCRAM-SHA-256:',
      '  alice:',
      '    ScramCredentialData(salt=0001fe, storedKey=aabb, serverKey=0c, iterations=4096)',
      'SCRAM-SHA-512:',
    ])
    expect(printed(`/image/acls/byId/${ACL_ID}`)).toEqual([
      'StandardAcl[resourceType=TOPIC, resourceName=ord, patternType=PREFIXED, principal=User:alice, host=*, ' +
        'operation=READ, permissionType=ALLOW]',
    ])
    expect(printed('/image/delegationToken/token-1')).toEqual([
      'DelegationTokenDatatokenId=token-1(owner=User:alice(tokenRequester=User:root(renewers=User:bob User:carol, ' +
        'issueTimestamp=1000, maxTimestamp=3000), expiryTimestamp=2000',
    ])
  })
})
