package io.aiproxy.upstream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Set;

/**
 * A socket that can be told not to wait: then a read that finds nothing ends at once, as one does whose timeout is over. TLS
 * can be layered over it, and goes on behind such a read where it stopped. For one thread at a time; any may close it.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // the socket below guards itself
final class ChannelSocket extends Socket {

  private final SocketChannel channel;
  private final Socket waiting;
  private volatile Runnable onClose = () -> {};
  private boolean unblocked;

  private ChannelSocket(SocketChannel channel) throws SocketException {
    super((SocketImpl)
        null); // what is not passed on below shall fail, and not be done to another socket
    this.channel = channel;
    this.waiting = channel.socket();
  }

  static ChannelSocket open() throws IOException {
    return new ChannelSocket(SocketChannel.open());
  }

  /**
   * From now on nothing waits here.
   *
   * @param closed is told when somebody closes it
   */
  void unblock(Runnable closed) throws IOException {
    channel.configureBlocking(false);
    unblocked = true;
    onClose = closed;
  }

  /** Waits again; nobody may look after the channel any more. */
  void block() {
    onClose = () -> {};
    unblocked = false;
    try {
      channel.configureBlocking(true);
    } catch (IOException closed) {
      return; // as the next read will find
    }
  }

  /** Whether a read waits for bytes. For the thread that reads. */
  boolean waits() {
    return !unblocked;
  }

  @Override
  public SocketChannel getChannel() {
    return channel;
  }

  @Override
  public void close() throws IOException {
    waiting.close();
    onClose.run();
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new In(waiting.getInputStream());
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return new Out(waiting.getOutputStream());
  }

  private static SocketTimeoutException nothingYet() {
    return new SocketTimeoutException("nothing yet") {
      @Override
      public Throwable fillInStackTrace() {
        return this; // it is no failure, and comes once an event
      }
    };
  }

  private final class In extends InputStream {
    private final InputStream in;

    In(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (!unblocked || length == 0) {
        return in.read(into, offset, length);
      }
      int count = channel.read(ByteBuffer.wrap(into, offset, length));
      if (count == 0) {
        throw nothingYet();
      }
      return count;
    }

    @Override
    public int available() throws IOException {
      return in.available();
    }
  }

  private final class Out extends OutputStream {
    private final OutputStream out;

    Out(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    /** All that is written while nothing waits is what TLS has to say in between. */
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (!unblocked) {
        out.write(bytes, offset, length);
      } else if (channel.write(ByteBuffer.wrap(bytes, offset, length)) < length) {
        close();
        throw new SocketException("the upstream takes nothing");
      }
    }
  }

  @Override
  public void connect(SocketAddress address) throws IOException {
    waiting.connect(address);
  }

  @Override
  public void connect(SocketAddress address, int timeout) throws IOException {
    waiting.connect(address, timeout);
  }

  @Override
  public void bind(SocketAddress address) throws IOException {
    waiting.bind(address);
  }

  @Override
  public InetAddress getInetAddress() {
    return waiting.getInetAddress();
  }

  @Override
  public InetAddress getLocalAddress() {
    return waiting.getLocalAddress();
  }

  @Override
  public int getPort() {
    return waiting.getPort();
  }

  @Override
  public int getLocalPort() {
    return waiting.getLocalPort();
  }

  @Override
  public SocketAddress getRemoteSocketAddress() {
    return waiting.getRemoteSocketAddress();
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return waiting.getLocalSocketAddress();
  }

  @Override
  public void setTcpNoDelay(boolean on) throws SocketException {
    waiting.setTcpNoDelay(on);
  }

  @Override
  public boolean getTcpNoDelay() throws SocketException {
    return waiting.getTcpNoDelay();
  }

  @Override
  public void setSoLinger(boolean on, int seconds) throws SocketException {
    waiting.setSoLinger(on, seconds);
  }

  @Override
  public int getSoLinger() throws SocketException {
    return waiting.getSoLinger();
  }

  @Override
  public void setSoTimeout(int timeout) throws SocketException {
    waiting.setSoTimeout(timeout);
  }

  @Override
  public int getSoTimeout() throws SocketException {
    return waiting.getSoTimeout();
  }

  @Override
  public void setSendBufferSize(int size) throws SocketException {
    waiting.setSendBufferSize(size);
  }

  @Override
  public int getSendBufferSize() throws SocketException {
    return waiting.getSendBufferSize();
  }

  @Override
  public void setReceiveBufferSize(int size) throws SocketException {
    waiting.setReceiveBufferSize(size);
  }

  @Override
  public int getReceiveBufferSize() throws SocketException {
    return waiting.getReceiveBufferSize();
  }

  @Override
  public void setKeepAlive(boolean on) throws SocketException {
    waiting.setKeepAlive(on);
  }

  @Override
  public boolean getKeepAlive() throws SocketException {
    return waiting.getKeepAlive();
  }

  @Override
  public void setReuseAddress(boolean on) throws SocketException {
    waiting.setReuseAddress(on);
  }

  @Override
  public boolean getReuseAddress() throws SocketException {
    return waiting.getReuseAddress();
  }

  @Override
  public void shutdownInput() throws IOException {
    waiting.shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    waiting.shutdownOutput();
  }

  @Override
  public boolean isConnected() {
    return waiting.isConnected();
  }

  @Override
  public boolean isBound() {
    return waiting.isBound();
  }

  @Override
  public boolean isClosed() {
    return waiting.isClosed();
  }

  @Override
  public boolean isInputShutdown() {
    return waiting.isInputShutdown();
  }

  @Override
  public boolean isOutputShutdown() {
    return waiting.isOutputShutdown();
  }

  @Override
  public <T> Socket setOption(SocketOption<T> name, T value) throws IOException {
    channel.setOption(name, value);
    return this;
  }

  @Override
  public <T> T getOption(SocketOption<T> name) throws IOException {
    return channel.getOption(name);
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return channel.supportedOptions();
  }

  @Override
  public void setTrafficClass(int trafficClass) throws SocketException {
    waiting.setTrafficClass(trafficClass);
  }

  @Override
  public int getTrafficClass() throws SocketException {
    return waiting.getTrafficClass();
  }

  @Override
  public void setOOBInline(boolean on) throws SocketException {
    waiting.setOOBInline(on);
  }

  @Override
  public boolean getOOBInline() throws SocketException {
    return waiting.getOOBInline();
  }

  @Override
  public void sendUrgentData(int data) throws IOException {
    waiting.sendUrgentData(data);
  }

  @Override
  public void setPerformancePreferences(int connectionTime, int latency, int bandwidth) {
    waiting.setPerformancePreferences(connectionTime, latency, bandwidth);
  }

  @Override
  public String toString() {
    return waiting.toString();
  }
}
