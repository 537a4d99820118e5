#!/bin/sh
# Kafka's own name for `kt console-producer`: prints and exits exactly as the script does.
exec "$(dirname "$(readlink -f "$0")")/kt" kafka-console-producer.sh "$@"
