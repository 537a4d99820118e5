"""An idempotent acks=all producer of librdkafka's. Says on stdout what became of each record; ends when stdin does.

usage: foreign_writer.py BOOTSTRAP PRODUCER RECORDS_PER_SECOND TOPIC:PARTITIONS...
"""
import json
import random
import sys
import threading
import time

from confluent_kafka import Producer

bootstrap, name, rate, *topics = sys.argv[1:]
places = [(topic, partition) for topic, count in (each.split(":") for each in topics) for partition in range(int(count))]
over = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()


def say(**what):
    sys.stdout.write(json.dumps(what) + "\n")


def delivered(error, message):
    value = message.value().decode()
    if error is not None:
        say(name="producer_send_error", value=value, exception=str(error))
    else:
        say(
            name="producer_send_success",
            value=value,
            topic=message.topic(),
            partition=message.partition(),
            offset=message.offset(),
        )


producer = Producer(
    {
        "bootstrap.servers": bootstrap,
        "enable.idempotence": True,
        "acks": "all",
        "linger.ms": 5,
        "delivery.timeout.ms": 600_000,
        "message.timeout.ms": 600_000,
        "socket.timeout.ms": 5_000,
        "reconnect.backoff.max.ms": 500,
        "topic.metadata.refresh.interval.ms": 2_000,
    }
)
# The seed of a storm decides the blows; where a record goes is nobody's business.
number = 0
started = time.monotonic()
while not over.is_set():
    due = int((time.monotonic() - started) * float(rate))
    while number < due and len(producer) < 2_000:
        topic, partition = random.choice(places)
        producer.produce(topic, f"{name}.{number}".encode(), partition=partition, on_delivery=delivered)
        number += 1
    if number < due:
        # Behind, as long as the cluster does not take more: what was missed is not made up for.
        started = time.monotonic() - number / float(rate)
    producer.poll(0.01)
    sys.stdout.flush()
producer.flush(300)
say(name="shutdown_complete", unsent=len(producer))
sys.stdout.flush()
