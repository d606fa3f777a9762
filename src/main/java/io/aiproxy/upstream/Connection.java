package io.aiproxy.upstream;

import io.aiproxy.call.Courtesy;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.function.Supplier;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.http.io.SessionOutputBuffer;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A connection that can tell what HttpClient's own cannot: whether anything of an answer was heard, whether bytes lie there
 * that nobody asked for, and whether a head was whole. It gives the raw bytes behind the head; {@link Framing} finds the body
 * in them. For one thread at a time; it may be closed by any.
 */
final class Connection extends DefaultBHttpClientConnection implements ManagedHttpClientConnection {
  static final int MOST_HEADERS = 200;
  static final int MOST_LINE = 64 * 1024;

  /** Answers 100 to 199 that are passed over before the real one. */
  static final int MOST_INTERIM = 50;

  /** Of each of the buffers that a connection has as long as it lives; {@link ReadAhead} and {@link Gathering} make up for it. */
  private static final int BUFFER = 512;

  private static final Http1Config LIMITS = Http1Config.custom()
      .setBufferSize(BUFFER)
      .setMaxHeaderCount(MOST_HEADERS)
      .setMaxLineLength(MOST_LINE)
      .setMaxEmptyLineCount(5)
      .build();

  /** How long an answer may take that an upstream sent before it hung up on a request. */
  private static final Timeout EARLY = Timeout.ofMilliseconds(250);

  private static final Timeout INSTANT = Timeout.ofMilliseconds(1);

  private final AtomicLong steps = new AtomicLong();
  private final AtomicBoolean closed = new AtomicBoolean();
  private @Nullable SessionInputBuffer buffer;
  private @Nullable InputStream input;
  private @Nullable ReadAhead incoming;
  private boolean kept;
  private boolean heard;
  private boolean ended;
  private boolean halfSent;
  private boolean streams;
  private int interim;

  Connection() {
    super(LIMITS);
  }

  /**
   * Sends a request and waits for the head of its answer.
   *
   * @throws NoHttpResponseException also if there are bytes that came before the request
   */
  ClassicHttpResponse ask(ClassicHttpRequest request) throws IOException, HttpException {
    streams = request.getEntity() != null && request.getEntity().isStreaming();
    // what streams cannot be sent again, so a dead connection has to be found before
    if (kept && (hasUnread() || (streams && isStale()))) {
      throw new NoHttpResponseException("a kept connection that is dead or has unasked bytes");
    }
    interim = 0;
    try {
      sendRequestHeader(request);
      sendRequestEntity(request);
      flush();
    } catch (Sending.Answered answered) {
      halfSent = true;
      return answered.response();
    } catch (IOException refused) {
      halfSent = true;
      return early(refused);
    }
    Courtesy.letOthersGoFirst();
    return head();
  }

  /** Asks a proxy for a way through. */
  ClassicHttpResponse tunnel(ClassicHttpRequest request) throws IOException, HttpException {
    ClassicHttpResponse response = ask(request);
    if (response.getCode() / 100 != 2) {
      throw new TunnelRefused(response.getCode());
    }
    if (hasUnread()) {
      throw new ProtocolException("bytes before the tunnel");
    }
    return response;
  }

  /** An upstream that does not want all of a request may have said why before it closed. */
  private ClassicHttpResponse early(IOException refused) throws IOException {
    try {
      setSocketTimeout(EARLY);
      return head();
    } catch (IOException | HttpException nothing) {
      throw refused;
    }
  }

  private ClassicHttpResponse head() throws IOException, HttpException {
    Optional<ClassicHttpResponse> last = next();
    while (last.isEmpty()) {
      last = next();
    }
    return last.get();
  }

  /** The next head; empty if it is an interim one, behind which the real one is still to come. */
  private Optional<ClassicHttpResponse> next() throws IOException, HttpException {
    ClassicHttpResponse response = wholeHead();
    int status = response.getCode();
    if (status >= 200 && status <= 599) {
      receiveResponseEntity(response);
      return Optional.of(response);
    }
    if (status == 101 || status >= 600) {
      throw new ProtocolException("status " + status);
    }
    if (++interim > MOST_INTERIM) {
      throw new ProtocolException("too many interim answers");
    }
    return Optional.empty();
  }

  /** The answer to a request that is still being sent; empty if there is none yet. */
  private Optional<ClassicHttpResponse> answer() throws IOException {
    Optional<ClassicHttpResponse> answer = Optional.empty();
    try {
      // bytes of TLS may mean nothing, and behind an interim head may be more
      boolean some = hasRawBytes();
      while (some && answer.isEmpty() && isDataAvailable(INSTANT)) {
        answer = next();
      }
      return answer;
    } catch (HttpException bad) {
      throw new IOException(bad);
    }
  }

  private static boolean isSecure(SocketHolder holder) {
    return !holder.getSocket().equals(holder.getBaseSocket());
  }

  private boolean hasRawBytes() throws IOException {
    return ensureOpen().getBaseSocket().getInputStream().available() > 0;
  }

