#!/bin/sh
# Kafka's own name for `kt share-groups`: prints and exits exactly as the script does.
exec "$(dirname "$(readlink -f "$0")")/kt" kafka-share-groups.sh "$@"
