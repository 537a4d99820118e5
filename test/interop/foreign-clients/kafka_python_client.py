"""kafka-python against a node: prints ok, or fails with a traceback."""
import importlib.util
import os
import sys
import time

from kafka import KafkaConsumer, KafkaProducer, OffsetAndMetadata, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient, NewTopic

SERVERS = sys.argv[1]
# What each compression needs beside the client itself.
NEEDS = {"snappy": "snappy", "lz4": "lz4", "zstd": "zstandard"}


def produce(topic, count, **config):
    producer = KafkaProducer(bootstrap_servers=SERVERS, **config)
    sent = [producer.send(topic, key=f"k{i}".encode(), value=f"v{i}".encode()) for i in range(count)]
    producer.flush(30)
    for future in sent:
        future.get(10)
    producer.close()


def consume(topic, count, group):
    consumer = KafkaConsumer(
        topic,
        bootstrap_servers=SERVERS,
        group_id=group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        consumer_timeout_ms=20000,
    )
    values = []
    for message in consumer:
        values.append(message.value.decode())
        if len(values) == count:
            break
    return consumer, values


def compressions():
    for codec in [None, "gzip", "snappy", "lz4", "zstd"]:
        if codec in NEEDS and importlib.util.find_spec(NEEDS[codec]) is None:
            continue
        produce(f"c-{codec}", 200, compression_type=codec, linger_ms=20)
        consumer, values = consume(f"c-{codec}", 200, f"g-{codec}")
        consumer.close()
        assert values == [f"v{i}" for i in range(200)], values[:5]


def idempotence():
    produce("once", 1000, enable_idempotence=True)
    consumer, values = consume("once", 1000, "g-once")
    consumer.close()
    assert values == [f"v{i}" for i in range(1000)]


def shapes():
    sent = [
        (b"k", b"v", [("a", b"1"), ("a", b"2"), ("empty", b"")], 1_700_000_000_000),
        (None, b"no key", [], 1_700_000_000_001),
        (b"gone", None, [], 1_700_000_000_002),
    ]
    producer = KafkaProducer(bootstrap_servers=SERVERS)
    futures = [
        producer.send("shapes", key=key, value=value, headers=headers, timestamp_ms=timestamp)
        for key, value, headers, timestamp in sent
    ]
    assert [future.get(10).offset for future in futures] == [0, 1, 2]
    producer.close()
    consumer = KafkaConsumer(bootstrap_servers=SERVERS, consumer_timeout_ms=2000)
    consumer.assign([TopicPartition("shapes", 0)])
    consumer.seek_to_beginning()
    read = [(m.key, m.value, [tuple(header) for header in m.headers], m.timestamp) for m in consumer]
    assert read == sent, read
    consumer.close()


def places():
    producer = KafkaProducer(bootstrap_servers=SERVERS)
    for i in range(20):
        producer.send("places", value=f"v{i}".encode(), timestamp_ms=1_000_000 + i * 1_000)
    producer.flush(30)
    producer.close()
    partition = TopicPartition("places", 0)
    consumer = KafkaConsumer(bootstrap_servers=SERVERS, group_id="places", consumer_timeout_ms=2000)
    consumer.assign([partition])
    place = consumer.offsets_for_times({partition: 1_004_500})[partition]
    assert (place.offset, place.timestamp) == (5, 1_005_000), place
    consumer.seek(partition, place.offset)
    assert [m.value.decode() for m in consumer] == [f"v{i}" for i in range(5, 20)]
    assert consumer.beginning_offsets([partition]) == {partition: 0}
    assert consumer.end_offsets([partition]) == {partition: 20}
    consumer.commit({partition: OffsetAndMetadata(7, "a note", -1)})
    consumer.close(autocommit=False)
    resumed, values = consume("places", 13, "places")
    assert values == [f"v{i}" for i in range(7, 20)], values
    resumed.close()


def group():
    # Names of its own: a second try on the same cluster starts from nothing.
    topic, pair = f"grouped-{os.getpid()}", f"pair-{os.getpid()}"
    admin = KafkaAdminClient(bootstrap_servers=SERVERS)
    admin.create_topics([NewTopic(topic, 4, 1)])
    members = [
        KafkaConsumer(
            topic,
            bootstrap_servers=SERVERS,
            group_id=pair,
            auto_offset_reset="earliest",
            heartbeat_interval_ms=300,
        )
        for _ in range(2)
    ]
    values = []

    def poll_until(done):
        deadline = time.time() + 40
        while time.time() < deadline and not done():
            for member in members:
                for records in member.poll(timeout_ms=100).values():
                    values.extend(record.value.decode() for record in records)
        assert done(), (values[:5], [member.assignment() for member in members])

    poll_until(lambda: [len(member.assignment()) for member in members] == [2, 2])
    produce(topic, 400)
    poll_until(lambda: len(values) == 400)
    members.pop().close()
    poll_until(lambda: len(members[0].assignment()) == 4)
    produce(topic, 100)
    poll_until(lambda: len(values) == 500)
    members.pop().close()
    assert sorted(values) == sorted([f"v{i}" for i in range(400)] + [f"v{i}" for i in range(100)])
    after = KafkaConsumer(bootstrap_servers=SERVERS, group_id=pair)
    assert sum(after.committed(TopicPartition(topic, p)) for p in range(4)) == 500
    after.close()
    admin.close()


def admin():
    client = KafkaAdminClient(bootstrap_servers=SERVERS)
    client.create_topics([NewTopic("managed", 2, 1, topic_configs={"retention.ms": "60000"})])
    time.sleep(0.2)
    assert "managed" in client.list_topics()
    described = client.describe_configs([ConfigResource(ConfigResourceType.TOPIC, "managed")])
    assert "60000" in str(described)
    client.delete_topics(["managed"])
    time.sleep(0.2)
    assert "managed" not in client.list_topics()


{
    "compressions": compressions,
    "shapes": shapes,
    "places": places,
    "idempotence": idempotence,
    "group": group,
    "admin": admin,
}[sys.argv[2]]()
print("ok")
