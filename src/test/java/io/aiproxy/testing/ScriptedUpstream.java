package io.aiproxy.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.aiproxy.call.Headers;
import io.aiproxy.call.Target;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A provider that does as it is told: a real HTTP/1.1 server on 127.0.0.1, one thread per connection, whose answer to each
 * request is a script. Keeps what it was sent.
 *
 * <pre>{@code
 * try (ScriptedUpstream upstream = ScriptedUpstream.open()) {
 *   upstream.answers(turn -> turn.status(200).sse("{\"a\":1}", "[DONE]"));
 *   ... // call upstream.target("/v1/chat/completions")
 *   assertThat(upstream.request(0).text()).isEqualTo("{}");
 * }
 * }</pre>
 *
 * <p>Unless told otherwise it answers {@code 200} with an empty JSON object. Closing it closes all its connections, and
 * fails if a script did. Safe for all threads.
 */
public final class ScriptedUpstream implements AutoCloseable {
  /** How long a test waits for what should happen at once. */
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ServerSocket server;
  private final Optional<SSLContext> tls;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile Script script = turn -> turn.json("{}");
  private volatile Script greeting = turn -> {};
  private volatile boolean leavesBodies;
  private volatile boolean forgets;
  private volatile boolean closed;

  /** What to do with one request. Whatever it throws but for the client's leaving makes {@link #close} fail. */
  @FunctionalInterface
  public interface Script {
    void play(Turn turn) throws Exception;
  }

  private ScriptedUpstream(Optional<SSLContext> tls) {
    this.tls = tls;
    try {
      server = new ServerSocket(0, 200, InetAddress.getByName("127.0.0.1"));
    } catch (IOException noPort) {
      throw new UncheckedIOException(noPort);
    }
    daemon("accept", this::accept);
  }

  /** One that speaks plain HTTP. */
  public static ScriptedUpstream open() {
    return new ScriptedUpstream(Optional.empty());
  }

  /** One that speaks HTTPS; see {@link TestCertificates}. */
  public static ScriptedUpstream secure(SSLContext identity) {
    return new ScriptedUpstream(Optional.of(identity));
  }

  /** The script for all requests from now on. */
  public ScriptedUpstream answers(Script play) {
    script = play;
    return this;
  }

  /** The scripts for the next requests, one each; the last one serves all that follow. */
  public ScriptedUpstream answersInTurn(Script... plays) {
    AtomicInteger next = new AtomicInteger();
    return answers(turn -> plays[Math.min(next.getAndIncrement(), plays.length - 1)].play(turn));
  }

  /** What to do with a connection before anything is read from it, TLS handshake included. */
  public ScriptedUpstream greets(Script play) {
    greeting = play;
    return this;
  }

  /** From now on a request's body is for its script, see {@link Turn#in}. */
  public ScriptedUpstream leavesBodies() {
    leavesBodies = true;
    return this;
  }

  /** From now on keeps no request, so that it can serve any number. */
  public ScriptedUpstream forgets() {
    forgets = true;
    return this;
  }

  public int port() {
    return server.getLocalPort();
  }

  /** {@code http://127.0.0.1:port}; {@code https://localhost:port} if it speaks HTTPS, which is what certificates are for. */
  public String url() {
    return (tls.isPresent() ? "https://localhost:" : "http://127.0.0.1:") + port();
  }

  /** That path here, under the name of {@link #url}. */
  public Target target(String path) {
    return tls.isPresent()
        ? new Target("https", "localhost", port(), path, "")
        : new Target("http", "127.0.0.1", port(), path, "");
  }

  /** All requests so far whose body has come. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** The request of that number from 0, waiting for it. */
  public Request request(int number) {
    awaitUntil(() -> requests.size() > number, "request " + number);
    return requests.get(number);
  }

  /** How many connections were made to it. */
  public int connections() {
    return connections.get();
  }

  /** Waits until none of its connections is open any more. */
  public void awaitAllClosed() {
    awaitUntil(open::isEmpty, "all connections to be closed");
  }

  /** Begins to close all idle and busy connections, as a server that restarts; goes on listening. */
  public void hangUp() {
    open.forEach(ScriptedUpstream::closeQuietly);
  }

  @Override
  public void close() {
    closed = true;
    closeQuietly(server);
    hangUp();
    if (!failures.isEmpty()) {
      throw new AssertionError("a script failed", failures.get(0));
    }
  }

  private void accept() {
    while (!closed) {
      try {
        Socket socket = server.accept();
        if (closed) {
          closeQuietly(socket); // it came in while the port was being closed
          return;
        }
        open.add(socket);
        int number = connections.getAndIncrement();
        daemon("connection " + number, () -> serve(socket, number));
      } catch (IOException over) {
        return;
      }
    }
  }

