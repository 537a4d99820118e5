"""confluent-kafka against a node: prints ok, or fails with a traceback."""
import sys
import time

from confluent_kafka import TIMESTAMP_CREATE_TIME, Consumer, KafkaError, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource, NewTopic

SERVERS = sys.argv[1]


def produce(topic, count, **config):
    failures = []
    producer = Producer({"bootstrap.servers": SERVERS, **config})
    for i in range(count):
        producer.produce(topic, key=f"k{i}", value=f"v{i}", callback=lambda e, m: failures.append(e) if e else None)
        producer.poll(0)
    assert producer.flush(30) == 0
    assert not failures, failures


def consume(topic, count, group, **config):
    consumer = Consumer(
        {"bootstrap.servers": SERVERS, "group.id": group, "auto.offset.reset": "earliest", **config}
    )
    consumer.subscribe([topic])
    values = []
    deadline = time.time() + 40
    while len(values) < count and time.time() < deadline:
        message = consumer.poll(0.5)
        if message is not None and message.error() is None:
            values.append(message.value().decode())
    return consumer, values


def compressions():
    for codec in ["none", "gzip", "snappy", "lz4", "zstd"]:
        produce(f"c-{codec}", 200, **{"compression.type": codec, "linger.ms": 20})
        consumer, values = consume(f"c-{codec}", 200, f"g-{codec}")
        consumer.close()
        assert values == [f"v{i}" for i in range(200)], values[:5]


def shapes():
    producer = Producer({"bootstrap.servers": SERVERS})
    sent = [
        (b"k", b"v", [("a", b"1"), ("a", b"2"), ("empty", b""), ("null", None)], 1_700_000_000_000),
        (None, b"no key", None, 1_700_000_000_001),
        (b"gone", None, None, 1_700_000_000_002),
        (b"", b"", None, 1_700_000_000_003),
    ]
    for key, value, headers, timestamp in sent:
        producer.produce("shapes", key=key, value=value, headers=headers, timestamp=timestamp)
    assert producer.flush(30) == 0
    consumer = Consumer({"bootstrap.servers": SERVERS, "group.id": "shapes", "enable.partition.eof": True})
    consumer.assign([TopicPartition("shapes", 0, 0)])
    read = until_end(consumer)
    assert [(m.key(), m.value(), m.headers(), m.timestamp()[1]) for m in read] == sent, read
    assert all(m.timestamp()[0] == TIMESTAMP_CREATE_TIME for m in read)
    assert [m.offset() for m in read] == [0, 1, 2, 3]
    consumer.close()


def until_end(consumer):
    """Messages up to the end of the one assigned partition."""
    messages = []
    deadline = time.time() + 40
    while time.time() < deadline:
        message = consumer.poll(0.5)
        if message is None:
            continue
        if message.error() is not None:
            assert message.error().code() == KafkaError._PARTITION_EOF, message.error()
            return messages
        messages.append(message)
    raise AssertionError("no end of the partition")


def places():
    producer = Producer({"bootstrap.servers": SERVERS})
    for i in range(20):
        producer.produce("places", value=f"v{i}", timestamp=1_000_000 + i * 1_000)
    assert producer.flush(30) == 0
    config = {"bootstrap.servers": SERVERS, "group.id": "places", "enable.partition.eof": True}
    consumer = Consumer({**config, "enable.auto.commit": False})
    [place] = consumer.offsets_for_times([TopicPartition("places", 0, 1_004_500)], timeout=10)
    assert place.offset == 5, place
    consumer.assign([place])
    assert [m.value().decode() for m in until_end(consumer)] == [f"v{i}" for i in range(5, 20)]
    consumer.seek(TopicPartition("places", 0, 18))
    assert [m.offset() for m in until_end(consumer)] == [18, 19]
    assert consumer.get_watermark_offsets(TopicPartition("places", 0), timeout=10) == (0, 20)
    consumer.commit(offsets=[TopicPartition("places", 0, 7, "a note")], asynchronous=False)
    consumer.close()
    resumed = Consumer(config)
    [committed] = resumed.committed([TopicPartition("places", 0)], timeout=10)
    assert (committed.offset, committed.metadata) == (7, "a note"), committed
    resumed.subscribe(["places"])
    assert [m.offset() for m in until_end(resumed)] == list(range(7, 20))
    resumed.close()


def idempotence():
    produce("once", 3000, **{"enable.idempotence": True})
    consumer, values = consume("once", 3000, "g-once")
    consumer.close()
    assert values == [f"v{i}" for i in range(3000)]


def group():
    admin = AdminClient({"bootstrap.servers": SERVERS})
    admin.create_topics([NewTopic("grouped", 4, 1)])["grouped"].result()
    produce("grouped", 400)
    first, values = consume("grouped", 400, "pair", **{"enable.auto.commit": False})
    assert sorted(values) == sorted(f"v{i}" for i in range(400))
    first.commit(asynchronous=False)
    second = Consumer({"bootstrap.servers": SERVERS, "group.id": "pair", "auto.offset.reset": "earliest"})
    second.subscribe(["grouped"])
    deadline = time.time() + 40
    while time.time() < deadline and not (len(first.assignment()) == 2 and len(second.assignment()) == 2):
        first.poll(0.2)
        second.poll(0.2)
    assert len(first.assignment()) == 2 and len(second.assignment()) == 2
    second.close()
    first.close()
    committed = Consumer({"bootstrap.servers": SERVERS, "group.id": "pair"}).committed(
        [TopicPartition("grouped", p) for p in range(4)], timeout=10
    )
    assert sum(p.offset for p in committed) == 400, committed


def admin():
    client = AdminClient({"bootstrap.servers": SERVERS})
    client.create_topics([NewTopic("managed", 2, 1, config={"retention.ms": "60000"})])["managed"].result()
    assert len(client.list_topics(timeout=10).topics["managed"].partitions) == 2
    resource = ConfigResource("topic", "managed")
    config = client.describe_configs([resource])[resource].result()
    assert config["retention.ms"].value == "60000"
    client.delete_topics(["managed"])["managed"].result()
    assert "managed" not in client.list_topics(timeout=10).topics


{
    "compressions": compressions,
    "shapes": shapes,
    "places": places,
    "idempotence": idempotence,
    "group": group,
    "admin": admin,
}[sys.argv[2]]()
print("ok")
