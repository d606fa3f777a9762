package io.aiproxy.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An address of an upstream. Immutable.
 *
 * @param scheme {@code http} or {@code https}
 * @param host in lower case; an IPv6 address is in brackets
 * @param port 1 to 65535; 80 or 443 if none was written
 * @param path encoded as it was written; empty if there was none, which is not the same as a single slash
 * @param query encoded as it was written, without the question mark; empty if there was none; may hold a credential
 */
public record Endpoint(String scheme, String host, int port, String path, String query) {
  private static final Pattern SHAPE = Pattern.compile("(https?)://([^/?]*)([^?]*)(?:\\?(.*))?");
  private static final Pattern AUTHORITY =
      Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]*|\\[[0-9A-Fa-f:.]+])(?::([0-9]{1,5}))?");
  private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9._~!$&'()*+,;=:@%/?\\[\\]-]*");
  private static final Pattern LONE_PERCENT = Pattern.compile("%(?![0-9A-Fa-f]{2})");

  public Endpoint {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("a port is from 1 to 65535");
    }
  }

  /** The same address with no path of its own. */
  Endpoint withoutPath() {
    return new Endpoint(scheme, host, port, "", query);
  }

  /** The same address with that path if it has none of its own. */
  Endpoint orPath(String usual) {
    return path.isEmpty() ? new Endpoint(scheme, host, port, usual, query) : this;
  }

  /**
   * Reads {@code scheme://host[:port][/path][?query]}.
   *
   * @throws IllegalArgumentException with a message that says what is wrong, and holds nothing of the text
   */
  public static Endpoint parse(String text) {
    if (text.indexOf('#') >= 0) {
      throw new IllegalArgumentException("must not have a fragment (#)");
    }
    Matcher whole = SHAPE.matcher(text);
    if (!whole.matches()) {
      throw new IllegalArgumentException(
          "must begin with http:// or https:// and hold no line breaks");
    }
    String authority = whole.group(2);
    if (authority.indexOf('@') >= 0) {
      throw new IllegalArgumentException(
          "must not hold a user or a password; credentials belong in auth");
    }
    if (authority.isEmpty() || authority.startsWith(":")) {
      throw new IllegalArgumentException("has no host");
    }
    Matcher address = AUTHORITY.matcher(authority);
    if (!address.matches()) {
      throw new IllegalArgumentException(
          "needs a host name or an IP address (IPv6 in brackets), then at most a port");
    }
    String query = whole.group(4) == null ? "" : whole.group(4);
    return new Endpoint(
        whole.group(1),
        address.group(1).toLowerCase(Locale.ROOT),
        port(address.group(2), whole.group(1)),
        encoded(whole.group(3)),
        encoded(query));
  }

  /** The query may hold a credential. */
  @Override
  public String toString() {
    return scheme + "://" + host + ":" + port + path;
  }

  private static int port(@Nullable String written, String scheme) {
    if (written == null) {
      return scheme.equals("https") ? 443 : 80;
    }
    return Integer.parseInt(written);
  }

  private static String encoded(String part) {
    if (!LEGAL.matcher(part).matches() || LONE_PERCENT.matcher(part).find()) {
      throw new IllegalArgumentException(
          "holds characters that an address cannot have, such as spaces; they must be percent-encoded");
    }
    return part;
  }
}
