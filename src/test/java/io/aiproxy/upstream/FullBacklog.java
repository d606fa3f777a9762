package io.aiproxy.upstream;

import io.aiproxy.call.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** A port that takes no more connections and does not say so. */
final class FullBacklog implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
  private final List<SocketChannel> queue = new ArrayList<>();

  FullBacklog() throws IOException {
    for (int i = 0; i < 4; i++) {
      SocketChannel waiting = SocketChannel.open();
      waiting.configureBlocking(false);
      waiting.connect(new InetSocketAddress("127.0.0.1", server.getLocalPort()));
      queue.add(waiting);
    }
  }

  Target target() {
    return new Target("http", "127.0.0.1", server.getLocalPort(), "/", "");
  }

  @Override
  public void close() throws IOException {
    for (SocketChannel waiting : queue) {
      waiting.close();
    }
    server.close();
  }
}
