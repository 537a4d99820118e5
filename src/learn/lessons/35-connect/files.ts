/** Files that the lesson puts into the learner's hands: settings of three processes, and a program of twenty lines. */

export const LINES = [
  'alice buys a mug',
  'bob buys a book',
  'carol buys a teapot and a mug',
  'dave buys a book',
  'erin buys a lamp',
  'frank buys a mug',
]

/** Where things are, for the files. */
export interface FilePlaces {
  readonly servers: string
  /** The jar with the two connectors. */
  readonly plugin: string
  readonly path: (name: string) => string
}

/** The worker: a process that runs connectors. It keeps in a file how far sources are. */
export const workerText = ({ servers, plugin, path }: FilePlaces): string => `bootstrap.servers=${servers}
key.converter=org.apache.kafka.connect.storage.StringConverter
value.converter=org.apache.kafka.connect.storage.StringConverter
# How far the source has read is kept here, and written every second (Kafka's default: every minute).
offset.storage.file.filename=${path('position')}
offset.flush.interval.ms=1000
plugin.path=${plugin}
# Its REST interface, on any free port (Kafka's default: 8083).
listeners=http://127.0.0.1:0
`

export const sourceText = (name: string, topic: string, { path }: FilePlaces): string => `name=${name}
connector.class=org.apache.kafka.connect.file.FileStreamSourceConnector
tasks.max=1
file=${path('orders.txt')}
topic=${topic}
`

export const sinkText = (name: string, topic: string, { path }: FilePlaces): string => `name=${name}
connector.class=org.apache.kafka.connect.file.FileStreamSinkConnector
tasks.max=1
topics=${topic}
file=${path('copy.txt')}
# It reads as a consumer group; without this line it would be called connect-${name}.
consumer.override.group.id=${name}
`

/** Counts words of one topic into another one: a Kafka Streams application. */
export const programText = (
  { id, from, to, store }: Readonly<Record<'id' | 'from' | 'to' | 'store', string>>,
  { servers, path }: FilePlaces,
): string => `import java.util.Arrays;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Materialized;

public class Words {
  public static void main(String[] args) {
    Properties settings = new Properties();
    settings.put("application.id", "${id}"); // also the name of its group
    settings.put("bootstrap.servers", "${servers}");
    settings.put("state.dir", "${path('state')}");
    settings.put("default.key.serde", Serdes.StringSerde.class);
    settings.put("default.value.serde", Serdes.StringSerde.class);
    settings.put("commit.interval.ms", 1000); // Kafka's default: 30000

    StreamsBuilder builder = new StreamsBuilder();
    builder.<String, String>stream("${from}")
        .flatMapValues(line -> Arrays.asList(line.toLowerCase().split(" ")))
        .groupBy((key, word) -> word)
        .count(Materialized.as("${store}"))
        .toStream()
        .mapValues(count -> String.valueOf(count))
        .to("${to}");

    KafkaStreams app = new KafkaStreams(builder.build(), settings);
    // It leaves its group when it ends; by default it would be waited for until session.timeout.ms, 45 s.
    KafkaStreams.CloseOptions end = new KafkaStreams.CloseOptions().leaveGroup(true);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> app.close(end)));
    app.start();
  }
}
`
