import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.io.IOException;
import java.util.List;

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

  private MongoStandIn() {}

  public static void main(String[] arguments) throws IOException {
    MemoryBackend backend = new MemoryBackend();
    backend.version(MONGO_5);
    MongoServer server = new MongoServer(backend);
    server.enableOplog();
    server.bind("127.0.0.1", arguments.length == 0 ? 0 : Integer.parseInt(arguments[0]));
    System.out.println(server.getLocalAddress().getPort());
    while (System.in.read() >= 0) {
      // Nothing is asked by this line; only its end counts.
    }
    server.shutdownNow();
    System.exit(0);
  }
}
