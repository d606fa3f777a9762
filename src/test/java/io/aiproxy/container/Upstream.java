package io.aiproxy.container;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A model server on a plain socket which sends what a test tells it to, when the test tells it to. */
final class Upstream implements AutoCloseable {
  private static final String CLOSE = "";

  private final ServerSocket server;
  private final BlockingQueue<String> pieces = new LinkedBlockingQueue<>();

  private Upstream(ServerSocket server) {
    this.server = server;
  }

  static Upstream open() throws IOException {
    Upstream upstream = new Upstream(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    Thread thread = new Thread(upstream::serve, "upstream");
    thread.setDaemon(true);
    thread.start();
    return upstream;
  }

  int port() {
    return server.getLocalPort();
  }

  /** Sends a whole answer. */
  void answers(int status, String json) {
    sends("HTTP/1.1 " + status + " -\r\nContent-Type: application/json\r\nContent-Length: "
        + json.getBytes(StandardCharsets.UTF_8).length + "\r\nConnection: close\r\n\r\n" + json);
    closes();
  }

  /** Sends a piece of the current answer. */
  void sends(String piece) {
    pieces.add(piece);
  }

  /** Ends the current answer. */
  void closes() {
    pieces.add(CLOSE);
  }

  private void serve() {
    while (!server.isClosed()) {
      try (Socket client = server.accept()) {
        readRequest(client.getInputStream());
        play(client.getOutputStream());
      } catch (IOException | InterruptedException e) {
        // the gateway left, or the test is over; the next connection is served all the same
      }
    }
  }

  private void play(OutputStream out) throws IOException, InterruptedException {
    for (String piece = pieces.take(); !piece.equals(CLOSE); piece = pieces.take()) {
      out.write(piece.getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
  }

  private static void readRequest(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("no request");
      }
      head.append((char) b);
    }
    String text = head.toString().toLowerCase(java.util.Locale.ROOT);
    int at = text.indexOf("content-length: ");
    if (at >= 0) {
      in.readNBytes(Integer.parseInt(text.substring(at + 16, text.indexOf("\r", at))));
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
