import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.oplog.NoopOplog;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Others' implementation of MongoDB's wire protocol, in memory, for tests on a machine without MongoDB.
 *
 * <p>Takes a port (default 0: a free one), listens on 127.0.0.1 only, prints that port when it does, and ends when its
 * standard input does: it never outlives the process that started it, however that one ended.
 */
public final class MongoStandIn {
  /** The wire version is what a driver goes by: it refuses those below 9 (4.4), and the built-in ones say 8. */
  private static final MongoVersion MONGO_5 =
      new MongoVersion() {
        @Override
        public List<Integer> getVersionArray() {
          return List.of(5, 0, 0);
        }

        @Override
        public int getWireVersion() {
          return 13;
        }
      };

  private static final Duration TRIMMED_EVERY = Duration.ofSeconds(10);

  /** Longer than any cut that a resumed stream is to survive. */
  private static final Duration KEPT = Duration.ofSeconds(120);

  private MongoStandIn() {}

  public static void main(String[] arguments) throws IOException {
    MemoryBackend backend = new MemoryBackend();
    backend.version(MONGO_5);
    MongoServer server = new MongoServer(backend);
    server.enableOplog();
    boundOplog(backend);
    server.bind("127.0.0.1", arguments.length == 0 ? 0 : Integer.parseInt(arguments[0]));
    System.out.println(server.getLocalAddress().getPort());
    while (System.in.read() >= 0) {
      // Nothing is asked by this line; only its end counts.
    }
    server.shutdownNow();
    System.exit(0);
  }

  /**
   * As MongoDB does by itself. This one keeps every write for good, and each look of a change stream goes through all of them:
   * measured with three streams, 120,000 entries slow it down tenfold.
   */
  private static void boundOplog(MemoryBackend backend) {
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "oplog");
              thread.setDaemon(true);
              return thread;
            });
    long everyMs = TRIMMED_EVERY.toMillis();
    timer.scheduleWithFixedDelay(() -> trimOplog(backend), everyMs, everyMs, TimeUnit.MILLISECONDS);
  }

  private static void trimOplog(MemoryBackend backend) {
    try {
      Document old = new Document("wall", new Document("$lt", Instant.now().minus(KEPT)));
      backend
          .resolveDatabase("local")
          .resolveCollection("oplog.rs", true)
          .deleteDocuments(old, 0, NoopOplog.get());
    } catch (RuntimeException failure) {
      // Thrown on, it would end the timer; the next turn makes up for this one.
      System.err.println("The oplog was not trimmed: " + failure);
    }
  }
}
