import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javax.management.MBeanServer;
import javax.management.MBeanServerBuilder;
import javax.management.MBeanServerDelegate;
import javax.management.ObjectInstance;
import javax.management.ObjectName;
import org.apache.kafka.common.utils.Exit;

/**
 * Runs the main classes behind Apache Kafka's scripts in one JVM, several at a time, each as if it were alone.
 *
 * A run is a thread group with its own standard streams: System.in, out and err look up the run of the calling thread,
 * which threads inherit. The jars with the tools themselves are loaded anew for each run, so that their static state is
 * that of a new process; the client library below them is loaded once, and is what stays warm. What stays from run to
 * run is therefore the client library's: counters in client ids ("adminclient-7"), seen in log lines only.
 *
 * A request, on stdin:  int length | int id | int words | (int length | UTF-8)* | the run's standard input.
 * A reply, on stdout:   int length | int id | int exit code | int length | the run's stdout | the run's stderr.
 * Arguments: the tools' jars, separated as in a class path. The end of stdin is the end of this process.
 */
public final class ScriptServer {
    private static final InheritableThreadLocal<Run> CURRENT = new InheritableThreadLocal<>();
    private static final int MAX_REQUEST_BYTES = 256 << 20;

    public static void main(String[] args) throws IOException {
        DataInputStream requests = new DataInputStream(new BufferedInputStream(System.in));
        DataOutputStream replies = new DataOutputStream(new BufferedOutputStream(System.out));
        PrintStream ownErrors = System.err;
        System.setIn(new RunInput());
        System.setOut(new PrintStream(new RunOutput(run -> run.stdout, ownErrors), false, encoding("stdout.encoding")));
        System.setErr(new PrintStream(new RunOutput(run -> run.stderr, ownErrors), true, encoding("stderr.encoding")));
        Exit.setExitProcedure((code, message) -> exit(code));
        Exit.setHaltProcedure((code, message) -> halt(code));
        Exit.setShutdownHookAdder((name, hook) -> CURRENT.get().addHook(hook));
        URL[] toolJars = urls(args[0]);
        try {
            while (true) {
                byte[] request = new byte[checkedLength(requests.readInt())];
                requests.readFully(request);
                new Run(request, toolJars, replies).start();
            }
        } catch (EOFException end) {
            Runtime.getRuntime().halt(0);
        }
    }

    private static int checkedLength(int length) throws IOException {
        if (length < 8 || length > MAX_REQUEST_BYTES) throw new IOException("request of " + length + " bytes");
        return length;
    }

    /** Newer JVMs say how their standard streams encode; older ones use the default. */
    private static String encoding(String property) {
        return System.getProperty(property, java.nio.charset.Charset.defaultCharset().name());
    }

    private static URL[] urls(String classPath) throws IOException {
        List<URL> urls = new ArrayList<>();
        for (String jar : classPath.split(File.pathSeparator)) urls.add(new File(jar).toURI().toURL());
        return urls.toArray(new URL[0]);
    }

    private static void exit(int code) {
        Run run = CURRENT.get();
        run.end(code, true);
        throw new Ended();
    }

    private static void halt(int code) {
        CURRENT.get().end(code, false);
        throw new Ended();
    }

    /**
     * Unwinds a thread whose run has ended, so that clients are closed. A tool may catch it, print and exit again: its
     * streams are closed by then, and the first exit code is the one that was sent.
     */
    private static final class Ended extends Error {
        private static final long serialVersionUID = 1;

        Ended() {
            super("the run has ended", null, false, false);
        }
    }

    private static final class Run {
        private final int id;
        private final String mainClass;
        private final String[] words;
        private final InputStream stdin;
        final Sealable stdout = new Sealable();
        final Sealable stderr = new Sealable();
        private final List<Runnable> hooks = new ArrayList<>();
        private final URL[] toolJars;
        private final DataOutputStream replies;
        private final ThreadGroup group;
        private boolean ended;

        Run(byte[] request, URL[] toolJars, DataOutputStream replies) throws IOException {
            ByteArrayInputStream bytes = new ByteArrayInputStream(request);
            DataInputStream in = new DataInputStream(bytes);
            id = in.readInt();
            String[] all = new String[in.readInt()];
            for (int index = 0; index < all.length; index++) all[index] = readString(in);
            mainClass = all[0];
            words = java.util.Arrays.copyOfRange(all, 1, all.length);
            stdin = bytes;
            group = new ThreadGroup("run " + id);
            this.toolJars = toolJars;
            this.replies = replies;
        }

        private static String readString(DataInputStream in) throws IOException {
            byte[] bytes = new byte[in.readInt()];
            in.readFully(bytes);
            return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
        }

        void start() {
            Thread thread = new Thread(group, this::run, "main");
            thread.setContextClassLoader(new URLClassLoader(toolJars, ScriptServer.class.getClassLoader()));
            thread.start();
        }

