import java.io.PrintWriter;
import java.lang.reflect.*;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import java.util.jar.JarFile;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.*;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * Random values of every message that Kafka's own classes can write, as lines "name version hex json", and the way back:
 * lines "name version hex" are read by Kafka's classes and written again.
 *
 * usage: ProtocolBytes OUR_LINES THEIR_LINES ECHOED_LINES LIBS
 */
public class ProtocolBytes {
    static final Random RANDOM = new Random(42);
    static final int VALUES_PER_VERSION = 16;
    static final String[] PACKAGES = {
        "org/apache/kafka/common/message/", "org/apache/kafka/common/metadata/",
        "org/apache/kafka/coordinator/group/generated/", "org/apache/kafka/coordinator/transaction/generated/",
        "org/apache/kafka/coordinator/share/generated/",
    };

    public static void main(String[] args) throws Exception {
        Map<String, Class<?>> messages = messages(Path.of(args[3]));
        try (PrintWriter out = new PrintWriter(args[1], StandardCharsets.UTF_8)) {
            for (Map.Entry<String, Class<?>> entry : messages.entrySet()) writeAll(entry.getKey(), entry.getValue(), out);
        }
        try (PrintWriter out = new PrintWriter(args[2], StandardCharsets.UTF_8)) {
            for (String line : Files.readAllLines(Path.of(args[0]))) out.println(echo(messages, line));
        }
    }

