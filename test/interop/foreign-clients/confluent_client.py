"""confluent-kafka against a node: prints ok, or fails with a traceback."""
import sys
import time

from confluent_kafka import Consumer, Producer, TopicPartition
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


{"compressions": compressions, "idempotence": idempotence, "group": group, "admin": admin}[sys.argv[2]]()
print("ok")
