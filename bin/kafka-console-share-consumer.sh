#!/bin/sh
# Kafka's own name for `kt console-share-consumer`: prints and exits exactly as the script does.
exec "$(dirname "$(readlink -f "$0")")/kt" kafka-console-share-consumer.sh "$@"
