package io.aiproxy.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.aiproxy.call.Headers;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A client that sees what comes over the wire as it comes, and whether an answer was whole. One connection to 127.0.0.1; for
 * one thread.
 */
public final class WireClient implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;
  private Headers headers = Headers.NONE;
  private int status;
  private long left;
  private boolean chunked;
  private boolean behindChunk;
  private boolean over;

  /**
   * A whole answer.
   *
   * @param complete whether it came to the end that its head or its chunks announced
   */
  public record Answer(int status, Headers headers, byte[] body, boolean complete) {
    public String text() {
      return new String(body, UTF_8);
    }

    public String header(String name) {
      return headers.first(name).orElse("");
    }
  }

  private WireClient(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  /** Connects. */
  public static WireClient to(int port) {
    return to(port, 0);
  }

  /** Connects, with so many bytes of room for what it has not read yet. */
  public static WireClient to(int port, int receiveBuffer) {
    try {
      Socket socket = new Socket();
      if (receiveBuffer > 0) {
        socket.setReceiveBufferSize(receiveBuffer);
      }
      socket.connect(new InetSocketAddress("127.0.0.1", port));
      socket.setSoTimeout((int) ScriptedUpstream.PATIENCE.toMillis());
      socket.setTcpNoDelay(true);
      return new WireClient(socket);
    } catch (IOException unreachable) {
      throw new UncheckedIOException(unreachable);
    }
  }

  /** Sends a {@code POST} of JSON; each further header is a whole line. */
  public WireClient post(String target, String body, String... lines) {
    return send("POST", target, body, lines);
  }

  /** Sends a request with a length; it is JSON unless a line says otherwise. */
  public WireClient send(String method, String target, String body, String... lines) {
    byte[] bytes = body.getBytes(UTF_8);
    StringBuilder head =
        new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: gateway\r\n");
    boolean typed = false;
    for (String line : lines) {
      head.append(line).append("\r\n");
      typed |= line.regionMatches(true, 0, "content-type:", 0, 13);
    }
    head.append(typed ? "" : "Content-Type: application/json\r\n");
    return raw(head + "Content-Length: " + bytes.length + "\r\n\r\n").raw(bytes);
  }

  /** Sends just these characters, in Latin-1. */
  public WireClient raw(String text) {
    return raw(text.getBytes(ISO_8859_1));
  }

  /** Sends just these bytes. */
  public WireClient raw(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      return this;
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  /** Says that nothing more will be sent. */
  public WireClient shutdownOutput() {
    try {
      socket.shutdownOutput();
      return this;
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  /** Whether something has come that was not read. */
  public boolean hasAnswer() {
    try {
      return in.available() > 0;
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  /** Reads the head of an answer. */
  public WireClient head() {
    try {
      String first = line();
      status = Integer.parseInt(first.split(" ", -1)[1]);
      Headers.Builder fields = Headers.builder();
      for (String line = line(); !line.isEmpty(); line = line()) {
        int colon = line.indexOf(':');
        fields.add(line.substring(0, colon), line.substring(colon + 1).strip());
      }
      headers = fields.build();
      chunked = headers.first("transfer-encoding").filter("chunked"::equals).isPresent();
      behindChunk = false;
      over = status == 204 || status == 304;
      left = chunked ? 0 : headers.first("content-length").map(Long::parseLong).orElse(-1L);
      over |= left == 0 && !chunked;
      return this;
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  public int status() {
    return status;
  }

  public Headers headers() {
    return headers;
  }

  /** Reads the next event of a stream, its blank line included. */
  public String event() {
    ByteArrayOutputStream event = new ByteArrayOutputStream();
    try {
      do {
        int b = next();
        if (b < 0) {
          throw new AssertionError("the stream ended after \"" + event.toString(UTF_8) + "\"");
        }
        event.write(b);
      } while (!event.toString(ISO_8859_1).endsWith("\n\n"));
      return event.toString(UTF_8);
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  /** Reads so many bytes of a body. */
  public byte[] bytes(int count) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      while (bytes.size() < count) {
        bytes.write(next());
      }
      return bytes.toByteArray();
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  /** Reads head and body. */
  public Answer answer() {
    head();
    return rest();
  }

  /** Reads what is left of a body whose head was read. */
  public Answer rest() {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    boolean complete = true;
    try {
      for (int b = next(); b >= 0; b = next()) {
        body.write(b);
      }
    } catch (IOException cut) {
      complete = false;
    }
    return new Answer(status, headers, body.toByteArray(), complete);
  }

  /** The next byte of the body; -1 at its good end. */
  private int next() throws IOException {
    if (over) {
      return -1;
    }
    if (chunked && left == 0) {
      if (behindChunk) {
        line(); // its line break may come with the next chunk
      }
      behindChunk = true;
      left = Long.parseLong(line().split(";", -1)[0].strip(), 16);
      if (left == 0) {
        for (String trailer = line(); !trailer.isEmpty(); trailer = line()) {
          continue;
        }
        over = true;
        return -1;
      }
    }
    int b = in.read();
    if (b < 0) {
      if (left < 0) {
        over = true;
        return -1;
      }
      throw new EOFException("cut with " + left + " bytes to come");
    }
    if (left > 0) {
      left--;
      over = left == 0 && !chunked;
    }
    return b;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int b = in.read();
    while (b >= 0 && b != '\n') {
      if (b != '\r') {
        line.write(b);
      }
      b = in.read();
    }
    if (b < 0) {
      throw new EOFException("cut in a line");
    }
    return line.toString(ISO_8859_1);
  }

  /** Cuts the connection with a reset. */
  public void reset() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }
}
