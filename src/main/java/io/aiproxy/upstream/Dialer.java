package io.aiproxy.upstream;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.util.Timeout;

/**
 * Makes connections, and lets the line that asked for one have it before it is made, so that it can be closed meanwhile. The
 * pool's own way to close one goes wrong while it is being made.
 */
final class Dialer extends DefaultHttpClientConnectionOperator {
  private static final String LINE = Line.class.getName();

  Dialer(TlsSocketStrategy tls) {
    super(
        proxy -> ChannelSocket.open(),
        DefaultSchemePortResolver.INSTANCE,
        SystemDefaultDnsResolver.INSTANCE,
        RegistryBuilder.<TlsSocketStrategy>create().register("https", tls).build());
  }

  /** What goes with the request for a connection. */
  static HttpClientContext by(Line line) {
    HttpClientContext context = HttpClientContext.create();
    context.setAttribute(LINE, line);
    return context;
  }

  @Override
  public void connect(
      ManagedHttpClientConnection connection,
      HttpHost host,
      NamedEndpoint name,
      Path socket,
      InetSocketAddress local,
      Timeout timeout,
      SocketConfig config,
      Object attachment,
      HttpContext context)
      throws IOException {
    if (context.getAttribute(LINE) instanceof Line line && connection instanceof Connection own) {
      line.attach(own);
    }
    super.connect(connection, host, name, socket, local, timeout, config, attachment, context);
  }
}
