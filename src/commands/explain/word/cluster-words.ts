/** Words of brokers, controllers and the metadata quorum. Format: `read-words.ts`. */
export const CLUSTER_WORDS = `
ClusterId | cluster id
    of a cluster ~ cluster
    Made by kafka-storage.sh format; it stands in meta.properties of every directory, so that nodes of different clusters do not mix.
BROKER | broker | BROKERS
    of a cluster ~ cluster
    A node that stores partitions and talks to clients, by its node.id.
ADDRESS | advertised listener
    of a broker ~ cluster
    What the broker tells clients to connect to (advertised.listeners).
    $ kt explain advertised.listeners
RACK
    of a broker
    broker.rack: replicas of a partition are spread over racks.
ROLE
    of a node
    broker, controller (the active one), or fenced: registered and not in service. Of the quorum: Leader, Follower, Observer.
LEADS
    of a broker
    How many partitions it leads. All on one broker: kt leader-election --election-type preferred --all-topic-partitions.
fenced | fenced broker
    of a broker
    Registered, and not in service: its heartbeats stopped for broker.session.timeout.ms, or it is starting. It leads nothing and is in no ISR.
    $ kt describe cluster
NODE | NodeId
    of the quorum ~ quorum
    A controller or broker, by its node.id.
LeaderId | active controller | controller
    of the quorum ~ quorum
    The node that leads the metadata quorum: the active controller, which alone decides about topics, leaders and settings.
    $ kt metadata-quorum describe --status
LeaderEpoch | controller epoch | quorum epoch | CONTROLLER EPOCH
    of the quorum ~ quorum
    Counts the elections of active controllers; orders of an older one are refused. It grows quickly where controllers do not see each other.
HighWatermark
    of the quorum ~ quorum
    Up to which offset a majority of voters has the metadata log: what is below is decided.
MaxFollowerLag
    of the quorum ~ quorum
    How many records the slowest voter is behind; brokers and other observers do not count.
MaxFollowerLagTimeMs
    of the quorum ~ quorum
    For how long the slowest voter has not caught up; -1 where that is not known.
CurrentVoters | voters | voter
    of the quorum ~ quorum
    The controllers that vote. A change of metadata stands when a majority of them has it: 3 of them survive the failure of 1, 5 that of 2.
CurrentObservers
    of the quorum ~ quorum
    Nodes that copy the metadata log and do not vote: brokers, mostly.
DirectoryId | DIRECTORY | directory id
    of a voter, of a log directory
    directory.id of meta.properties: a voter whose disk was wiped is another voter (KIP-853). AAAAAAAAAAAAAAAAAAAAAA where the quorum does not know directories.
LogEndOffset | LOG END
    of the quorum ~ quorum
    How far this node has the metadata log.
Lag | LAG
    of the quorum ~ quorum
    How many records of the metadata log this node is behind the active controller.
LastFetchTimestamp | LAST FETCH
    of the quorum ~ quorum
    When the node asked the active controller for records last. Voters ask all the time; old means that it is away.
LastCaughtUpTimestamp | LAST CAUGHT UP
    of the quorum ~ quorum
    When the node had everything last.
Status | STATUS
    of the quorum ~ quorum
    Leader: the active controller. Follower: another voter. Observer: does not vote.
ENDPOINTS
    of the quorum ~ quorum
    Where a voter listens for others.
bootstrap server | bootstrap servers
    of a client ~ cluster
    A broker to begin with: it names all the others, under what they advertise. Two or three are enough.
quorum | KRaft
    of controllers ~ quorum
    The controllers with their common log of metadata: who leads it is the active controller. It took ZooKeeper's place (KIP-500).
metadata version | metadata.version | MetadataVersion
    of a cluster
    The level of records that controllers write: it is raised after all nodes have been upgraded, and allows for new features.
    $ kt features describe
FEATURE
    of kt features describe
    Something that nodes must agree on before it is used: metadata.version, kraft.version, group.version and others.
SupportedMinVersion | SupportedMaxVersion
    of kt features describe
    The lowest and the highest level of the feature that this node understands.
LEVEL | FinalizedVersionLevel | finalized
    of kt features describe
    The level of a feature that the cluster has agreed on; 0 is off.
SUPPORTED
    of kt features describe
    The levels that this node understands.
`
