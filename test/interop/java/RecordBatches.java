import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.message.*;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.*;

/**
 * Record batches made by Kafka's own classes and what is in them; and what Kafka's classes find in batches of ours.
 *
 * usage: RecordBatches OUR_BATCHES THEIR_BATCHES OUR_BATCHES_DESCRIBED
 */
public class RecordBatches {
    static final Random RANDOM = new Random(7);

    public static void main(String[] args) throws Exception {
        try (PrintWriter out = new PrintWriter(args[1], StandardCharsets.UTF_8)) {
            for (CompressionType type : CompressionType.values()) dataBatches(type, out);
            controlBatches(out);
        }
        try (PrintWriter out = new PrintWriter(args[2], StandardCharsets.UTF_8)) {
            for (String line : Files.readAllLines(Path.of(args[0]))) {
                describe(ByteBuffer.wrap(HexFormat.of().parseHex(line)), out);
            }
        }
    }

    static void dataBatches(CompressionType type, PrintWriter out) {
        Compression codec = Compression.of(type).build();
        for (int count : new int[] {1, 3, 40, 700}) {
            write(MemoryRecords.withRecords(17L, codec, records(count, 40)), out);
            write(MemoryRecords.withIdempotentRecords(5L, codec, 4711L, (short) 3, 90, 8, records(count, 400)), out);
        }
        // More than one block of every codec, and bytes that no codec makes smaller.
        write(MemoryRecords.withTransactionalRecords(codec, 12L, (short) 0, 0, records(60, 9000)), out);
        write(MemoryRecords.withRecords((byte) 2, 3L, codec, TimestampType.LOG_APPEND_TIME, records(5, 60)), out);
    }

    static SimpleRecord[] records(int count, int bytes) {
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            Header[] headers = new Header[RANDOM.nextInt(4) == 0 ? RANDOM.nextInt(3) : 0];
            for (int h = 0; h < headers.length; h++) headers[h] = new RecordHeader("h\u00e9" + h, value(20));
            records[i] = new SimpleRecord(1_700_000_000_000L + RANDOM.nextInt(1 << 30) - (1 << 29), value(20), value(bytes), headers);
        }
        return records;
    }

    static byte[] value(int bytes) {
        int kind = RANDOM.nextInt(8);
        if (kind == 0) return null;
        byte[] value = new byte[RANDOM.nextInt(bytes)];
        if (kind < 3) RANDOM.nextBytes(value);
        else for (int i = 0; i < value.length; i++) value[i] = (byte) ("the quick brown fox ".charAt(i % (7 + kind)));
        return value;
    }

    static void controlBatches(PrintWriter out) {
        write(MemoryRecords.withEndTransactionMarker(9L, 1_700_000_000_000L, 4, 4711L, (short) 2,
            new EndTransactionMarker(ControlRecordType.COMMIT, 21)), out);
        write(MemoryRecords.withEndTransactionMarker(9L, 1_700_000_000_000L, 4, 4711L, (short) 2,
            new EndTransactionMarker(ControlRecordType.ABORT, 22)), out);
        write(MemoryRecords.withLeaderChangeMessage(3L, 1_700_000_000_001L, 6, ByteBuffer.allocate(512),
            new LeaderChangeMessage().setVersion((short) 0).setLeaderId(3)
                .setVoters(List.of(new LeaderChangeMessage.Voter().setVoterId(3)))
                .setGrantingVoters(List.of(new LeaderChangeMessage.Voter().setVoterId(3)))), out);
        write(MemoryRecords.withSnapshotHeaderRecord(0L, 1_700_000_000_002L, 1, ByteBuffer.allocate(512),
            new SnapshotHeaderRecord().setVersion((short) 0).setLastContainedLogTimestamp(77L)), out);
        write(MemoryRecords.withSnapshotFooterRecord(4L, 1_700_000_000_003L, 1, ByteBuffer.allocate(512),
            new SnapshotFooterRecord().setVersion((short) 0)), out);
        write(MemoryRecords.withKRaftVersionRecord(1L, 1_700_000_000_004L, 1, ByteBuffer.allocate(512),
            new KRaftVersionRecord().setVersion((short) 0).setKRaftVersion((short) 1)), out);
        VotersRecord.Voter voter = new VotersRecord.Voter().setVoterId(1).setVoterDirectoryId(new Uuid(5, 6))
            .setKRaftVersionFeature(new VotersRecord.KRaftVersionFeature().setMinSupportedVersion((short) 0).setMaxSupportedVersion((short) 1));
        voter.endpoints().add(new VotersRecord.Endpoint().setName("CONTROLLER").setHost("localhost").setPort(9093));
        write(MemoryRecords.withVotersRecord(2L, 1_700_000_000_005L, 1, ByteBuffer.allocate(512),
            new VotersRecord().setVersion((short) 0).setVoters(List.of(voter))), out);
    }

    static void write(MemoryRecords records, PrintWriter out) {
        ByteBuffer buffer = records.buffer().duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        out.println("bytes " + HexFormat.of().formatHex(bytes));
        describe(ByteBuffer.wrap(bytes), out);
    }

    static void describe(ByteBuffer buffer, PrintWriter out) {
        for (MutableRecordBatch batch : MemoryRecords.readableRecords(buffer).batches()) {
            batch.ensureValid();
            out.println("batch " + batch.baseOffset() + " " + batch.lastOffset() + " " + batch.sizeInBytes()
                + " " + batch.compressionType().name + " " + batch.maxTimestamp() + " " + batch.producerId()
                + " " + batch.producerEpoch() + " " + batch.baseSequence() + " " + batch.partitionLeaderEpoch()
                + " " + batch.isTransactional() + " " + batch.isControlBatch());
            for (org.apache.kafka.common.record.internal.Record record : batch) out.println(describe(record));
        }
    }

    static String describe(org.apache.kafka.common.record.internal.Record record) {
        StringBuilder text = new StringBuilder("record " + record.offset() + " " + record.timestamp());
        text.append(" ").append(hex(record.key())).append(" ").append(hex(record.value()));
        for (Header header : record.headers()) {
            text.append(" ").append(header.key()).append("=");
            text.append(hex(header.value() == null ? null : ByteBuffer.wrap(header.value())));
        }
        return text.toString();
    }

    static String hex(ByteBuffer buffer) {
        if (buffer == null) return "-";
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return "x" + HexFormat.of().formatHex(bytes);
    }
}
