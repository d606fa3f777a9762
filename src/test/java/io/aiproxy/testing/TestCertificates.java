package io.aiproxy.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Good and bad certificates for a {@link ScriptedUpstream#secure}, made on the spot: the JDK can read certificates but has
 * nothing public that makes them, so their few fields are written out here.
 */
public final class TestCertificates {
  private static final Duration YEAR = Duration.ofDays(365);
  private static final AtomicLong SERIAL = new AtomicLong(1);
  private static final char[] PASSWORD = "test".toCharArray();

  private final Signer authority = new Signer("Test Authority");
  private final Certificate authorityCertificate =
      certificate(authority, authority, "", Instant.now(), true);

  /** An authority of its own, which nobody trusts yet. */
  public TestCertificates() {}

  /** Signed by this authority, for {@code localhost} and valid. */
  public SSLContext good() {
    return signed("localhost", Instant.now());
  }

  /** Signed by this authority for {@code localhost}, and over since yesterday. */
  public SSLContext expired() {
    return signed("localhost", Instant.now().minus(YEAR).minus(Duration.ofDays(1)));
  }

  /** Signed by this authority, for another host. */
  public SSLContext wrongHost() {
    return signed("other.example", Instant.now());
  }

  /** Signed by nobody else, for that host. */
  public SSLContext selfSigned(String host) {
    Signer self = new Signer(host);
    return identity(self, certificate(self, self, host, Instant.now(), false));
  }

  /** Signed by another authority, for {@code localhost}. */
  public static SSLContext unknownAuthority() {
    return new TestCertificates().good();
  }

  /** Writes this authority's own certificate into a file that a client can be told to trust. */
  public Path authorityIn(Path folder) {
    try {
      String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'})
          .encodeToString(authorityCertificate.getEncoded());
      return Files.writeString(
          folder.resolve("authority.pem"),
          "Test Authority\n-----BEGIN CERTIFICATE-----\n" + base64
              + "\n-----END CERTIFICATE-----\n");
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError(impossible);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  private SSLContext signed(String host, Instant from) {
    Signer server = new Signer(host);
    return identity(
        server, certificate(authority, server, host, from, false), authorityCertificate);
  }

  private static SSLContext identity(Signer owner, Certificate... chain) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("server", owner.keys.getPrivate(), PASSWORD, chain);
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IOException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static Certificate certificate(
      Signer issuer, Signer subject, String host, Instant from, boolean signs) {
    byte[] body = Der.sequence(
        Der.tagged(0, Der.integer(2)), // version 3
        Der.integer(SERIAL.getAndIncrement()),
        Der.sequence(Der.ECDSA_SHA256),
        issuer.name(),
        Der.sequence(Der.time(from.minus(Duration.ofMinutes(5))), Der.time(from.plus(YEAR))),
        subject.name(),
        subject.keys.getPublic().getEncoded(),
        Der.tagged(3, Der.sequence(signs ? Der.authority() : Der.alternativeName(host))));
    byte[] whole = Der.sequence(body, Der.sequence(Der.ECDSA_SHA256), Der.bits(issuer.sign(body)));
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertificate(new ByteArrayInputStream(whole));
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** A name with a key. */
  private static final class Signer {
    final String name;
    final KeyPair keys;

    Signer(String name) {
      this.name = name;
      try {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        keys = generator.generateKeyPair();
      } catch (GeneralSecurityException impossible) {
        throw new AssertionError(impossible);
      }
    }

    byte[] name() {
      return Der.sequence(Der.set(Der.sequence(Der.COMMON_NAME, Der.text(0x0c, name))));
    }

    byte[] sign(byte[] body) {
      try {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(body);
        return signature.sign();
      } catch (GeneralSecurityException impossible) {
        throw new AssertionError(impossible);
      }
    }
  }

  /** As much of the Distinguished Encoding Rules as a certificate needs. */
  private static final class Der {
    static final byte[] ECDSA_SHA256 = {0x06, 8, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 4, 3, 2
    };
    static final byte[] COMMON_NAME = {0x06, 3, 0x55, 4, 3};
    private static final byte[] BASIC_CONSTRAINTS = {0x06, 3, 0x55, 0x1d, 0x13};
    private static final byte[] ALTERNATIVE_NAME = {0x06, 3, 0x55, 0x1d, 0x11};
    private static final byte[] TRUE = {0x01, 1, (byte) 0xff};
    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    static byte[] authority() {
      return sequence(BASIC_CONSTRAINTS, TRUE, element(0x04, sequence(TRUE)));
    }

    static byte[] alternativeName(String host) {
      return sequence(ALTERNATIVE_NAME, element(0x04, sequence(text(0x82, host))));
    }

    static byte[] sequence(byte[]... parts) {
      return element(0x30, parts);
    }

    static byte[] set(byte[]... parts) {
      return element(0x31, parts);
    }

    static byte[] tagged(int number, byte[] content) {
      return element(0xa0 | number, content);
    }

    static byte[] integer(long value) {
      return element(0x02, BigInteger.valueOf(value).toByteArray());
    }

    static byte[] bits(byte[] content) {
      return element(0x03, new byte[] {0}, content);
    }

    static byte[] time(Instant instant) {
      return text(0x17, TIME.format(instant));
    }

    static byte[] text(int tag, String text) {
      return element(tag, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] element(int tag, byte[]... parts) {
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      for (byte[] part : parts) {
        content.writeBytes(part);
      }
      ByteArrayOutputStream element = new ByteArrayOutputStream();
      element.write(tag);
      if (content.size() > 255) {
        element.write(0x82);
        element.write(content.size() >> 8);
      } else if (content.size() > 127) {
        element.write(0x81);
      }
      element.write(content.size());
      element.writeBytes(content.toByteArray());
      return element.toByteArray();
    }
  }
}
