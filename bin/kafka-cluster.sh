#!/bin/sh
# Kafka's own name for the verbs of `kt cluster` that any cluster answers: prints and exits exactly as the script does.
exec "$(dirname "$(readlink -f "$0")")/kt" kafka-cluster.sh "$@"
