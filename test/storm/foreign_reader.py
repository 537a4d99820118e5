"""A group consumer of librdkafka's that commits what it has said it read. Ends when stdin does.

librdkafka 2.16 may wait for ever for a coordinator whose broker was gone from the metadata for a while (its issue 5511): then
this starts anew, as a supervised process would.

usage: foreign_reader.py BOOTSTRAP GROUP TOPIC...
"""
import json
import os
import sys
import threading
import time

from confluent_kafka import Consumer, KafkaException

bootstrap, group, *topics = sys.argv[1:]
over = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()


def say(**what):
    sys.stdout.write(json.dumps(what) + "\n")


consumer = Consumer(
    {
        "bootstrap.servers": bootstrap,
        "group.id": group,
        "auto.offset.reset": "earliest",
        "enable.auto.commit": False,
        "enable.auto.offset.store": True,
        "session.timeout.ms": 10_000,
        "heartbeat.interval.ms": 1_000,
        "socket.timeout.ms": 5_000,
        "reconnect.backoff.max.ms": 500,
        "topic.metadata.refresh.interval.ms": 2_000,
    }
)
consumer.subscribe(topics)
HANGS_AFTER_SECONDS = 30
turned_at = time.monotonic()


def start_anew_when_it_hangs():
    while not over.wait(1):
        if time.monotonic() - turned_at > HANGS_AFTER_SECONDS:
            sys.stderr.write("librdkafka hangs: starting anew\n")
            sys.stderr.flush()
            os.execv(sys.executable, [sys.executable, *sys.argv])
    time.sleep(HANGS_AFTER_SECONDS)
    os._exit(1)


threading.Thread(target=start_anew_when_it_hangs, daemon=True).start()
committed_at = time.monotonic()
dirty = False
while not over.is_set():
    turned_at = time.monotonic()
    for message in consumer.consume(500, 0.1):
        if message.error() is not None:
            say(name="read_error", error=str(message.error()))
            continue
        dirty = True
        say(
            name="record_data",
            topic=message.topic(),
            partition=message.partition(),
            offset=message.offset(),
            value=message.value().decode(),
        )
    sys.stdout.flush()
    if dirty and time.monotonic() - committed_at > 0.5:
        committed_at = time.monotonic()
        try:
            consumer.commit(asynchronous=False)
            dirty = False
        except KafkaException as error:
            say(name="commit_error", error=str(error))
try:
    consumer.commit(asynchronous=False)
except KafkaException:
    pass
consumer.close()