        private void run() {
            CURRENT.set(this);
            int code = 0;
            try {
                Class.forName(mainClass, true, Thread.currentThread().getContextClassLoader())
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) words);
            } catch (InvocationTargetException thrown) {
                if (thrown.getCause() instanceof Ended) return;
                code = uncaught(thrown.getCause());
            } catch (ReflectiveOperationException missing) {
                code = uncaught(missing);
            }
            joinOthers();
            end(code, true);
        }

        /** As a JVM reports what leaves `main`. */
        private int uncaught(Throwable thrown) {
            System.err.print("Exception in thread \"main\" ");
            thrown.printStackTrace();
            return 1;
        }

        /** After `main` a JVM waits for every thread that is not a daemon. */
        private void joinOthers() {
            Thread[] threads = new Thread[group.activeCount() + 16];
            int count = group.enumerate(threads);
            for (int index = 0; index < count; index++) {
                if (threads[index] == Thread.currentThread() || threads[index].isDaemon()) continue;
                try {
                    threads[index].join();
                } catch (InterruptedException ended) {
                    return;
                }
            }
        }

        synchronized void addHook(Runnable hook) {
            hooks.add(hook);
        }

        /** Sends what was printed until now; later output goes nowhere. Only the first end counts. */
        void end(int code, boolean withHooks) {
            List<Runnable> toRun;
            synchronized (this) {
                if (ended) return;
                ended = true;
                toRun = withHooks ? List.copyOf(hooks) : List.of();
            }
            try {
                for (Runnable hook : toRun) hook.run();
            } finally {
                System.out.flush();
                System.err.flush();
                reply(code, stdout.seal(), stderr.seal());
            }
        }

        private void reply(int code, byte[] out, byte[] err) {
            synchronized (replies) {
                try {
                    replies.writeInt(12 + out.length + err.length);
                    replies.writeInt(id);
                    replies.writeInt(code);
                    replies.writeInt(out.length);
                    replies.write(out);
                    replies.write(err);
                    replies.flush();
                } catch (IOException gone) {
                    Runtime.getRuntime().halt(1);
                }
            }
        }
    }

    private static final class Sealable extends OutputStream {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private boolean sealed;

        @Override
        public synchronized void write(int value) {
            if (!sealed) bytes.write(value);
        }

        @Override
        public synchronized void write(byte[] data, int offset, int length) {
            if (!sealed) bytes.write(data, offset, length);
        }

        synchronized byte[] seal() {
            sealed = true;
            return bytes.toByteArray();
        }
    }

    /** The output of the run that the calling thread belongs to; this process's own stderr for any other thread. */
    private static final class RunOutput extends OutputStream {
        private final Function<Run, OutputStream> stream;
        private final OutputStream other;

        RunOutput(Function<Run, OutputStream> stream, OutputStream other) {
            this.stream = stream;
            this.other = other;
        }

        private OutputStream current() {
            Run run = CURRENT.get();
            return run == null ? other : stream.apply(run);
        }

        @Override
        public void write(int value) throws IOException {
            current().write(value);
        }

        @Override
        public void write(byte[] data, int offset, int length) throws IOException {
            current().write(data, offset, length);
        }
    }

    private static final class RunInput extends InputStream {
        @Override
        public int read() throws IOException {
            return CURRENT.get().stdin.read();
        }

        @Override
        public int read(byte[] data, int offset, int length) throws IOException {
            return CURRENT.get().stdin.read(data, offset, length);
        }

        @Override
        public int available() throws IOException {
            return CURRENT.get().stdin.available();
        }
    }

    /**
     * A platform MBean server without Kafka's beans: two clients with the same client id, as every console consumer has,
     * would take each other's beans away.
     */
    public static final class WithoutKafkaBeans extends MBeanServerBuilder {
        @Override
        public MBeanServer newMBeanServer(String domain, MBeanServer outer, MBeanServerDelegate delegate) {
            MBeanServer real = super.newMBeanServer(domain, outer, delegate);
            Class<?>[] types = {MBeanServer.class};
            return (MBeanServer) Proxy.newProxyInstance(ScriptServer.class.getClassLoader(), types, (proxy, method, args) -> {
                boolean kafkas = args != null && java.util.Arrays.stream(args).anyMatch(WithoutKafkaBeans::isKafkas);
                if (kafkas && method.getName().equals("registerMBean")) {
                    return new ObjectInstance((ObjectName) args[1], args[0].getClass().getName());
                }
                if (kafkas && method.getName().equals("unregisterMBean")) return null;
                try {
                    return method.invoke(real, args);
                } catch (InvocationTargetException thrown) {
                    throw thrown.getCause();
                }
            });
        }

        private static boolean isKafkas(Object argument) {
            return argument instanceof ObjectName && ((ObjectName) argument).getDomain().startsWith("kafka.");
        }
    }
}
