package io.aiproxy.upstream;

import io.aiproxy.call.Ending;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Problem.Kind;
import java.net.SocketTimeoutException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** What went wrong on the way, in words for the client. */
final class Trouble {
  private Trouble() {}

  /** While a connection was made. */
  static Problem connecting(Exception cause) {
    if (cause instanceof SocketTimeoutException) {
      return slowConnect(cause);
    }
    if (cause instanceof SSLException) {
      return Problem.of(Kind.UPSTREAM_INSECURE, insecure(cause), cause);
    }
    if (cause instanceof Connection.TunnelRefused) {
      return Problem.of(
          Kind.UPSTREAM_UNREACHABLE,
          "the proxy does not let requests through to the provider",
          cause);
    }
    return Problem.of(Kind.UPSTREAM_UNREACHABLE, "the provider could not be reached", cause);
  }

  /** While an answer was waited for. */
  static Problem asking(Exception cause) {
    return cause instanceof SocketTimeoutException
        ? slowHead(cause)
        : broken("the provider gave no answer that could be understood", cause);
  }

  /** While a body was read. */
  static Problem reading(Exception cause) {
    return cause instanceof SocketTimeoutException
        ? Problem.of(
            Kind.UPSTREAM_TIMEOUT, "the provider stopped in the middle of its answer", cause)
        : broken("the provider's answer broke off", cause);
  }

  static Problem broken(String message, Exception cause) {
    return Problem.of(Kind.UPSTREAM_BROKEN, message, cause);
  }

  static Problem slowConnect(Exception... cause) {
    return slow("the provider could not be reached in time", cause);
  }

  static Problem slowHead(Exception... cause) {
    return slow("the provider did not answer in time", cause);
  }

  private static Problem slow(String message, Exception... cause) {
    return cause.length == 0
        ? Problem.of(Kind.UPSTREAM_TIMEOUT, message)
        : Problem.of(Kind.UPSTREAM_TIMEOUT, message, cause[0]);
  }

  /** While a body was sent. */
  static Problem slowTaking() {
    return slow("the provider stopped taking the request");
  }

  static Problem saturated() {
    return Problem.of(
            Kind.SATURATED, "all connections to the provider are in use, try again in a moment")
        .with("Retry-After", "1");
  }

  static Problem tooLong() {
    return Problem.of(Kind.DEADLINE, "the provider did not finish its answer in time");
  }

  static Problem tooLongStream() {
    return Problem.of(Kind.DEADLINE, "max_stream_duration_ms exceeded");
  }

  static Problem tooLarge() {
    return Problem.of(Kind.RESPONSE_TOO_LARGE, "max_response_bytes exceeded");
  }

  static Problem ended(Ending why) {
    return switch (why) {
      case CLIENT_GONE -> Problem.of(Kind.DEADLINE, "the client has gone");
      case OUTPACED -> Problem.of(Kind.DEADLINE, "another instance was faster");
      case SHUTDOWN -> Problem.of(Kind.DRAINING, "the gateway is shutting down");
    };
  }

  private static String insecure(Exception failure) {
    boolean certificate = false;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateExpiredException) {
        return "the provider's certificate has expired";
      }
      if (cause instanceof CertificateNotYetValidException) {
        return "the provider's certificate is not valid yet";
      }
      // the JDK reports a name that differs with the plain class, and everything else with more
      // special ones
      if (cause.getClass() == CertificateException.class
          || cause instanceof SSLPeerUnverifiedException) {
        return "the provider's certificate does not match its host name";
      }
      certificate |= cause instanceof CertificateException
          || cause instanceof CertPathBuilderException
          || cause instanceof CertPathValidatorException;
    }
    return certificate
        ? "the provider's certificate is not trusted"
        : "no secure connection to the provider could be made";
  }
}