  private void serve(Socket base, int number) {
    try (base) {
      base.setTcpNoDelay(true);
      greeting.play(new Turn(Request.none(number), base, base, base.getInputStream()));
      Socket socket = tls.isPresent() ? secured(base, tls.get()) : base;
      InputStream in = new BufferedInputStream(socket.getInputStream());
      Optional<Request> request = read(in, number);
      while (request.isPresent()) {
        Request current = request.get();
        if (!forgets) {
          change(() -> requests.add(current));
        }
        Turn turn = new Turn(current, socket, base, in);
        play(turn);
        current.played();
        if (base.isClosed() || !turn.keepsAlive()) {
          return;
        }
        request = read(in, number);
      }
    } catch (IOException | InterruptedException gone) {
      // the client's business, and tests look at what it saw
    } catch (Exception failure) {
      failures.add(failure);
    } finally {
      change(() -> open.remove(base));
    }
  }

  private void play(Turn turn) throws InterruptedException {
    try {
      script.play(turn);
    } catch (IOException left) {
      turn.request().left();
    } catch (InterruptedException over) {
      throw over;
    } catch (Throwable failure) {
      failures.add(failure);
      turn.close();
    }
  }

  private static SSLSocket secured(Socket base, SSLContext identity) throws IOException {
    SSLSocket socket = (SSLSocket)
        identity.getSocketFactory().createSocket(base, "localhost", base.getPort(), true);
    socket.setUseClientMode(false);
    socket.startHandshake();
    return socket;
  }

  private Optional<Request> read(InputStream in, int connection) throws IOException {
    String first = line(in);
    if (first.isEmpty()) {
      return Optional.empty();
    }
    String[] words = first.split(" ", -1);
    if (words.length != 3) {
      throw new IOException("not a request line: " + first);
    }
    Headers.Builder fields = Headers.builder();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      fields.add(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    Headers headers = fields.build();
    byte[] body = leavesBodies ? new byte[0] : body(in, headers);
    return Optional.of(new Request(words[0], words[1], headers, body, connection));
  }

  private static byte[] body(InputStream in, Headers headers) throws IOException {
    if (headers.first("Transfer-Encoding").isPresent()) {
      return chunks(in);
    }
    long length = headers.first("Content-Length").map(Long::parseLong).orElse(0L);
    byte[] body = in.readNBytes(Math.toIntExact(length));
    if (body.length < length) {
      throw new IOException("the client left within its body");
    }
    return body;
  }

  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int size;
    do {
      size = Integer.parseInt(line(in), 16);
      body.write(in.readNBytes(size));
      if (!line(in).isEmpty()) {
        throw new IOException("a broken chunk");
      }
    } while (size > 0);
    return body.toByteArray();
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(ISO_8859_1);
  }

  static void daemon(String name, Runnable task) {
    Thread thread = new Thread(task, "scripted upstream: " + name);
    thread.setDaemon(true);
    thread.start();
  }

  static void closeQuietly(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception ignored) {
      // it is closed one way or the other
    }
  }

  private void awaitUntil(BooleanSupplier condition, String what) {
    lock.lock();
    try {
      long left = PATIENCE.toNanos();
      while (!condition.getAsBoolean()) {
        left = changed.awaitNanos(left);
        if (left <= 0) {
          throw new AssertionError("waited in vain for " + what);
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    } finally {
      lock.unlock();
    }
  }

  private void change(Runnable what) {
    lock.lock();
    try {
      what.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What a client sent. */
  public static final class Request {
    private final String method;
    private final String target;
    private final Headers headers;
    private final byte[] body;
    private final int connection;
    private final CompletableFuture<Long> left = new CompletableFuture<>();
    private final CountDownLatch played = new CountDownLatch(1);

    private Request(String method, String target, Headers headers, byte[] body, int connection) {
      this.method = method;
      this.target = target;
      this.headers = headers;
      this.body = body;
      this.connection = connection;
    }

    private static Request none(int connection) {
      return new Request("", "", Headers.NONE, new byte[0], connection);
    }

    public String method() {
      return method;
    }

    /** As it stands in the request line. */
    public String target() {
      return target;
    }

    public Headers headers() {
      return headers;
    }

    public byte[] body() {
      return body.clone();
    }

    /** The body, taken for Latin-1. */
    public String text() {
      return new String(body, ISO_8859_1);
    }

    /** The number of its connection, from 0. */
    public int connection() {
      return connection;
    }

    /** Whether the client is known to have closed the connection before the script was over. */
    public boolean clientLeft() {
      return left.isDone();
    }

    /**
     * Waits until the client closes the connection before the script is over; a script notices when it writes or {@link
     * Turn#stall stalls}.
     *
     * @return when that was noticed, on the scale of {@link System#nanoTime}
     */
    public long awaitLeft() {
      try {
        return left.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException inVain) {
        throw new AssertionError("the client did not leave", inVain);
      } catch (Exception failure) {
        throw new AssertionError(failure);
      }
    }

    /** Waits until the script is over. */
    public void awaitPlayed() {
      Turn.await(played);
    }

    void left() {
      left.complete(System.nanoTime());
    }

    private void played() {
      played.countDown();
    }
  }
}
