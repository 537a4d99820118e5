#!/bin/sh
# Kafka's own name for `kt verifiable-share-consumer`: prints and exits exactly as the script does.
exec "$(dirname "$(readlink -f "$0")")/kt" kafka-verifiable-share-consumer.sh "$@"
