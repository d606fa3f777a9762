package io.aiproxy.upstream;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.DefaultHostnameVerifier;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** Whom to believe that it is the upstream. */
final class Tls {
  private Tls() {}

  /**
   * @param authorities a PEM file of certificates that are trusted besides the JVM's own
   * @throws IllegalArgumentException if the file cannot be read
   */
  static TlsSocketStrategy strategy(boolean verify, Optional<Path> authorities) {
    Later tls = new Later(() -> made(verify, authorities));
    if (authorities.isPresent()) {
      tls.strategy(); // what is wrong with the file is to be known now
    }
    return tls;
  }

  private static TlsSocketStrategy made(boolean verify, Optional<Path> authorities) {
    try {
      if (!verify) {
        // HttpClient leaves the check of names to the JDK by default, which a lenient verifier does
        // not switch off
        return new DefaultClientTlsStrategy(
            context(new Anyone()),
            HostnameVerificationPolicy.CLIENT,
            NoopHostnameVerifier.INSTANCE);
      }
      return new DefaultClientTlsStrategy(
          context(trusting(authorities)),
          HostnameVerificationPolicy.BOTH,
          new DefaultHostnameVerifier());
    } catch (GeneralSecurityException | IOException unusable) {
      throw new IllegalArgumentException(
          "ca_certificates: cannot be read as certificates in PEM: "
              + authorities.orElse(Path.of("")),
          unusable);
    }
  }

  /**
   * Made when the first connection needs it: to read the JVM's own authorities takes a sixth of the time of a start. Safe for
   * all threads.
   */
  private static final class Later implements TlsSocketStrategy {
    private final Supplier<TlsSocketStrategy> maker;
    private final ReentrantLock making = new ReentrantLock();
    private volatile @Nullable TlsSocketStrategy made;

    Later(Supplier<TlsSocketStrategy> maker) {
      this.maker = maker;
    }

    TlsSocketStrategy strategy() {
      TlsSocketStrategy now = made;
      return now == null ? make() : now;
    }

    private TlsSocketStrategy make() {
      making.lock();
      try {
        TlsSocketStrategy now = made == null ? maker.get() : made;
        made = now;
        return now;
      } finally {
        making.unlock();
      }
    }

    @Override
    public SSLSocket upgrade(
        Socket socket, String target, int port, Object attachment, HttpContext context)
        throws IOException {
      return strategy().upgrade(socket, target, port, attachment, context);
    }
  }

  private static SSLContext context(TrustManager... trust) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust, null);
    return context;
  }

  static TrustManager[] trusting(Optional<Path> authorities)
      throws GeneralSecurityException, IOException {
    TrustManager[] builtIn = trustManagers(null);
    if (authorities.isEmpty()) {
      return builtIn;
    }
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    for (TrustManager manager : builtIn) {
      if (manager instanceof X509TrustManager known) {
        for (X509Certificate authority : known.getAcceptedIssuers()) {
          add(trusted, authority);
        }
      }
    }
    for (Certificate authority : read(authorities.get())) {
      add(trusted, authority);
    }
    return trustManagers(trusted);
  }

  private static void add(KeyStore trusted, Certificate authority) throws GeneralSecurityException {
    trusted.setCertificateEntry("authority " + trusted.size(), authority);
  }

  private static Collection<? extends Certificate> read(Path file)
      throws GeneralSecurityException, IOException {
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (found.isEmpty()) {
        throw new IOException("holds no certificate");
      }
      return found;
    }
  }

  @SuppressWarnings("NullAway") // a null key store stands for the JVM's own
  private static TrustManager[] trustManagers(@Nullable KeyStore trusted)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    return factory.getTrustManagers();
  }

  /**
   * Believes every server; a client never comes to us here. An extended one, since the JDK adds its own checks around a
   * plain one.
   */
  private static final class Anyone extends X509ExtendedTrustManager {
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
      throw new UnsupportedOperationException();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
