"""kafka-python against a node: prints ok, or fails with a traceback."""
import importlib.util
import sys
import time

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
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


def group():
    admin = KafkaAdminClient(bootstrap_servers=SERVERS)
    admin.create_topics([NewTopic("grouped", 4, 1)])
    time.sleep(0.2)
    produce("grouped", 400)
    consumer, values = consume("grouped", 400, "alone")
    assert sorted(values) == sorted(f"v{i}" for i in range(400))
    assert len(consumer.assignment()) == 4
    consumer.commit()
    consumer.close()
    after = KafkaConsumer(bootstrap_servers=SERVERS, group_id="alone")
    assert sum(after.committed(TopicPartition("grouped", p)) for p in range(4)) == 400
    after.close()


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


{"compressions": compressions, "idempotence": idempotence, "group": group, "admin": admin}[sys.argv[2]]()
print("ok")
