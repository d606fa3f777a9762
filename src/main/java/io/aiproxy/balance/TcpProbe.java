package io.aiproxy.balance;

import io.aiproxy.balance.Finding.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** Makes a connection and closes it. */
final class TcpProbe implements Probe {
  private final String host;
  private final int port;
  private final int timeoutMillis;
  private volatile boolean stopped;
  private volatile Runnable cut = () -> {};

  TcpProbe(String host, int port, Duration timeout) {
    this.host = host;
    this.port = port;
    this.timeoutMillis = (int) Math.max(1, timeout.toMillis());
  }

  @Override
  public Finding ask() {
    try (Socket socket = new Socket()) {
      cut = () -> close(socket);
      if (stopped) {
        return new Finding(Kind.UNDECIDED, "stopped");
      }
      socket.connect(new InetSocketAddress(host, port), timeoutMillis);
      return new Finding(Kind.SUCCESS, "a connection was made");
    } catch (SocketTimeoutException slow) {
      return new Finding(Kind.TIMEOUT, "no connection was made in time");
    } catch (IOException failure) {
      return new Finding(Kind.TCP_FAILURE, "no connection was made");
    }
  }

  @Override
  public void stop() {
    stopped = true;
    cut.run();
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
