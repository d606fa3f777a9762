package io.aiproxy.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.aiproxy.testing.ScriptedUpstream.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * A scripted upstream's turn to speak: what it knows of the request, and the verbs of a script. All that write do so at
 * once. For the thread of its connection.
 */
public final class Turn {
  private final Request request;
  private final Socket socket;
  private final Socket base;
  private final InputStream in;
  private final Map<String, String> fields = new LinkedHashMap<>();
  private int status = 200;
  private boolean begun;
  private boolean split;

  Turn(Request request, Socket socket, Socket base, InputStream in) {
    this.in = in;
    this.request = request;
    this.socket = socket;
    this.base = base;
  }

  public Request request() {
    return request;
  }

  /** What comes behind the head of the request, where {@link ScriptedUpstream#leavesBodies it was left}. */
  public InputStream in() {
    return in;
  }

  /** The status of the head to come; 200 unless told. */
  public Turn status(int code) {
    status = code;
    return this;
  }

  /** A field of the head to come; {@code Connection: close} also closes the connection in the end. */
  public Turn header(String name, String value) {
    fields.put(name, value);
    return this;
  }

  /** From now on sends every byte on its own. */
  public Turn split() {
    split = true;
    return this;
  }

  /** A whole answer of that type, with its length. */
  public Turn body(String type, byte[] bytes) throws IOException {
    fields.putIfAbsent("Content-Type", type);
    fields.put("Content-Length", Integer.toString(bytes.length));
    head();
    return raw(bytes);
  }

  /** A whole answer in JSON. */
  public Turn json(String text) throws IOException {
    return body("application/json", text.getBytes(UTF_8));
  }

  /** A whole stream: an event for each text, and the end. */
  public Turn sse(String... data) throws IOException {
    for (String text : data) {
      event(text);
    }
    return end();
  }

  /** One event of a stream; begins it if need be. */
  public Turn event(String data) throws IOException {
    return chunk(("data: " + data + "\n\n").getBytes(UTF_8));
  }

  /** Bytes of a stream as one chunk; begins the stream if need be, as server-sent events unless told. */
  public Turn chunk(byte[] bytes) throws IOException {
    begin();
    byte[] size = (Integer.toHexString(bytes.length) + "\r\n").getBytes(ISO_8859_1);
    byte[] chunk = new byte[size.length + bytes.length + 2];
    System.arraycopy(size, 0, chunk, 0, size.length);
    System.arraycopy(bytes, 0, chunk, size.length, bytes.length);
    chunk[chunk.length - 2] = '\r';
    chunk[chunk.length - 1] = '\n';
    return raw(chunk);
  }

  /** The head of a stream; the first event or chunk does that by itself. */
  public Turn begin() throws IOException {
    if (!begun) {
      fields.putIfAbsent("Content-Type", "text/event-stream");
      fields.put("Transfer-Encoding", "chunked");
      head();
    }
    return this;
  }

  /** The end of a stream. */
  public Turn end() throws IOException {
    begin();
    return raw("0\r\n\r\n");
  }

  /** Sends the head as told so far. */
  public Turn head() throws IOException {
    begun = true;
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Scripted\r\n");
    fields.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    return raw(head.append("\r\n").toString());
  }

  /** Just these characters, in Latin-1. */
  public Turn raw(String text) throws IOException {
    return raw(text.getBytes(ISO_8859_1));
  }

  /** Just these bytes. */
  public Turn raw(byte[] bytes) throws IOException {
    OutputStream out = socket.getOutputStream();
    if (split) {
      for (byte b : bytes) {
        out.write(b);
        out.flush();
      }
    } else {
      out.write(bytes);
      out.flush();
    }
    return this;
  }

  /** These bytes one by one, with that much time before each. */
  public Turn drip(byte[] bytes, Duration gap) throws IOException {
    OutputStream out = socket.getOutputStream();
    for (byte b : bytes) {
      LockSupport.parkNanos(gap.toNanos());
      out.write(b);
      out.flush();
    }
    return this;
  }

  /** Waits for the test. */
  public Turn awaits(CountDownLatch go) {
    await(go);
    return this;
  }

  /** Takes so many bytes and forgets them; for a {@link ScriptedUpstream#greets greeting} that does not want all of a request. */
  public Turn takes(int bytes) throws IOException {
    base.getInputStream().readNBytes(bytes);
    return this;
  }

  /** Says nothing more until the client leaves, and notes when it did. What the client sends meanwhile is lost. */
  public void stall() throws IOException {
    try {
      InputStream in = socket.getInputStream();
      byte[] ignored = new byte[8192];
      while (in.read(ignored) >= 0) {
        continue;
      }
    } finally {
      request.left();
    }
    close();
  }

  /** Closes the connection in good order, with a TLS goodbye if there is TLS. */
  public void close() {
    ScriptedUpstream.closeQuietly(socket);
    ScriptedUpstream.closeQuietly(base);
  }

  /** Cuts the connection with a reset. */
  public void reset() throws IOException {
    base.setSoLinger(true, 0);
    base.close();
  }

  /** Does what a proxy does with a {@code CONNECT}: says 200 and carries bytes both ways until one side ends. */
  public void tunnel() throws IOException {
    tunnel(toClient -> toClient);
  }

  /** The same, with a say in how bytes go to the client. */
  public void tunnel(UnaryOperator<OutputStream> downstream) throws IOException {
    String[] authority = request.target().split(":", -1);
    try (Socket further = new Socket("127.0.0.1", Integer.parseInt(authority[1]))) {
      raw("HTTP/1.1 200 Connection established\r\n\r\n");
      ScriptedUpstream.daemon("tunnel", () -> carry(socket, further));
      further.getInputStream().transferTo(downstream.apply(socket.getOutputStream()));
    } finally {
      close();
    }
  }

  private static void carry(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException over) {
      // one side has ended
    }
  }

  boolean keepsAlive() {
    return !fields.getOrDefault("Connection", "").equals("close")
        && !request.headers().first("Connection").orElse("").equals("close");
  }

  static void await(CountDownLatch latch) {
    try {
      if (!latch.await(ScriptedUpstream.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("waited in vain");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }
}
