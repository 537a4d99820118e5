#!/bin/sh
# Kafka's own name for `kt verifiable-producer`: prints and exits exactly as the script does.
exec "$(dirname "$(readlink -f "$0")")/kt" kafka-verifiable-producer.sh "$@"