  /** A body that comes as it is sent is watched while it goes out. */
  @Override
  protected OutputStream createContentOutputStream(
      long length,
      SessionOutputBuffer session,
      OutputStream out,
      @Nullable Supplier<List<? extends Header>> trailers) {
    OutputStream framed = super.createContentOutputStream(length, session, out, trailers);
    return streams ? new Sending(framed, this::answer, steps) : framed;
  }

  /** Counts the beginning and the end of each write of a body that streams; any thread. */
  long steps() {
    return steps.get();
  }

  /**
   * Lets a write fail that waits for an upstream which has answered and takes no more; any thread. Not with TLS, where a write
   * that fails closes all, and bytes need not be an answer.
   */
  void stopSendingIfAnswered() {
    try {
      SocketHolder holder = ensureOpen();
      if (!isSecure(holder) && hasRawBytes()) {
        holder.getBaseSocket().shutdownOutput();
      }
    } catch (IOException gone) {
      return; // then the write fails anyway
    }
  }

  private ClassicHttpResponse wholeHead() throws IOException, HttpException {
    try {
      ClassicHttpResponse response = receiveResponseHeader();
      if (ended) {
        throw new ConnectionClosedException("closed within the head");
      }
      return response;
    } catch (IllegalArgumentException zero) {
      throw new ProtocolException("no status", zero);
    }
  }

  /** Called by the library when it has found out how the body is framed: a chance to get hold of the raw bytes. */
  @Override
  protected InputStream createContentInputStream(
      long length, SessionInputBuffer session, InputStream in) {
    buffer = session;
    input = in;
    return InputStream.nullInputStream();
  }

  /**
   * Reads what comes behind the head, whatever it is.
   *
   * @return -1 at the end of the connection
   */
  int read(byte[] into) throws IOException {
    if (buffer == null || input == null) {
      throw new IllegalStateException("there is no head yet");
    }
    return buffer.read(into, 0, into.length, input);
  }

  /** The socket below all layers. */
  ChannelSocket socket() throws IOException {
    return (ChannelSocket) ensureOpen().getBaseSocket();
  }

  /** Whether a read waits for bytes. */
  boolean waits() {
    SocketHolder holder = getSocketHolder();
    return holder == null || ((ChannelSocket) holder.getBaseSocket()).waits();
  }

  /** Whether anything came since this exchange began. */
  boolean heard() {
    return heard;
  }

  /** Whether the request could not be sent whole. */
  boolean halfSent() {
    return halfSent;
  }

  /** Whether bytes are there, in whatever buffer, that belong to no exchange. */
  boolean hasUnread() throws IOException {
    SocketHolder holder = ensureOpen();
    return buffered()
        || holder.getInputStream().available() > 0
        || (isSecure(holder) && hasRawBytes());
  }

  /** Whether {@link #read} has something left over from the head. */
  boolean buffered() {
    return (buffer != null && buffer.length() > 0) || (incoming != null && incoming.isAhead());
  }

  /** How many bytes behind the head are at hand, at least. */
  int held() {
    return buffer == null ? 0 : buffer.length();
  }

  /** HttpClient's own check takes a connection for good on which somebody has said something unasked. */
  @Override
  public boolean isStale() throws IOException {
    return hasUnread() || super.isStale() || hasUnread();
  }

  @Override
  public void bind(Socket socket) throws IOException {
    bind(new Heard(socket));
  }

  @Override
  public void bind(SSLSocket secure, Socket socket) throws IOException {
    bind(new Heard(secure, socket));
  }

  /** A connection that was closed while it was being made must not come to life after that. */
  @Override
  protected void bind(SocketHolder socket) throws IOException {
    super.bind(socket);
    if (closed.get()) {
      super.close(CloseMode.IMMEDIATE);
      throw new ConnectionClosedException("closed while connecting");
    }
  }

  @Override
  public void close() throws IOException {
    closed.set(true);
    super.close();
  }

  @Override
  public void close(CloseMode mode) {
    closed.set(true);
    super.close(mode);
  }

  @Override
  public @Nullable Socket getSocket() {
    SocketHolder holder = getSocketHolder();
    return holder == null ? null : holder.getSocket();
  }

  @Override
  public void passivate() {
    setSocketTimeout(Timeout.ZERO_MILLISECONDS);
  }

  @Override
  public void activate() {
    kept = true;
    heard = false;
  }

  /** Notes what comes in. */
  private final class Heard extends SocketHolder {
    Heard(Socket socket) {
      super(socket);
    }

    Heard(SSLSocket secure, Socket socket) {
      super(secure, socket);
    }

    /** Made once, by the first who asks. */
    @Override
    protected InputStream getInputStream(Socket socket) throws IOException {
      ReadAhead made = new ReadAhead(super.getInputStream(socket)) {
        @Override
        int take(byte[] into, int offset, int length) throws IOException {
          int read = super.take(into, offset, length);
          heard |= read > 0;
          ended |= read < 0;
          return read;
        }
      };
      incoming = made;
      return made;
    }

    @Override
    protected OutputStream getOutputStream(Socket socket) throws IOException {
      return new Gathering(super.getOutputStream(socket));
    }
  }

  /** A proxy did not make the tunnel. */
  static final class TunnelRefused extends HttpException {
    TunnelRefused(int status) {
      super("the proxy answered " + status);
    }
  }
}