    /** Message classes by the name of their definition. */
    static Map<String, Class<?>> messages(Path libs) throws Exception {
        Map<String, Class<?>> found = new TreeMap<>();
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(libs, "kafka-*.jar")) {
            for (Path path : jars) {
                try (JarFile jar = new JarFile(path.toFile())) {
                    for (var entries = jar.entries(); entries.hasMoreElements();) {
                        String name = entries.nextElement().getName();
                        if (!name.endsWith(".class") || name.contains("$") || !inPackages(name)) continue;
                        Class<?> type = Class.forName(name.substring(0, name.length() - 6).replace('/', '.'));
                        if (!Message.class.isAssignableFrom(type)) continue;
                        String simple = type.getSimpleName();
                        found.put(simple.endsWith("Data") ? simple.substring(0, simple.length() - 4) : simple, type);
                    }
                }
            }
        }
        return found;
    }

    static boolean inPackages(String name) {
        return Arrays.stream(PACKAGES).anyMatch(name::startsWith);
    }

    static void writeAll(String name, Class<?> type, PrintWriter out) throws Exception {
        Message sample = (Message) type.getDeclaredConstructor().newInstance();
        Method json = Class.forName(type.getName() + "JsonConverter").getMethod("write", type, short.class);
        for (short version = sample.lowestSupportedVersion(); version <= sample.highestSupportedVersion(); version++) {
            for (int i = 0; i < VALUES_PER_VERSION; i++) {
                Message message = (Message) type.getDeclaredConstructor().newInstance();
                if (i > 0) fill(message, version);
                byte[] bytes = write(message, version);
                if (bytes == null) continue;
                // Read back first: what did not travel shall not be in the text.
                message.read(new ByteBufferAccessor(ByteBuffer.wrap(bytes)), version);
                out.println(name + " " + version + " " + HexFormat.of().formatHex(bytes) + " " + json.invoke(null, message, version));
            }
        }
    }

    /** The bytes of a message, null when it cannot be written in this version. */
    static byte[] write(Message message, short version) {
        try {
            ObjectSerializationCache cache = new ObjectSerializationCache();
            ByteBuffer buffer = ByteBuffer.allocate(message.size(cache, version));
            message.write(new ByteBufferAccessor(buffer), cache, version);
            return buffer.array();
        } catch (RuntimeException e) {
            return null;
        }
    }

    /** Sets every field to a random value; those that the version cannot carry are set back. */
    static void fill(Message message, short version) throws Exception {
        for (Method setter : message.getClass().getDeclaredMethods()) {
            if (!setter.getName().startsWith("set") || setter.getParameterCount() != 1) continue;
            if (setter.getReturnType() != message.getClass()) continue;
            String field = Character.toLowerCase(setter.getName().charAt(3)) + setter.getName().substring(4);
            Object before = message.getClass().getMethod(field).invoke(message);
            Object value = RANDOM.nextInt(6) == 0 && !setter.getParameterTypes()[0].isPrimitive()
                ? null : random(setter.getGenericParameterTypes()[0], version);
            byte[] bytesBefore = write(message, version);
            try {
                setter.invoke(message, value);
                byte[] bytes = write(message, version);
                // A null that does not travel is of no use, and breaks the hash of some elements.
                boolean useless = value == null && Arrays.equals(bytes, bytesBefore);
                if (bytes == null || useless) setter.invoke(message, before);
            } catch (InvocationTargetException outOfRange) {
                setter.invoke(message, before);
            }
        }
    }

    static Object random(Type type, short version) throws Exception {
        if (type == boolean.class) return RANDOM.nextBoolean();
        if (type == byte.class) return (byte) RANDOM.nextInt();
        if (type == short.class) return (short) RANDOM.nextInt();
        if (type == int.class || type == Integer.class) return RANDOM.nextBoolean() ? RANDOM.nextInt(65536) : RANDOM.nextInt();
        if (type == long.class || type == Long.class) return RANDOM.nextBoolean() ? RANDOM.nextInt(1 << 30) : RANDOM.nextLong();
        if (type == Short.class) return (short) RANDOM.nextInt();
        if (type == Byte.class) return (byte) RANDOM.nextInt();
        if (type == double.class) return RANDOM.nextGaussian();
        if (type == String.class) return randomText();
        if (type == Uuid.class) return Uuid.randomUuid();
        if (type == byte[].class) return randomBytes();
        if (type == ByteBuffer.class) return ByteBuffer.wrap(randomBytes());
        if (type == BaseRecordsHolder.TYPE) return MemoryRecords.readableRecords(ByteBuffer.wrap(randomBytes()));
        if (type instanceof ParameterizedType list) return randomList(new ArrayList<>(), list.getActualTypeArguments()[0], version);
        Class<?> raw = (Class<?>) type;
        if (Message.class.isAssignableFrom(raw)) {
            Message nested = (Message) raw.getDeclaredConstructor().newInstance();
            fill(nested, version);
            return nested;
        }
        if (Collection.class.isAssignableFrom(raw)) {
            @SuppressWarnings("unchecked")
            Collection<Object> collection = (Collection<Object>) raw.getDeclaredConstructor().newInstance();
            return randomList(collection, ((ParameterizedType) raw.getGenericSuperclass()).getActualTypeArguments()[0], version);
        }
        throw new IllegalStateException("no random value of " + type);
    }

    static final class BaseRecordsHolder {
        static final Type TYPE = find();

        static Type find() {
            try {
                return org.apache.kafka.common.message.FetchResponseData.PartitionData.class.getMethod("records").getReturnType();
            } catch (NoSuchMethodException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    static Collection<Object> randomList(Collection<Object> list, Type element, short version) throws Exception {
        for (int i = RANDOM.nextInt(4); i > 0; i--) list.add(random(element, version));
        return list;
    }

    static String randomText() {
        String[] texts = {"", "a", "topic-1", "größer", "汉字", "😀", "x".repeat(140)};
        return texts[RANDOM.nextInt(texts.length)] + RANDOM.nextInt(100);
    }

    static byte[] randomBytes() {
        byte[] bytes = new byte[RANDOM.nextInt(60)];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    /** What Kafka's classes make of a line of ours. */
    static String echo(Map<String, Class<?>> messages, String line) {
        String[] parts = line.split(" ", -1);
        Class<?> type = messages.get(parts[0]);
        if (type == null) return parts[0] + " " + parts[1] + " unknown";
        try {
            short version = Short.parseShort(parts[1]);
            Message message = (Message) type.getDeclaredConstructor().newInstance();
            ByteBuffer buffer = ByteBuffer.wrap(HexFormat.of().parseHex(parts[2]));
            message.read(new ByteBufferAccessor(buffer), version);
            if (buffer.hasRemaining()) return parts[0] + " " + parts[1] + " left " + buffer.remaining();
            byte[] bytes = write(message, version);
            return parts[0] + " " + parts[1] + " " + (bytes == null ? "unwritable" : HexFormat.of().formatHex(bytes));
        } catch (Exception e) {
            return parts[0] + " " + parts[1] + " " + e;
        }
    }
}
